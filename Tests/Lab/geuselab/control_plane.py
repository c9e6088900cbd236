"""Starts and stops the control plane (geuselab.control), and talks to it."""

import json
import sys
import urllib.request

import boto3
from botocore.config import Config

from geuselab import networks, ports, processes
from geuselab.labdir import LabDir
from geuselab.settings import REGION


def up(lab: LabDir, timing: dict) -> None:
    port, agent_port = ports.free(), ports.free()
    gateway = networks.private_address(lab, networks.GATEWAY)
    config = lab.file("control.json")
    config.write_text(
        json.dumps(
            {
                "keys": {lab.record["access_key_id"]: lab.record["secret_access_key"]},
                "port": port,
                "agents": {"address": gateway, "port": agent_port},
                "timing": timing,
            }
        )
    )
    config.chmod(0o600)
    server = processes.start([sys.executable, "-m", "geuselab.control", str(config)], lab.file("logs/control.log"))
    lab.save(
        control=server,
        endpoint=f"http://127.0.0.1:{port}",
        agent_endpoint=f"http://{gateway}:{agent_port}",
    )
    processes.wait_for("the control plane", lambda: ports.is_open("127.0.0.1", port), 60, server)


def down(lab: LabDir) -> None:
    if "control" in lab.record:
        processes.stop(lab.record["control"])


def client(lab: LabDir, service: str):
    """A boto3 client of the lab's cloud."""
    return boto3.client(
        service,
        endpoint_url=lab.record["endpoint"],
        region_name=REGION,
        aws_access_key_id=lab.record["access_key_id"],
        aws_secret_access_key=lab.record["secret_access_key"],
        config=Config(retries={"total_max_attempts": 1}),
    )


def lab_api(lab: LabDir, method: str, path: str, message: dict | None = None) -> dict:
    """Asks the lab's own endpoint, such as GET /_lab/log."""
    data = None if message is None else json.dumps(message).encode()
    request = urllib.request.Request(lab.record["endpoint"] + path, data, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())

"""The lab's control plane in this process, with one instance, whose machine is the light host."""

import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "Tests/Lab"))

from geuselab import ports, world
from geuselab.control import ec2, efs, server
from geuselab.control.agents import Agents
from geuselab.control.faults import Faults
from geuselab.control.lab_api import LabAPI
from geuselab.control.power import Power
from geuselab.control.request_log import RequestLog
from geuselab.control.signatures import Keys
from geuselab.control.ssm import SSM
from geuselab.control.timing import Timing
from geuselab.settings import INSTANCE_TYPE, REGION, host_name

from lighthost.faulty import FaultyApplication
from lighthost.host import Host

NAME = host_name(1)  # the instance is tagged so
_KEY = ("AKIALIGHTHOST0000000", "light-host-secret-of-no-account")


class _Record:
    """What the lab's own modules want of a lab's directory."""

    def __init__(self, **record):
        self.record = record

    def save(self, **changes) -> None:
        self.record.update(changes)


class Cloud:
    def __init__(self) -> None:
        self.timing, self.log, self.agents = Timing(), RequestLog(), Agents()
        faults = Faults()
        self._power = Power(self.timing, faults)
        ec2.install(self._power)
        efs.install()
        port = ports.free()
        keys = Keys(dict([_KEY]))
        self.application = FaultyApplication(keys, faults, self.timing, self.log, SSM(self.agents, self.timing))
        api = LabAPI(faults, self.timing, self.log, self.agents, self._power)
        aws = server.aws_server(port, self.application, api, self.timing)
        threading.Thread(target=aws.serve_forever, daemon=True).start()
        self.endpoint = f"http://127.0.0.1:{port}"
        lab = _Record(
            endpoint=self.endpoint,
            access_key_id=_KEY[0],
            secret_access_key=_KEY[1],
            networks={"private": {"prefix": "172.31.200"}},
        )
        world.up(lab)
        self.instance_id = world.run_instance(lab, 1)["instance_id"]
        self.host = Host(self.agents, f"{lab.record['file_system']}.efs.{REGION}.amazonaws.com")
        self._power.attach(self.instance_id, self.host)

    @property
    def instance(self) -> ec2.TimedInstance:
        found = ec2.find(self.instance_id)
        if found is None:
            raise RuntimeError("the instance is gone")
        return found

    def reset(self, **timing: float) -> None:
        """Everything as it was deployed first; `timing` as in geuselab.control.timing, zero without."""
        self.settle()
        self.timing.change({"stop": 0, "start": 0, "command": 0, "visible": 0, "latency": 0, "ahead": 0, **timing})
        instance = self.instance
        instance.force_type(INSTANCE_TYPE)
        instance.enter_state("running", 16)
        instance.state_reason = None
        instance.started_at = time.time() - 0.001
        instance.set_public_address(self._power.next_address(self.host.public_prefix))
        self.agents.forget_commands()
        self.host.reset(self.instance_id)
        _until(lambda: self.agents.is_online(self.instance_id))
        self.application.reset()
        self.log.clear()

    def settle(self) -> None:
        """Waits until the instance is not on its way from one state to another."""
        _until(lambda: self.instance.state in ("running", "stopped"))

    def environment(self) -> dict[str, str]:
        """For the program."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": _KEY[0],
            "AWS_SECRET_ACCESS_KEY": _KEY[1],
            "AWS_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            "GEUSEMAKER_NETWORK_FS_TYPES": "tmpfs",
        }


def _until(ready, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise RuntimeError("the light host did not become ready")
        time.sleep(0.002)

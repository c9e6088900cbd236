"""The stack under test, seen from outside the program: through AWS, through docker on its host, through its files."""

import json
import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from geuselab import efs, environment
from geuselab.control_plane import client, lab_api
from geuselab.docker import docker
from geuselab.labdir import LabDir
from geuselab.settings import INSTANCE_TYPE

COMPOSE_FILE = "/opt/geusemaker/docker-compose.yml"
STACK_FILES = Path(__file__).parent.parent / "stack"

# One update takes some 20 s here; much more when others compile on the same two cores.
PATIENCE = 300


@dataclass
class Outcome:
    """How a run of the program ended."""

    status: int
    stdout: str
    stderr: str

    @property
    def document(self) -> dict:
        """The one document on standard output (--output json)."""
        return json.loads(self.stdout)


class Stack:
    def __init__(self, lab: LabDir, state_dir: Path):
        self.lab, self.state_dir = lab, state_dir
        host = lab.record["hosts"][0]
        self.name, self.instance_id, self.container = host["name"], host["instance_id"], host["container"]

    # The program

    def environment(self, **changes: str) -> dict[str, str]:
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        settings = {**environment.variables(self.lab), "GEUSEMAKER_STATE_DIR": str(self.state_dir)}
        return {**inherited, **settings, **changes}

    def program(self, *arguments: str, **changes: str) -> Outcome:
        """Runs the program without a terminal."""
        done = self.start(*arguments, **changes)
        stdout, stderr = done.communicate(timeout=PATIENCE)
        return Outcome(done.returncode, stdout, stderr)

    def start(self, *arguments: str, **changes: str) -> subprocess.Popen:
        return subprocess.Popen(
            [os.environ["GEUSEMAKER"], *arguments],
            env=self.environment(**changes),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def adopt(self) -> Outcome:
        outcome = self.program("adopt", self.name, "--instance-id", self.instance_id)
        assert outcome.status == 0, outcome.stderr
        return outcome

    def update(self, *arguments: str, **changes: str) -> Outcome:
        return self.program("update", self.name, "--force", "--output", "json", *arguments, **changes)

    @property
    def state_file(self) -> Path:
        return self.state_dir / "deployments" / f"{self.name}.json"

    @property
    def state(self) -> dict:
        return json.loads(self.state_file.read_text())

    # The cloud

    def instance(self) -> dict:
        found = client(self.lab, "ec2").describe_instances(InstanceIds=[self.instance_id])
        return found["Reservations"][0]["Instances"][0]

    def requests(self) -> list[dict]:
        return lab_api(self.lab, "GET", "/_lab/log")["requests"]

    def forget_requests(self) -> None:
        lab_api(self.lab, "DELETE", "/_lab/log")

    def changes_asked(self) -> list[str]:
        """The operations so far that change something in EC2."""
        changing = ("StopInstances", "StartInstances", "ModifyInstanceAttribute", "RebootInstances")
        return [request["operation"] for request in self.requests() if request["operation"] in changing]

    # The host

    def on_host(self, script: str, timeout: float = 120) -> str:
        return docker("exec", self.container, "sh", "-c", script, timeout=timeout)

    def compose_file(self) -> str:
        return self.on_host(f"cat {COMPOSE_FILE}; echo .").removesuffix(".")

    def service(self, name: str) -> dict:
        """The container of a service: id, image, digest, health, start."""
        found = json.loads(self.on_host(f"docker inspect {name}"))[0]
        image = json.loads(self.on_host(f"docker image inspect {found['Image']}"))[0]
        return {
            "id": found["Id"],
            "image": found["Config"]["Image"],
            "digest": image["RepoDigests"][0].partition("@")[2],
            "health": found["State"]["Health"]["Status"],
            "started": found["State"]["StartedAt"],
        }

    def containers(self) -> str:
        """Ids and start times of everything that runs: equal when nothing was touched."""
        return self.on_host("docker ps --all --quiet --no-trunc | xargs docker inspect --format '{{.Id}} "
                            "{{.State.StartedAt}} {{.Config.Image}}' | sort")

    # Back to the start

    def reset(self) -> None:
        """The stack as the lab made it, whatever a test did to it."""
        lab_api(self.lab, "DELETE", "/_lab/faults")
        self._wait_for_steps()
        restarted = self.instance()["State"]["Name"] != "running"
        if restarted:
            self._power_on()
        efs.set_mode(self.lab, "ok")
        self.on_host("timeout 60 sh -c 'until mountpoint -q /mnt/efs; do sleep 0.2; done'")
        lab_api(
            self.lab,
            "POST",
            "/_lab/instances",
            {"instance_id": self.instance_id, "instance_type": INSTANCE_TYPE},
        )
        original = (STACK_FILES / "docker-compose.yml").read_bytes()
        docker("exec", "-i", self.container, "sh", "-c", f"cat >{COMPOSE_FILE}", stdin=original)
        # After a boot docker may have started them before the mount was there, and a mount made anew is another one.
        recreate = "--force-recreate" if restarted or not self._sees_the_mount("n8n", "/home/node/.n8n") else ""
        self.on_host(
            "cd /opt/geusemaker && set -a && . ./runtime.env && "
            f"docker compose -f {COMPOSE_FILE} up --detach --wait --wait-timeout 120 --quiet-pull {recreate} 2>&1",
            timeout=PATIENCE,
        )
        self.on_host("rm -f /var/lib/geusemaker/lease")
        self.forget_requests()

    def _sees_the_mount(self, service: str, directory: str) -> bool:
        """Whether a container has the file system that is mounted on the host now."""
        inside = self.on_host(f"timeout 5 docker exec {service} stat -c %d {directory} 2>/dev/null || :")
        return inside != "" and inside == self.on_host("stat -c %d /mnt/efs")

    def _wait_for_steps(self) -> None:
        """No step of an earlier test is at work, and none holds the host."""
        if self.instance()["State"]["Name"] == "running":
            self.on_host(
                "mkdir -p /var/lib/geusemaker && touch /var/lib/geusemaker/lock && "
                "flock -w 100 /var/lib/geusemaker/lock rm -f /var/lib/geusemaker/lease"
            )

    def _power_on(self) -> None:
        ec2, ssm = client(self.lab, "ec2"), client(self.lab, "ssm")
        deadline = time.monotonic() + PATIENCE
        while self.instance()["State"]["Name"] not in ("stopped", "running", "pending"):
            assert time.monotonic() < deadline
            time.sleep(0.2)
        ec2.start_instances(InstanceIds=[self.instance_id])
        while True:
            agents = ssm.describe_instance_information()["InstanceInformationList"]
            if any(a["InstanceId"] == self.instance_id and a["PingStatus"] == "Online" for a in agents):
                return
            assert time.monotonic() < deadline
            time.sleep(0.2)

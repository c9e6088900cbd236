"""The machine behind the instance: its files, its clock, its agent."""

import os
import signal
import subprocess
import threading
import time
from pathlib import Path

from geuselab.control.agents import Agents

from lighthost import docker_socket, namespace
from lighthost.engine import PUBLISHED, Engine
from lighthost.compose import Project
from lighthost.namespace import EFS, LIB, OPT, RUN

COMPOSE_FILE = OPT / "docker-compose.yml"
_STACK = Path(__file__).parents[2] / "Tests/Lab/stack"
_SSM = RUN / "ssm"
_AHEAD = RUN / "ahead"  # seconds by which the host's clock is before the machine's

# Whole seconds are how long the program lets services settle: they pass at once, and on the clock. Shorter sleeps
# are looks at something that is under way, which really needs a moment.
_SLEEP = f"""#!/bin/sh
case $1 in
    *.*) exec /bin/sleep 0.003 ;;
esac
read -r ahead <{_AHEAD}
echo $((ahead + $1)) >{_AHEAD}
exec /bin/sleep 0.003
"""
_DATE = f"""#!/bin/sh
[ "$*" = +%s ] || exec /bin/date "$@"
read -r ahead <{_AHEAD}
echo $(($(/bin/date +%s) + ahead))
"""

# The registry is in memory, like docker: there is nothing that curl could ask, so docker is.
_CURL = "#!/bin/sh\nexit 127\n"


class Host:
    public_prefix = "172.31.201"  # for the lab's Power

    def __init__(self, agents: Agents, efs_name: str):
        namespace.mount(efs_name)
        for name, text in (("sleep", _SLEEP), ("date", _DATE), ("curl", _CURL)):
            program = RUN / "bin" / name
            program.write_text(text)
            program.chmod(0o755)
        _SSM.mkdir()
        self.engine = Engine()
        self.script_seconds: list[float] = []
        self._agents, self._instance_id = agents, ""
        self._agent: object = None  # the one that is switched on
        self._running: dict[str, subprocess.Popen] = {}
        docker_socket.build_client(RUN / "bin/docker", RUN / "docker.sock")
        docker_socket.DockerSocket(self.engine, RUN / "docker.sock")

    def reset(self, instance_id: str) -> None:
        """The first deployment, as the lab makes it."""
        self.off()
        namespace.empty(OPT, LIB, EFS, _SSM)
        _AHEAD.write_text("0\n")
        self.engine.reset()
        for reference in PUBLISHED - {"n8nio/n8n:1.20.0"}:
            self.engine.load(reference)
        COMPOSE_FILE.write_bytes((_STACK / "docker-compose.yml").read_bytes())
        settings = (_STACK / "runtime.env").read_text()
        for name in ("POSTGRES_PASSWORD", "N8N_ENCRYPTION_KEY"):
            settings = settings.replace(f"@{name}@", "not-a-real-secret")
        (OPT / "runtime.env").write_text(settings)
        Project("geusemaker", str(OPT), str(COMPOSE_FILE), [str(OPT / "runtime.env")]).up(self.engine, [])
        self.engine.events.clear()
        self.script_seconds.clear()
        self._instance_id = instance_id
        self._switch_on_agent()

    # The machine, for the lab's Power

    def off(self) -> None:
        self._agent = None
        for process in list(self._running.values()):
            _kill(process)
        self.engine.power_off()

    def on(self, address: str) -> None:
        self.engine.power_on()
        self._switch_on_agent()

    # The agent

    def _switch_on_agent(self) -> None:
        self._agent = agent = object()
        threading.Thread(target=self._serve, args=(agent,), daemon=True).start()

    def _serve(self, agent: object) -> None:
        while self._agent is agent:
            work = self._agents.poll({"instance_id": self._instance_id, "version": "3.3.1611.0"})
            for command in work["run"]:
                threading.Thread(target=self._run, args=(command,), daemon=True).start()
            for id in work["cancel"]:
                if id in self._running:
                    _kill(self._running[id])

    def _run(self, command: dict) -> None:
        directory = _SSM / command["id"]
        directory.mkdir(mode=0o700)
        script = directory / "_script.sh"
        script.write_text(command["script"])
        self._report(command, status="InProgress")
        began = time.monotonic()
        process = subprocess.Popen(
            ["/bin/sh", str(script)],
            cwd="/usr/bin",
            env={"PATH": f"{RUN}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self._running[command["id"]] = process
        status = "Success"
        try:
            stdout, stderr = process.communicate(timeout=command["timeout"])
        except subprocess.TimeoutExpired:
            _kill(process)
            stdout, stderr = process.communicate()
            status = "TimedOut"
        del self._running[command["id"]]
        self.script_seconds.append(time.monotonic() - began)
        code = process.returncode
        if status == "Success" and code != 0:
            status = "Failed" if code > 0 else "Cancelled"
        texts = {"stdout": stdout.decode("utf-8", "replace"), "stderr": stderr.decode("utf-8", "replace")}
        self._report(command, status=status, code=max(code, -1), **texts)

    def _report(self, command: dict, **message) -> None:
        self._agents.report({"instance_id": self._instance_id, "id": command["id"], **message})


def _kill(process: subprocess.Popen) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass

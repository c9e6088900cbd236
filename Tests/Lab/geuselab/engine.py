"""The machine's own dockerd: used when it runs, started by the lab when it does not."""

from geuselab import processes
from geuselab.docker import docker, succeeds
from geuselab.labdir import LabDir
from geuselab.settings import LABEL


def answers() -> bool:
    return succeeds("version", "--format", "{{.Server.Version}}", timeout=10)


def up(lab: LabDir) -> None:
    if answers():
        return
    # overlayfs of the machine's own data root; a pid file of ours, so that nothing else is mistaken for it.
    server = processes.start(
        ["dockerd", "--pidfile", str(lab.file("dockerd.pid"))],
        lab.file("logs/dockerd.log"),
    )
    lab.save(engine=server)
    processes.wait_for("dockerd", answers, 90, server)


def down(lab: LabDir) -> str | None:
    """Stops the engine if this lab started it; says so when it has to stay because another lab uses it."""
    server = lab.record.get("engine")
    if server is None:
        return None
    if answers() and docker("ps", "-q", "--filter", f"label={LABEL}"):
        return f"dockerd (pid {server['pid']}) stays: another lab uses it"
    processes.stop(server)
    return None

"""The machine's own dockerd: used when it runs, started by the lab when it does not."""

import json
from pathlib import Path

from geuselab import processes
from geuselab.docker import docker, succeeds
from geuselab.settings import LABEL

# Not in the lab's directory: the last of several labs switches off the light, whichever switched it on.
_RECORD = Path("/run/geuse-lab-engine.json")


def answers() -> bool:
    return succeeds("version", "--format", "{{.Server.Version}}", timeout=10)


def started_by_a_lab() -> dict | None:
    """The process on record, if it still is the one that was started."""
    if not _RECORD.exists():
        return None
    server = json.loads(_RECORD.read_text())
    return server if processes.is_running(server) else None


def up() -> None:
    if answers():
        return
    server = started_by_a_lab()
    if server is None:
        # A pid file of ours, so that nothing else is mistaken for it.
        argv = ["dockerd", "--pidfile", str(_RECORD.with_suffix(".pid"))]
        server = processes.start(argv, _RECORD.with_suffix(".log"))
        _RECORD.write_text(json.dumps(server))
    processes.wait_for("dockerd", answers, 90, server)


def down() -> str | None:
    """Stops the engine if a lab started it and no other lab needs it; says so when one does."""
    server = started_by_a_lab()
    if server is None:
        return None
    if answers() and docker("ps", "--all", "--quiet", "--filter", f"label={LABEL}"):
        return f"dockerd (pid {server['pid']}) stays: another lab uses it"
    processes.stop(server)
    _RECORD.unlink(missing_ok=True)
    return None

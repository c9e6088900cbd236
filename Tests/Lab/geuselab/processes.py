"""Servers in the background: started with a log, ended by the process id that started, and by no other."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path


def _start_time(pid: int) -> str | None:
    """Field 22 of /proc/PID/stat (proc(5)): tells a process from a later one with the same id."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    state_and_later = stat.rpartition(")")[2].split()
    return None if state_and_later[0] == "Z" else state_and_later[19]


def start(argv: list[str], log: Path, **options) -> dict:
    """Starts a server in a session of its own; gives what `stop` needs to find it again."""
    with open(log, "ab") as output:
        process = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **options,
        )
    return {"pid": process.pid, "started": _start_time(process.pid), "log": str(log)}


def is_running(server: dict) -> bool:
    return server["started"] is not None and _start_time(server["pid"]) == server["started"]


def stop(server: dict, patience: float = 30) -> None:
    """Asks it to end, and after `patience` seconds kills it."""
    for sign, seconds in ((signal.SIGTERM, patience), (signal.SIGKILL, 10)):
        if not is_running(server):
            return
        os.kill(server["pid"], sign)
        deadline = time.monotonic() + seconds
        while is_running(server) and time.monotonic() < deadline:
            _reap(server["pid"])
            time.sleep(0.05)


def _reap(pid: int) -> None:
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        pass  # started by an earlier `lab up`; init reaps it


class NotReady(RuntimeError):
    """Something did not come up in time."""


def wait_for(what: str, ready: Callable[[], bool], seconds: float, server: dict | None = None) -> None:
    """Polls until `ready`; says at once when the server that should become ready has died."""
    deadline = time.monotonic() + seconds
    while not ready():
        if server is not None and not is_running(server):
            raise NotReady(f"{what} ended early; see {server['log']}")
        if time.monotonic() > deadline:
            raise NotReady(f"{what} was not ready within {seconds:.0f} s")
        time.sleep(0.1)

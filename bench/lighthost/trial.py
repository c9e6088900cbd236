"""Runs the program against the light host."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from lighthost.cloud import NAME, Cloud

ROOT = Path(__file__).parents[2]
PROGRAM = os.environ.get("GEUSEMAKER", str(ROOT / ".build/release/geusemaker"))
NEW_TYPE, NEW_IMAGE = "t3.large", "n8nio/n8n:1.20.0"
UPDATE = ["update", NAME, "--instance-type", NEW_TYPE, "--image", f"n8n={NEW_IMAGE}", "--force", "--json"]


@dataclass
class Outcome:
    status: int
    stdout: str
    stderr: str
    wall: float  # seconds
    cpu: float  # seconds, user and system
    memory: float  # the largest resident set, in MB


def run(cloud: Cloud, state_dir: Path, *arguments: str, limit: float = 120, **environment: str) -> Outcome:
    """One run to its end, measured; the script's workers are children of the program and counted with it."""
    settings = {"HOME": str(state_dir), "PATH": "/usr/bin:/bin", "GEUSEMAKER_STATE_DIR": str(state_dir)}
    reader, writer = os.pipe()
    launcher = [sys.executable, "-I", "-S", str(Path(__file__).with_name("launcher.py"))]
    process = subprocess.Popen(
        ["/bin/sh", "-c", f'exec "$@" 3>&{writer} {writer}>&-', "sh", *launcher, PROGRAM, *arguments],
        env={**settings, **cloud.environment(), **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        pass_fds=[writer],
        start_new_session=True,
        text=True,
        errors="replace",
    )
    os.close(writer)
    try:
        stdout, stderr = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise
    finally:
        with os.fdopen(reader) as report:
            told = report.read()
    if cloud.host.engine.unknown:
        raise RuntimeError(f"the light host is not up to what the program asks: {cloud.host.engine.unknown}")
    return Outcome(stdout=stdout, stderr=stderr, **json.loads(told))


def adopt(cloud: Cloud, state_dir: Path) -> None:
    outcome = run(cloud, state_dir, "adopt", NAME, "--instance-id", cloud.instance_id)
    if outcome.status != 0:
        raise RuntimeError(f"adopt: {outcome.status}: {outcome.stderr}")

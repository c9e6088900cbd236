"""The docker command line of this machine."""

import json
import subprocess


class DockerError(RuntimeError):
    """docker refused something."""


def docker(*arguments: str, timeout: float = 300, stdin: bytes | None = None) -> str:
    """Runs `docker ARGUMENTS`; gives its output without the last newline."""
    done = subprocess.run(["docker", *arguments], capture_output=True, timeout=timeout, input=stdin)
    if done.returncode != 0:
        shown = " ".join(arguments[:4])
        raise DockerError(f"docker {shown} …: {(done.stderr or done.stdout).decode(errors='replace').strip()}")
    return done.stdout.decode(errors="replace").rstrip("\n")


def succeeds(*arguments: str, timeout: float = 60) -> bool:
    """Whether `docker ARGUMENTS` ends well."""
    try:
        docker(*arguments, timeout=timeout)
    except (DockerError, subprocess.TimeoutExpired, FileNotFoundError):
        return False
    return True


def inspect(kind: str, name: str) -> dict | None:
    """`docker inspect`, or None when there is no such thing."""
    try:
        return json.loads(docker("inspect", "--type", kind, name))[0]
    except DockerError:
        return None

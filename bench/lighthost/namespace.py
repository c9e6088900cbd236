"""A mount namespace of our own, with the host's directories in it; the machine's own stay as they are."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

_MARK = "GEUSE_LIGHT_NAMESPACE"

RUN = Path("/run/geuse-light")  # the engine's socket, the host's clock, its programs
OPT = Path("/opt/geusemaker")
LIB = Path("/var/lib/geusemaker")
EFS = Path("/mnt/efs")


def enter() -> None:
    """Starts this program again inside a namespace, unless it is in one; needs root."""
    if os.environ.get(_MARK) == str(os.getpid()):
        return
    if os.geteuid() != 0:
        sys.exit("The light host mounts file systems: run it as root.")
    # unshare replaces itself by the program, so the process id stays.
    os.environ[_MARK] = str(os.getpid())
    unshare = shutil.which("unshare") or "/usr/bin/unshare"
    os.execv(unshare, [unshare, "--mount", "--propagation=private", sys.executable, *sys.argv])


def mount(efs_name: str) -> None:
    """Puts empty directories where the host's are; `efs_name` is the file system's DNS name."""
    _tmpfs("tmpfs", Path("/run"))
    for path in (OPT, LIB):
        _tmpfs("tmpfs", path)
    _tmpfs(f"{efs_name}:/", EFS)
    (RUN / "bin").mkdir(parents=True)


def _tmpfs(source: str, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", source, str(target)], check=True)


def empty(*directories: Path) -> None:
    """Removes all that is in them."""
    for directory in directories:
        for entry in os.scandir(directory):
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path)
            else:
                os.unlink(entry.path)

"""The image of a lab host: built from the recipe in ../host, kept outside the checkout, built anew when that changes."""

import hashlib
import os
import platform
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from geuselab import apt_sources
from geuselab.docker import docker, inspect

RECIPE = Path(__file__).parent.parent / "host"

_KEPT = 7 * 24 * 3600  # seconds


def recipe_hash() -> str:
    digest = hashlib.sha256(platform.machine().encode())
    for file in sorted(RECIPE.rglob("*")):
        if file.is_file():
            content = file.read_bytes()
            digest.update(f"{file.relative_to(RECIPE)} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:16]


def cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "geusemaker" / "lab"


def ensure(say: Callable[[str], None]) -> str:
    """The image's name; it is in the engine afterwards."""
    name = f"geuse-lab-host:{recipe_hash()}"
    if inspect("image", name):
        return name
    tar = cache() / f"{recipe_hash()}.tar"
    if not tar.exists():
        say("building the host image (once, a minute or two)")
        _build(tar)
    say("loading the host image")
    docker(
        "import",
        "--change=ENTRYPOINT [\"/lab-init\"]",
        str(tar),
        name,
        timeout=600,
    )
    return name


def _build(tar: Path) -> None:
    tar.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=tar.parent, prefix="build-") as directory:
        work = Path(directory)
        sources = work / "sources.list"
        sources.write_text("\n".join(apt_sources.lines_for("trixie")) + "\n")
        built = work / "image.tar"
        subprocess.run([RECIPE / "build", built, sources, work], check=True)
        shutil.move(built, tar)
    # Images of earlier recipes; other checkouts may still use one of this week.
    for old in tar.parent.glob("*.tar"):
        if time.time() - old.stat().st_mtime > _KEPT:
            old.unlink()

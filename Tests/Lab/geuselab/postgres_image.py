"""A real PostgreSQL: an image of Debian's own package, built once, kept beside the host image, for tests of data."""

import hashlib
import platform
import shutil
import subprocess
import tempfile
from pathlib import Path

from geuselab import apt_sources, host_image

RECIPE = Path(__file__).parent.parent / "postgres"
MAJOR = "15"  # bookworm's


def archive() -> Path:
    """The root file system as a tar; built from the machine's Debian mirror when it is not there yet."""
    recipe = platform.machine() + Path(__file__).read_text() + (RECIPE / "entry").read_text()
    tar = host_image.cache() / f"postgres-{hashlib.sha256(recipe.encode()).hexdigest()[:16]}.tar"
    if not tar.exists():
        _build(tar)
    return tar


def _build(tar: Path) -> None:
    tar.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=tar.parent, prefix="build-") as directory:
        work = Path(directory)
        sources = work / "sources.list"
        sources.write_text("\n".join(apt_sources.lines_for("bookworm")) + "\n")
        built = work / "image.tar"
        entry = RECIPE / "entry"
        command = [
            "mmdebstrap",
            "--variant=minbase",
            f"--include=postgresql-{MAJOR}",
            "--aptopt=Apt::Install-Recommends \"false\"",
            "--dpkgopt=force-unsafe-io",
            "--dpkgopt=path-exclude=/usr/share/doc/*",
            "--dpkgopt=path-exclude=/usr/share/man/*",
            "--dpkgopt=path-exclude=/usr/share/locale/*",
            # The package makes a cluster of its own; the image's lies in a volume.
            f"--customize-hook=rm -rf \"$1/var/lib/postgresql/{MAJOR}\" \"$1/etc/postgresql/{MAJOR}\"",
            f"--customize-hook=copy-in {entry} /",
            "bookworm",
            str(built),
            str(sources),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=600)
        shutil.move(built, tar)


def load(container: str, name: str) -> None:
    """Puts the image into the engine of a host, under a name."""
    environment = {
        "PATH": f"/usr/lib/postgresql/{MAJOR}/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "PGDATA": "/var/lib/postgresql/data",
        "PG_MAJOR": MAJOR,
    }
    changes = [f"--change=ENV {key}={value}" for key, value in environment.items()]
    changes.append('--change=ENTRYPOINT ["/entry"]')
    with archive().open("rb") as tar:
        subprocess.run(
            ["docker", "exec", "-i", container, "docker", "import", *changes, "-", name],
            stdin=tar,
            check=True,
            capture_output=True,
            timeout=600,
        )

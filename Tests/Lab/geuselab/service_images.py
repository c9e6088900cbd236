"""The images of the stack's services: named and tagged as the real ones, a few lines of shell inside.

Made without a builder: a layer, a config and a manifest are three small files (OCI image specification).
"""

import gzip
import hashlib
import io
import json
import subprocess
import tarfile
from dataclasses import dataclass, field
from pathlib import Path

SERVICE_SCRIPT = Path(__file__).parent.parent / "images" / "service"
DATABASE_SCRIPT = SERVICE_SCRIPT.with_name("database")
BUSYBOX = Path("/bin/busybox")

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
MANIFEST_LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
CONFIG = "application/vnd.docker.container.image.v1+json"
LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"

_SECOND = 1_000_000_000  # docker counts durations in nanoseconds


@dataclass
class Service:
    """One repository, and how the service in it behaves."""

    repository: str
    port: int
    data: str
    # tag -> how it behaves: ok, crash (exits at once), leave (the same, without an error),
    # sick (never healthy)
    tags: dict[str, str]
    # tag -> architectures, where it is not amd64 alone
    architectures: dict[str, list[str]] = field(default_factory=dict)


CATALOGUE = [
    Service(
        "n8nio/n8n",
        5678,
        "/home/node/.n8n",
        {
            "1.19.0": "ok",
            "1.20.0": "ok",
            "1.21.0-crash": "crash",
            "1.22.0-sick": "sick",
            "1.23.0": "ok",
            "1.24.0": "ok",
        },
        {"1.23.0": ["arm64"], "1.24.0": ["amd64", "arm64"]},
    ),
    Service("ollama/ollama", 11434, "/root/.ollama", {"0.1.20": "ok", "0.1.21": "ok"}),
    Service("qdrant/qdrant", 6333, "/qdrant/storage", {"v1.7.0": "ok", "v1.8.0": "ok"}),
    Service("unclecode/crawl4ai", 11235, "/data", {"0.3.0": "ok", "0.3.1": "ok", "0.4.0": "leave"}),
    Service("library/postgres", 5432, "/var/lib/postgresql/data", {"15.5": "ok", "15.6": "ok", "16.1": "ok"}),
    # Only for an account (see registry_tokens.py).
    Service("geuse/private", 5678, "/data", {"1.0.0": "ok"}),
]


def digest(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def layer() -> tuple[bytes, str]:
    """The one layer all images share, compressed, and the digest of its plain bytes (diff id)."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as tar:
        _add(tar, "bin/busybox", BUSYBOX.read_bytes(), 0o755)
        _add(tar, "service", SERVICE_SCRIPT.read_bytes(), 0o755)
        for tool in ("psql", "pg_dump", "pg_dumpall", "pg_restore"):
            _add(tar, f"bin/{tool}", DATABASE_SCRIPT.read_bytes(), 0o755)
        _add(tar, "etc/passwd", b"root:x:0:0:root:/root:/bin/sh\n", 0o644)
        applets = subprocess.run([BUSYBOX, "--list"], capture_output=True, check=True, text=True)
        for applet in applets.stdout.split():
            if applet != "busybox":
                link = tarfile.TarInfo(f"bin/{applet}")
                link.type, link.linkname = tarfile.SYMTYPE, "busybox"
                tar.addfile(link)
    data = plain.getvalue()
    return gzip.compress(data, 6, mtime=0), digest(data)


def _add(tar: tarfile.TarFile, name: str, data: bytes, mode: int) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(data), mode
    tar.addfile(member, io.BytesIO(data))


def config(service: Service, tag: str, architecture: str, diff_id: str) -> bytes:
    """The image config; its digest is the image id."""
    environment = {
        "PATH": "/bin",
        "SERVICE": service.repository.rpartition("/")[2],
        "VERSION": tag,
        "PORT": str(service.port),
        "DATA": service.data,
        "MODE": service.tags[tag],
    }
    return json.dumps(
        {
            "architecture": architecture,
            "os": "linux",
            "created": "2024-01-01T00:00:00Z",
            "config": {
                "Env": [f"{key}={value}" for key, value in environment.items()],
                "Cmd": ["/bin/sh", "/service"],
                "Labels": {"org.opencontainers.image.version": tag},
                # Docker 25 looks every second until the first success (StartInterval), then rarely.
                "Healthcheck": {
                    "Test": ["CMD-SHELL", f"wget -q -O /dev/null http://127.0.0.1:{service.port}/healthz"],
                    "Interval": 10 * _SECOND,
                    "Timeout": 3 * _SECOND,
                    "StartPeriod": 20 * _SECOND,
                    "StartInterval": 1 * _SECOND,
                    "Retries": 3,
                },
            },
            "rootfs": {"type": "layers", "diff_ids": [diff_id]},
            "history": [{"created": "2024-01-01T00:00:00Z", "created_by": "lab"}],
        }
    ).encode()


def manifest(config_data: bytes, layer_data: bytes) -> bytes:
    return json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": {"mediaType": CONFIG, "size": len(config_data), "digest": digest(config_data)},
            "layers": [{"mediaType": LAYER, "size": len(layer_data), "digest": digest(layer_data)}],
        }
    ).encode()


def manifest_list(manifests: dict[str, bytes]) -> bytes:
    """The list for several architectures, by architecture."""
    return json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": MANIFEST_LIST,
            "manifests": [
                {
                    "mediaType": MANIFEST,
                    "size": len(data),
                    "digest": digest(data),
                    "platform": {"architecture": architecture, "os": "linux"},
                }
                for architecture, data in manifests.items()
            ],
        }
    ).encode()

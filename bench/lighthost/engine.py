"""A docker engine in memory: images, containers, and what restart policies do when the machine boots."""

import hashlib
import os
import time
from dataclasses import dataclass, field

# What the registry has; everything else is an unknown manifest.
PUBLISHED = {
    "n8nio/n8n:1.19.0", "n8nio/n8n:1.20.0", "ollama/ollama:0.1.20", "qdrant/qdrant:v1.7.0",
    "unclecode/crawl4ai:0.3.0", "postgres:15.5",
}


class EngineError(Exception):
    """What docker says on standard error before it ends with 1."""


def image_id(reference: str) -> str:
    return "sha256:" + hashlib.sha256(reference.encode()).hexdigest()


def manifest_digest(reference: str) -> str:
    return "sha256:" + hashlib.sha256(f"manifest {reference}".encode()).hexdigest()


def machine() -> str:
    """The machine's architecture in the words of images."""
    return {"x86_64": "amd64", "aarch64": "arm64"}.get(os.uname().machine, "unknown")


@dataclass
class Container:
    name: str
    image: str
    labels: dict[str, str]
    mounts: list[dict]
    environment: list[str] = field(default_factory=list)
    id: str = field(default_factory=lambda: os.urandom(32).hex())
    running: bool = False
    was_stopped: bool = False  # by somebody: `unless-stopped` then leaves it down
    started_at: float = 0
    policy: str = "unless-stopped"
    retries: int = 0
    stop_timeout: int | None = None
    user: str = ""
    ports: list[dict] = field(default_factory=list)
    entrypoint: list[str] | None = None
    command: list[str] | None = None

    @property
    def service(self) -> str:
        return self.labels["com.docker.compose.service"]

    def inspect(self) -> dict:
        """As the types behind `docker inspect --format` name things."""
        return {
            "ID": self.id,
            "Name": f"/{self.name}",
            "Image": image_id(self.image),
            "Config": {
                "Image": self.image,
                "Labels": self.labels,
                "Env": self.environment,
                "User": self.user,
                "Entrypoint": self.entrypoint,
                "Cmd": self.command,
                "StopTimeout": self.stop_timeout,
            },
            "State": {
                "Status": "running" if self.running else "exited",
                "Pid": 0,  # there is no process: what would be looked for in its root is not there
                "Health": {"Status": "healthy" if self.running else "unhealthy"},
                "ExitCode": 0,
                "StartedAt": time.strftime("%Y-%m-%dT%H:%M:%S.000000000Z", time.gmtime(self.started_at)),
            },
            "RestartCount": 0,
            "HostConfig": {
                "RestartPolicy": {"Name": self.policy, "MaximumRetryCount": self.retries},
                "PortBindings": {
                    f"{port['target']}/{port['protocol']}": [{"HostIp": port["host_ip"], "HostPort": port["published"]}]
                    for port in self.ports
                },
            },
            "Mounts": self.mounts,
            "NetworkSettings": {"Networks": {}},
        }

    def row(self) -> dict:
        """As `docker ps --format` names things."""
        return {
            "ID": self.id,
            "State": "running" if self.running else "exited",
            "Label": lambda name: self.labels.get(name, ""),
        }


class Engine:
    def __init__(self) -> None:
        self.containers: dict[str, Container] = {}
        self.images: dict[str, str] = {}  # the id that a name stands for
        self.unknown: list[str] = []  # what was asked of docker that this one cannot do
        self.events: list[tuple[str, str]] = []  # what happened to which service or image, in order

    def reset(self) -> None:
        self.containers.clear()
        self.images.clear()
        self.events.clear()

    def find(self, id: str) -> Container:
        for container in self.containers.values():
            if id in (container.id, container.name):
                return container
        raise EngineError(f"Error: No such container: {id}")

    def pull(self, reference: str) -> None:
        if reference not in PUBLISHED:
            raise EngineError(f"Error response from daemon: manifest for {reference} not found: manifest unknown")
        if reference not in self.images:
            self.load(reference)
            self.events.append(("pull", reference))

    def load(self, reference: str) -> None:
        """Has the image as if it had been pulled long ago."""
        self.images[reference] = image_id(reference)

    def tag(self, source: str, name: str) -> None:
        self.images[name] = self.image(source)["ID"]

    def untag(self, name: str) -> None:
        if self.images.pop(name, None) is None:
            raise EngineError(f"Error: No such image: {name}")

    def image_rows(self, repository: str | None) -> list[dict]:
        """As `docker image ls --format` names things."""
        rows = []
        for name, id in self.images.items():
            place, _, tag = name.rpartition(":")
            if repository in (None, place):
                rows.append({"ID": id, "Repository": place, "Tag": tag})
        return rows

    def manifest(self, reference: str) -> dict:
        """`docker manifest inspect --verbose` of what the registry has."""
        if reference not in PUBLISHED:
            raise EngineError(f"no such manifest: docker.io/{reference}")
        config, size = {"digest": image_id(reference), "size": 1000}, 40_000_000
        return {
            "Ref": f"docker.io/{reference}",
            "Descriptor": {"digest": manifest_digest(reference), "platform": {"architecture": machine(), "os": "linux"}},
            "SchemaV2Manifest": {"schemaVersion": 2, "config": config, "layers": [{"size": size}]},
        }

    def image(self, name: str) -> dict:
        """`docker image inspect` of a name or an id."""
        id = self.images.get(name, name)
        names = [known for known, its in self.images.items() if its == id]
        if not names:
            raise EngineError(f"Error: No such image: {name}")
        published = [known for known in PUBLISHED if image_id(known) == id]
        return {
            "ID": id,
            "RepoTags": names,
            "RepoDigests": [f"{known.rpartition(':')[0]}@{manifest_digest(known)}" for known in published],
            "Architecture": machine(),
            "Config": {"Labels": {}, "Env": [], "User": "", "Entrypoint": None, "Cmd": None},
        }

    def execute(self, id: str, script: str, arguments: list[str]) -> str:
        """`docker exec ID sh -c SCRIPT sh ARGUMENTS`: PostgreSQL's tools, as far as a dump needs them."""
        container = self.find(id)
        if not container.running or container.service != "postgres":
            raise EngineError(f"Error response from daemon: container {id} is not running a database")
        command = script.rpartition("exec ")[2]
        if command.startswith("psql"):
            return "8192\n" if "pg_database_size" in arguments[0] else "geusemaker\n"
        if command.startswith("pg_dumpall"):
            return "-- PostgreSQL database cluster dump complete\n"
        if command.startswith("pg_dump"):
            return f"PGDMP {arguments[0]}\n"
        if command.startswith("pg_restore"):
            return ""
        raise EngineError(f"sh: {command}: not found")

    def create(self, container: Container) -> None:
        if container.image not in self.images:
            raise EngineError(f"Error response from daemon: No such image: {container.image}")
        self.containers[container.name] = container

    def start(self, container: Container, why: str) -> None:
        if container.running:
            return
        for mount in container.mounts:
            # docker makes a bind's directory where it is missing, which is why EFS has to be proven first.
            os.makedirs(mount["Source"], exist_ok=True)
            with open(mount["Source"] + "/boots.log", "a", encoding="utf-8") as log:
                log.write(f"{container.image}\n")
        container.running, container.was_stopped, container.started_at = True, False, time.time()
        self.events.append((why, container.service))

    def stop(self, container: Container) -> None:
        container.was_stopped = True
        if container.running:
            container.running = False
            self.events.append(("stop", container.service))

    def remove(self, container: Container) -> None:
        self.stop(container)
        del self.containers[container.name]

    def power_off(self) -> None:
        for container in self.containers.values():
            container.running = False

    def power_on(self) -> None:
        """What restart policies start at the boot."""
        for container in self.containers.values():
            if container.policy == "always" or (container.policy != "no" and not container.was_stopped):
                self.start(container, "restart")

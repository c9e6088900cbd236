"""The registry: Debian's docker-registry on the loopback address, the Docker Hub front on the lab's network."""

import json
import sys

from geuselab import networks, ports, processes
from geuselab.labdir import LabDir
from geuselab.registry_publish import Publisher
from geuselab.registry_tokens import ISSUER, SERVICE, TokenService


def up(lab: LabDir) -> None:
    port = ports.free()
    pki = lab.path / "pki"
    config = lab.file("registry/config.yml")
    # JSON is YAML too.
    config.write_text(
        json.dumps(
            {
                "version": "0.1",
                "log": {"level": "warn"},
                "storage": {"filesystem": {"rootdirectory": str(lab.path / "registry/data")}},
                "http": {"addr": f"127.0.0.1:{port}", "relativeurls": True},
                "auth": {
                    "token": {
                        "realm": "https://auth.docker.io/token",
                        "service": SERVICE,
                        "issuer": ISSUER,
                        "rootcertbundle": str(pki / "token.crt"),
                    }
                },
            },
            indent=1,
        )
    )
    backend = processes.start(["docker-registry", "serve", str(config)], lab.file("logs/registry.log"))
    lab.save(registry=backend)
    processes.wait_for("docker-registry", lambda: ports.is_open("127.0.0.1", port), 30, backend)
    Publisher(port, TokenService(pki)).publish_all()

    gateway = networks.private_address(lab, networks.GATEWAY)
    front = processes.start(
        [sys.executable, "-m", "geuselab.registry_front", "--pki", str(pki), "--listen", gateway]
        + ["--backend", str(port)],
        lab.file("logs/registry-front.log"),
    )
    lab.save(registry_front=front)
    processes.wait_for("the registry's front", lambda: ports.is_open(gateway, 443), 30, front)


def down(lab: LabDir) -> None:
    for name in ("registry_front", "registry"):
        if name in lab.record:
            processes.stop(lab.record[name])

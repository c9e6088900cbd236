"""Two networks of the lab's own: a private one, and a public one on which a host gets a new address at each start."""

from geuselab.docker import DockerError, docker
from geuselab.labdir import LabDir
from geuselab.settings import FIRST_NETWORKS, LABEL

# Last octets on the private network; the gateway is this machine.
GATEWAY, EFS, EFS_OTHER, FIRST_HOST = 1, 20, 21, 30


def up(lab: LabDir, suffix: str) -> None:
    """Takes the first pair of free subnets; others on the machine may hold some."""
    names = {"private": f"geuse-lab-private-{suffix}", "public": f"geuse-lab-public-{suffix}"}
    for number in FIRST_NETWORKS:
        made = []
        try:
            for name, octet in zip(names.values(), (number, number + 1)):
                made.append(_create(name, f"172.31.{octet}", lab))
        except DockerError as error:
            for name in made:
                docker("network", "rm", name)
            if "overlap" not in str(error):
                raise
            continue
        lab.save(
            networks={
                "private": {"name": names["private"], "prefix": f"172.31.{number}"},
                "public": {"name": names["public"], "prefix": f"172.31.{number + 1}"},
            }
        )
        return
    raise RuntimeError("no free subnet between 172.31.200.0 and 172.31.250.0")


def _create(name: str, prefix: str, lab: LabDir) -> str:
    docker(
        "network",
        "create",
        f"--label={LABEL}={lab.path}",
        f"--subnet={prefix}.0/24",
        f"--gateway={prefix}.{GATEWAY}",
        name,
    )
    return name


def down(lab: LabDir) -> None:
    for network in lab.record.get("networks", {}).values():
        docker("network", "rm", network["name"])


def private_address(lab: LabDir, octet: int) -> str:
    return f"{lab.record['networks']['private']['prefix']}.{octet}"

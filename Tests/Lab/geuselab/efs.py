"""The EFS stand-in: an NFS server in a container, and the ways in which it can go wrong."""

from geuselab import networks, ports, processes
from geuselab.docker import docker, inspect, succeeds
from geuselab.labdir import LabDir
from geuselab.settings import LABEL

# What `lab efs MODE` takes. The first three are the server's, the rest the hosts' next mounts.
SERVER_MODES = ("ok", "pause", "kill")
MOUNT_MODES = ("missing", "wrong", "read-only", "late")


def up(lab: LabDir, suffix: str) -> None:
    name = f"geuse-lab-efs-{suffix}"
    address = networks.private_address(lab, networks.EFS)
    lab.save(efs={"container": name, "volume": name, "address": address})
    docker(
        "run",
        "--detach",
        f"--name={name}",
        f"--label={LABEL}={lab.path}",
        f"--network={lab.record['networks']['private']['name']}",
        f"--ip={address}",
        # VFS opens files by handle (DAC_READ_SEARCH) and changes its user per request (SYS_ADMIN).
        "--cap-add=SYS_ADMIN",
        "--cap-add=DAC_READ_SEARCH",
        "--security-opt=seccomp=unconfined",
        "--security-opt=apparmor=unconfined",
        f"--volume={name}:/export",
        "--entrypoint=/usr/local/sbin/efs-server",
        lab.record["image"],
    )
    processes.wait_for("the NFS server", lambda: ports.is_open(address, 2049), 60)


def down(lab: LabDir) -> None:
    server = lab.record.get("efs")
    if server:
        succeeds("rm", "--force", server["container"])
        succeeds("volume", "rm", server["volume"])


def set_mode(lab: LabDir, mode: str, seconds: int = 10, remount: bool = True) -> None:
    """Makes the file system behave; a mount mode holds from the next mount on, which `remount` brings about now."""
    container = lab.record["efs"]["container"]
    state = (inspect("container", container) or {}).get("State", {})
    if mode == "pause":
        docker("pause", container)
        return
    if mode == "kill":
        docker("kill", container)
        return
    if state.get("Paused"):
        docker("unpause", container)
    elif not state.get("Running"):
        docker("start", container)
        address = lab.record["efs"]["address"]
        processes.wait_for("the NFS server", lambda: ports.is_open(address, 2049), 60)
    for host in lab.record.get("hosts", []):
        _set_mount_mode(host["container"], mode, seconds, remount)


def _set_mount_mode(container: str, mode: str, seconds: int, remount: bool) -> None:
    before = docker("exec", container, "cat", "/etc/geuse-lab/efs-mode").split()[0]
    script = 'printf "%s %s\\n" "$1" "$2" >/etc/geuse-lab/efs-mode'
    docker("exec", container, "sh", "-c", script, "sh", mode, str(seconds))
    # A host that booted while the server did not answer has no mount, though its mode never changed.
    if remount and ((mode, before) != ("ok", "ok") or not succeeds("exec", container, "mountpoint", "-q", "/mnt/efs")):
        docker("exec", container, "sh", "-c", "umount -l /mnt/efs; mount /mnt/efs || :", timeout=90)

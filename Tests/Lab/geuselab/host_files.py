"""The files that make one host out of the image: what user data does on EC2."""

import io
import json
import tarfile
from pathlib import Path

from geuselab.labdir import LabDir
from geuselab.settings import REGION

_STACK = Path(__file__).parent.parent / "stack"
_EC2_USER = 1000

# As the EFS user guide recommends for a mount by fstab; nofail, so that a host without its data still boots.
_MOUNT_OPTIONS = (
    "nfsvers=4.1,rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2,noresvport,"
    "_netdev,nofail,x-systemd.mount-timeout=25"
)


def dns_name(file_system: str) -> str:
    return f"{file_system}.efs.{REGION}.amazonaws.com"


def archive(lab: LabDir, instance_id: str) -> bytes:
    """A tar for `docker cp`, with owners and modes."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as tar:
        _directory(tar, "home/ec2-user/.ssh", 0o700, _EC2_USER)
        key = (lab.path / "ssh/id_ed25519.pub").read_bytes()
        _file(tar, "home/ec2-user/.ssh/authorized_keys", key, 0o600, _EC2_USER)
        authority = (lab.path / "pki/ca.crt").read_bytes()
        _file(tar, "usr/local/share/ca-certificates/geuse-lab.crt", authority)
        agent = {"instance_id": instance_id, "endpoint": lab.record["agent_endpoint"]}
        _file(tar, "etc/geuse-lab/agent.json", json.dumps(agent).encode())
        _file(tar, "etc/geuse-lab/efs-mode", b"ok\n")
        _file(tar, "etc/geuse-lab/efs-other", dns_name(lab.record["other_file_system"]).encode() + b":/\n")
        mount = f"{dns_name(lab.record['file_system'])}:/ /mnt/efs nfs4 {_MOUNT_OPTIONS} 0 0\n"
        _file(tar, "etc/fstab", mount.encode())
        _file(tar, "opt/geusemaker/docker-compose.yml", (_STACK / "docker-compose.yml").read_bytes())
        _file(tar, "opt/geusemaker/runtime.env", _settings(lab), 0o600)
    return data.getvalue()


def _settings(lab: LabDir) -> bytes:
    text = (_STACK / "runtime.env").read_text()
    for name, value in lab.record["stack"].items():
        text = text.replace(f"@{name}@", value)
    return text.encode()


def _directory(tar: tarfile.TarFile, name: str, mode: int, owner: int) -> None:
    member = tarfile.TarInfo(name)
    member.type, member.mode, member.uid, member.gid = tarfile.DIRTYPE, mode, owner, owner
    tar.addfile(member)


def _file(tar: tarfile.TarFile, name: str, content: bytes, mode: int = 0o644, owner: int = 0) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.uid, member.gid = len(content), mode, owner, owner
    tar.addfile(member, io.BytesIO(content))

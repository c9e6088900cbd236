"""The host: real sshd, docker, compose, a registry to pull from, a file system that can go wrong."""

import json
import ssl
import subprocess
import urllib.request

import pytest
from geuselab import efs, networks
from geuselab.docker import DockerError
from geuselab.settings import SSH_USER

MOUNT_LINE = "grep ' /mnt/efs ' /proc/self/mountinfo"


def test_ssh_with_the_host_key_of_the_instance(untouched):
    """Checked under the instance's id: the address changes, the key does not."""
    directory = untouched.lab.path / "ssh"
    done = subprocess.run(
        ["ssh", "-F", "none", "-i", directory / "id_ed25519", "-o", "BatchMode=yes"]
        + ["-o", "StrictHostKeyChecking=yes", "-o", f"UserKnownHostsFile={directory / 'known_hosts'}"]
        + ["-o", f"HostKeyAlias={untouched.instance_id}"]
        + [f"{SSH_USER}@{untouched.instance()['PublicIpAddress']}", "sudo -n id -u; id -un"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout == f"0\n{SSH_USER}\n", done.stderr


def test_five_services_are_healthy(untouched):
    names = untouched.on_host("docker ps --filter health=healthy --format '{{.Names}}'").split()
    assert sorted(names) == ["crawl4ai", "n8n", "ollama", "postgres", "qdrant"]
    assert untouched.on_host("cat /mnt/efs/postgres/PG_VERSION") == "15"


def test_mount_looks_like_efs(untouched):
    line = untouched.on_host(MOUNT_LINE)
    assert f"fuse.nfs4 {untouched.lab.record['file_system']}.efs.us-east-1.amazonaws.com:/" in line


def test_mount_modes(untouched):
    efs.set_mode(untouched.lab, "read-only")
    assert untouched.on_host("touch /mnt/efs/x 2>&1 || :").endswith("Read-only file system")
    efs.set_mode(untouched.lab, "wrong")
    assert untouched.lab.record["other_file_system"] in untouched.on_host(MOUNT_LINE)
    assert untouched.on_host("ls /mnt/efs") == ""
    efs.set_mode(untouched.lab, "missing")
    assert untouched.on_host(f"{MOUNT_LINE} || :") == ""
    efs.set_mode(untouched.lab, "ok")
    assert "postgres" in untouched.on_host("ls /mnt/efs")


@pytest.mark.parametrize("mode", ["pause", "kill"])
def test_hung_server_hangs_the_mount_and_can_be_survived(untouched, mode):
    efs.set_mode(untouched.lab, mode)
    # The process hangs, and a signal ends it, as on a real mount.
    assert untouched.on_host("timeout 2 ls /mnt/efs; echo $?") == "124"
    efs.set_mode(untouched.lab, "ok")
    assert "postgres" in untouched.on_host("timeout 20 ls /mnt/efs")


@pytest.mark.parametrize(
    "image, said",
    [
        ("n8nio/n8n:9.9.9", "manifest unknown"),
        ("n8nio/n8n:1.23.0", "no matching manifest for linux/amd64"),
        ("geuse/private:1.0.0", "pull access denied"),
    ],
)
def test_images_that_are_not_to_be_had(untouched, image, said):
    with pytest.raises(DockerError, match=said):
        untouched.on_host(f"docker pull --quiet {image}")


def test_private_image_with_an_account(untouched):
    untouched.on_host("echo labpassword | docker login --username labuser --password-stdin 2>&1")
    untouched.on_host("docker pull --quiet geuse/private:1.0.0")
    untouched.on_host("docker logout; docker image rm geuse/private:1.0.0")


def test_pull_rate_limit(untouched):
    gateway = networks.private_address(untouched.lab, networks.GATEWAY)
    fault = json.dumps({"mode": "rate-limit", "times": 10, "repository": "ollama/ollama"}).encode()
    trust = ssl.create_default_context(cafile=str(untouched.lab.path / "pki/ca.crt"))
    trust.check_hostname = False  # asked by address
    urllib.request.urlopen(f"https://{gateway}/_lab/faults", fault, context=trust)
    try:
        with pytest.raises(DockerError, match="toomanyrequests"):
            untouched.on_host("docker pull --quiet ollama/ollama:0.1.21")
    finally:
        urllib.request.urlopen(f"https://{gateway}/_lab/faults", b'{"mode": "off"}', context=trust)
    untouched.on_host("docker pull --quiet ollama/ollama:0.1.21")

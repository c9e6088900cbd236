"""What an update does about an EFS mount that is not as it has to be, before the change and after the boot."""

import time

import pytest
from geuselab import efs
from geuselab.docker import docker

# The verdict has to come although a look at such a mount may never come back.
VERDICT_SECONDS = 60


def wait_for_state(stack, process, state: str) -> None:
    while stack.instance()["State"]["Name"] != state:
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)


@pytest.mark.parametrize(
    "mode, code",
    [
        ("missing", "efs_not_mounted"),
        ("wrong", "efs_wrong_file_system"),
        ("read-only", "efs_read_only"),
        ("pause", "efs_hung"),
        ("kill", "efs_hung"),
    ],
)
def test_refused_before_anything_is_touched(nothing_touched, mode, code):
    efs.set_mode(nothing_touched.lab, mode)
    began = time.monotonic()
    outcome = nothing_touched.update("--instance-type", "t3.large", "--image", "n8n=n8nio/n8n:1.20.0")
    took = time.monotonic() - began
    efs.set_mode(nothing_touched.lab, "ok")
    assert outcome.status == 4, outcome.stderr
    assert outcome.document["error_code"] == code
    assert took < VERDICT_SECONDS


def test_a_mount_that_comes_late_after_the_boot_is_waited_for(stack):
    before = stack.on_host("find /mnt/efs -type f -size -64k | sort | head -n 20")
    efs.set_mode(stack.lab, "late", seconds=6, remount=False)
    outcome = stack.update("--instance-type", "t3.large")
    assert outcome.status == 0, outcome.stderr
    assert stack.instance()["InstanceType"] == "t3.large"
    assert before and set(before.split("\n")) <= set(stack.on_host("find /mnt/efs -type f").split("\n"))
    assert outcome.document["data"]["data"]["verdict"] == "same"


def test_a_mount_that_hangs_after_the_boot_starts_nothing(stack):
    """The server goes away while the instance is down."""
    process = stack.start("update", stack.name, "--force", "--output", "json", "--instance-type", "t3.large")
    wait_for_state(stack, process, "stopped")
    efs.set_mode(stack.lab, "pause")
    stdout, stderr = process.communicate(timeout=300)
    assert process.returncode in (6, 7), stderr
    assert "efs_" in stdout + stderr
    assert stack.on_host("docker ps --quiet") == ""


def test_the_data_is_compared_around_a_resize(stack):
    """Something writes on EFS while the services are down: the update is undone, and says what."""
    process = stack.start("update", stack.name, "--force", "--output", "json", "--instance-type", "t3.large")
    wait_for_state(stack, process, "stopping")
    server = stack.lab.record["efs"]["container"]
    docker("exec", server, "sh", "-c", "echo intruder >/export/main/n8n/written-meanwhile")
    # The server has directories cached, and nobody told it.
    docker("restart", "--time", "0", server)
    stdout, stderr = process.communicate(timeout=300)
    docker("exec", server, "sh", "-c", "rm -f /export/main/n8n/written-meanwhile")
    assert process.returncode == 6, stdout + stderr
    assert "data_changed" in stdout
    assert "added /mnt/efs/n8n/written-meanwhile" in stdout
    assert stack.instance()["InstanceType"] == "t3.medium"
    for service in ("n8n", "ollama", "qdrant", "crawl4ai", "postgres"):
        assert stack.service(service)["health"] == "healthy"

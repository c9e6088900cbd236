"""Updates that fail on the way: the stack is what it was, and says so."""

import pytest
from geuselab import efs
from geuselab.control_plane import lab_api


def assert_as_before(stack, compose: str) -> None:
    assert stack.instance()["InstanceType"] == "t3.medium"
    assert stack.instance()["State"]["Name"] == "running"
    assert stack.compose_file() == compose
    assert stack.service("n8n")["image"] == "n8nio/n8n:1.19.0"
    for service in ("n8n", "ollama", "qdrant", "crawl4ai", "postgres"):
        assert stack.service(service)["health"] == "healthy"
    assert stack.state["config"]["instance_type"] == "t3.medium"
    assert stack.state["container_images"]["n8n"] == "n8nio/n8n:1.19.0"


@pytest.mark.parametrize("tag", ["1.21.0-crash", "1.22.0-sick"])
def test_image_that_does_not_get_well(stack, tag):
    compose = stack.compose_file()
    outcome = stack.update("--image", f"n8n=n8nio/n8n:{tag}", "--health-timeout", "25")
    assert outcome.status == 6, outcome.stderr
    assert outcome.document["data"]["success"] is False
    assert_as_before(stack, compose)


def test_no_capacity_for_the_new_type(stack):
    """EC2 refuses the start; the old type comes back."""
    compose = stack.compose_file()
    fault = {"operation": "StartInstances", "code": "Unsupported", "message": "not in this zone", "status": 400}
    lab_api(stack.lab, "POST", "/_lab/faults", fault)
    outcome = stack.update("--instance-type", "t3.large", "--image", "n8n=n8nio/n8n:1.20.0")
    assert outcome.status == 6, outcome.stderr
    assert_as_before(stack, compose)


def test_reply_to_a_command_is_lost(stack):
    """SendCommand has no client token: what was sent is looked for, and not done again."""
    boots = "grep -c 'n8n 1.20.0 booted' /mnt/efs/n8n/boots.log || :"
    before = int(stack.on_host(boots))
    fault = {"operation": "SendCommand", "reset": True, "when": "after", "times": 1, "skip": 3}
    lab_api(stack.lab, "POST", "/_lab/faults", fault)
    outcome = stack.update("--image", "n8n=n8nio/n8n:1.20.0")
    assert outcome.status == 0, outcome.stderr
    assert lab_api(stack.lab, "GET", "/_lab/faults")["faults"] == [], "the fault was never met"
    assert stack.service("n8n")["image"] == "n8nio/n8n:1.20.0"
    assert int(stack.on_host(boots)) == before + 1


def test_throttled_calls_are_tried_again(stack):
    fault = {"operation": "DescribeInstances", "code": "RequestLimitExceeded", "status": 503, "times": 2}
    lab_api(stack.lab, "POST", "/_lab/faults", fault)
    outcome = stack.update("--image", "n8n=n8nio/n8n:1.20.0")
    assert outcome.status == 0, outcome.stderr


@pytest.mark.parametrize("mode", ["missing", "wrong", "read-only"])
def test_no_service_starts_on_an_unproven_mount(stack, mode):
    """The mount does not come back after the start; nothing may write to what is there instead."""
    efs.set_mode(stack.lab, mode, remount=False)
    outcome = stack.update("--instance-type", "t3.large")
    assert outcome.status in (6, 7), outcome.stderr
    assert "efs_" in outcome.stderr, outcome.stderr
    assert stack.on_host("docker ps --quiet") == "", outcome.stderr
    # Neither the root disk nor the other file system got a database.
    stack.on_host("umount /mnt/efs 2>/dev/null; test ! -e /mnt/efs/postgres")


def test_a_container_from_before_the_mount(stack):
    """As docker's restart policy makes them when EFS comes late: it runs, is healthy, and writes to the root disk."""
    stack.on_host("docker stop n8n && umount -l /mnt/efs && docker start n8n && mount /mnt/efs")
    try:
        before = stack.containers()
        seen = stack.program("verify", stack.name, "--json")
        assert seen.document["error_code"] == "efs_container_outside", seen.stdout
        assert "n8n:/home/node/.n8n" in seen.stdout
        outcome = stack.update("--image", "qdrant=qdrant/qdrant:v1.8.0")
        assert outcome.status == 4, outcome.stderr
        assert outcome.document["error_code"] == "efs_container_outside"
        assert stack.containers() == before
    finally:
        stack.on_host("docker rm -f n8n && umount -l /mnt/efs && rm -rf /mnt/efs/n8n && mount /mnt/efs")

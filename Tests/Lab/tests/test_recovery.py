"""Runs that are killed in the middle, on the real host: ended by recover, and respected by everybody else."""

import json
import signal
import time

import pytest
from stack import PATIENCE, Stack

NEW = "n8n=n8nio/n8n:1.20.0"


def kill_when(stack: Stack, operation: str, count: int, *arguments: str) -> None:
    """Starts an update and kills it with SIGKILL once the cloud has had that many calls of an operation."""
    run = stack.start("update", stack.name, "--force", *arguments)
    deadline = time.monotonic() + PATIENCE
    while sum(1 for request in stack.requests() if request["operation"] == operation) < count:
        assert run.poll() is None, run.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    run.send_signal(signal.SIGKILL)
    run.communicate(timeout=PATIENCE)


def lease(stack: Stack) -> dict:
    outcome = stack.program("lock", "status", stack.name, "--json")
    assert outcome.status == 0, outcome.stderr
    return outcome.document["data"]["host"]


@pytest.mark.parametrize("operation,count", [("SendCommand", 4), ("StopInstances", 1), ("StartInstances", 1)])
def test_a_killed_update_is_undone(stack, operation, count):
    compose, before = stack.compose_file(), stack.service("n8n")
    stack.on_host("echo kept >/mnt/efs/n8n/kept")
    kill_when(stack, operation, count, "--instance-type", "t3.large", "--image", NEW)
    outcome = stack.program("recover", stack.name, "--json")
    assert outcome.status == 0, outcome.stderr
    assert outcome.document["data"]["outcome"] == "restored"
    assert stack.compose_file() == compose
    assert stack.instance()["InstanceType"] == "t3.medium"
    after = stack.service("n8n")
    assert (after["image"], after["digest"], after["health"]) == (before["image"], before["digest"], "healthy")
    assert stack.on_host("cat /mnt/efs/n8n/kept").strip() == "kept"
    assert stack.state["status"] == "running"
    assert lease(stack)["run"] is None
    # Nothing was asked of the cloud twice for one end.
    assert stack.changes_asked().count("ModifyInstanceAttribute") in (0, 2)


def test_a_killed_update_is_finished_when_asked(stack):
    kill_when(stack, "StartInstances", 1, "--instance-type", "t3.large", "--image", NEW)
    outcome = stack.program("recover", stack.name, "--resume", "--json")
    assert outcome.status == 0, outcome.stderr
    assert stack.instance()["InstanceType"] == "t3.large"
    assert stack.service("n8n")["image"] == "n8nio/n8n:1.20.0"
    assert stack.changes_asked() == ["StopInstances", "ModifyInstanceAttribute", "StartInstances"]
    assert stack.state["container_images"]["n8n"] == "n8nio/n8n:1.20.0"


def test_a_second_laptop_sees_who_holds_the_host(stack, tmp_path):
    other = Stack(stack.lab, tmp_path / "other")
    other.adopt()
    kill_when(stack, "StopInstances", 1, "--instance-type", "t3.large")
    while stack.instance()["State"]["Name"] != "stopped":
        time.sleep(0.2)
    stack._power_on()
    compose = stack.compose_file()
    refused = other.update("--image", NEW)
    assert refused.status == 5, refused.stderr
    assert refused.document["error_code"] == "host_leased"
    run = lease(other)["run"]
    assert run in json.dumps(refused.document)
    assert stack.compose_file() == compose
    assert stack.program("recover", stack.name).status == 0
    done = other.update("--image", NEW)
    assert done.status == 0, done.stderr

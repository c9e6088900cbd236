"""Updates that go well, on a real host."""

import pytest

NEW = "n8nio/n8n:1.20.0"


def ssh_options(stack) -> list[str]:
    key = stack.environment()["GEUSEMAKER_SSH_KEY"]
    return ["--transport", "ssh", "--ssh-key", key, "--ssh-user", "ec2-user"]


def assert_only_the_image_changed(stack, before: str, image: str = NEW) -> None:
    """The compose file keeps every other byte."""
    assert stack.compose_file() == before.replace("n8nio/n8n:1.19.0", image)


def test_instance_type_alone(stack):
    before, address = stack.compose_file(), stack.instance()["PublicIpAddress"]
    outcome = stack.update("--instance-type", "t3.large")
    assert outcome.status == 0, outcome.stderr
    instance = stack.instance()
    assert instance["InstanceType"] == "t3.large"
    assert instance["State"]["Name"] == "running"
    assert stack.changes_asked() == ["StopInstances", "ModifyInstanceAttribute", "StartInstances"]
    assert stack.compose_file() == before
    assert stack.service("n8n")["image"] == "n8nio/n8n:1.19.0"
    assert stack.service("n8n")["health"] == "healthy"
    # The new public address is on record.
    assert instance["PublicIpAddress"] != address
    assert stack.state["public_ip"] == instance["PublicIpAddress"]
    assert stack.state["config"]["instance_type"] == "t3.large"


@pytest.mark.parametrize("transport", ["ssm", "ssh"])
def test_image_alone(stack, transport):
    before, others = stack.compose_file(), stack.service("qdrant")
    options = ssh_options(stack) if transport == "ssh" else []
    outcome = stack.update("--image", f"n8n={NEW}", *options)
    assert outcome.status == 0, outcome.stderr
    assert_only_the_image_changed(stack, before)
    assert stack.service("n8n")["image"] == NEW
    assert stack.service("n8n")["health"] == "healthy"
    assert stack.on_host("curl -s http://127.0.0.1:5678/version") == "1.20.0"
    # Nobody else was disturbed, and the instance never stopped.
    assert stack.service("qdrant") == others
    assert stack.changes_asked() == []
    commands = [request for request in stack.requests() if request["operation"] == "SendCommand"]
    assert bool(commands) == (transport == "ssm")
    assert stack.state["container_images"]["n8n"] == NEW


@pytest.mark.parametrize("transport", ["ssm", "ssh"])
def test_both_in_one_interruption(stack, transport):
    before = stack.compose_file()
    options = ssh_options(stack) if transport == "ssh" else []
    outcome = stack.update("--instance-type", "t3.large", "--image", f"n8n={NEW}", *options)
    assert outcome.status == 0, outcome.stderr
    data = outcome.document["data"]
    assert data["success"] is True
    assert data["changes_applied"] == ["instance_type:t3.large", f"n8n -> {NEW}"]
    assert data["previous_state"]["config"]["instance_type"] == "t3.medium"
    assert data["new_state"]["config"]["instance_type"] == "t3.large"
    assert stack.changes_asked() == ["StopInstances", "ModifyInstanceAttribute", "StartInstances"]
    assert_only_the_image_changed(stack, before)
    assert stack.service("n8n")["image"] == NEW
    for service in ("n8n", "ollama", "qdrant", "crawl4ai", "postgres"):
        assert stack.service(service)["health"] == "healthy"


def test_what_is_as_asked_already_is_left_out(stack):
    """A partial update: the type is right already, so nothing stops."""
    outcome = stack.update("--instance-type", "t3.medium", "--image", f"n8n={NEW}")
    assert outcome.status == 0, outcome.stderr
    assert outcome.document["data"]["changes_applied"] == [f"n8n -> {NEW}"]
    assert stack.changes_asked() == []
    assert stack.service("n8n")["image"] == NEW


def test_two_images_at_once(stack):
    outcome = stack.update("--image", f"n8n={NEW}", "--image", "qdrant=qdrant/qdrant:v1.8.0")
    assert outcome.status == 0, outcome.stderr
    assert stack.service("n8n")["image"] == NEW
    assert stack.service("qdrant")["image"] == "qdrant/qdrant:v1.8.0"
    # The quotes around qdrant's image stay.
    assert 'image: "qdrant/qdrant:v1.8.0"' in stack.compose_file()


def test_an_image_for_several_architectures(stack):
    outcome = stack.update("--image", "n8n=n8nio/n8n:1.24.0")
    assert outcome.status == 0, outcome.stderr
    assert stack.service("n8n")["image"] == "n8nio/n8n:1.24.0"


def test_nothing_to_do(stack):
    before = stack.containers()
    outcome = stack.update("--instance-type", "t3.medium", "--image", "n8n=n8nio/n8n:1.19.0")
    assert outcome.status == 0, outcome.stderr
    assert outcome.document["data"]["changes_applied"] == []
    assert stack.changes_asked() == []
    assert stack.containers() == before


def test_run_of_the_stock_script_is_the_same(stack):
    outcome = stack.program(
        "run", "update.lua", stack.name, "--force", "--output", "json", "--", "--image", f"n8n={NEW}"
    )
    assert outcome.status == 0, outcome.stderr
    assert outcome.document["data"]["changes_applied"] == [f"n8n -> {NEW}"]
    assert stack.service("n8n")["image"] == NEW

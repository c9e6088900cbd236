"""Rollbacks on a real host: the type, every byte of the compose file, the very images."""

import json

import pytest
from geuselab.control_plane import lab_api

OLD, NEW = "n8nio/n8n:1.19.0", "n8nio/n8n:1.20.0"
SERVICES = ("n8n", "ollama", "qdrant", "crawl4ai", "postgres")


def image_ids(stack) -> dict[str, str]:
    return {name: stack.on_host(f"docker inspect --format '{{{{.Image}}}}' {name}").strip() for name in SERVICES}


def shape(stack) -> tuple:
    """Everything that a rollback has to bring back."""
    assert stack.instance()["State"]["Name"] == "running"
    for name in SERVICES:
        assert stack.service(name)["health"] == "healthy"
    return stack.instance()["InstanceType"], stack.compose_file(), image_ids(stack)


def rollback(stack, *arguments: str):
    return stack.program("rollback", stack.name, "--force", "--output", "json", *arguments)


def test_type_compose_file_and_image_come_back(stack):
    # A comment that only a byte for byte restore brings back.
    stack.on_host("echo '# by hand' >>/opt/geusemaker/docker-compose.yml")
    first = shape(stack)
    assert stack.update("--instance-type", "t3.large", "--image", f"n8n={NEW}").status == 0
    stack.on_host("sed -i '/by hand/d' /opt/geusemaker/docker-compose.yml")
    second = shape(stack)
    outcome = rollback(stack)
    assert outcome.status == 0, outcome.stderr
    assert shape(stack) == first
    assert outcome.document["data"]["changes_applied"][:2] == ["instance_type:t3.medium", f"n8n -> {OLD}"]
    assert stack.state["config"]["instance_type"] == "t3.medium"
    assert stack.state["container_images"]["n8n"] == OLD
    record = stack.state["rollback_history"][-1]
    assert (record["trigger"], record["success"], record["previous_state_version"]) == ("manual", True, 1)
    # Data written before is there after.
    assert stack.program("verify", stack.name).status == 0
    # And back again: what was there before the rollback is the newest previous state.
    assert rollback(stack).status == 0
    assert shape(stack) == second


def test_an_image_alone_disturbs_nobody_else(stack):
    assert stack.update("--image", f"n8n={NEW}").status == 0
    others = {name: stack.service(name) for name in SERVICES if name != "n8n"}
    assert rollback(stack).status == 0
    assert stack.service("n8n")["image"] == OLD
    assert {name: stack.service(name) for name in others} == others
    assert stack.changes_asked() == []


@pytest.mark.parametrize("loss", ["moved", "removed"])
def test_the_old_image_runs_whatever_became_of_its_tag(stack, loss):
    first = image_ids(stack)
    assert stack.update("--image", f"n8n={NEW}").status == 0
    try:
        if loss == "moved":
            stack.on_host(f"docker tag {NEW} {OLD}")
        else:
            # With all its names, so that it has to come from the registry, by its digest.
            stack.on_host(f"docker image rm --force {first['n8n']}")
        outcome = rollback(stack)
        assert outcome.status == 0, outcome.stderr
        assert image_ids(stack) == first
    finally:
        stack.on_host(f"docker pull --quiet {OLD}")


def test_a_rollback_that_fails_is_undone(stack):
    assert stack.update("--instance-type", "t3.large", "--image", f"n8n={NEW}").status == 0
    before, previous = shape(stack), stack.state["previous_states"]
    fault = {"operation": "StartInstances", "code": "Unsupported", "message": "no", "status": 400, "times": 1}
    lab_api(stack.lab, "POST", "/_lab/faults", fault)
    outcome = rollback(stack)
    assert outcome.status == 6, outcome.stderr
    assert shape(stack) == before
    assert stack.state["previous_states"] == previous
    record = stack.state["rollback_history"][-1]
    assert (record["trigger"], record["success"]) == ("manual", False)


def test_without_our_backup_type_and_image_are_set_and_a_warning_says_so(stack):
    first = shape(stack)
    assert stack.update("--instance-type", "t3.large", "--image", f"n8n={NEW}").status == 0
    for evidence in (stack.state_dir / "backups" / stack.name).glob("*.evidence.json"):
        evidence.unlink()
    outcome = rollback(stack)
    assert outcome.status == 0, outcome.stderr
    assert any("other edits" in warning for warning in outcome.document["data"]["warnings"])
    assert shape(stack) == first


def test_a_backup_is_restored_and_a_corrupt_state_file_too(stack):
    made = stack.program("backup", "create", stack.name, "--label", "good", "--json")
    assert made.status == 0, made.stderr
    first = shape(stack)
    assert stack.update("--image", f"n8n={NEW}").status == 0
    stack.state_file.write_text("{torn")
    restore = ("backup", "restore", stack.name)
    refused = stack.program(*restore, "latest", "--force", "--json")
    assert (refused.status, refused.document["error_code"]) == (4, "state_corrupt")
    assert stack.program(*restore, "latest", "--state-only", "--force").status == 0
    listed = json.loads(stack.program("backup", "list", stack.name, "--json").stdout)["data"]["backups"]
    labelled = next(backup["id"] for backup in listed if backup["label"] == "good")
    outcome = stack.program(*restore, labelled, "--force", "--json")
    assert outcome.status == 0, outcome.stderr
    assert shape(stack) == first


def test_what_was_done_before_a_checkpoint_is_kept(stack, tmp_path):
    script = tmp_path / "two.lua"
    script.write_text(f"""
        geuse.set_image("n8n", "{NEW}")
        geuse.checkpoint("new n8n")
        geuse.resize("t3.large")
    """)
    fault = {"operation": "ModifyInstanceAttribute", "code": "Unsupported", "message": "no", "status": 400, "times": 1}
    lab_api(stack.lab, "POST", "/_lab/faults", fault)
    outcome = stack.program("run", str(script), stack.name, "--force", "--json")
    assert outcome.status == 6, outcome.stderr
    assert outcome.document["data"]["changes_applied"] == [f"n8n -> {NEW}"]
    assert "new n8n" in outcome.stdout
    assert stack.service("n8n")["image"] == NEW
    assert stack.instance()["InstanceType"] == "t3.medium"
    assert stack.state["container_images"]["n8n"] == NEW
    assert stack.state["status"] == "running"

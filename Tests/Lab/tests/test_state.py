"""The state directory: written so that another tool reads it."""

import datetime
import fcntl
import gzip
import json
import stat
from pathlib import Path

import jsonschema
import pytest

SCHEMA = Path(__file__).parents[2] / "Fixtures/state/deployment-state.schema.json"


def validate(document: dict) -> None:
    """As the second tool reads it: by the schema of GeuseMaker's own models, dates in UTC."""
    jsonschema.validate(document, json.loads(SCHEMA.read_text()))
    for name in ("created_at", "updated_at"):
        assert document[name].endswith("Z")
        datetime.datetime.fromisoformat(document[name].replace("Z", "+00:00"))


def test_adopt_writes_what_is_really_there(untouched):
    untouched.adopt()
    state, instance = untouched.state, untouched.instance()
    validate(state)
    assert state["schema_version"] == 2
    assert state["status"] == "running"
    assert state["instance_id"] == untouched.instance_id
    assert state["private_ip"] == instance["PrivateIpAddress"]
    assert state["public_ip"] == instance["PublicIpAddress"]
    assert state["vpc_id"] == instance["VpcId"]
    assert state["efs_id"] == untouched.lab.record["file_system"]
    assert state["config"]["instance_type"] == instance["InstanceType"]
    assert state["container_images"]["n8n"] == "n8nio/n8n:1.19.0"
    assert state["container_images"]["postgres"] == "postgres:15.5"
    assert untouched.changes_asked() == []


def test_adopt_twice_is_refused(stack):
    before = stack.state_file.read_bytes()
    outcome = stack.program("adopt", stack.name, "--instance-id", stack.instance_id, "--output", "json")
    assert outcome.status == 4
    assert outcome.document["error_code"] == "already_adopted"
    assert stack.state_file.read_bytes() == before


def test_adopt_of_an_instance_that_does_not_exist(untouched):
    outcome = untouched.program("adopt", "ghost", "--instance-id", "i-0123456789abcdef0", "--output", "json")
    assert outcome.status in (1, 4)
    assert not (untouched.state_dir / "deployments/ghost.json").exists()


def test_state_after_an_update(stack):
    assert stack.update("--instance-type", "t3.large", "--image", "n8n=n8nio/n8n:1.20.0").status == 0
    state = stack.state
    validate(state)
    assert state["status"] == "running"
    assert state["container_images"]["n8n"] == "n8nio/n8n:1.20.0"
    assert state["cost"]["instance_type"] == "t3.large"
    previous = state["previous_states"][0]
    assert previous["config"]["instance_type"] == "t3.medium"
    assert previous["container_images"]["n8n"] == "n8nio/n8n:1.19.0"


def test_backup_is_the_state_from_before(stack):
    before = stack.state
    outcome = stack.update("--image", "n8n=n8nio/n8n:1.20.0")
    backup = Path(outcome.document["data"]["backup"])
    assert backup.parent == stack.state_dir / "backups" / stack.name
    saved = json.loads(gzip.decompress(backup.read_bytes()))
    validate(saved)
    assert saved["container_images"] == before["container_images"]


def test_fields_of_the_other_tool_survive(stack):
    """A field that this program does not know is kept, and stays in its place."""
    state = stack.state
    state["from_the_future"] = {"kept": ["1.50", None]}
    stack.state_file.write_text(json.dumps(state, indent=2))
    names = list(state)
    assert stack.update("--image", "n8n=n8nio/n8n:1.20.0").status == 0
    assert stack.state["from_the_future"] == {"kept": ["1.50", None]}
    assert [name for name in stack.state if name in names] == names


def test_lock_of_the_other_tool_is_respected(stack):
    """GeuseMaker locks with flock on NAME.json.lock."""
    lock = stack.state_file.with_name(stack.state_file.name + ".lock")
    with open(lock, "a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert stack.update("--image", "n8n=n8nio/n8n:1.20.0").status == 5
    assert stack.service("n8n")["image"] == "n8nio/n8n:1.19.0"


def test_nobody_else_may_read_it(stack):
    assert stat.S_IMODE(stack.state_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(stack.state_file.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("secret", ["POSTGRES_PASSWORD", "N8N_ENCRYPTION_KEY"])
def test_no_secret_reaches_the_state_directory(stack, secret):
    value = stack.lab.record["stack"][secret].encode()
    assert stack.update("--image", "n8n=n8nio/n8n:1.20.0").status == 0
    for file in stack.state_dir.rglob("*"):
        if file.is_file():
            data = file.read_bytes()
            assert value not in (gzip.decompress(data) if file.suffix == ".gz" else data), file


def test_list_describe_and_history(stack):
    listed = stack.program("list", "--output", "json").document["data"]["deployments"]
    assert [entry["name"] for entry in listed] == [stack.name]
    described = stack.program("describe", stack.name, "--output", "json")
    assert described.status == 0, described.stderr
    text = json.dumps(described.document["data"])
    digest = stack.service("n8n")["digest"]
    for fact in (stack.instance_id, "t3.medium", "n8nio/n8n:1.19.0", digest, stack.lab.record["file_system"]):
        assert fact in text
    assert stack.update("--image", "n8n=n8nio/n8n:1.20.0").status == 0
    runs = stack.program("history", stack.name, "--output", "json").document["data"]["runs"]
    assert len(runs) == 1
    assert "n8nio/n8n:1.20.0" in json.dumps(runs[0])

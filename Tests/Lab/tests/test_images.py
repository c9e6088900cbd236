"""Images that cannot be had: refused before the question, whether curl asks the registry or docker does."""

import json
import ssl
import urllib.request
from dataclasses import replace

import pytest
from geuselab import networks, service_images
from geuselab.registry_publish import Publisher
from geuselab.registry_tokens import TokenService


@pytest.fixture(params=["curl", "docker"])
def way(request, untouched):
    """The program that asks on the host; docker is the one where there is no curl."""
    if request.param == "docker":
        untouched.on_host("mv /usr/bin/curl /usr/bin/curl.hidden")
    yield request.param
    if request.param == "docker":
        untouched.on_host("mv /usr/bin/curl.hidden /usr/bin/curl")


@pytest.fixture
def refusing(way, nothing_touched):
    """The stack, of which nothing may have changed afterwards, the images on the host included."""
    before = nothing_touched.on_host("docker image ls --quiet --no-trunc | sort -u")
    yield nothing_touched
    assert nothing_touched.on_host("docker image ls --quiet --no-trunc | sort -u") == before


@pytest.fixture
def registry(untouched):
    """Sets a fault of the registry's front; it ends with the test."""
    gateway = networks.private_address(untouched.lab, networks.GATEWAY)
    trust = ssl.create_default_context(cafile=str(untouched.lab.path / "pki/ca.crt"))
    trust.check_hostname = False  # asked by address

    def fault(mode: str, **more) -> None:
        data = json.dumps({"mode": mode, "times": 100, **more}).encode()
        urllib.request.urlopen(f"https://{gateway}/_lab/faults", data, context=trust)

    yield fault
    fault("off")


def refused(outcome, code: str) -> dict:
    """The checks of a refusal, by name."""
    assert outcome.status == 4, outcome.stderr
    assert outcome.document["error_code"] == code
    return {check["name"]: check for check in outcome.document["data"]["checks"]}


def test_unknown_tag(refusing):
    checks = refused(refusing.update("--image", "n8n=n8nio/n8n:9.9.9"), "image_not_found")
    assert checks["image_manifest"]["result"] == "refused"


def test_image_for_another_architecture(refusing):
    checks = refused(refusing.update("--image", "n8n=n8nio/n8n:1.23.0"), "image_wrong_architecture")
    assert checks["image_architecture"]["result"] == "refused"


def test_rate_limit(refusing, registry):
    registry("rate-limit", repository="n8nio/n8n")
    refused(refusing.update("--image", "n8n=n8nio/n8n:1.20.0"), "image_rate_limited")


def test_private_image_without_an_account(refusing):
    refused(refusing.update("--image", "n8n=geuse/private:1.0.0"), "image_unauthorized")


def test_private_image_with_an_account(refusing):
    refusing.on_host("echo labpassword | docker login --username labuser --password-stdin 2>&1")
    try:
        outcome = refusing.update("--image", "n8n=geuse/private:1.0.0", "--dry-run", "--allow", "n8n-downgrade")
    finally:
        refusing.on_host("docker logout")
    assert outcome.status == 0, outcome.stderr
    checks = {check["name"]: check for check in outcome.document["data"]["checks"]}
    for name in ("image_manifest", "image_architecture", "image_digest", "image_size"):
        assert checks[name]["result"] == "ok", checks[name]
    assert "labpassword" not in outcome.stdout + outcome.stderr


def test_no_room_for_the_image(refusing):
    """The size in the registry against what df says is left."""
    refusing.on_host(
        """cat >/usr/local/sbin/df <<'END'
#!/bin/sh
[ "$*" = '-P -k /var/lib/docker' ] || exec /bin/df "$@"
printf 'Filesystem 1024-blocks Used Available Capacity Mounted on\\nsmall 4096 3072 1024 75%% /var/lib/docker\\n'
END
chmod 755 /usr/local/sbin/df"""
    )
    try:
        outcome = refusing.update("--image", "n8n=n8nio/n8n:1.24.0")
    finally:
        refusing.on_host("rm /usr/local/sbin/df")
    assert refused(outcome, "host_disk_full")["image_size"]["result"] == "refused"


def test_a_tag_that_moved_since_the_plan(refusing, tmp_path):
    """`apply` refuses when the tag is another image than the one that was looked at."""
    address = json.loads((refusing.lab.path / "registry/config.yml").read_text())["http"]["addr"]
    publisher = Publisher(int(address.rpartition(":")[2]), TokenService(refusing.lab.path / "pki"))

    def publish(kind: str) -> None:
        service = replace(service_images.CATALOGUE[0], tags={"moving": kind}, architectures={})
        publisher._publish(service, "moving", *service_images.layer())

    publish("ok")
    plan = str(tmp_path / "plan.json")
    made = refusing.update("--image", "n8n=n8nio/n8n:moving", "--out", plan)
    assert made.status == 0, made.stderr
    [image] = made.document["data"]["images"]
    assert image["manifest"].startswith("sha256:") and image["compressed_bytes"] > 0
    publish("crash")
    outcome = refusing.program("apply", plan, "--force", "--output", "json")
    assert outcome.status == 4, outcome.stderr
    assert outcome.document["error_code"] == "plan_outdated"
    assert "n8nio/n8n:moving at its registry" in json.dumps(outcome.document)


def test_the_registry_is_asked_with_the_first_look(nothing_touched):
    outcome = nothing_touched.update("--image", "n8n=n8nio/n8n:1.20.0", "--dry-run")
    assert outcome.status == 0, outcome.stderr
    assert [request["operation"] for request in nothing_touched.requests()].count("SendCommand") == 1


def test_a_registry_that_does_not_answer(stack, registry):
    """It is no reason to refuse; then the pull fails, with nothing that runs changed."""
    before = (stack.containers(), stack.compose_file())
    registry("unavailable", repository="n8nio/n8n")
    outcome = stack.update("--image", "n8n=n8nio/n8n:1.20.0")
    assert outcome.status == 1, outcome.stderr
    assert outcome.document["error_code"] == "image_pull_failed"
    assert (stack.containers(), stack.compose_file()) == before


def test_security_patch(stack):
    """The tags are the registry's own: postgres has a newer patch, n8n has none."""
    outcome = stack.program("update", stack.name, "--security-patch", "--service", "postgres", "--service", "n8n",
                            "--force", "--output", "json")
    assert outcome.status == 0, outcome.stderr
    assert stack.service("postgres")["image"] == "postgres:15.6"
    assert stack.service("n8n")["image"] == "n8nio/n8n:1.19.0"

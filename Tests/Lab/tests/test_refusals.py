"""What is refused, and that nothing was touched then."""

import os
import pty
import select
import subprocess

import pytest
from geuselab.control_plane import client, lab_api
from stack import PATIENCE

NEW = "n8n=n8nio/n8n:1.20.0"


def test_unknown_deployment(nothing_touched):
    outcome = nothing_touched.program("update", "nobody", "--instance-type", "t3.large", "--force", "--output", "json")
    assert outcome.status in (1, 4)
    assert outcome.document["error_code"] == "unknown_deployment"


def test_unknown_service(nothing_touched):
    outcome = nothing_touched.update("--image", "n9n=n8nio/n8n:1.20.0")
    assert outcome.status in (1, 4)
    assert outcome.document["error_code"] == "unknown_service"


def test_unknown_instance_type(nothing_touched):
    outcome = nothing_touched.update("--instance-type", "t9.huge")
    assert outcome.status in (1, 4)
    assert outcome.document["error_code"] == "unknown_instance_type"


def test_type_of_another_architecture(nothing_touched):
    outcome = nothing_touched.update("--instance-type", "t4g.large")
    assert outcome.status in (1, 4)
    assert "arm64" in outcome.stdout


def test_type_that_the_zone_does_not_have(nothing_touched):
    ec2 = client(nothing_touched.lab, "ec2")
    zone = nothing_touched.instance()["Placement"]["AvailabilityZone"]
    offers = ec2.get_paginator("describe_instance_type_offerings").paginate(LocationType="availability-zone")
    there, elsewhere = set(), set()
    for page in offers:
        for offer in page["InstanceTypeOfferings"]:
            (there if offer["Location"] == zone else elsewhere).add(offer["InstanceType"])
    known = ec2.get_paginator("describe_instance_types").paginate(
        Filters=[{"Name": "processor-info.supported-architecture", "Values": ["x86_64"]}]
    )
    types = {found["InstanceType"] for page in known for found in page["InstanceTypes"] if "metal" not in
             found["InstanceType"]}
    wanted = sorted(types & elsewhere - there)[0]
    outcome = nothing_touched.update("--instance-type", wanted)
    assert outcome.status == 4, outcome.stderr
    assert "type_not_offered" in outcome.stdout


def test_spot_instance(nothing_touched):
    lab_api(
        nothing_touched.lab,
        "POST",
        "/_lab/instances",
        {"instance_id": nothing_touched.instance_id, "lifecycle": "spot"},
    )
    try:
        outcome = nothing_touched.update("--instance-type", "t3.large")
    finally:
        lab_api(
            nothing_touched.lab,
            "POST",
            "/_lab/instances",
            {"instance_id": nothing_touched.instance_id, "lifecycle": None},
        )
    assert outcome.status == 4, outcome.stderr
    assert outcome.document["error_code"] == "spot_instance"


def test_image_reference_with_shell_in_it(nothing_touched):
    outcome = nothing_touched.update("--image", "n8n=n8nio/n8n:1.1'; touch /PWNED; echo '")
    assert outcome.status in (4, 64)
    nothing_touched.on_host("test ! -e /PWNED")


def test_no_terminal_and_no_force(nothing_touched):
    outcome = nothing_touched.program("update", nothing_touched.name, "--image", NEW)
    assert outcome.status not in (0, 6, 7)
    assert "--force" in outcome.stderr


def test_declined_at_the_terminal(nothing_touched):
    """A person looks at the plan and says no."""
    stack = nothing_touched
    master, terminal = pty.openpty()
    process = subprocess.Popen(
        [os.environ["GEUSEMAKER"], "update", stack.name, "--instance-type", "t3.large", "--image", NEW],
        env=stack.environment(TERM="xterm"),
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
    )
    os.close(terminal)
    shown = ""
    while "[y/N]" not in shown:
        ready, _, _ = select.select([master], [], [], PATIENCE)
        assert ready, f"no question was asked: {shown}"
        shown += os.read(master, 4096).decode("utf-8", "replace")
    assert "t3.medium" in shown and "t3.large" in shown
    os.write(master, b"n\n")
    assert process.wait(PATIENCE) == 3
    os.close(master)


@pytest.mark.parametrize("wrong", ["secret", "key"])
def test_wrong_credentials(nothing_touched, wrong):
    changes = {"AWS_SECRET_ACCESS_KEY": "x" * 40} if wrong == "secret" else {"AWS_ACCESS_KEY_ID": "AKIANOSUCHKEY0000000"}
    outcome = nothing_touched.update("--image", NEW, **changes)
    assert outcome.status in (1, 4)
    codes = {"AuthFailure", "SignatureDoesNotMatch", "InvalidSignatureException", "InvalidClientTokenId",
             "UnrecognizedClientException"}
    assert outcome.document["error_code"] in codes
    # Refused once is refused: it was not tried over and over.
    refused = [request for request in nothing_touched.requests() if request["code"] in codes]
    assert 1 <= len(refused) <= 3


def test_two_runs_at_once(stack):
    """The first is asked to wait by a slow cloud; the second must not wait for it, nor disturb it."""
    from geuselab.control_plane import lab_api

    lab_api(stack.lab, "POST", "/_lab/faults", {"operation": "DescribeInstances", "delay": 10})
    first = stack.start("update", stack.name, "--force", "--output", "json", "--image", NEW)
    while not lab_api(stack.lab, "GET", "/_lab/faults")["faults"] == []:
        assert first.poll() is None, first.communicate()
    second = stack.update("--image", "n8n=n8nio/n8n:1.24.0")
    assert second.status == 5
    assert second.document["error_code"] == "locked"
    stdout, stderr = first.communicate(timeout=PATIENCE)
    assert first.returncode == 0, stderr
    assert stack.service("n8n")["image"] == "n8nio/n8n:1.20.0"

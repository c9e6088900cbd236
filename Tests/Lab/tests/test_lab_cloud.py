"""The control plane itself: that it takes its time, and refuses what AWS refuses."""

import time

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError
from geuselab.control_plane import client, lab_api
from geuselab.docker import inspect
from geuselab.processes import wait_for
from geuselab.settings import REGION


def code_of(error: pytest.ExceptionInfo) -> str:
    return error.value.response["Error"]["Code"]


def wait_for_state(stack, state: str) -> None:
    wait_for(f"state {state}", lambda: stack.instance()["State"]["Name"] == state, 120)


@pytest.fixture
def timing(lab):
    """Changes how long things take, for one test."""
    before = lab_api(lab, "GET", "/_lab/settings")
    yield lambda **changes: lab_api(lab, "POST", "/_lab/settings", changes)
    lab_api(lab, "POST", "/_lab/settings", before)


def test_stop_change_start(untouched, timing):
    """States follow the host's, take their time, and a new address comes with every start."""
    ec2, address = client(untouched.lab, "ec2"), untouched.instance()["PublicIpAddress"]
    timing(stop=2, start=2)
    begun = time.monotonic()
    ec2.stop_instances(InstanceIds=[untouched.instance_id])
    assert untouched.instance()["State"]["Name"] == "stopping"
    with pytest.raises(ClientError) as error:
        ec2.start_instances(InstanceIds=[untouched.instance_id])
    assert code_of(error) == "IncorrectInstanceState"
    wait_for_state(untouched, "stopped")
    assert time.monotonic() - begun >= 2
    assert inspect("container", untouched.container)["State"]["Running"] is False
    assert "PublicIpAddress" not in untouched.instance()

    ec2.modify_instance_attribute(InstanceId=untouched.instance_id, InstanceType={"Value": "t3.large"})
    ec2.start_instances(InstanceIds=[untouched.instance_id])
    assert untouched.instance()["State"]["Name"] == "pending"
    wait_for_state(untouched, "running")
    assert inspect("container", untouched.container)["State"]["Running"] is True
    assert untouched.instance()["InstanceType"] == "t3.large"
    assert untouched.instance()["PublicIpAddress"] != address


def test_type_of_a_running_instance_stays(untouched):
    with pytest.raises(ClientError) as error:
        client(untouched.lab, "ec2").modify_instance_attribute(
            InstanceId=untouched.instance_id, InstanceType={"Value": "t3.large"}
        )
    assert code_of(error) == "IncorrectInstanceState"


def test_unknown_types_are_refused(untouched):
    ec2 = client(untouched.lab, "ec2")
    with pytest.raises(ClientError) as error:
        ec2.run_instances(ImageId=untouched.lab.record["ami"], InstanceType="t9.huge", MinCount=1, MaxCount=1)
    assert code_of(error).startswith("InvalidInstanceType")


def test_what_describe_instances_tells(untouched):
    instance = untouched.instance()
    assert instance["Architecture"] == "x86_64"
    assert instance["RootDeviceType"] == "ebs"
    assert instance["VirtualizationType"] == "hvm"
    assert instance["EnaSupport"] is True
    assert instance["Placement"]["AvailabilityZone"] == "us-east-1a"
    assert instance["SecurityGroups"][0]["GroupId"].startswith("sg-")
    assert {"Key": "Stack", "Value": untouched.name} in instance["Tags"]


def test_file_system_and_mount_target(lab):
    efs = client(lab, "efs")
    id = lab.record["file_system"]
    assert len(id) == len("fs-") + 17
    assert efs.describe_file_systems(FileSystemId=id)["FileSystems"][0]["LifeCycleState"] == "available"
    target = efs.describe_mount_targets(FileSystemId=id)["MountTargets"][0]
    assert target["IpAddress"] == lab.record["efs"]["address"]
    assert target["AvailabilityZoneName"] == "us-east-1a"


@pytest.mark.parametrize(
    "service, operation, wrong_secret, unknown_key",
    [
        ("ec2", "describe_instances", "AuthFailure", "AuthFailure"),
        ("sts", "get_caller_identity", "SignatureDoesNotMatch", "InvalidClientTokenId"),
        ("ssm", "list_commands", "InvalidSignatureException", "UnrecognizedClientException"),
        ("efs", "describe_file_systems", "InvalidSignatureException", "UnrecognizedClientException"),
    ],
)
def test_signatures_are_checked(lab, service, operation, wrong_secret, unknown_key):
    key, secret = lab.record["access_key_id"], lab.record["secret_access_key"]
    for id, value, expected in ((key, "wrong", wrong_secret), ("AKIANOSUCHKEY", secret, unknown_key)):
        stranger = boto3.client(
            service,
            endpoint_url=lab.record["endpoint"],
            region_name=REGION,
            aws_access_key_id=id,
            aws_secret_access_key=value,
            config=Config(retries={"total_max_attempts": 1}),
        )
        with pytest.raises(ClientError) as error:
            getattr(stranger, operation)()
        assert code_of(error) == expected


def test_fault_before_and_after(untouched):
    """Before: nothing is done. After: it is done, and nobody hears of it."""
    ec2 = client(untouched.lab, "ec2")
    tags = {"Resources": [untouched.instance_id], "Tags": [{"Key": "fault", "Value": "1"}]}
    fault = {"operation": "CreateTags", "code": "RequestLimitExceeded", "status": 503}
    lab_api(untouched.lab, "POST", "/_lab/faults", fault)
    with pytest.raises(ClientError) as error:
        ec2.create_tags(**tags)
    assert code_of(error) == "RequestLimitExceeded"
    assert "fault" not in [tag["Key"] for tag in untouched.instance()["Tags"]]

    lab_api(untouched.lab, "POST", "/_lab/faults", {"operation": "CreateTags", "when": "after", "reset": True})
    with pytest.raises(ConnectionClosedError):
        ec2.create_tags(**tags)
    assert "fault" in [tag["Key"] for tag in untouched.instance()["Tags"]]
    ec2.delete_tags(**tags)


def test_start_without_capacity_is_told_later(untouched):
    """The start is taken, and fails behind the scenes: pending, then stopped with a reason."""
    ec2 = client(untouched.lab, "ec2")
    ec2.stop_instances(InstanceIds=[untouched.instance_id])
    wait_for_state(untouched, "stopped")
    fault = {"operation": "PowerOn", "code": "Server.InsufficientInstanceCapacity"}
    lab_api(untouched.lab, "POST", "/_lab/faults", fault)
    ec2.start_instances(InstanceIds=[untouched.instance_id])
    wait_for_state(untouched, "stopped")
    assert untouched.instance()["StateReason"]["Code"] == "Server.InsufficientInstanceCapacity"


def test_request_log(untouched):
    untouched.instance()
    entry = untouched.requests()[-1]
    assert (entry["service"], entry["operation"], entry["status"]) == ("ec2", "DescribeInstances", 200)
    assert entry["instance_ids"] == [untouched.instance_id]

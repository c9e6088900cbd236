"""Run Command: what is sent really runs on the host, with SSM's own statuses and limits."""

import time

import pytest
from botocore.exceptions import ClientError
from geuselab.control_plane import client, lab_api


def send(stack, script: str, **options) -> str:
    parameters = {"commands": [script], "executionTimeout": [str(options.pop("execution", 60))]}
    sent = client(stack.lab, "ssm").send_command(
        InstanceIds=[stack.instance_id], DocumentName="AWS-RunShellScript", Parameters=parameters, **options
    )
    return sent["Command"]["CommandId"]


def wait(stack, command: str) -> dict:
    ssm = client(stack.lab, "ssm")
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            result = ssm.get_command_invocation(CommandId=command, InstanceId=stack.instance_id)
        except ssm.exceptions.InvocationDoesNotExist:
            result = {"Status": "Pending"}
        if result["Status"] not in ("Pending", "InProgress", "Cancelling"):
            return result
        time.sleep(0.1)
    raise AssertionError("the command never ended")


def test_runs_as_root_on_the_host(untouched):
    result = wait(untouched, send(untouched, "id -u; cat /etc/geuse-lab/agent.json; echo oops >&2"))
    assert result["Status"] == "Success"
    assert result["ResponseCode"] == 0
    assert result["StandardOutputContent"].startswith("0\n")
    assert untouched.instance_id in result["StandardOutputContent"]
    assert result["StandardErrorContent"] == "oops\n"


def test_exit_status_and_cut_output(untouched):
    result = wait(untouched, send(untouched, "head -c 30000 /dev/zero | tr '\\0' a; exit 3"))
    assert (result["Status"], result["ResponseCode"]) == ("Failed", 3)
    assert len(result["StandardOutputContent"]) == 24_000
    assert "exit status 3" in result["StandardErrorContent"]


def test_invocation_does_not_exist_at_first(untouched):
    command = send(untouched, "true")
    with pytest.raises(ClientError) as error:
        client(untouched.lab, "ssm").get_command_invocation(CommandId=command, InstanceId=untouched.instance_id)
    assert error.value.response["Error"]["Code"] == "InvocationDoesNotExist"
    assert wait(untouched, command)["Status"] == "Success"


def test_execution_timeout(untouched):
    result = wait(untouched, send(untouched, "sleep 60", execution=1))
    assert (result["Status"], result["StatusDetails"]) == ("TimedOut", "ExecutionTimedOut")


def test_cancel(untouched):
    command = send(untouched, "sleep 60")
    time.sleep(1)
    client(untouched.lab, "ssm").cancel_command(CommandId=command)
    assert wait(untouched, command)["Status"] == "Cancelled"


def test_commands_sent_twice_are_told(untouched):
    for _ in range(2):
        wait(untouched, send(untouched, "true", Comment="the same"))
    commands = lab_api(untouched.lab, "GET", "/_lab/commands")["commands"]
    assert [command["duplicate"] for command in commands[-2:]][-1] is True


def test_stopped_host_takes_no_commands(untouched):
    ec2, ssm = client(untouched.lab, "ec2"), client(untouched.lab, "ssm")
    ec2.stop_instances(InstanceIds=[untouched.instance_id])
    agent = ssm.describe_instance_information(Filters=[{"Key": "InstanceIds", "Values": [untouched.instance_id]}])
    assert agent["InstanceInformationList"][0]["PingStatus"] == "ConnectionLost"
    with pytest.raises(ClientError) as error:
        send(untouched, "true")
    assert error.value.response["Error"]["Code"] == "InvalidInstanceId"


def test_unknown_document(untouched):
    with pytest.raises(ClientError) as error:
        client(untouched.lab, "ssm").send_command(
            InstanceIds=[untouched.instance_id], DocumentName="NoSuchDocument", Parameters={"commands": ["true"]}
        )
    assert error.value.response["Error"]["Code"] == "InvalidDocument"

"""The stock scripts and what scripts can do besides changing a configuration, once for real."""

import os
import pty
import signal
import subprocess
import time
from datetime import datetime, timedelta, timezone

import pytest
from geuselab.control_plane import client
from stack import PATIENCE

N8N, QDRANT = "n8nio/n8n:1.20.0", "qdrant/qdrant:v1.8.0"


def run(stack, script: str, *options: str, arguments: tuple[str, ...] = ()):
    return stack.program("run", script, stack.name, "--force", "--output", "json", *options, "--", *arguments)


@pytest.fixture
def script(tmp_path):
    def write(text: str) -> str:
        path = tmp_path / "own.lua"
        path.write_text(text)
        return str(path)

    return write


def images(stack) -> set[str]:
    return set(stack.on_host("docker image ls --format '{{.Repository}}:{{.Tag}}'").split())


def clock(moment: datetime) -> str:
    return moment.strftime("%H:%M")


def test_rotate_images(stack):
    rotation = ("--image", f"n8n={N8N}", "--image", f"qdrant={QDRANT}")
    outcome = run(stack, "rotate_images.lua", arguments=rotation)
    assert outcome.status == 0, outcome.stderr
    assert stack.service("n8n")["image"] == N8N
    assert stack.service("qdrant")["image"] == QDRANT
    assert stack.changes_asked() == []


def test_rotate_images_keeps_what_was_healthy(stack):
    rotation = ("--image", f"n8n={N8N}", "--image", "postgres=postgres:16.1")
    before = stack.service("postgres")
    # What the guards would refuse, so that the second image fails for real.
    allowed = ("--allow", "pg-major", "--allow", "no-dump")
    outcome = run(stack, "rotate_images.lua", "--health-timeout", "60", *allowed, arguments=rotation)
    assert outcome.status == 6, outcome.stderr
    assert outcome.document["data"]["changes_applied"] == [f"n8n -> {N8N}"]
    assert stack.service("n8n")["image"] == N8N
    after = stack.service("postgres")
    assert (after["image"], after["digest"], after["health"]) == (before["image"], before["digest"], "healthy")


def test_resize_night(stack):
    now = datetime.now(timezone.utc)
    window = ("--from", clock(now - timedelta(minutes=1)), "--until", clock(now + timedelta(hours=2)))
    outcome = run(stack, "resize_night.lua", arguments=("--instance-type", "t3.large", *window))
    assert outcome.status == 0, outcome.stderr
    assert stack.instance()["InstanceType"] == "t3.large"
    assert stack.service("n8n")["health"] == "healthy"


def test_resize_night_gives_up_before_its_end(nothing_touched):
    now = datetime.now(timezone.utc)
    window = ("--from", clock(now - timedelta(hours=2)), "--until", clock(now + timedelta(minutes=1)))
    outcome = run(nothing_touched, "resize_night.lua", arguments=("--instance-type", "t3.large", *window))
    assert outcome.status == 4, outcome.stderr
    assert outcome.document["error_code"] == "too_late"


def test_maintenance(stack):
    # One image that nothing needs, and one that the rollback of an update needs.
    outcome = stack.update("--image", f"n8n={N8N}")
    assert outcome.status == 0, outcome.stderr
    stack.on_host("docker pull -q n8nio/n8n:1.24.0")
    before = {name: stack.service(name) for name in ("n8n", "postgres", "qdrant", "ollama", "crawl4ai")}
    outcome = run(stack, "maintenance.lua")
    assert outcome.status == 0, outcome.stderr
    assert "n8nio/n8n:1.24.0" not in images(stack)
    assert "n8nio/n8n:1.19.0" in images(stack)
    for name, service in before.items():
        after = stack.service(name)
        assert after["health"] == "healthy"
        assert after["id"] == service["id"]
        assert after["started"] != service["started"]
    assert stack.changes_asked() == []
    # It is no earlier configuration: the one before it is the one before the update.
    back = stack.program("rollback", stack.name, "--force", "--json")
    assert back.status == 0, back.stderr
    assert stack.service("n8n")["image"] == "n8nio/n8n:1.19.0"


def test_commands(stack, script):
    path = script(
        """
        local r = geuse.exec("n8n", {"sh", "-c", "echo $SERVICE; echo DB_PASSWORD=$DB_POSTGRESDB_PASSWORD"})
        geuse.log("in: " .. r.output)
        r = geuse.exec_on_host({"printf", "%s|", "a b", "$(id)", "", "-n"})
        geuse.log("on: " .. r.output)
        """
    )
    secret = stack.on_host("docker exec n8n sh -c 'echo $DB_POSTGRESDB_PASSWORD'")
    assert len(secret) > 4
    refused = run(stack, path)
    assert refused.status == 4
    assert refused.document["error_code"] == "exec_not_allowed"
    outcome = run(stack, path, "--allow", "exec")
    assert outcome.status == 0, outcome.stderr
    assert f"in: n8n\nDB_PASSWORD={'x' * len(secret)}" in outcome.stderr.replace("\n  ", "\n")
    assert "on: a b|$(id)||-n|" in outcome.stderr
    assert secret not in outcome.stderr + outcome.stdout
    for path in (stack.state_dir / "journal" / stack.name).iterdir():
        assert secret not in path.read_text()


def test_commands_are_undone_backwards(stack, script):
    stack.on_host("rm -f /tmp/order")
    path = script(
        """
        for _, word in ipairs {"1", "2"} do
            geuse.exec_on_host(
                {"sh", "-c", "echo do " .. word .. " >>/tmp/order"},
                {undo = {"sh", "-c", "echo undo " .. word .. " >>/tmp/order"}}
            )
        end
        geuse.exec("qdrant", {"false"}, {undo = {"true"}})
        """
    )
    containers = stack.containers()
    outcome = run(stack, path, "--allow", "exec")
    assert outcome.status == 6, outcome.stderr
    assert outcome.document["error_code"] == "command_failed"
    assert stack.on_host("cat /tmp/order").split("\n") == ["do 1", "do 2", "undo 2", "undo 1"]
    assert stack.containers() == containers


def test_a_command_that_takes_too_long_is_ended_in_its_container(stack, script):
    path = script('geuse.exec("ollama", {"sleep", "4321"}, {timeout = 2})')
    outcome = run(stack, path, "--allow", "exec")
    assert outcome.status == 6, outcome.stderr
    assert outcome.document["error_code"] == "exec_timed_out"
    assert "sleep 4321" not in stack.on_host("docker top ollama")


def test_a_command_is_not_run_twice_after_a_kill(stack, script):
    stack.on_host("rm -f /tmp/count")
    path = script(
        """
        geuse.exec_on_host(
            {"sh", "-c", "echo once >>/tmp/count; sleep 5"},
            {undo = {"sh", "-c", "echo undo >>/tmp/count"}}
        )
        geuse.restart("n8n")
        """
    )
    running = stack.start("run", path, stack.name, "--force", "--allow", "exec")
    deadline = time.monotonic() + PATIENCE
    while stack.on_host("cat /tmp/count 2>/dev/null || :") == "":
        assert running.poll() is None, running.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.1)
    running.send_signal(signal.SIGKILL)
    running.communicate(timeout=PATIENCE)
    outcome = stack.program("recover", stack.name, "--json")
    assert outcome.status == 0, outcome.stderr
    assert outcome.document["data"]["outcome"] == "restored"
    assert stack.on_host("cat /tmp/count").split() == ["once", "undo"]


def answer(stack, path: str, *words: str, options: tuple[str, ...] = ()) -> tuple[int, str]:
    """Runs a script at a terminal and types these lines."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [os.environ["GEUSEMAKER"], "run", path, stack.name, *options],
        env=stack.environment(),
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(theirs)
    os.write(ours, "".join(f"{word}\n" for word in words).encode())
    stdout, stderr = process.communicate(timeout=PATIENCE)
    os.close(ours)
    return process.returncode, stdout + stderr


@pytest.mark.parametrize("word,restarted", [("y", True), ("n", False)])
def test_confirm(stack, script, word, restarted):
    path = script(
        """
        geuse.restart("qdrant")
        if geuse.confirm("n8n too?") then geuse.restart("n8n") end
        """
    )
    before = stack.service("n8n")
    status, talk = answer(stack, path, "y", word)
    assert status == 0, talk
    assert "n8n too? [y/N]" in talk
    assert (stack.service("n8n")["started"] != before["started"]) == restarted
    assert ("Left out of the plan" in talk) != restarted


@pytest.mark.parametrize("word,status", [("y", 0), ("n", 6)])
def test_a_step_that_was_not_planned_is_asked_about(stack, script, word, status):
    # A rehearsal runs no command, so that the script asks for something else when it runs for real.
    path = script(
        """
        local said = geuse.exec_on_host({"echo", "qdrant"}).output
        geuse.restart(said == "" and "n8n" or "qdrant")
        """
    )
    before = stack.containers()
    ended, talk = answer(stack, path, "y", word, options=("--allow", "exec"))
    assert ended == status, talk
    assert "planned: restart n8n" in talk
    assert "asked:   restart qdrant" in talk
    assert (stack.containers() == before) == (status == 6)


GROUP = "lab-group"


@pytest.fixture
def group(stack):
    """The stack's instance as the member of an Auto Scaling group; gives a look at the group."""
    scaling, ec2 = client(stack.lab, "autoscaling"), client(stack.lab, "ec2")
    instance = stack.instance()
    data = {"ImageId": instance["ImageId"], "InstanceType": instance["InstanceType"]}
    template = ec2.create_launch_template(LaunchTemplateName=GROUP, LaunchTemplateData=data)["LaunchTemplate"]
    scaling.create_auto_scaling_group(
        AutoScalingGroupName=GROUP,
        LaunchTemplate={"LaunchTemplateId": template["LaunchTemplateId"], "Version": "$Latest"},
        MinSize=0,
        MaxSize=3,
        DesiredCapacity=0,
        AvailabilityZones=[instance["Placement"]["AvailabilityZone"]],
    )
    scaling.attach_instances(InstanceIds=[stack.instance_id], AutoScalingGroupName=GROUP)
    yield lambda: scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[GROUP])["AutoScalingGroups"][0]
    scaling.detach_instances(
        InstanceIds=[stack.instance_id], AutoScalingGroupName=GROUP, ShouldDecrementDesiredCapacity=True
    )
    scaling.delete_auto_scaling_group(AutoScalingGroupName=GROUP, ForceDelete=True)
    ec2.delete_launch_template(LaunchTemplateId=template["LaunchTemplateId"])
    ec2.delete_tags(Resources=[stack.instance_id], Tags=[{"Key": "aws:autoscaling:groupName"}])


def test_a_group_is_scaled_and_scaled_back(stack, group, script):
    refused = stack.update("--scale", "2")
    assert refused.status == 4, refused.stderr
    assert refused.document["error_code"] == "scale_in_unprotected"
    client(stack.lab, "autoscaling").set_instance_protection(
        InstanceIds=[stack.instance_id], AutoScalingGroupName=GROUP, ProtectedFromScaleIn=True
    )
    outcome = stack.update("--scale", "2")
    assert outcome.status == 0, outcome.stderr
    assert outcome.document["data"]["changes_applied"] == ["desired_capacity:2"]
    assert len([one for one in group()["Instances"] if one["LifecycleState"] == "InService"]) == 2
    failed = run(stack, script('geuse.scale(3) geuse.exec("n8n", {"false"})'), "--allow", "exec")
    assert failed.status == 6, failed.stderr
    assert group()["DesiredCapacity"] == 2
    assert stack.instance_id in [one["InstanceId"] for one in group()["Instances"]]
    over = stack.update("--scale", "4")
    assert over.document["error_code"] == "capacity_out_of_range"


def test_a_single_instance_is_not_scaled(nothing_touched):
    outcome = nothing_touched.update("--scale", "2")
    assert outcome.status == 4, outcome.stderr
    assert outcome.document["error_code"] == "not_scalable"

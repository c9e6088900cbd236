"""What an update does about an EFS mount that is not as it has to be, before the change and after the boot."""

import time

import pytest
from geuselab import efs
from geuselab.docker import docker

# The verdict has to come although a look at such a mount may never come back.
VERDICT_SECONDS = 60
# What can be wrong with the mount, and what that is called.
every_mode = pytest.mark.parametrize(
    "mode, code",
    [
        ("missing", "efs_not_mounted"),
        ("wrong", "efs_wrong_file_system"),
        ("read-only", "efs_read_only"),
        ("pause", "efs_hung"),
        ("kill", "efs_hung"),
    ],
)


def wait_for_state(stack, process, state: str) -> None:
    while stack.instance()["State"]["Name"] != state:
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)


@every_mode
def test_refused_before_anything_is_touched(nothing_touched, mode, code):
    efs.set_mode(nothing_touched.lab, mode)
    began = time.monotonic()
    outcome = nothing_touched.update("--instance-type", "t3.large", "--image", "n8n=n8nio/n8n:1.20.0")
    took = time.monotonic() - began
    efs.set_mode(nothing_touched.lab, "ok")
    assert outcome.status == 4, outcome.stderr
    assert outcome.document["error_code"] == code
    assert took < VERDICT_SECONDS


def test_a_mount_that_comes_late_after_the_boot_is_waited_for(stack):
    before = stack.on_host("find /mnt/efs -type f -size -64k | sort | head -n 20")
    efs.set_mode(stack.lab, "late", seconds=6, remount=False)
    outcome = stack.update("--instance-type", "t3.large")
    assert outcome.status == 0, outcome.stderr
    assert stack.instance()["InstanceType"] == "t3.large"
    assert before and set(before.split("\n")) <= set(stack.on_host("find /mnt/efs -type f").split("\n"))
    assert outcome.document["data"]["data"]["verdict"] == "same"


def test_a_mount_that_hangs_after_the_boot_starts_nothing(stack):
    """The server goes away while the instance is down."""
    process = stack.start("update", stack.name, "--force", "--output", "json", "--instance-type", "t3.large")
    wait_for_state(stack, process, "stopped")
    efs.set_mode(stack.lab, "pause")
    stdout, stderr = process.communicate(timeout=300)
    assert process.returncode in (6, 7), stderr
    assert "efs_" in stdout + stderr
    assert stack.on_host("docker ps --quiet") == ""


def test_the_data_is_compared_around_a_resize(stack):
    """Something writes on EFS while the services are down: the update is undone, and says what."""
    process = stack.start("update", stack.name, "--force", "--output", "json", "--instance-type", "t3.large")
    wait_for_state(stack, process, "stopping")
    server = stack.lab.record["efs"]["container"]
    docker("exec", server, "sh", "-c", "echo intruder >/export/main/n8n/written-meanwhile")
    # The server has directories cached, and nobody told it.
    docker("restart", "--time", "0", server)
    stdout, stderr = process.communicate(timeout=300)
    # Through the mount: behind the server's back it would list the file for a while yet.
    stack.on_host("rm /mnt/efs/n8n/written-meanwhile")
    assert process.returncode == 6, stdout + stderr
    assert "data_changed" in stdout
    assert "added /mnt/efs/n8n/written-meanwhile" in stdout
    assert stack.instance()["InstanceType"] == "t3.medium"
    for service in ("n8n", "ollama", "qdrant", "crawl4ai", "postgres"):
        assert stack.service(service)["health"] == "healthy"


POLICY = "docker inspect --format '{{.HostConfig.RestartPolicy.Name}}' n8n postgres"


def give_policy(stack, policy: str) -> None:
    stack.on_host(f"docker update --restart={policy} $(docker ps --quiet) >/dev/null")


@pytest.fixture
def policies(stack):
    yield stack
    # The compose file's own is `unless-stopped`, and compose does not look at the container's.
    stack.on_host("docker update --restart=unless-stopped $(docker ps --all --quiet) >/dev/null")
    stack.on_host("rm -f /var/lib/geusemaker/policies-* /var/lib/geusemaker/aliases-*")


def below_the_mount_point(stack) -> str:
    """What lies on the root disk where EFS is mounted over it."""
    return stack.on_host(
        "mkdir -p /tmp/below && mount --bind / /tmp/below && find /tmp/below/mnt/efs -mindepth 1 -type f; "
        "umount /tmp/below; rmdir /tmp/below"
    )


@pytest.mark.parametrize("policy", ["always", "on-failure", "unless-stopped"])
def test_no_restart_policy_starts_a_service_before_a_late_mount(policies, policy):
    stack = policies
    give_policy(stack, policy)
    efs.set_mode(stack.lab, "late", seconds=6, remount=False)
    outcome = stack.update("--instance-type", "t3.large")
    assert outcome.status == 0, outcome.stdout
    assert outcome.document["data"]["data"]["verdict"] == "same"
    assert below_the_mount_point(stack) == ""
    assert stack.on_host(POLICY).split() == [policy, policy]


def test_recover_gives_back_the_policies_of_a_run_that_was_killed(policies):
    stack = policies
    give_policy(stack, "always")
    process = stack.start("update", stack.name, "--force", "--output", "json", "--instance-type", "t3.large")
    wait_for_state(stack, process, "stopped")
    process.kill()
    process.communicate(timeout=60)
    outcome = stack.program("recover", stack.name, "--json")
    assert outcome.status == 0, outcome.stderr
    assert stack.on_host(POLICY).split() == ["always", "always"]
    assert below_the_mount_point(stack) == ""


ENV_FILE = "/mnt/efs/runtime-of-the-team.env"


@pytest.fixture
def reads_efs(stack):
    """compose takes an env_file from EFS."""
    path = "/opt/geusemaker/docker-compose.yml"
    stack.on_host(f"echo TEAM=yes >{ENV_FILE} && sed -i 's|- ./runtime.env|- {ENV_FILE}|' {path}")
    stack.on_host(
        f"cd /opt/geusemaker && set -a && . ./runtime.env && docker compose -f {path} up --detach --wait 2>&1",
        timeout=300,
    )
    yield stack
    efs.set_mode(stack.lab, "ok")
    stack.on_host(f"rm -f {ENV_FILE}")


@every_mode
def test_the_mount_is_what_is_told_where_compose_reads_on_it(reads_efs, mode, code):
    stack = reads_efs
    efs.set_mode(stack.lab, mode)
    began = time.monotonic()
    outcome = stack.update("--instance-type", "t3.large")
    took = time.monotonic() - began
    efs.set_mode(stack.lab, "ok")
    assert outcome.status == 4, outcome.stderr
    assert outcome.document["error_code"] == code
    assert took < VERDICT_SECONDS


def test_a_late_mount_that_compose_reads_on_is_waited_for(reads_efs):
    stack = reads_efs
    efs.set_mode(stack.lab, "late", seconds=6, remount=False)
    outcome = stack.update("--instance-type", "t3.large")
    assert outcome.status == 0, outcome.stderr
    assert outcome.document["data"]["data"]["verdict"] == "same"

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


UNITS = "/etc/systemd/system"
STACK_UNIT = """[Unit]
After=docker.service
[Service]
Type=oneshot
RemainAfterExit=yes
WorkingDirectory=/opt/geusemaker
ExecStart=/bin/sh -c "set -a; . ./runtime.env; exec docker compose -f docker-compose.yml up --detach"
[Install]
WantedBy=multi-user.target
"""


@pytest.fixture
def own_boot(stack):
    """A host whose units a test changes."""
    stack.on_host(f"cp {UNITS}/lab-ssm-agent.service /root/agent.kept")
    yield stack
    efs.set_mode(stack.lab, "ok")
    stack.on_host(
        f"systemctl disable ai-stack.service 2>/dev/null; rm -f {UNITS}/ai-stack.service {UNITS}/docker.service; "
        f"cp /root/agent.kept {UNITS}/lab-ssm-agent.service; systemctl daemon-reload; "
        "systemctl enable docker.service docker.socket 2>/dev/null; "
        # One that runs without its socket keeps the socket from starting, and the unit's start wants that.
        "systemctl is-active --quiet docker.service || systemctl start docker.service"
    )


def start_the_stack_at_boot(stack) -> None:
    stack.on_host(f"cat >{UNITS}/ai-stack.service <<'END'\n{STACK_UNIT}END\n"
                  "systemctl daemon-reload && systemctl enable ai-stack.service 2>/dev/null")


# As snap and the static binaries have it: no socket on which a call could wait for the daemon.
LATE_DOCKER = (
    "sed -e '/^Requires=docker.socket/d' -e 's| docker.socket||g' -e 's|-H fd://|-H unix:///var/run/docker.sock|' "
    "-e 's|^ExecStart=|ExecStartPre=/bin/sleep 12\\nExecStart=|' "
    "\"$(systemctl show --property FragmentPath --value docker.service)\" "
)


def test_a_docker_that_comes_later_than_the_agent_is_waited_for(own_boot):
    stack = own_boot
    stack.on_host(
        f"{LATE_DOCKER} >/root/docker.late && cp /root/docker.late {UNITS}/docker.service && "
        f"sed -i '/^After=/d' {UNITS}/lab-ssm-agent.service && "
        "{ systemctl disable docker.socket 2>/dev/null || :; } && systemctl daemon-reload"
    )
    outcome = stack.update("--instance-type", "t3.large")
    assert outcome.status == 0, outcome.stdout + outcome.stderr
    assert stack.instance()["InstanceType"] == "t3.large"


def test_a_unit_that_starts_the_stack_at_boot_is_refused(own_boot):
    stack = own_boot
    start_the_stack_at_boot(stack)
    outcome = stack.update("--instance-type", "t3.large")
    assert outcome.status == 4, outcome.stderr
    assert outcome.document["error_code"] == "starts_at_boot"
    assert "ai-stack.service" in outcome.stdout
    # One that waits for the mount is fine.
    stack.on_host(
        f"sed -i 's|^After=|RequiresMountsFor=/mnt/efs\\nAfter=|' {UNITS}/ai-stack.service && systemctl daemon-reload"
    )
    outcome = stack.update("--instance-type", "t3.large", "--dry-run")
    assert outcome.status == 0, outcome.stderr


def test_what_a_unit_started_on_the_bare_mount_point_is_stopped(own_boot):
    stack = own_boot
    start_the_stack_at_boot(stack)
    efs.set_mode(stack.lab, "late", seconds=15, remount=False)
    outcome = stack.update("--instance-type", "t3.large", "--allow", "boot-start")
    assert outcome.status == 0, outcome.stdout + outcome.stderr
    # Where they ran meanwhile, nobody can say that nothing was written.
    assert outcome.document["data"]["data"]["verdict"] in ("same", "written")
    for service in ("n8n", "ollama", "qdrant", "crawl4ai", "postgres"):
        assert stack.service(service)["health"] == "healthy"
    stack.on_host(
        "mkdir -p /tmp/below && mount --bind / /tmp/below && rm -rf /tmp/below/mnt/efs/* && "
        "umount /tmp/below && rmdir /tmp/below"
    )


def test_a_docker_that_no_boot_starts_is_refused_and_started_where_allowed(own_boot):
    stack = own_boot
    stack.on_host("systemctl disable docker.service docker.socket 2>/dev/null || :")
    outcome = stack.update("--instance-type", "t3.large")
    assert outcome.status == 4, outcome.stderr
    assert outcome.document["error_code"] == "docker_not_at_boot"
    outcome = stack.update("--instance-type", "t3.large", "--allow", "docker-at-boot")
    assert outcome.status == 0, outcome.stdout + outcome.stderr

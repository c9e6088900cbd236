"""Compose projects as teams write them: further files, named volumes, services that end, a database by another name."""

import json

import pytest
from geuselab.docker import docker
from stack import COMPOSE_FILE, PATIENCE

NEW = "n8n=n8nio/n8n:1.20.0"
PLACE = COMPOSE_FILE.rpartition("/")[0]
OVERRIDE = f"{PLACE}/docker-compose.override.yml"


class Shape:
    """The stack under another compose file."""

    def __init__(self, stack):
        self.stack = stack

    def write(self, text: str, path: str = COMPOSE_FILE) -> None:
        docker("exec", "-i", self.stack.container, "sh", "-c", f"cat >{path}", stdin=text.encode())

    def edit(self, *changes: tuple[str, str]) -> None:
        text = self.stack.compose_file()
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        self.write(text)

    def compose(self, arguments: str) -> str:
        return self.stack.on_host(
            f"cd {PLACE} && set -a && . ./runtime.env && docker compose {arguments} 2>&1", timeout=PATIENCE
        )

    def up(self, files: str = "") -> None:
        self.compose(f"{files} up --detach --wait --wait-timeout 120 --remove-orphans")


@pytest.fixture
def shape(stack):
    yield Shape(stack)
    # The labels of the containers name the files; without the containers nothing remembers this shape.
    stack.on_host("docker ps --all --quiet | xargs -r docker rm --force >/dev/null; docker volume prune --all --force")
    stack.on_host(f"rm -f {OVERRIDE} {PLACE}/compose.yaml")


def environment_of(stack, service: str) -> list[str]:
    return json.loads(stack.on_host(f"docker inspect --format '{{{{json .Config.Env}}}}' {service}"))


def checks_of(outcome) -> dict:
    return {check["name"]: check for check in outcome.document["data"]["checks"]}


def test_a_further_file_is_read_at_each_step(shape):
    stack = shape.stack
    shape.write('services:\n  n8n:\n    environment:\n      TEAM_SETTING: "kept"\n', OVERRIDE)
    shape.up()
    further = stack.on_host(f"sha256sum {OVERRIDE}")
    outcome = stack.update("--image", NEW, "--instance-type", "t3.large")
    assert outcome.status == 0, outcome.stderr
    assert stack.service("n8n")["image"] == "n8nio/n8n:1.20.0"
    assert "TEAM_SETTING=kept" in environment_of(stack, "n8n")
    assert stack.on_host(f"sha256sum {OVERRIDE}") == further
    back = stack.program("rollback", stack.name, "--force", "--output", "json")
    assert back.status == 0, back.stderr
    assert stack.service("n8n")["image"] == "n8nio/n8n:1.19.0"
    assert "TEAM_SETTING=kept" in environment_of(stack, "n8n")


def test_an_image_in_a_further_file_is_refused(shape):
    stack = shape.stack
    shape.write("services:\n  n8n:\n    image: n8nio/n8n:1.19.0\n", OVERRIDE)
    # Compose makes nothing anew for it, and the labels tell how the containers were made.
    told = checks_of(stack.update("--image", NEW, "--dry-run"))
    assert told["compose_files"]["result"] == "warning"
    shape.compose("up --detach --wait --wait-timeout 120 --force-recreate")
    before = stack.containers()
    outcome = stack.update("--image", NEW)
    assert outcome.status == 4, outcome.stderr
    assert outcome.document["error_code"] == "compose_several_files"
    assert (stack.containers(), stack.changes_asked()) == (before, [])


def test_a_named_volume_on_efs(shape):
    """`driver_opts` with `o: bind`: the data is on EFS although no service names a path there."""
    stack = shape.stack
    shape.edit(("- /mnt/efs/qdrant:/qdrant/storage", "- vectors:/qdrant/storage"))
    volumes = "\nvolumes:\n  vectors:\n    driver: local\n    driver_opts: {type: none, o: bind, device: /mnt/efs/qdrant}\n"
    shape.write(stack.compose_file() + volumes)
    shape.up()
    seen = stack.program("verify", stack.name, "--output", "json")
    assert seen.status == 0, seen.stdout
    outcome = stack.update("--image", "qdrant=qdrant/qdrant:v1.8.0", "--instance-type", "t3.large")
    assert outcome.status == 0, outcome.stderr
    assert stack.service("qdrant")["image"] == "qdrant/qdrant:v1.8.0"
    assert "v1.8.0 booted" in stack.on_host("cat /mnt/efs/qdrant/boots.log")


def test_a_job_that_ran_and_ended_is_well(shape):
    stack = shape.stack
    job = "\n  prepare:\n    image: unclecode/crawl4ai:0.3.0\n    command: [\"true\"]\n    healthcheck: {disable: true}\n"
    shape.edit(("    depends_on:\n      - postgres\n", "    depends_on:\n      postgres: {condition: service_started}\n"
                "      prepare: {condition: service_completed_successfully}\n"))
    shape.write(stack.compose_file() + job)
    # `up --wait` of compose takes a job that ended for a failure.
    shape.compose("up --detach")
    outcome = stack.update("--image", NEW, "--instance-type", "t3.large")
    assert outcome.status == 0, outcome.stderr
    assert stack.service("n8n")["image"] == "n8nio/n8n:1.20.0"


def test_an_image_that_ends_at_once_without_an_error_is_undone(shape):
    """It exits with 0 and is not started again: no restart loop, and not healthy either."""
    stack = shape.stack
    shape.edit(("    container_name: crawl4ai\n    restart: unless-stopped\n",
                "    container_name: crawl4ai\n    restart: on-failure\n"))
    shape.up()
    compose = stack.compose_file()
    outcome = stack.update("--image", "crawl4ai=unclecode/crawl4ai:0.4.0", "--health-timeout", "25")
    assert outcome.status == 6, outcome.stderr
    assert outcome.document["error_code"] == "not_healthy"
    assert stack.compose_file() == compose
    assert stack.service("crawl4ai")["image"] == "unclecode/crawl4ai:0.3.0"
    assert stack.service("crawl4ai")["health"] == "healthy"


def test_a_database_by_the_name_of_its_container(shape):
    """n8n names the container, not the service: the dump is of the right one all the same."""
    stack = shape.stack
    shape.edit(("container_name: postgres", "container_name: n8n-db"),
               ("DB_POSTGRESDB_HOST=postgres", "DB_POSTGRESDB_HOST=n8n-db"))
    shape.up()
    outcome = stack.update("--image", NEW, "--dry-run")
    assert outcome.status == 0, outcome.stderr
    checks = checks_of(outcome)
    assert checks["data_dump"]["result"] == "ok", checks["data_dump"]


def test_a_mount_that_no_boot_makes_is_refused(nothing_touched):
    stack = nothing_touched
    stack.on_host("cp /etc/fstab /root/fstab.kept && sed -i '/mnt.efs/d' /etc/fstab && systemctl daemon-reload")
    try:
        outcome = stack.update("--instance-type", "t3.large")
        image = stack.update("--image", NEW, "--dry-run")
    finally:
        stack.on_host("cp /root/fstab.kept /etc/fstab && systemctl daemon-reload")
    assert outcome.status == 4, outcome.stderr
    assert outcome.document["error_code"] == "efs_not_at_boot"
    assert checks_of(outcome)["efs_at_boot"]["result"] == "refused"
    # Without a stop of the instance it does not matter.
    assert image.status == 0, image.stderr


def test_a_project_that_was_taken_down(shape):
    """No container tells where the file is: the places and names that compose knows do."""
    stack = shape.stack
    shape.compose("down")
    stack.on_host(f"mv {COMPOSE_FILE} {PLACE}/compose.yaml")
    seen = stack.program("describe", stack.name, "--output", "json")
    assert seen.status == 0, seen.stderr
    assert f"{PLACE}/compose.yaml" in seen.stdout
    outcome = stack.update("--image", NEW)
    assert outcome.status == 4, outcome.stderr
    assert outcome.document["error_code"] == "service_down"
    assert stack.on_host("docker ps --all --quiet") == ""


def test_a_mount_that_was_moved_by_hand_does_not_come_into_force_unseen(shape):
    """Never brought up: an update of n8n alone would have made the database anew on an empty directory."""
    stack = shape.stack
    shape.edit(("- /mnt/efs/postgres:", "- /mnt/efs/postgres-new:"))
    before = stack.containers()
    outcome = stack.update("--image", NEW)
    assert outcome.status == 4, outcome.stderr
    assert outcome.document["error_code"] == "compose_drift"
    assert "mount /var/lib/postgresql/data" in outcome.stdout
    assert stack.containers() == before
    assert stack.on_host("ls -d /mnt/efs/postgres-new 2>/dev/null || :") == ""


def test_names_that_a_prune_took_come_back(shape):
    stack = shape.stack
    names = stack.on_host("docker ps --format '{{.Image}}'").split()
    try:
        assert stack.update("--image", NEW).status == 0
        # As an earlier version tagged what runs: a prune takes the name of an image that has another one.
        stack.on_host(
            "for name in $(docker ps --format '{{.Image}}'); do docker tag $name "
            "geusemaker.local/kept:$(echo $name | md5sum | cut -c 1-8); done; docker image prune --all --force"
        )
        outcome = stack.update("--image", "n8n=n8nio/n8n:1.19.0", "--allow", "n8n-downgrade")
        assert outcome.status == 0, outcome.document["message"]
        assert stack.service("n8n")["image"] == "n8nio/n8n:1.19.0"
    finally:
        # The prune took the digests, too, and only a pull brings those back; the tests after this one read them.
        stack.on_host(
            "docker images --format '{{.Repository}}:{{.Tag}}' geusemaker.local/kept | xargs -r docker rmi >/dev/null; "
            "for name in " + " ".join(names) + "; do docker pull --quiet $name >/dev/null; done", timeout=PATIENCE
        )

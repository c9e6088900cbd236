"""Rotation of the database password against a real PostgreSQL, with clients that keep querying."""

import signal
import time

import pytest
from geuselab import postgres_image
from geuselab.control_plane import lab_api
from geuselab.docker import docker, succeeds
from stack import COMPOSE_FILE, PATIENCE

IMAGE = "postgres:15.8"
ENVIRONMENT = "/opt/geusemaker/runtime.env"
HEALTH = """    healthcheck:
      test: ["CMD-SHELL", "{test}"]
      interval: 2s
      start_period: 20s
"""
# n8n's part in it: it logs in with what its environment says, keeps its session and queries. A file in its data
# makes its next start a sick one, once.
CLIENT = """    image: postgres:15.8
    entrypoint: ["/bin/sh", "-c"]
    command:
      - |
        if [ -e /home/node/.n8n/sick ]; then rm /home/node/.n8n/sick; exec sleep 3600; fi
        export PGPASSWORD="$$DB_POSTGRESDB_PASSWORD"
        while :; do
          while sleep 0.2; do echo 'select 1;'; done |
            psql -qAtX -w -h postgres -U geusemaker -d geusemaker >/tmp/answers 2>>/tmp/errors
          sleep 0.5
        done
"""


def sql(stack, text: str) -> str:
    return stack.on_host(f'docker exec postgres psql -U geusemaker -d geusemaker -AtXq -c "{text}"').strip()


def environment_file(stack) -> str:
    return stack.on_host(f"cat {ENVIRONMENT}; echo .").removesuffix(".")


def password(stack) -> str:
    return stack.on_host(f"sed -n 's/^POSTGRES_PASSWORD=//p' {ENVIRONMENT}").strip()


def logs_in(stack, secret: str) -> bool:
    """Over the network, where a password counts; handed over by standard input."""
    script = (
        "docker exec -i postgres sh -c 'read -r PGPASSWORD; export PGPASSWORD; "
        "psql -qAtX -w -h $(hostname -i) -U geusemaker -d geusemaker -c \"select 1\"'"
    )
    return succeeds("exec", stack.container, "sh", "-c", f"printf '%s\\n' '{secret}' | {script}")


def started(stack, service: str) -> str:
    return stack.on_host(f"docker inspect {service} --format '{{{{.Id}}}} {{{{.State.StartedAt}}}}'")


@pytest.fixture
def database(stack):
    """PostgreSQL itself, a client in n8n's place, and a watcher with a session of its own."""
    if not succeeds("exec", stack.container, "docker", "image", "inspect", IMAGE):
        postgres_image.load(stack.container, IMAGE)
    before = environment_file(stack)
    text = stack.compose_file()
    text = text.replace("image: postgres:15.5", f"image: {IMAGE}").replace("/mnt/efs/postgres:", "/mnt/efs/rotation:")
    text = text.replace("- DB_TYPE=postgresdb\n",
                        "- DB_TYPE=postgresdb\n      - DB_POSTGRESDB_USER=geusemaker\n"
                        "      - DB_POSTGRESDB_DATABASE=geusemaker\n")
    first, marker, rest = text.partition("    container_name: n8n\n")
    first = first[: first.index("    image: n8nio/n8n")] + CLIENT
    alive = "test -n \\\"$$(find /tmp/answers -size +0 -mmin -0.1)\\\""
    text = first + marker + HEALTH.format(test=alive) + rest + HEALTH.format(test="pg_isready -q -U geusemaker")
    docker("exec", "-i", stack.container, "sh", "-c", f"cat >{COMPOSE_FILE}", stdin=text.encode())
    stack.on_host("mkdir -p /mnt/efs/rotation && chmod 777 /mnt/efs/rotation && rm -f /mnt/efs/n8n/sick")
    stack.on_host(
        "cd /opt/geusemaker && set -a && . ./runtime.env && "
        f"docker compose -f {COMPOSE_FILE} up --detach --wait --wait-timeout 120 2>&1",
        timeout=PATIENCE,
    )
    network = stack.on_host("docker inspect postgres --format '{{range $n, $_ := .NetworkSettings.Networks}}{{$n}}{{end}}'")
    stack.on_host(
        f"PGPASSWORD=$(sed -n 's/^POSTGRES_PASSWORD=//p' {ENVIRONMENT}) "
        f"docker run -d --name watcher --network {network.strip()} -e PGPASSWORD --entrypoint /bin/sh {IMAGE} -c "
        "'while sleep 0.1; do echo \"select extract(epoch from clock_timestamp());\"; done | "
        "psql -qAtX -w -h postgres -U geusemaker -d geusemaker'"
    )
    yield stack
    stack.on_host("docker rm -f watcher n8n postgres >/dev/null; rm -rf /mnt/efs/rotation /var/lib/geusemaker/rotations")
    docker("exec", "-i", stack.container, "sh", "-c", f"cat >{ENVIRONMENT}", stdin=before.encode())


def rotate(stack):
    return stack.program("run", "rotate_credentials", stack.name, "--force", "--output", "json")


def everything_kept(stack, outcome) -> str:
    files = [path for path in stack.state_dir.rglob("*") if path.is_file() and path.suffix != ".gz"]
    host = stack.on_host("cat /var/lib/geusemaker/runs/* 2>/dev/null; docker logs postgres 2>&1")
    return outcome.stdout + outcome.stderr + host + "".join(path.read_text(errors="replace") for path in files)


def test_the_password_is_rotated_and_nobody_loses_a_query(database):
    stack = database
    old, file, postgres = password(stack), environment_file(stack), started(stack, "postgres")
    n8n = started(stack, "n8n")
    outcome = rotate(stack)
    assert outcome.status == 0, outcome.stdout + outcome.stderr
    assert outcome.document["data"]["changes_applied"] == ["credentials of n8n rotated"]
    new = password(stack)
    assert len(new) == 32 and new.isalnum() and new != old
    assert environment_file(stack) == file.replace(f"POSTGRES_PASSWORD={old}\n", f"POSTGRES_PASSWORD={new}\n")
    assert logs_in(stack, new) and not logs_in(stack, old)
    # n8n was made anew and is in; the database was not touched.
    assert started(stack, "n8n") != n8n and started(stack, "postgres") == postgres
    assert new in stack.on_host("docker exec n8n env")
    assert "authentication failed" not in stack.on_host("docker exec n8n cat /tmp/errors")
    assert stack.on_host("find /var/lib/geusemaker/rotations -type f -size +0").strip() == ""
    assert sql(stack, "select count(*) from pg_roles where rolname like '%probe%'") == "0"
    kept = everything_kept(stack, outcome)
    assert new not in kept and old not in kept

    # The session that was open all the time has had an answer to each question.
    time.sleep(0.5)
    answers = [float(line) for line in stack.on_host("docker logs watcher 2>/dev/null").split()]
    assert stack.on_host("docker inspect watcher --format '{{.State.Status}} {{.RestartCount}}'") == "running 0"
    assert len(answers) > 20
    assert max(later - earlier for earlier, later in zip(answers, answers[1:])) < 3


def test_a_service_that_does_not_get_well_has_its_old_password_back(database):
    stack = database
    old, file = password(stack), environment_file(stack)
    stack.on_host("touch /mnt/efs/n8n/sick")
    outcome = stack.program(
        "run", "rotate_credentials", stack.name, "--force", "--output", "json", "--health-timeout", "30"
    )
    assert outcome.status == 6, outcome.stdout + outcome.stderr
    assert environment_file(stack) == file
    assert logs_in(stack, old)
    assert stack.on_host("docker inspect n8n --format '{{.State.Health.Status}}'") == "healthy"
    assert stack.on_host("find /var/lib/geusemaker/rotations -type f").strip() == ""


@pytest.mark.parametrize("standing", ["password_set", "before"])
def test_a_killed_rotation_is_undone(database, standing):
    stack = database
    old, file = password(stack), environment_file(stack)
    run = stack.start("run", "rotate_credentials", stack.name, "--force")
    deadline = time.monotonic() + PATIENCE
    wanted = "rotations/*/new" if standing == "before" else "rotations/*/since"
    while not succeeds("exec", stack.container, "sh", "-c", f"ls /var/lib/geusemaker/{wanted}"):
        assert run.poll() is None, run.communicate()
        assert time.monotonic() < deadline
    run.send_signal(signal.SIGKILL)
    run.communicate(timeout=PATIENCE)
    outcome = stack.program("recover", stack.name, "--json")
    assert outcome.status == 0, outcome.stdout + outcome.stderr
    assert outcome.document["data"]["outcome"] == "restored"
    assert environment_file(stack) == file
    assert logs_in(stack, old)
    assert stack.on_host("docker inspect n8n --format '{{.State.Health.Status}}'") == "healthy"
    assert stack.on_host("find /var/lib/geusemaker/rotations -type f").strip() == ""


def test_a_password_that_is_not_the_databases_is_refused(database):
    stack = database
    file, n8n = environment_file(stack), started(stack, "n8n")
    sql(stack, "alter role geusemaker password 'set-by-hand'")
    outcome = rotate(stack)
    assert outcome.status == 1, outcome.stdout + outcome.stderr
    assert outcome.document["error_code"] == "credentials_unproven"
    assert environment_file(stack) == file
    assert started(stack, "n8n") == n8n
    assert logs_in(stack, "set-by-hand")


def test_a_later_failure_puts_the_old_password_back_after_the_boot(database, tmp_path):
    """The services are down by then: the database is started for it, on a proven mount."""
    stack = database
    old, file = password(stack), environment_file(stack)
    script = tmp_path / "both.lua"
    script.write_text('geuse.rotate_credentials()\ngeuse.resize("t3.large")\n')
    fault = {"operation": "StartInstances", "code": "Unsupported", "message": "not in this zone", "status": 400}
    lab_api(stack.lab, "POST", "/_lab/faults", fault)
    outcome = stack.program("run", str(script), stack.name, "--force", "--output", "json")
    assert outcome.status == 6, outcome.stdout + outcome.stderr
    assert stack.instance()["InstanceType"] == "t3.medium"
    assert environment_file(stack) == file
    assert logs_in(stack, old)
    assert stack.on_host("docker inspect n8n --format '{{.State.Health.Status}}'") == "healthy"

"""Data of services that keep state, with a real PostgreSQL: refusals, dumps, and the way back."""

import json
import re
import time

import pytest
from geuselab import postgres_image
from geuselab.docker import docker, succeeds
from stack import COMPOSE_FILE, PATIENCE

IMAGE = "postgres:15.8"
NEW = "n8n=n8nio/n8n:1.20.0"
HEALTH = """    healthcheck:
      test: ["CMD-SHELL", "pg_isready -q -U geusemaker"]
      interval: 10s
      start_interval: 1s
      start_period: 60s
"""


@pytest.fixture
def database(stack):
    """The stack with PostgreSQL 15 itself in place of the stand-in, on a data directory of its own."""
    if not succeeds("exec", stack.container, "docker", "image", "inspect", IMAGE):
        postgres_image.load(stack.container, IMAGE)
    text = stack.compose_file()
    text = text.replace("image: postgres:15.5", f"image: {IMAGE}").replace("/mnt/efs/postgres:", "/mnt/efs/database:")
    text = text.replace("- DB_TYPE=postgresdb\n", "- DB_TYPE=postgresdb\n      - DB_PROBE=tcp\n") + HEALTH
    docker("exec", "-i", stack.container, "sh", "-c", f"cat >{COMPOSE_FILE}", stdin=text.encode())
    stack.on_host("mkdir -p /mnt/efs/database && chmod 777 /mnt/efs/database")
    stack.on_host(
        "cd /opt/geusemaker && set -a && . ./runtime.env && "
        f"docker compose -f {COMPOSE_FILE} up --detach --wait --wait-timeout 120 2>&1",
        timeout=PATIENCE,
    )
    for name in sql(stack, "select datname from pg_database").split():
        if "_before_" in name:
            sql(stack, f"drop database {name}")
    sql(stack, "drop table if exists flow; create table flow (id int primary key, name text);"
               "insert into flow select n, 'workflow ' || n from generate_series(1, 1000) n")
    return stack


def sql(stack, text: str, database: str = "geusemaker") -> str:
    return stack.on_host(f'docker exec postgres psql -U geusemaker -d {database} -AtXq -c "{text}"').strip()


# What belongs to a database and is in no dump of it.
SETTINGS = """
    revoke connect, temporary on database geusemaker from public;
    grant connect on database geusemaker to auditor; grant create on database geusemaker to auditor with grant option;
    alter database geusemaker connection limit 77; comment on database geusemaker is 'it''s production';
    alter database geusemaker set search_path to public, extra; alter database geusemaker set timezone to 'Asia/Tokyo';
    alter role auditor in database geusemaker set work_mem to '77MB'
"""


def database_of(stack) -> str:
    """What the catalogs say of the database itself."""
    return sql(stack, """
        select pg_get_userbyid(datdba), datacl::text, datconnlimit, shobj_description(oid, 'pg_database'),
            (select spcname from pg_tablespace t where t.oid = dattablespace),
            (select string_agg(setrole::regrole || ':' || setconfig::text, ' ' order by setrole::regrole::text)
                from pg_db_role_setting where setdatabase = d.oid)
        from pg_database d where datname = 'geusemaker'
    """)


def backups(stack) -> list[dict]:
    found = stack.program("backup", "list", stack.name, "--output", "json")
    assert found.status == 0, found.stderr
    return found.document["data"]["backups"]


def test_another_major_version_is_refused(database):
    """PG_VERSION on disk decides, and nothing is touched."""
    stack = database
    before = (stack.containers(), stack.compose_file())
    outcome = stack.update("--image", "postgres=postgres:16.1")
    assert outcome.status == 4, outcome.stderr
    assert outcome.document["error_code"] == "postgres_other_major"
    assert stack.on_host("cat /mnt/efs/database/PG_VERSION").strip() == "15"
    assert (stack.containers(), stack.compose_file()) == before
    assert sql(stack, "select count(*) from flow") == "1000"


def test_the_database_is_dumped_before_n8n_and_comes_back(database):
    stack = database
    secret = stack.on_host("sed -n 's/^POSTGRES_PASSWORD=//p' /opt/geusemaker/runtime.env").strip()
    assert len(secret) > 8
    outcome = stack.update("--image", NEW)
    assert outcome.status == 0, outcome.stderr
    backup = next(entry for entry in backups(stack) if entry["dumps"])
    dump = next(entry for entry in backup["dumps"] if entry["name"] == "geusemaker")
    assert dump["service"] == "postgres" and dump["for"] == "n8n"
    mode, owner = stack.on_host(f"stat -c '%a %u' {dump['path']}").split()
    assert (mode, owner) == ("600", "0")
    assert stack.on_host(f"sha256sum <{dump['path']}").split()[0] == dump["sha256"]
    assert "flow" in stack.on_host(f"docker exec -i postgres pg_restore --list <{dump['path']}")
    kept = outcome.stdout + outcome.stderr + json.dumps(backup)
    kept += "".join(path.read_text() for path in stack.state_dir.rglob("*.jsonl"))
    assert secret not in kept

    sql(stack, "create role auditor")
    sql(stack, SETTINGS)
    own = database_of(stack)
    assert "77MB" in own and "extra" in own and "production" in own

    # What the new version does to the data.
    sql(stack, "delete from flow where id > 10; alter table flow add column migrated boolean")
    restored = stack.program(
        "backup", "restore", stack.name, backup["id"], "--data", "n8n", "--force", "--output", "json"
    )
    assert restored.status == 0, restored.stderr
    assert sql(stack, "select count(*) from flow") == "1000"
    assert sql(stack, "select count(*) from information_schema.columns where table_name = 'flow'") == "2"
    assert stack.service("n8n")["health"] == "healthy"
    # What was there meanwhile is kept beside it.
    names = sql(stack, "select datname from pg_database order by 1").split()
    aside = [name for name in names if re.fullmatch(r"geusemaker_before_\w+", name)]
    assert len(aside) == 1 and len([name for name in names if "_before_" in name]) == 1
    assert sql(stack, "select count(*) from flow", aside[0]) == "10"
    assert aside[0] in restored.stdout
    assert database_of(stack) == own
    sql(stack, f"drop database {aside[0]}", "postgres")
    sql(stack, "drop owned by auditor; drop role auditor; alter database geusemaker reset all;"
               "alter database geusemaker connection limit -1; grant connect, temporary on database geusemaker to public")


def test_a_dump_that_fails_ends_the_run_before_anything(database):
    stack = database
    stack.on_host("docker exec postgres mv /usr/lib/postgresql/15/bin/pg_dump /usr/lib/postgresql/15/bin/off")
    try:
        before = (stack.containers(), stack.compose_file())
        outcome = stack.update("--image", NEW)
    finally:
        stack.on_host("docker exec postgres mv /usr/lib/postgresql/15/bin/off /usr/lib/postgresql/15/bin/pg_dump")
    assert outcome.status == 1, outcome.stderr
    assert outcome.document["error_code"] == "dump_failed"
    assert (stack.containers(), stack.compose_file()) == before


def test_a_restore_that_fails_is_undone(database):
    """The dump is damaged: nothing is restored, and the data stays as it is."""
    stack = database
    assert stack.update("--image", NEW).status == 0
    backup = next(entry for entry in backups(stack) if entry["dumps"])
    dump = next(entry for entry in backup["dumps"] if entry["name"] == "geusemaker")
    sql(stack, "delete from flow where id > 500")
    stack.on_host(f"truncate -s -100 {dump['path']}")
    outcome = stack.program(
        "backup", "restore", stack.name, backup["id"], "--data", "n8n", "--force", "--output", "json"
    )
    assert outcome.status in (1, 6), outcome.stderr
    assert outcome.document["error_code"] == "dump_damaged"
    assert sql(stack, "select count(*) from flow") == "500"
    assert stack.service("n8n")["health"] == "healthy"


def test_a_killed_restore_is_undone(database):
    """Killed once the databases have changed names: recover changes them back."""
    stack = database
    assert stack.update("--image", NEW).status == 0
    backup = next(entry for entry in backups(stack) if entry["dumps"])
    sql(stack, "delete from flow where id > 300")
    run = stack.start("backup", "restore", stack.name, backup["id"], "--data", "n8n", "--force")
    deadline = time.monotonic() + PATIENCE
    while "_before_" not in sql(stack, "select datname from pg_database", "template1"):
        assert run.poll() is None and time.monotonic() < deadline, run.communicate()
    run.kill()
    run.communicate()
    recovered = stack.program("recover", stack.name, "--abort")
    assert recovered.status == 0, recovered.stderr
    assert sql(stack, "select count(*) from flow") == "300"
    assert "_before_" not in sql(stack, "select datname from pg_database")
    assert stack.service("n8n")["health"] == "healthy"


def test_a_new_cluster_gets_the_roles_with_the_data(database):
    """The data directory is lost: what comes up is empty, and the dump comes back with owners, grants and logins."""
    stack = database
    sql(stack, "create role reader; create role app login password 'of-the-app' in role reader")
    sql(stack, "create database shop owner app")
    sql(stack, "revoke connect on database shop from public")
    sql(stack, "set role app; create table item (id int); insert into item select generate_series(1, 9);"
               "grant select on item to reader", "shop")
    facts = """
        select pg_get_userbyid(datdba),
            (select string_agg(item::text, ' ' order by item::text) from unnest(datacl) item), (select rolpassword from pg_authid where rolname = 'app'),
            pg_has_role('app', 'reader', 'member'), (select relacl::text from pg_class where relname = 'item')
        from pg_database where datname = 'shop'
    """
    own = sql(stack, facts, "shop")
    assert "SCRAM" in own and "reader=r" in own
    try:
        outcome = stack.update("--image", NEW)
        assert outcome.status == 0, outcome.stderr
        backup = next(entry for entry in backups(stack) if entry["dumps"])
        roles = next(entry for entry in backup["dumps"] if entry["kind"] == "roles")
        assert stack.on_host(f"stat -c '%a %u' {roles['path']}").split() == ["600", "0"]
        stack.on_host("docker stop postgres && rm -rf /mnt/efs/database && mkdir /mnt/efs/database && "
                      "chmod 777 /mnt/efs/database && docker start postgres", timeout=PATIENCE)
        stack.on_host("for n in $(seq 60); do docker exec postgres pg_isready -q -h 127.0.0.1 && exit 0; "
                      "sleep 1; done; exit 1", timeout=PATIENCE)
        assert sql(stack, "select count(*) from pg_roles where rolname in ('app', 'reader')") == "0"
        restored = stack.program(
            "backup", "restore", stack.name, backup["id"], "--data", "n8n", "--force", "--output", "json"
        )
        assert restored.status == 0, restored.stderr
        assert sql(stack, facts, "shop") == own
        assert sql(stack, "select count(*) from item", "shop") == "9"
        assert sql(stack, "select count(*) from flow") == "1000"
        assert "SCRAM" not in restored.stdout + restored.stderr
        kept = "".join(path.read_text() for path in stack.state_dir.rglob("*.jsonl"))
        assert "SCRAM" not in kept
        log = stack.on_host("docker logs postgres 2>&1")
        assert "SCRAM" not in log
    finally:
        sql(stack, "drop database if exists shop", "postgres")
        sql(stack, "drop role if exists app; drop role if exists reader", "postgres")

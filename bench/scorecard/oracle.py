"""Judges where a stack ended: all old or all new, healthy, and nothing lost or left behind.

It reads the files with Python's own JSON, gzip and SHA-256, so that it believes nothing the program says.
"""
import copy
import fcntl
import gzip
import hashlib
import json
import os
import re
import zlib
from dataclasses import dataclass

from .program import STACK, Place, names, read_json

COMPOSE = "/opt/geusemaker/docker-compose.yml"
OWN = ".geusemaker/"
NONCE = OWN + "nonce"
# What follows from when something happened, not from what was done.
VOLATILE = ["updated_at", "public_ip", "n8n_url", "rollback_history"]
SEAL = re.compile(rb'^(.*),"seal":"([0-9a-f]{32})"}$', re.DOTALL)


@dataclass
class Facts:
    """Everything that has to be old or new as one."""

    instance_type: str
    compose: str
    images: dict[str, tuple[str, str, str]]
    data: dict[str, str]
    state: dict
    backups: dict[str, bytes]
    requests: int
    containers_made: int

    @staticmethod
    def of(place: Place) -> "Facts":
        world = place.world()
        machine = world["machine"]
        return Facts(
            world["instance"]["type"],
            machine["files"][COMPOSE],
            {
                box["service"]: (box["image"], box["image_id"], box["digest"])
                for box in machine["containers"]
            },
            {
                path: text for path, text in world["storage"]["files"].items()
                if not path.startswith(OWN)
            },
            place.state(),
            {path.removeprefix(place.path): read(path) for path in names(place.backups, "")
             if os.path.isfile(path)},
            len(world["log"]),
            machine["containers_made"],
        )

    def reality(self) -> tuple:
        """What runs, as opposed to what is written about it."""
        return self.instance_type, self.compose, self.images


def read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


@dataclass
class Verdict:
    """Where a stack is, and what is wrong with it."""

    side: str
    problems: list[str]


def judge(place: Place, old: Facts, new: Facts | None, asks: bool = True) -> Verdict:
    """Looks at a stack after all is said and done; with `asks` the program has to agree."""
    problems: list[str] = []
    side = "neither"
    try:
        now = Facts.of(place)
        side = _side(now, old, new, problems)
        _services(place.world(), problems)
        if now.data != old.data:
            problems.append("the data on EFS changed")
        _state(place, now, old, new, side, problems)
        _effects(place.world(), old, problems)
        _nothing_left(place, problems)
        _journals(place, problems)
        _backups(place, now, old, problems)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zlib.error) as error:
        problems.append(f"unreadable: {type(error).__name__}: {error}")
    if asks:
        _program_agrees(place, problems)
    return Verdict(side, problems)


def judge_parts(place: Place, old: Facts) -> list[str]:
    """What holds wherever a stack has come to: healthy, nothing lost, nothing left behind."""
    problems: list[str] = []
    now = Facts.of(place)
    _services(place.world(), problems)
    if now.data != old.data:
        problems.append("the data on EFS changed")
    if now.state["status"] != "running":
        problems.append(f"the state file says {now.state['status']}")
    _nothing_left(place, problems)
    _journals(place, problems)
    _backups(place, now, old, problems)
    _program_agrees(place, problems)
    return problems


def _side(now: Facts, old: Facts, new: Facts | None, problems: list[str]) -> str:
    if now.reality() == old.reality():
        return "old"
    if new is not None and now.reality() == new.reality():
        return "new"
    parts = [
        f"{word} is {'old' if mine == before else 'new' if new and mine == after else 'neither'}"
        for word, mine, before, after in (
            ("type", now.instance_type, old.instance_type, new and new.instance_type),
            ("compose", now.compose, old.compose, new and new.compose),
            ("images", now.images, old.images, new and new.images),
        )
    ]
    problems.append("between old and new: " + ", ".join(parts))
    return "neither"


def _services(world: dict, problems: list[str]) -> None:
    instance, machine = world["instance"], world["machine"]
    if instance["state"] != "running" or not machine["is_up"]:
        problems.append(f"the instance is {instance['state']}")
    mount = machine["mount"]
    if mount is None or mount["is_other"] or mount["is_hung"] or not mount["is_read_write"]:
        problems.append("EFS is not mounted as it should be")
    for box in machine["containers"]:
        if box["order"] != "running" or box["fate"] != "works":
            problems.append(f"{box['service']} is {box['order']} and {box['fate']}")
        if box["root_disk_volumes"]:
            problems.append(f"{box['service']} writes to the root disk")
    if len(machine["containers"]) != 5:
        problems.append(f"there are {len(machine['containers'])} containers")
    if machine["started_by_boot"]:
        problems.append(f"a boot started {machine['started_by_boot']} containers on an unproven mount")


def _plain(state: dict) -> dict:
    """A state without what depends on the moment."""
    plain = copy.deepcopy(state)
    for name in VOLATILE:
        plain.pop(name, None)
    for snapshot in [plain.get("last_healthy_state") or {}, *plain.get("previous_states", [])]:
        snapshot.pop("created_at", None)
    return plain


def _state(
    place: Place, now: Facts, old: Facts, new: Facts | None, side: str, problems: list[str]
) -> None:
    wanted = new if new is not None and side == "new" else old
    found, expected = _plain(now.state), _plain(wanted.state)
    for name in sorted(found.keys() | expected.keys()):
        if found.get(name) != expected.get(name):
            problems.append(f"the state file's {name} is not {side}: {str(found.get(name))[:60]}")
    address = place.world()["instance"]["public_ip"]
    if now.state.get("public_ip") != address:
        problems.append(f"the state file says {now.state.get('public_ip')}, not {address}")
    if str(address) not in (now.state.get("n8n_url") or ""):
        problems.append(f"the state file's n8n_url is {now.state.get('n8n_url')}, not at {address}")
    history, before = now.state["rollback_history"], old.state["rollback_history"]
    if history[: len(before)] != before or len(history) > len(before) + 1:
        problems.append(f"the rollback history went from {len(before)} to {len(history)} entries")


def _effects(world: dict, old: Facts, problems: list[str]) -> None:
    """Nothing is done twice: at most once there and once back, each step of the host once."""
    done: dict[str, list[str]] = {}
    for request in world["log"][old.requests:]:
        if request["had_effect"]:
            done.setdefault(request["operation"], []).append(request["subject"])
    for operation, subjects in done.items():
        if operation.startswith("host."):
            if len(subjects) != len(set(subjects)):
                problems.append(f"a step was done twice: {operation} {subjects}")
        if operation in ("StopInstances", "StartInstances", "ModifyInstanceAttribute"):
            if len(subjects) > 2:
                problems.append(f"{operation} had an effect {len(subjects)} times")
    last = old.instance_type
    for kind in done.get("ModifyInstanceAttribute", []):
        if kind == last:
            problems.append(f"the type was set to {kind} twice")
        last = kind
    made = world["machine"]["containers_made"] - old.containers_made
    if made > 2:
        problems.append(f"{made} containers were made")


def _nothing_left(place: Place, problems: list[str]) -> None:
    lock = place.state_file + ".lock"
    if os.path.exists(lock + ".owner"):
        problems.append("the note of a lock's owner is left")
    if place.world()["machine"]["lease"]["holder"] is not None:
        problems.append("the lease on the host is held")
    with open(lock, "rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            problems.append("the lock is held")
    for directory in (os.path.dirname(place.state_file), place.journals, place.backups):
        for path in names(directory, ".tmp") + names(directory, "probe"):
            problems.append(f"left behind: {path.removeprefix(place.path)}")


def journal(path: str) -> tuple[list[dict], bool]:
    """The records of a journal up to the first that cannot be believed, and whether that is all."""
    seal = os.path.basename(path).removesuffix(".jsonl")
    records: list[dict] = []
    data = read(path)
    for line in data.split(b"\n")[:-1]:
        match = SEAL.match(line)
        if match is None:
            return records, False
        wanted = hashlib.sha256(seal.encode() + match[1]).hexdigest()[:32]
        if wanted != match[2].decode():
            return records, False
        records.append(json.loads(line))
        seal = wanted
    return records, data == b"" or data.endswith(b"\n")


def _journals(place: Place, problems: list[str]) -> None:
    for path in names(place.journals, ".jsonl"):
        records, whole = journal(path)
        name = os.path.basename(path)
        if not records:
            # Not even its first line was written: the run had not begun.
            continue
        if not whole:
            problems.append(f"the journal {name} is torn")
        ends = [record for record in records if record["kind"] == "run_ended"]
        if len(ends) != 1 or records[-1]["kind"] != "run_ended":
            problems.append(f"the journal {name} has {len(ends)} ends")
        if [record["sequence"] for record in records] != list(range(1, len(records) + 1)):
            problems.append(f"the journal {name} has gaps")


def _backups(place: Place, now: Facts, old: Facts, problems: list[str]) -> None:
    for path, data in old.backups.items():
        if now.backups.get(path) != data:
            problems.append(f"the earlier backup {path} was changed or removed")
    nonce = place.world()["storage"]["files"].get(NONCE)
    if not nonce:
        problems.append("there is no nonce on EFS")
    secured = [
        request["subject"] for request in place.world()["log"]
        if request["operation"] == "host.secure" and request["had_effect"]
    ]
    for path in names(place.backups, ".json.gz"):
        held = gzip.decompress(read(path))
        if json.loads(held)["stack_name"] != STACK:
            problems.append(f"the backup {path} is of another stack")
        evidence = read_json(path.removesuffix(".json.gz") + ".evidence.json")
        if evidence["state_sha256"] != hashlib.sha256(held).hexdigest():
            problems.append(f"the evidence of {path} is of another state")
        if secured and secured[-1].startswith(evidence["run"]) and evidence["nonce"] != nonce:
            problems.append("the nonce on EFS is not the one of the backup")


def _program_agrees(place: Place, problems: list[str]) -> None:
    """The next commands work: nothing to recover, a backup can be shown, mount and health are good."""
    for words in (
        ["backup", "show", STACK], ["verify", STACK],
        ["update", STACK, "--dry-run", "--image", "n8n=n8nio/n8n:1.21.1"],
    ):
        done = place.command(*words, "--json")
        if done.status != 0:
            problems.append(f"{' '.join(words)} ends with {done.status} {done.code}")

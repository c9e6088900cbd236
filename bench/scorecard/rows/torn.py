"""State file, journal and backup cut off or with a bit flipped at every byte."""
import hashlib
import json
import os
from dataclasses import dataclass

from ..command import Bench, Tally
from ..oracle import Facts, journal, judge, read
from ..points import NEXT, RECOVER, play_once, said, spread
from ..program import STACK, Place, names
from ..scenarios import IMAGE, INSTANT, create, prepared
from .kill2 import broken_off

QUICK = 8
MINIMUM = 10_000
UPDATE = ["update", STACK, "--force", "--image", f"n8n={IMAGE}", "--json"]
# What an update of one image writes anew.
WRITTEN = ["updated_at", "status", "container_images", "previous_states", "last_healthy_state"]
REFUSED = 4
NEEDS_ATTENTION = 7


@dataclass
class Target:
    """A file of a stack, and what is tried once it is damaged."""

    name: str
    place: Place
    file: str
    old: Facts
    new: Facts | None

    @property
    def path(self) -> str:
        return self.place.path + self.file


@dataclass
class Task:
    target: Target
    how: str
    offset: int
    bit: int
    path: str


def row(bench: Bench) -> Tally:
    tasks: list[Task] = []
    sizes: dict[str, int] = {}
    for target in targets(bench):
        size = os.path.getsize(target.path)
        sizes[target.name] = size
        if bench.only:
            name, how, offset, bit = bench.only.split(":")
            if name == target.name:
                tasks = [Task(target, how, int(offset), int(bit), f"{bench.scratch}/only")]
            continue
        for how in ("cut", "flip"):
            chance = bench.random(target.name, how)
            for offset in spread(chance, range(size), QUICK if bench.quick else None):
                path = f"{bench.scratch}/{target.name}.{how}.{offset}"
                tasks.append(Task(target, how, offset, chance.randrange(8), path))
    tally = Tally(QUICK * 2 * len(sizes) if bench.quick else MINIMUM, more={"bytes": sizes})
    for result in bench.each(play, bench.shuffled(tasks)):
        tally.add(*result)
    return tally


def targets(bench: Bench) -> list[Target]:
    """The files: of a stack at rest, and of one whose update was killed in mid-change."""
    still = Place(f"{bench.scratch}/still", bench.program)
    create(still, "--speed", INSTANT)
    old = Facts.of(still)
    [one], [(_, broken)] = prepared(bench, "both"), broken_off(bench, "both")

    def newest(place: Place, directory: str, suffix: str) -> str:
        return names(directory, suffix)[-1].removeprefix(place.path)

    of_broken = (one.old, one.new)
    earlier = aged(still)
    return [
        Target("state", still, still.state_file.removeprefix(still.path), old, None),
        Target("history", earlier, newest(earlier, earlier.journals, ".jsonl"), old, None),
        Target("journal", broken, newest(broken, broken.journals, ".jsonl"), *of_broken),
        Target("backup", broken, newest(broken, broken.backups, ".json.gz"), *of_broken),
        Target("evidence", broken, newest(broken, broken.backups, ".evidence.json"), *of_broken),
    ]


def aged(still: Place) -> Place:
    """A copy whose one journal is of a run of yesterday, so that the next one is a later one."""
    place = still.copy(still.path + ".aged")
    [path] = names(place.journals, ".jsonl")
    records, _ = journal(path)
    run = "20200101" + records[0]["run"][8:]
    os.remove(path)
    records[0]["run"] = run
    seal = run
    with open(f"{place.journals}/{run}.jsonl", "wb") as file:
        for record in records:
            del record["seal"]
            body = json.dumps(record, separators=(",", ":"), ensure_ascii=False).encode()[:-1]
            seal = hashlib.sha256(seal.encode() + body).hexdigest()[:32]
            file.write(body + f',"seal":"{seal}"}}\n'.encode())
    return place


def play(task: Task) -> tuple[str, str, list[str]]:
    target = task.target
    whole = read(target.path)
    if task.how == "cut":
        damaged = whole[: task.offset]
    else:
        flipped = whole[task.offset] ^ (1 << task.bit)
        damaged = whole[: task.offset] + bytes([flipped]) + whole[task.offset + 1:]

    def body(place: Place) -> tuple[str, list[str]]:
        with open(place.path + target.file, "wb") as file:
            file.write(damaged)
        return {"state": state, "history": history}.get(target.name, recover)(task, place, damaged)

    return play_once(f"{target.name}:{task.how}:{task.offset}:{task.bit}", target.place, task.path, body)


def state(task: Task, place: Place, damaged: bytes) -> tuple[str, list[str]]:
    """A damaged state is refused and left as it is, or it is a state: then nothing in it is lost."""
    target = task.target
    done = place.command(*UPDATE)
    problems = crashed(done.status)
    for path, data in target.old.backups.items():
        if read(place.path + path) != data:
            problems.append(f"the good backup {path} was displaced")
    if done.status != 0:
        if done.code in (None, "internal_error"):
            problems.append(f"refused without a reason: {done.status} {done.err[-200:]}")
        if read(place.state_file) != damaged:
            problems.append("a state that was refused was written")
        if any(request["had_effect"] for request in place.world()["log"][target.old.requests:]):
            problems.append("something was changed")
        backup = os.path.basename(max(target.old.backups)).split(".")[0]
        if task.how == "cut" and backup not in done.out:
            problems.append("the good backup is not named")
        return f"state {done.status}", problems
    if task.how == "cut":
        problems.append("a state that was cut off was taken")
    before, after = json.loads(damaged), place.state()
    for name, value in before.items():
        # A file whose version number is damaged is taken for one of the time before there was one.
        migrated = name == "migration_history" and "schema_version" not in before
        if name not in WRITTEN and not migrated and not kept(value, after.get(name), target.old.state.get(name)):
            problems.append(f"{name} was lost: {str(value)[:60]} became {str(after.get(name))[:60]}")
    earlier = before.get("previous_states", [])
    if after["previous_states"][1:] != earlier[:4]:
        problems.append("earlier states were lost")
    return "state taken", problems


def kept(before: object, after: object, right: object) -> bool:
    """Whether a value is still there, or came back right: an update sees addresses and types for itself."""
    if isinstance(before, dict) and isinstance(after, dict):
        rights = right if isinstance(right, dict) else {}
        return all(kept(value, after.get(name), rights.get(name)) for name, value in before.items())
    return after in (before, right)


def history(task: Task, place: Place, damaged: bytes) -> tuple[str, list[str]]:
    """The journal of a run that ended long ago is damaged: it is shown as it is, or it is refused."""
    problems = []
    for words in (["history", STACK, "--json"], UPDATE):
        done = place.command(*words)
        problems += crashed(done.status)
        if done.code == "internal_error":
            problems.append(f"{words[0]} ended with {done.status} {done.code}")
    if read(place.path + task.target.file) != damaged:
        problems.append("the damaged journal was written")
    if done.status == 0:
        problems += [
            f"{name} was lost" for name, value in task.target.old.state.items()
            if name not in WRITTEN and place.state().get(name) != value
        ]
        return "history kept", problems
    # Nothing is begun on top of a run of which nobody knows whether it ended.
    if done.status != NEEDS_ATTENTION or done.code != "unfinished_run":
        problems.append(f"the update ended with {done.status} {done.code}")
    return f"history {done.status}", problems


def recover(task: Task, place: Place, damaged: bytes) -> tuple[str, list[str]]:
    """What `recover` needs is damaged: it brings the stack back all the same, or says that it cannot."""
    target = task.target
    problems = []
    if target.name in ("backup", "evidence"):
        problems += show(target, place)
    done = place.command(*RECOVER, "--json")
    problems += crashed(done.status)
    for path, data in target.old.backups.items():
        if read(place.path + path) != data:
            problems.append(f"the good backup {path} was displaced")
    if done.status == 0:
        verdict = judge(place, target.old, target.new, asks=False)
        # A damaged backup stays as it is, and is none of those that were good.
        found = [one for one in verdict.problems if not one.startswith("unreadable")
                 or target.name == "journal"]
        return f"{target.name} {verdict.side}", problems + found
    if done.status not in (REFUSED, NEEDS_ATTENTION) or done.code in (None, "internal_error"):
        problems.append(f"recover ended with {done.status} {done.code}: {done.err[-200:]}")
    if target.name != "journal" and read(place.path + target.file) != damaged:
        problems.append("the damaged file was written")
    after = place.command(*NEXT)
    if after.status == 0:
        problems.append(f"the next command goes on as if nothing was, after {said(done.document)}")
    return f"{target.name} {done.status}", problems


def show(target: Target, place: Place) -> list[str]:
    """The newest backup that is good is shown, whatever became of the damaged one."""
    done = place.command("backup", "show", STACK, "--json")
    problems = crashed(done.status)
    good = [target.old.state["updated_at"]]
    if done.status != 0:
        return problems + [f"no backup is shown: {done.status} {done.code}"]
    # The damaged one holds the state of the start; the ones before it hold earlier ones.
    shown = done.document["data"]
    if shown["stack_name"] != STACK or shown["updated_at"] > good[0]:
        problems.append("the backup that is shown is none that was made")
    if shown["updated_at"] == good[0] and shown != target.old.state:
        problems.append("a damaged backup is shown as a good one")
    return problems


def crashed(status: int) -> list[str]:
    return [f"ended by signal {-status}"] if status < 0 or status > 130 else []

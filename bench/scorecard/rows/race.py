"""Two and eight processes that change one stack at the same moment."""
import subprocess
from dataclasses import dataclass

from ..command import Bench, Tally
from ..oracle import Facts, judge, judge_parts
from ..points import RECOVER
from ..program import STACK, Ended, Place
from ..scenarios import INSTANT, create, prepared
from .kill2 import broken_off

QUICK = 8
FULL = 500
# The winner is at it for a second or two, so that all the others come while it is.
SPEED = "6"
CHANGES = [
    ["--instance-type", "t3.large"], ["--image", "n8n=n8nio/n8n:1.20.0"],
    ["--image", "ollama=ollama/ollama:0.3.14"], ["--image", "crawl4ai=unclecode/crawl4ai:0.6.0-r2"],
    ["--image", "postgres=postgres:15.6"], ["--image", "qdrant=qdrant/qdrant:v1.8.4"],
    ["--instance-type", "m5.large"],
    # Whoever comes after 1.20.0 goes back with it.
    ["--image", "n8n=n8nio/n8n:1.19.5", "--allow", "n8n-downgrade"],
]
LOCKED = 5
# Rounds wait far more than they compute.
ROUNDS_PER_PROCESSOR = 3


@dataclass
class Start:
    """A stack to race on, and what it is and can become."""

    place: Place
    old: Facts
    new: list[Facts]


@dataclass
class Task:
    kind: str
    count: int
    number: int
    start: Start
    path: str


def row(bench: Bench) -> Tally:
    starts = {
        "update": updates(bench, "update", SPEED),
        "wait": updates(bench, "wait", INSTANT),
        "recover": recoveries(bench),
    }
    tasks = []
    for number in range(QUICK if bench.quick else FULL):
        kind = ["update", "wait", "update", "recover"][number // 2 % 4]
        count = 2 if number % 2 == 0 else 8
        name = f"{kind}:{count}:{number}"
        if bench.only in (None, name):
            tasks.append(Task(kind, count, number, starts[kind], f"{bench.scratch}/{number}"))
    tally = Tally(QUICK if bench.quick else FULL)
    for result in bench.each(play, tasks, ROUNDS_PER_PROCESSOR):
        tally.add(*result)
    return tally


def updates(bench: Bench, name: str, speed: str) -> Start:
    place = Place(f"{bench.scratch}/start-{name}", bench.program)
    create(place, "--speed", INSTANT)
    new = []
    for words in CHANGES:
        trial = place.copy(place.path + ".trial")
        done = trial.command("update", STACK, "--force", *words)
        if done.status != 0:
            raise SystemExit(f"{words}: {done.status}: {done.err}")
        new.append(Facts.of(trial))
        trial.remove()
    slow(place, speed)
    return Start(place, Facts.of(place), new)


def recoveries(bench: Bench) -> Start:
    [one], [(_, broken)] = prepared(bench, "both"), broken_off(bench, "both")
    place = broken.copy(f"{bench.scratch}/start-recover")
    slow(place, SPEED)
    return Start(place, one.old, [one.new] if one.new else [])


def slow(place: Place, speed: str) -> None:
    """Gives the waits of a stack another speed."""
    with open(place.world_file, encoding="utf-8") as file:
        text = file.read()
    changed = text.replace(f'"speed": {float(INSTANT)}', f'"speed": {float(speed)}')
    changed = changed.replace(f'"speed": {INSTANT}', f'"speed": {speed}')
    if speed != INSTANT and changed == text:
        raise SystemExit("the sandbox file names no speed")
    with open(place.world_file, "w", encoding="utf-8") as file:
        file.write(changed)


def play(task: Task) -> tuple[str, str, list[str]]:
    """One round; one in which somebody came after the winner had ended is played again."""
    point = f"{task.kind}:{task.count}:{task.number}"
    for attempt in range(5):
        place = task.start.place.copy(f"{task.path}.{attempt}")
        try:
            result = {"update": update, "wait": wait, "recover": recover}[task.kind](task, place)
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            return point, "error", [f"{type(error).__name__}: {error}"]
        finally:
            place.remove()
        if result is not None:
            return point, f"{task.kind} of {task.count}", result
    return point, "late", ["five times somebody came after the winner had ended"]


def together(place: Place, commands: list[list[str]]) -> list[Ended]:
    started = [place.start(*words, "--json") for words in commands]
    ended = []
    for process in started:
        out, err = process.communicate(timeout=120)
        ended.append(
            Ended(process.returncode, out.decode(errors="replace"), err.decode(errors="replace"))
        )
    return ended


def losers(ended: list[Ended]) -> list[str]:
    return [
        f"a loser ended with {done.status} {done.code}: {done.err[-200:]}"
        for done in ended if done.status != 0 and (done.status != LOCKED or done.code != "locked")
    ]


def update(task: Task, place: Place) -> list[str] | None:
    """One update wins, the others are told who has the lock."""
    changes = [(task.number + i) % len(CHANGES) for i in range(task.count)]
    ended = together(place, [["update", STACK, "--force", *CHANGES[i]] for i in changes])
    winners = [(change, done) for change, done in zip(changes, ended) if done.status == 0]
    problems = losers(ended)
    if len(winners) > 1:
        return problems or _in_turn([done for _, done in winners])
    if not winners:
        return problems + ["nobody won"]
    verdict = judge(place, task.start.old, task.start.new[winners[0][0]])
    if verdict.side != "new":
        problems.append(f"the winner's update is lost: the stack is {verdict.side}")
    return problems + verdict.problems


def _in_turn(winners: list[Ended]) -> list[str] | None:
    """Several may win if each began where another had ended; then nothing was raced for."""
    before = [done.document["data"]["previous_state"] for done in winners]
    after = [done.document["data"]["new_state"] for done in winners]
    firsts = [state for state in before if state not in after]
    return None if len(firsts) == 1 else [f"{len(winners)} winners worked on the same state"]


def wait(task: Task, place: Place) -> list[str] | None:
    """All updates wait for their turn, and not one of them is lost."""
    changes = CHANGES[: task.count] if task.count < 8 else CHANGES[:6] + CHANGES[:2]
    words = [["update", STACK, "--force", "--lock-wait", "100", *change] for change in changes]
    ended = together(place, words)
    problems = [
        f"{' '.join(change)} ended with {done.status} {done.code}: {done.err[-200:]}"
        for change, done in zip(changes, ended) if done.status != 0
    ]
    return problems + _all_there(place, task, changes)


def _all_there(place: Place, task: Task, changes: list[list[str]]) -> list[str]:
    problems = judge_parts(place, task.start.old)
    state, world = place.state(), place.world()
    boxes = {box["service"]: box["image"] for box in world["machine"]["containers"]}
    for option, value in changes:
        if option == "--instance-type":
            found = {world["instance"]["type"], state["config"]["instance_type"]}
        else:
            service, value = value.split("=")
            found = {boxes[service], state["container_images"][service]}
        if found != {value}:
            problems.append(f"the update to {value} is lost: {found}")
    return problems


def recover(task: Task, place: Place) -> list[str] | None:
    """One recovery wins; one that comes after it finds nothing to do."""
    ended = together(place, [RECOVER] * task.count)
    done = [one for one in ended if one.status == 0]
    winners = [one for one in done if one.document["data"].get("recovered")]
    if len(winners) != 1:
        return losers(ended) + [f"{len(winners)} recoveries won"]
    if len(done) > 1:
        return losers(ended) or None
    new = task.start.new[0] if task.start.new else None
    return losers(ended) + judge(place, task.start.old, new).problems

"""INT, TERM, HUP and a double INT at every step of an update."""
import random
import signal
from dataclasses import dataclass

from ..command import Bench, Tally
from ..oracle import journal, judge
from ..points import NEXT, bring_back, play_once, spread
from ..program import Place, names
from ..scenarios import SCENARIOS, Prepared, prepared

KINDS = {
    "INT": [signal.SIGINT], "TERM": [signal.SIGTERM], "HUP": [signal.SIGHUP],
    "INT-INT": [signal.SIGINT, signal.SIGINT],
}
QUICK = 1
FULL = 100
INTERRUPTED = 130
NEEDS_ATTENTION = 7
# The second of two signals comes at most so many system calls after the first.
GAP = 300


@dataclass
class Task:
    prepared: Prepared
    kind: str
    call: int
    gap: int
    path: str


def row(bench: Bench) -> Tally:
    tasks: list[Task] = []
    wanted: dict[str, set[str]] = {}
    for one in prepared(bench):
        name = one.scenario.name
        wanted[name] = every_step(one)
        for kind in KINDS:
            chance = bench.random(name, kind)
            chosen = spread(chance, one.calls, QUICK if bench.quick else FULL)
            if bench.only:
                _, word, call, gap = bench.only.split(":")
                if word == kind:
                    tasks.append(_task(bench, one, kind, int(call), int(gap)))
                continue
            tasks += [_task(bench, one, kind, call, delay(chance)) for call in chosen]
    hit: dict[str, set[str]] = {name: set() for name in wanted}
    tally = Tally((QUICK if bench.quick else FULL) * len(KINDS) * len(SCENARIOS))
    for point, end, problems, step in bench.each(play, tasks):
        tally.add(point, end, problems)
        hit[point.split(":")[0]].add(step)
    tally.more["steps"] = sum(len(steps) for steps in wanted.values())
    missed = {name: sorted(wanted[name] - hit[name]) for name in wanted if wanted[name] - hit[name]}
    tally.more["steps_hit"] = tally.more["steps"] - sum(len(steps) for steps in missed.values())
    if missed and not bench.quick and not bench.only:
        tally.add("coverage", "missed", [f"no signal came at {missed}"])
    return tally


def _task(bench: Bench, prepared: Prepared, kind: str, call: int, gap: int) -> Task:
    name = f"{prepared.scenario.name}.{kind}.{call}.{gap}"
    return Task(prepared, kind, call, gap, f"{bench.scratch}/{name}")


def delay(chance: random.Random) -> int:
    return chance.randint(1, GAP)


def every_step(prepared: Prepared) -> set[str]:
    """The steps that the journal of an undisturbed run announces."""
    place = prepared.place.copy(prepared.place.path + ".steps")
    place.command(*prepared.scenario.update)
    records = journal(names(place.journals, ".jsonl")[-1])[0]
    place.remove()
    return {record["step"] for record in records if record["kind"] == "intent"}


def now(place: Place, runs: int) -> str:
    """The step that the run is at: the last that its journal announces."""
    journals = names(place.journals, ".jsonl")
    records = journal(journals[-1])[0] if len(journals) > runs else []
    steps = [record["step"] for record in records if record["kind"] == "intent"]
    return steps[-1] if steps else "before"


def play(task: Task) -> tuple[str, str, list[str], str]:
    scenario = task.prepared.scenario
    step = "before"

    def body(place: Place) -> tuple[str, list[str]]:
        nonlocal step
        runs = len(names(place.journals, ".jsonl"))
        numbers = KINDS[task.kind]
        act = {task.call + task.gap * i: [number] for i, number in enumerate(numbers)}
        traced = place.trace(scenario.update, act, look=lambda: now(place, runs))
        step = str(traced.seen[0]) if traced.seen else "after"
        problems = []
        twice = len(numbers) == 2
        allowed = {INTERRUPTED, scenario.status} | ({NEEDS_ATTENTION} if twice else set())
        if traced.status not in allowed:
            problems.append(f"the update ended with {traced.status}: {place.talk()[-400:]}")
        # Only a run that was left open says so, and nothing else leaves one open.
        if traced.status == NEEDS_ATTENTION:
            if "recover" not in place.talk():
                problems.append(f"it did not name recover: {place.talk()[-400:]}")
            problems += bring_back(place)
        elif (done := place.command(*NEXT)).status != 0:
            problems.append(f"the next command ended with {done.status} {done.code}")
        verdict = judge(place, task.prepared.old, task.prepared.new)
        if traced.status == 0 and verdict.side != "new":
            problems.append("it said that all was done")
        return f"{traced.status} {verdict.side}", problems + verdict.problems

    point = f"{scenario.name}:{task.kind}:{task.call}:{task.gap}"
    return *play_once(point, task.prepared.place, task.path, body), step

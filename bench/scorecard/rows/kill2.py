"""SIGKILL at every system call of `recover`, after an update was killed in mid-change; then `recover`."""
import os
import random
import signal
from dataclasses import dataclass

from ..command import Bench, Tally
from ..oracle import Facts, journal, judge
from ..points import RECOVER, bring_back, play_once, span, spread
from ..program import Place, names
from ..scenarios import SCENARIOS, Prepared, prepared

QUICK = 3
MINIMUM = 1000


@dataclass
class Task:
    point: str
    prepared: Prepared
    broken: Place
    call: int
    path: str


def row(bench: Bench) -> Tally:
    tasks: list[Task] = []
    starts = {}
    for one, (killed, broken) in zip(prepared(bench), broken_off(bench)):
        name = one.scenario.name
        calls = span(broken, RECOVER, 0)
        starts[name] = {"killed_at": killed, "calls": len(calls)}
        chosen = spread(bench.random(name), calls, QUICK if bench.quick else None)
        if bench.only:
            chosen = [int(bench.only.split(":")[1])]
        tasks += [Task(f"{name}:{call}", one, broken, call, f"{broken.path}.{call}") for call in chosen]
    tally = Tally(QUICK * len(SCENARIOS) if bench.quick else MINIMUM, more={"updates": starts})
    for result in bench.each(play, bench.shuffled(tasks)):
        tally.add(*result)
    return tally


def broken_off(bench: Bench, name: str | None = None) -> list[tuple[int, Place]]:
    """The updates of the same scenarios, killed in mid-change."""
    wanted = prepared(bench, name)
    missing = [one for one in wanted if ("broken", one.scenario.name) not in bench.kept]
    work = [(one, bench.random("break", one.scenario.name)) for one in missing]
    for one, broken in zip(missing, bench.each(break_off, work)):
        bench.kept["broken", one.scenario.name] = broken
    return [bench.kept["broken", one.scenario.name] for one in wanted]


def break_off(work: tuple[Prepared, random.Random]) -> tuple[int, Place]:
    """Kills an update somewhere between its first effect on what runs and its end."""
    prepared, chance = work
    place, update = prepared.place, prepared.scenario.update
    for _ in range(200):
        call = chance.choice(prepared.calls)
        broken = place.copy(place.path + ".broken")
        traced = broken.trace(update, {call: [signal.SIGKILL]})
        os.remove(broken.said)
        if traced.status == -signal.SIGKILL and is_between(broken, prepared.old):
            return call, broken
        broken.remove()
    raise SystemExit(f"{prepared.scenario.name}: no kill left it between old and new")


def is_between(place: Place, old: Facts) -> bool:
    """Whether something that runs was changed and the run has no end."""
    runs = [journal(path)[0] for path in names(place.journals, ".jsonl")]
    open_runs = [run for run in runs if run and run[-1]["kind"] != "run_ended"]
    done = [
        request["operation"] for request in place.world()["log"][old.requests:]
        if request["had_effect"]
    ]
    return bool(open_runs) and any(name not in ("host.secure", "host.pull") for name in done)


def play(task: Task) -> tuple[str, str, list[str]]:
    """Kills one recovery at one call and recovers again."""

    def body(place: Place) -> tuple[str, list[str]]:
        traced = place.trace(RECOVER, {task.call: [signal.SIGKILL]})
        problems = []
        if traced.status not in (-signal.SIGKILL, 0):
            problems.append(f"recover ended with {traced.status}: {place.talk()[-300:]}")
        problems += bring_back(place)
        verdict = judge(place, task.prepared.old, task.prepared.new)
        return verdict.side, problems + verdict.problems

    return play_once(task.point, task.broken, task.path, body)

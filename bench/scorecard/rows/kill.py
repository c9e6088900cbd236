"""SIGKILL at every system call of an update, from its first write to its exit, then `recover`."""
import signal
from dataclasses import dataclass

from ..command import Bench, Tally
from ..oracle import judge
from ..points import bring_back, play_once, spread
from ..scenarios import SCENARIOS, Prepared, prepared

QUICK = 4
MINIMUM = 3000


@dataclass
class Task:
    prepared: Prepared
    call: int
    path: str


def row(bench: Bench) -> Tally:
    tasks: list[Task] = []
    spans = {}
    for one in prepared(bench):
        name = one.scenario.name
        spans[name] = len(one.calls)
        chosen = spread(bench.random(name), one.calls, QUICK if bench.quick else None)
        if bench.only:
            chosen = [int(bench.only.split(":")[1])]
        tasks += [Task(one, call, f"{bench.scratch}/{name}.{call}") for call in chosen]
    tally = Tally(QUICK * len(SCENARIOS) if bench.quick else MINIMUM, more={"calls": spans})
    for result in bench.each(play, bench.shuffled(tasks)):
        tally.add(*result)
    return tally


def play(task: Task) -> tuple[str, str, list[str]]:
    """Kills one update at one call and brings its stack back."""
    scenario = task.prepared.scenario

    def body(place) -> tuple[str, list[str]]:
        traced = place.trace(scenario.update, {task.call: [signal.SIGKILL]})
        problems = []
        # A call or two more or less from run to run: the last of them may come after the end.
        if traced.status not in (-signal.SIGKILL, scenario.status):
            problems.append(f"the update ended with {traced.status}: {place.talk()[-300:]}")
        problems += bring_back(place)
        verdict = judge(place, task.prepared.old, task.prepared.new)
        return verdict.side, problems + verdict.problems

    return play_once(f"{scenario.name}:{task.call}", task.prepared.place, task.path, body)

"""The command line: which rows there are, and how one is run."""
import argparse
import importlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

from . import program

ROWS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "rows")


@dataclass
class Tally:
    """The figures of a row."""

    minimum: int
    points: int = 0
    bad: int = 0
    more: dict = field(default_factory=dict)
    ends: Counter = field(default_factory=Counter)

    def add(self, point: str, end: str, problems: list[str]) -> None:
        """Counts one point; a bad one is told on standard error with the way to play it again."""
        self.points += 1
        self.ends[end] += 1
        if problems:
            self.bad += 1
            print(f"bad: {point}: {'; '.join(problems)}", file=sys.stderr, flush=True)
        if self.points % 1000 == 0:
            print(f"{self.points} points, {self.bad} bad", file=sys.stderr, flush=True)


@dataclass
class Bench:
    """What a row is given."""

    program: str
    scratch: str
    quick: bool
    seed: int
    only: str | None
    jobs: int
    most: int | None = None
    kept: dict = field(default_factory=dict)
    """What one row has made and another can use."""

    def shuffled(self, tasks: list) -> list:
        """In an order by chance, so that a run that is broken off has seen some of all."""
        self.random("order").shuffle(tasks)
        return tasks[: self.most]

    def wants(self, name: str) -> bool:
        """Whether the one point that was asked for begins with that name."""
        return self.only is None or self.only.split(":")[0] == name

    def random(self, *words: object) -> random.Random:
        """Chance that is the same for the same seed."""
        return random.Random(f"{self.seed}/{words}")

    def each(self, work: Callable, tasks: Iterable, share: int = 1) -> Iterator:
        """Does the tasks in so many processes for each processor, in order."""
        with ProcessPoolExecutor(self.jobs * share) as pool:
            yield from pool.map(work, tasks, chunksize=1)


def rows() -> dict[str, str]:
    """The rows by name: modules, and programs that print their line themselves."""
    found = {}
    for file in sorted(os.listdir(ROWS)):
        path = os.path.join(ROWS, file)
        if file.endswith(".py") and not file.startswith("_"):
            found[file[:-3].replace("_", "-").removesuffix("-row")] = path
        elif os.access(path, os.X_OK) and os.path.isfile(path):
            found[file] = path
    return found


def main(words: list[str]) -> int:
    known = rows()
    parser = argparse.ArgumentParser(
        prog="bench/reliability",
        description="Kills, races, tears and interrupts updates of simulated stacks, and judges where each ends.",
    )
    parser.add_argument("row", choices=[*known, "all"], help="which row")
    parser.add_argument("--quick", action="store_true", help="the short form")
    parser.add_argument("--seed", type=int, default=1, help="decides what is chosen by chance")
    parser.add_argument("--only", metavar="POINT", help="one point, as a `bad:` line names it")
    parser.add_argument("--points", type=int, metavar="N", help="at most so many, chosen by chance")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many at a time")
    chosen = parser.parse_args(words)
    names = list(known) if chosen.row == "all" else [chosen.row]
    scratch = tempfile.mkdtemp(prefix="geuse-reliability-", dir=program.SCRATCH)
    bench = Bench(
        program.executable(), scratch, chosen.quick, chosen.seed, chosen.only, max(1, chosen.jobs),
        chosen.points,
    )
    try:
        # Every row is run, whatever came of the ones before it.
        return max([run(name, known[name], bench) for name in names])
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def run(name: str, path: str, bench: Bench) -> int:
    if not path.endswith(".py"):
        options = ["--quick"] * bench.quick + ["--seed", str(bench.seed)]
        options += ["--only", bench.only] if bench.only else []
        return 1 if subprocess.run([path, *options], check=False, env=os.environ | {"GEUSEMAKER": bench.program}).returncode else 0
    module = importlib.import_module("scorecard.rows." + os.path.basename(path)[:-3])
    began = time.monotonic()
    tally: Tally = module.row(bench)
    enough = tally.points >= (1 if bench.only else tally.minimum)
    print(
        json.dumps(
            {
                "row": name, "points": tally.points, "bad": tally.bad, "seed": bench.seed,
                "minimum": tally.minimum, "quick": bench.quick, "ends": dict(sorted(tally.ends.items())),
                **tally.more, "seconds": round(time.monotonic() - began, 1),
            }
        ),
        flush=True,
    )
    if not enough:
        print(f"{name}: {tally.points} points are fewer than {tally.minimum}", file=sys.stderr)
    return 0 if enough and tally.bad == 0 else 1

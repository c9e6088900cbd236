"""What is asked of a stack, and how it goes there."""
from dataclasses import dataclass, field

from .command import Bench
from .oracle import Facts
from .points import span
from .program import STACK, Place

TYPE = "t3.large"
IMAGE = "n8nio/n8n:1.20.0"
SICK = "n8nio/n8n:1.98.0-sick"
# The new type starts, and n8n does not become healthy on it.
UNHEALTHY = f"health=unhealthy:n8n@{TYPE}"
# So fast that a wait of a minute takes 60 microseconds.
INSTANT = "1000000"


@dataclass
class Scenario:
    """An update and what comes of it when nobody interferes."""

    name: str
    words: list[str]
    succeeds: bool
    faults: list[str] = field(default_factory=list)

    @property
    def update(self) -> list[str]:
        return ["update", STACK, "--force", *self.words]

    @property
    def status(self) -> int:
        return 0 if self.succeeds else 6


SCENARIOS = [
    Scenario("type", ["--instance-type", TYPE], True),
    Scenario("image", ["--image", f"n8n={IMAGE}"], True),
    Scenario("both", ["--instance-type", TYPE, "--image", f"n8n={IMAGE}"], True),
    Scenario("type-fails", ["--instance-type", TYPE], False, [UNHEALTHY]),
    Scenario("image-fails", ["--image", f"n8n={SICK}"], False),
    Scenario("both-fail", ["--instance-type", TYPE, "--image", f"n8n={SICK}"], False),
]


@dataclass
class Prepared:
    """A scenario with a stack that stands before it, and the facts before and after."""

    scenario: Scenario
    place: Place
    old: Facts
    new: Facts | None
    calls: range
    """The numbers of the system calls of the update from the first that writes a file."""


def create(place: Place, *words: str) -> None:
    """Makes the stack; one that has been changed before, so that it has backups and history."""
    for command in (
        ["sandbox", "create", STACK, *words],
        ["update", STACK, "--force", "--image", "qdrant=qdrant/qdrant:v1.7.4"],
    ):
        done = place.command(*command)
        if done.status != 0:
            raise SystemExit(f"{' '.join(command)}: {done.status}: {done.err}{done.out}")


def prepared(bench: Bench, name: str | None = None) -> list[Prepared]:
    """The scenarios that are asked for, or one, each on a stack of its own."""
    wanted = [
        scenario for scenario in SCENARIOS
        if (bench.wants(scenario.name) if name is None else scenario.name == name)
    ]
    missing = [scenario for scenario in wanted if scenario.name not in bench.kept]
    work = [(scenario, f"{bench.scratch}/{scenario.name}", bench.program) for scenario in missing]
    for one in bench.each(prepare, work):
        bench.kept[one.scenario.name] = one
    return [bench.kept[scenario.name] for scenario in wanted]


def prepare(work: tuple[Scenario, str, str]) -> Prepared:
    """Makes the stack of a scenario and plays the scenario once on a copy of it."""
    scenario, path, program = work
    place = Place(path, program)
    create(place, "--speed", INSTANT)
    for fault in scenario.faults:
        place.command("sandbox", "fault", STACK, fault)
    old = Facts.of(place)
    trial = place.copy(path + ".trial")
    done = trial.command(*scenario.update)
    if done.status != scenario.status:
        raise SystemExit(f"{scenario.name}: {done.status}: {done.err}{done.out}")
    new = Facts.of(trial) if scenario.succeeds else None
    trial.remove()
    return Prepared(scenario, place, old, new, span(place, scenario.update, scenario.status))

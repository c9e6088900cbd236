"""The program under test and the state directories that it works on."""
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass

from . import trace

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILDS = [os.path.join(ROOT, ".build", kind, "geusemaker") for kind in ("release", "debug")]
# In memory: what is tested is what a death of the process leaves, not of the machine.
SCRATCH = "/dev/shm" if os.access("/dev/shm", os.W_OK) else tempfile.gettempdir()
STACK = "s"
LIMIT = 120.0


def executable() -> str:
    """The program: $GEUSEMAKER, else the release build, else the debug build."""
    chosen = os.environ.get("GEUSEMAKER")
    for path in [chosen] if chosen else BUILDS:
        if os.access(path, os.X_OK):
            return os.path.abspath(path)
    raise SystemExit(f"There is no program at {chosen or BUILDS[0]}; make release builds it.")


@dataclass
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> dict:
        """The JSON document on standard output; empty when there is none."""
        try:
            value = json.loads(self.out)
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}

    @property
    def code(self) -> str | None:
        return self.document.get("error_code")


class Place:
    """One state directory with one simulated stack."""

    def __init__(self, path: str, program: str) -> None:
        self.path = path
        self.program = program
        self.environment = {
            "HOME": path, "PATH": "/usr/bin:/bin", "NO_COLOR": "1", "GEUSEMAKER_STATE_DIR": path,
            "LLVM_PROFILE_FILE": "/dev/null",
        }

    def copy(self, path: str) -> "Place":
        shutil.copytree(self.path, path, symlinks=True)
        return Place(path, self.program)

    def remove(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)

    def command(self, *words: str) -> Ended:
        """Runs a command to its end."""
        done = subprocess.run(
            [self.program, *words], env=self.environment, stdin=subprocess.DEVNULL,
            capture_output=True, timeout=LIMIT, check=False,
        )
        return Ended(
            done.returncode, done.stdout.decode(errors="replace"),
            done.stderr.decode(errors="replace"),
        )

    def start(self, *words: str) -> subprocess.Popen:
        """Starts a command and does not wait for it."""
        return subprocess.Popen(
            [self.program, *words], env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )

    def trace(
        self,
        words: list[str],
        act: dict[int, list[int]] | None = None,
        record: bool = False,
        look: Callable[[], object] | None = None,
    ) -> trace.Traced:
        """Runs a command under the tracer; what it said is in `said`."""
        return trace.run([self.program, *words], self.environment, self.said, act, record, look)

    @property
    def said(self) -> str:
        return self.path + ".said"

    def talk(self) -> str:
        """What the last traced command said."""
        with open(self.said, encoding="utf-8", errors="replace") as file:
            return file.read()

    # The files, read without the program.

    @property
    def state_file(self) -> str:
        return f"{self.path}/deployments/{STACK}.json"

    @property
    def world_file(self) -> str:
        return f"{self.path}/sandbox/{STACK}.json"

    @property
    def journals(self) -> str:
        return f"{self.path}/journal/{STACK}"

    @property
    def backups(self) -> str:
        return f"{self.path}/backups/{STACK}"

    def state(self) -> dict:
        return read_json(self.state_file)

    def world(self) -> dict:
        return read_json(self.world_file)


def read_json(path: str) -> dict:
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def names(directory: str, suffix: str) -> list[str]:
    """The paths of files by their ending, in order; none where there is no directory."""
    if not os.path.isdir(directory):
        return []
    return [f"{directory}/{name}" for name in sorted(os.listdir(directory)) if name.endswith(suffix)]

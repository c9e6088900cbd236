"""What the rows that interfere at a system call have in common."""
import os
import random
from collections.abc import Callable

from .program import STACK, Place

# Asks for something that no scenario asks for, so that there is always something to do.
NEXT = ["update", STACK, "--dry-run", "--image", "n8n=n8nio/n8n:1.21.1", "--json"]
RECOVER = ["recover", STACK]


def span(place: Place, words: list[str], status: int) -> range:
    """The numbers of a command's system calls from the first that writes a file to the last of all."""
    trial = place.copy(place.path + ".record")
    traced = trial.trace(words, record=True)
    talk = trial.talk()
    trial.remove()
    os.remove(trial.said)
    if traced.status != status:
        raise SystemExit(f"{' '.join(words)} ended with {traced.status} under the tracer: {talk}")
    writes = [i for i, name in enumerate(traced.names, 1) if name in ("openat", "mkdir", "mkdirat")]
    return range(writes[0], traced.calls + 1)


def spread(chance: random.Random, calls: range, count: int | None) -> list[int]:
    """All, or one by chance from each of so many equal parts."""
    if count is None or count >= len(calls):
        return list(calls)
    edges = [calls.start + len(calls) * i // count for i in range(count + 1)]
    return [chance.randrange(edges[i], edges[i + 1]) for i in range(count)]


def play_once(
    point: str, place: Place, path: str, body: Callable[[Place], tuple[str, list[str]]]
) -> tuple[str, str, list[str]]:
    """Plays one point on a copy of a stack; whatever breaks is a problem of that point."""
    copy = place.copy(path)
    try:
        return point, *body(copy)
    except (OSError, ValueError) as error:
        return point, "error", [f"{type(error).__name__}: {error}"]
    finally:
        copy.remove()
        if os.path.exists(copy.said):
            os.remove(copy.said)


def bring_back(place: Place) -> list[str]:
    """The next command offers `recover` where it is needed; that then has to work."""
    done = place.command(*NEXT)
    if done.status == 0:
        return []
    problems = []
    if done.status != 7 or done.code != "unfinished_run" or "recover" not in done.out:
        problems.append(f"the next command ended with {done.status} {done.code}")
    done = place.command(*RECOVER, "--json")
    if done.status != 0:
        problems.append(f"recover ended with {done.status}: {said(done.document)}")
    return problems


def said(document: dict) -> str:
    """The errors of a document in one line."""
    return " / ".join(str(error) for error in document.get("errors", []))

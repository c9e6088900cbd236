"""Fault switches: what is to go wrong, with which operation, and how often."""

import threading
import time
from dataclasses import asdict, dataclass


@dataclass
class Fault:
    """One switch. Without a code and without `reset` it only delays."""

    operation: str  # an operation's name, or * for all
    code: str = ""
    message: str = "The lab was told to refuse this."
    status: int = 400
    times: int = 1
    skip: int = 0  # so many calls go well first
    when: str = "before"  # before: nothing is done; after: it is done, and the answer lost
    delay: float = 0
    reset: bool = False

    def __post_init__(self) -> None:
        if self.when not in ("before", "after"):
            raise ValueError("when is before or after")


class Faults:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(self, message: dict) -> None:
        fault = Fault(**message)
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def list(self) -> list[dict]:
        with self._lock:
            return [asdict(fault) for fault in self._faults]

    def take(self, operation: str) -> Fault | None:
        """The fault that holds for this call, if one does; counts it, and waits its delay."""
        with self._lock:
            fault = self._first(operation)
            if fault is None:
                return None
            if fault.skip > 0:
                fault.skip -= 1
                return None
            fault.times -= 1
            if fault.times < 1:
                self._faults.remove(fault)
        time.sleep(fault.delay)
        return fault

    def _first(self, operation: str) -> Fault | None:
        return next((fault for fault in self._faults if fault.operation in (operation, "*")), None)

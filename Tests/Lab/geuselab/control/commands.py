"""Run Command's commands: one instance each, from sending to their last status."""

import hashlib
import time
import uuid
from dataclasses import dataclass, field

from geuselab.control.timing import Timing

# GetCommandInvocation shows no more than so many characters (SSM API reference).
STDOUT_LIMIT, STDERR_LIMIT = 24_000, 8_000

_FINAL = ("Success", "Failed", "TimedOut", "Cancelled")

# An agent that died says nothing; the service gives it so long after the execution's time limit.
_GRACE = 5


@dataclass
class Command:
    instance_id: str
    script: str
    directory: str
    execution_timeout: float
    delivery_timeout: float
    comment: str
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    sent_at: float = field(default_factory=time.time)
    started_at: float | None = None
    ended_at: float | None = None
    status: str = "Pending"
    details: str = "Pending"
    code: int = -1
    stdout: str = ""
    stderr: str = ""
    delivered: bool = False
    cancel: str = ""  # "", "asked", "told"

    @property
    def is_final(self) -> bool:
        return self.status in _FINAL

    def begin(self) -> None:
        if not self.is_final:
            self.started_at = time.time()
            self._enter("InProgress", "InProgress")

    def end(self, status: str, code: int, stdout: str, stderr: str) -> None:
        if self.is_final:
            return  # a result that comes after the time limit changes nothing
        self.ended_at = time.time()
        self.code, self.stdout, self.stderr = code, stdout, stderr
        self._enter(status, "ExecutionTimedOut" if status == "TimedOut" else status)

    def expire(self) -> None:
        """Time limits that pass without a word from the agent."""
        now = time.time()
        if not self.delivered and now > self.sent_at + self.delivery_timeout:
            self._enter("TimedOut", "DeliveryTimedOut")
        elif self.delivered and not self.is_final:
            begun = self.started_at or self.sent_at
            if now > begun + self.execution_timeout + _GRACE:
                self._enter("TimedOut", "ExecutionTimedOut")

    def ask_to_cancel(self) -> None:
        if self.is_final:
            return
        if self.delivered:
            self.cancel = "asked"
            self._enter("Cancelling", "Cancelling")
        else:
            self._enter("Cancelled", "Cancelled")

    def _enter(self, status: str, details: str) -> None:
        if not self.is_final:
            self.status, self.details = status, details
            if self.is_final and self.ended_at is None:
                self.ended_at = time.time()

    def shown(self, timing: Timing) -> tuple[str, str]:
        """Status and details as the API tells them: a result is held back until the set time has passed."""
        self.expire()
        if self.is_final and time.time() < self.sent_at + timing.command:
            return "InProgress", "InProgress"
        return self.status, self.details

    def record(self) -> dict:
        """For /_lab/commands: what was sent, and whether it was sent twice."""
        return {
            "id": self.id,
            "instance_id": self.instance_id,
            "comment": self.comment,
            "sha256": hashlib.sha256(self.script.encode()).hexdigest(),
            "status": self.details,
            "code": self.code,
            "sent_at": self.sent_at,
            "ended_at": self.ended_at,
        }

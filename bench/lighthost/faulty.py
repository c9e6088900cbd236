"""One call of an update goes wrong, in one of ten ways."""

import threading
import time

from geuselab.control import ec2
from geuselab.control.answer import Answer, Refusal, refuse
from geuselab.control.application import Application
from geuselab.control.call import Call

# Longer than the program waits for an answer in these runs.
CLIENT_LIMIT = 1.5
_SILENCE = 2.0
_PATIENCE = 1.0
_CHANGES = ("StopInstances", "StartInstances", "ModifyInstanceAttribute")

# What each service says: EC2 API error codes; SSM, EFS and STS "Common errors".
_THROTTLED = {
    "ec2": ("RequestLimitExceeded", 503),
    "ssm": ("ThrottlingException", 400),
    "elasticfilesystem": ("ThrottlingException", 429),
}
_FAILED = {"ec2": ("InternalError", 500), "ssm": ("InternalServerError", 500)}
_UNAVAILABLE = {"ec2": ("Unavailable", 503), "ssm": ("ServiceUnavailable", 503)}
_EXPIRED = {"ec2": ("RequestExpired", 400), "ssm": ("ExpiredTokenException", 400)}


class FaultyApplication(Application):
    """The services; the call number `at`, counted from one, goes wrong in the way `way`."""

    def __init__(self, *parts):
        super().__init__(*parts)
        self._lock = threading.Lock()
        self.reset()

    def reset(self, at: int = 0, way: str = "", patient: bool = False) -> None:
        self.patient = patient
        self._looks: dict[str, int] = {}
        self.calls = 0
        self.at, self.way = at, way
        self.met = ""  # the operation that went wrong
        self.effects: list[str] = []  # the changes that really changed something
        self._timing.ahead = 0

    def answer(self, call: Call) -> Answer:
        with self._lock:
            self.calls += 1
            goes_wrong = self.calls == self.at
        if not goes_wrong:
            return super().answer(call)
        self.met = call.operation
        return WAYS[self.way](self, call)

    def _serve(self, call: Call) -> Answer:
        if call.operation == "GetCommandInvocation":
            self._wait_for(call.json.get("CommandId", ""))
        if call.operation not in _CHANGES:
            return super()._serve(call)
        before = _state(call)
        answer = super()._serve(call)
        if _state(call) != before:
            self.effects.append(call.operation)
        return answer

    def _wait_for(self, command: str) -> None:
        """The second look at a command is answered when it has ended: two calls a command, however busy the machine."""
        if not self.patient:
            return
        self._looks[command] = self._looks.get(command, 0) + 1
        deadline = time.monotonic() + _PATIENCE
        while self._looks[command] > 1 and time.monotonic() < deadline:
            if all(known.is_final for known in self._ssm.commands() if known.id == command):
                return
            time.sleep(0.002)

    # The ways; all but `skewed` are over after the one call.

    def failed(self, call: Call) -> Answer:
        """500, after it was carried out."""
        super().answer(call)
        return _refuse(call, *_FAILED.get(call.service, ("InternalServerError", 500)))

    def unavailable(self, call: Call) -> Answer:
        """503, without having done anything."""
        return _refuse(call, *_UNAVAILABLE.get(call.service, ("ServiceUnavailable", 503)))

    def throttled(self, call: Call) -> Answer:
        return _refuse(call, *_THROTTLED.get(call.service, ("Throttling", 400)))

    def silent(self, call: Call) -> Answer:
        """No answer, nothing done."""
        time.sleep(_SILENCE)
        return Answer(0, b"", reset=True)

    def silent_after(self, call: Call) -> Answer:
        """Carried out, no answer."""
        super().answer(call)
        return self.silent(call)

    def reset_connection(self, call: Call) -> Answer:
        return Answer(0, b"", reset=True)

    def truncated(self, call: Call) -> Answer:
        """Carried out, and the connection breaks half-way through the answer."""
        answer = super().answer(call)
        answer.cut = True
        return answer

    def garbage(self, call: Call) -> Answer:
        """Carried out, and the answer is none."""
        answer = super().answer(call)
        answer.body = b"<html><body>It works!\x00\xff</body>"
        return answer

    def expired(self, call: Call) -> Answer:
        return _refuse(call, *_EXPIRED.get(call.service, ("ExpiredToken", 403)))

    def skewed(self, call: Call) -> Answer:
        """From now on the services' clock is ten minutes ahead."""
        self._timing.ahead = 600
        return super().answer(call)


WAYS = {
    "500": FaultyApplication.failed,
    "503": FaultyApplication.unavailable,
    "throttle": FaultyApplication.throttled,
    "timeout-before": FaultyApplication.silent,
    "timeout-after": FaultyApplication.silent_after,
    "reset": FaultyApplication.reset_connection,
    "truncated": FaultyApplication.truncated,
    "garbage": FaultyApplication.garbage,
    "expired": FaultyApplication.expired,
    "skew": FaultyApplication.skewed,
}


def _refuse(call: Call, code: str, status: int) -> Answer:
    return refuse(call.service, Refusal(code, "This call was told to fail.", status))


def _state(call: Call) -> list[tuple[str, str]]:
    found = [ec2.find(id) for id in call.instance_ids]
    return [(instance.state, instance.instance_type) for instance in found if instance]

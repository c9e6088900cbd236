"""The request log: every call to AWS in order, for tests that count them."""

import threading
import time

from geuselab.control.answer import Answer
from geuselab.control.call import Call


class RequestLog:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: list[dict] = []

    def add(self, call: Call, started: float, answer: Answer) -> None:
        entry = {
            "time": round(started, 3),
            "seconds": round(time.time() - started, 3),
            "service": call.service,
            "operation": call.operation,
            "status": 0 if answer.reset else answer.status,
            "code": answer.code,
            "instance_ids": call.instance_ids,
            "comment": call.json.get("Comment", ""),
            "connection": call.peer_port,
        }
        with self._lock:
            self._entries.append(entry)

    def list(self) -> list[dict]:
        with self._lock:
            return list(self._entries)

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()

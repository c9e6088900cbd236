"""The agents on the hosts: who is online, what waits for whom. They poll /_agent/poll and tell /_agent/report."""

import threading
import time

from geuselab.control import ec2
from geuselab.control.commands import Command

_POLL_SECONDS = 20
# SSM shows ConnectionLost after some minutes without a word; less here, to keep tests short.
_SILENCE = 60


class Agents:
    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._commands: dict[str, Command] = {}
        self._last_seen: dict[str, float] = {}
        self._versions: dict[str, str] = {}
        self._newest_poll: dict[str, object] = {}

    def registered(self) -> dict[str, str]:
        """Version by instance, of every agent that ever came."""
        return dict(self._versions)

    def is_online(self, instance_id: str) -> bool:
        instance = ec2.find(instance_id)
        if instance is None or instance.state not in ("running", "pending"):
            return False
        seen = self._last_seen.get(instance_id, 0)
        # A word from before the start was said by the host that has since been switched off.
        return seen > instance.started_at and time.time() - seen < _SILENCE

    def send(self, command: Command) -> None:
        with self._changed:
            self._commands[command.id] = command
            self._changed.notify_all()

    def cancel(self, command: Command) -> None:
        with self._changed:
            command.ask_to_cancel()
            self._changed.notify_all()

    def forget_commands(self) -> None:
        """As if none had been sent; one that still runs is not reported any more."""
        with self._changed:
            self._commands.clear()

    def commands(self) -> list[Command]:
        with self._changed:
            return list(self._commands.values())

    def find(self, command_id: str, instance_id: str) -> Command | None:
        command = self._commands.get(command_id)
        return command if command and command.instance_id == instance_id else None

    def poll(self, message: dict) -> dict:
        """Waits for work; ends early when some comes."""
        instance_id = message["instance_id"]
        self._see(instance_id, message["version"])
        deadline = time.monotonic() + _POLL_SECONDS
        this_poll = object()
        with self._changed:
            self._newest_poll[instance_id] = this_poll
            while True:
                if self._newest_poll[instance_id] is not this_poll:
                    # The host was switched off while it waited here; what is given to it would be lost.
                    return {"run": [], "cancel": []}
                run, cancel = self._work(instance_id)
                left = deadline - time.monotonic()
                if run or cancel or left <= 0:
                    return {"run": run, "cancel": cancel}
                self._changed.wait(left)

    def _work(self, instance_id: str) -> tuple[list[dict], list[str]]:
        if not self.is_online(instance_id):
            return [], []  # its host is on the way down
        run, cancel = [], []
        for command in self._commands.values():
            if command.instance_id != instance_id:
                continue
            command.expire()
            if not command.delivered and not command.is_final:
                command.delivered = True
                run.append(
                    {
                        "id": command.id,
                        "script": command.script,
                        "directory": command.directory,
                        "timeout": command.execution_timeout,
                    }
                )
            if command.cancel == "asked":
                command.cancel = "told"
                cancel.append(command.id)
        return run, cancel

    def report(self, message: dict) -> dict:
        self._see(message["instance_id"])
        command = self.find(message["id"], message["instance_id"])
        if command is None:
            return {}
        with self._changed:
            if message["status"] == "InProgress":
                command.begin()
            else:
                command.end(message["status"], message["code"], message["stdout"], message["stderr"])
        return {}

    def _see(self, instance_id: str, version: str = "") -> None:
        instance = ec2.find(instance_id)
        if instance is not None and instance.state in ("running", "pending"):
            self._last_seen[instance_id] = time.time()
            if version:
                self._versions[instance_id] = version

"""The lab's own endpoint, /_lab/…: faults, timing, request log, commands, machines. Not AWS, not signed, not logged."""

import json

from geuselab.control import ec2
from geuselab.control.agents import Agents
from geuselab.control.answer import Answer, json_answer
from geuselab.control.faults import Faults
from geuselab.control.power import Machine, Power
from geuselab.control.request_log import RequestLog
from geuselab.control.timing import Timing


class LabAPI:
    def __init__(self, faults: Faults, timing: Timing, log: RequestLog, agents: Agents, power: Power):
        self._faults, self._timing, self._log, self._agents, self._power = faults, timing, log, agents, power

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        try:
            result = self._serve(method, path, json.loads(body) if body else {})
        except (ValueError, TypeError, KeyError) as error:
            return json_answer({"error": str(error)}, 400, "application/json")
        if result is None:
            return json_answer({"error": f"no {method} {path}"}, 404, "application/json")
        return json_answer(result, kind="application/json")

    def _serve(self, method: str, path: str, message: dict) -> dict | None:
        match method, path:
            case "POST", "/_lab/faults":
                self._faults.add(message)
                return {"faults": self._faults.list()}
            case "DELETE", "/_lab/faults":
                self._faults.clear()
                return {"faults": []}
            case "GET", "/_lab/faults":
                return {"faults": self._faults.list()}
            case "POST", "/_lab/settings":
                self._timing.change(message)
                return self._timing.as_dict()
            case "GET", "/_lab/settings":
                return self._timing.as_dict()
            case "GET", "/_lab/log":
                return {"requests": self._log.list()}
            case "DELETE", "/_lab/log":
                self._log.clear()
                return {"requests": []}
            case "GET", "/_lab/commands":
                return {"commands": self._commands()}
            case "POST", "/_lab/machines":
                return self._attach(message)
            case "POST", "/_lab/instances":
                return self._change_instance(message)
        return None

    def _commands(self) -> list[dict]:
        """With `duplicate` where the same comment was sent to the same instance before."""
        records, seen = [], set()
        for command in self._agents.commands():
            key = (command.instance_id, command.comment)
            records.append({**command.record(), "duplicate": bool(command.comment) and key in seen})
            seen.add(key)
        return records

    def _attach(self, message: dict) -> dict:
        """Ties a container to an instance; gives the public address that the container is to have first."""
        instance = ec2.find(message["instance_id"])
        if instance is None:
            raise ValueError("no such instance")
        machine = Machine(message["container"], message["public_network"], message["public_prefix"])
        address = self._power.next_address(machine.public_prefix)
        self._power.attach(instance.id, machine)
        instance.set_public_address(address)
        return {"public_ip": address}

    def _change_instance(self, message: dict) -> dict:
        """Another type without a stop, or another kind of purchase: what only a launch decides on the real one."""
        instance = ec2.find(message["instance_id"])
        if instance is None:
            raise ValueError("no such instance")
        if "instance_type" in message:
            instance.force_type(message["instance_type"])
        if "lifecycle" in message:
            instance.lifecycle = message["lifecycle"]
        return {"instance_type": instance.instance_type, "lifecycle": instance.lifecycle}

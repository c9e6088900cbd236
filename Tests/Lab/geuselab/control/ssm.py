"""SSM's Run Command and inventory, as far as an update needs them (JSON 1.1). moto's answers success at once and runs
nothing."""

import time

from geuselab.control import ec2
from geuselab.control.agents import Agents
from geuselab.control.answer import Answer, Refusal, json_answer
from geuselab.control.call import Call
from geuselab.control.commands import STDERR_LIMIT, STDOUT_LIMIT, Command
from geuselab.control.timing import Timing

_DOCUMENT = "AWS-RunShellScript"
_MAXIMUM_TIMEOUT = 172_800  # of executionTimeout, in the document


class SSM:
    def __init__(self, agents: Agents, timing: Timing):
        self._agents, self._timing = agents, timing
        self._operations = {
            "SendCommand": self._send_command,
            "GetCommandInvocation": self._get_command_invocation,
            "ListCommands": self._list_commands,
            "ListCommandInvocations": self._list_command_invocations,
            "CancelCommand": self._cancel_command,
            "DescribeInstanceInformation": self._describe_instance_information,
        }

    def commands(self) -> list[Command]:
        return self._agents.commands()

    def serves(self, call: Call) -> bool:
        return call.service == "ssm" and call.operation in self._operations

    def answer(self, call: Call) -> Answer:
        return json_answer(self._operations[call.operation](call.json))

    def _send_command(self, message: dict) -> dict:
        if message.get("DocumentName") != _DOCUMENT:
            raise Refusal("InvalidDocument", f"Document {message.get('DocumentName')} does not exist")
        parameters = message.get("Parameters", {})
        if not parameters.get("commands"):
            raise Refusal("InvalidParameters", "Document's required parameter commands is missing")
        timeout = message.get("TimeoutSeconds", 3600)
        if not 30 <= timeout <= 2_592_000:
            raise Refusal("ValidationException", "timeoutSeconds failed to satisfy constraint: between 30 and 2592000")
        if len(message.get("Comment", "")) > 100:
            raise Refusal("ValidationException", "comment failed to satisfy constraint: at most 100 characters")
        execution = float(parameters.get("executionTimeout", ["3600"])[0])
        if not 1 <= execution <= _MAXIMUM_TIMEOUT:
            raise Refusal("InvalidParameters", "executionTimeout is between 1 and 172800")
        instance_ids = message.get("InstanceIds", [])
        if len(instance_ids) != 1:
            raise Refusal("InvalidTarget", "The lab sends a command to exactly one instance")
        if not self._takes_commands(instance_ids[0]):
            raise Refusal("InvalidInstanceId", f"Instances [[{instance_ids[0]}]] not in a valid state for account")
        command = Command(
            instance_id=instance_ids[0],
            script="\n".join(parameters["commands"]) + "\n",
            directory=(parameters.get("workingDirectory") or [""])[0],
            execution_timeout=execution,
            delivery_timeout=timeout,
            comment=message.get("Comment", ""),
        )
        self._agents.send(command)
        return {"Command": self._describe(command)}

    def _takes_commands(self, instance_id: str) -> bool:
        """An agent that only fell silent still gets its command, which then times out undelivered."""
        instance = ec2.find(instance_id)
        if instance is None or instance.state != "running" or instance_id not in self._agents.registered():
            return False
        booting = time.time() - instance.started_at < 300
        return self._agents.is_online(instance_id) or not booting

    def _get_command_invocation(self, message: dict) -> dict:
        command = self._agents.find(message.get("CommandId", ""), message.get("InstanceId", ""))
        # Eventual consistency: a command just sent is not known yet.
        if command is None or time.time() < command.sent_at + self._timing.visible:
            raise Refusal("InvocationDoesNotExist", "")
        status, details = command.shown(self._timing)
        done = status not in ("Pending", "InProgress", "Cancelling")
        begun = command.started_at or command.sent_at
        return {
            "CommandId": command.id,
            "InstanceId": command.instance_id,
            "Comment": command.comment,
            "DocumentName": _DOCUMENT,
            "DocumentVersion": "$DEFAULT",
            "PluginName": "aws:runShellScript",
            "ResponseCode": command.code if done else -1,
            "ExecutionStartDateTime": _date(begun) if status != "Pending" else "",
            "ExecutionElapsedTime": f"PT{command.ended_at - begun:.3f}S" if done and command.ended_at else "",
            "ExecutionEndDateTime": _date(command.ended_at) if done and command.ended_at else "",
            "Status": status,
            "StatusDetails": details,
            "StandardOutputContent": command.stdout[:STDOUT_LIMIT] if done else "",
            "StandardOutputUrl": "",
            "StandardErrorContent": command.stderr[:STDERR_LIMIT] if done else "",
            "StandardErrorUrl": "",
            "CloudWatchOutputConfig": {"CloudWatchLogGroupName": "", "CloudWatchOutputEnabled": False},
        }

    def _list_commands(self, message: dict) -> dict:
        return {"Commands": [self._describe(command) for command in self._matching(message)]}

    def _list_command_invocations(self, message: dict) -> dict:
        invocations = []
        for command in self._matching(message):
            status, details = command.shown(self._timing)
            invocations.append(
                {
                    "CommandId": command.id,
                    "InstanceId": command.instance_id,
                    "Comment": command.comment,
                    "DocumentName": _DOCUMENT,
                    "RequestedDateTime": command.sent_at,
                    "Status": status,
                    "StatusDetails": details,
                }
            )
        return {"CommandInvocations": invocations}

    def _matching(self, message: dict) -> list[Command]:
        """Newest first, as the service lists them."""
        return [
            command
            for command in reversed(self._agents.commands())
            if message.get("CommandId") in (None, command.id)
            and message.get("InstanceId") in (None, command.instance_id)
            and time.time() >= command.sent_at + self._timing.visible
        ]

    def _cancel_command(self, message: dict) -> dict:
        for command in self._agents.commands():
            if command.id == message.get("CommandId"):
                self._agents.cancel(command)
                return {}
        raise Refusal("InvalidCommandId", "")

    def _describe_instance_information(self, message: dict) -> dict:
        wanted = None
        for entry in message.get("Filters", []) + message.get("InstanceInformationFilterList", []):
            key, values = entry.get("Key", entry.get("key")), entry.get("Values", entry.get("valueSet"))
            if key != "InstanceIds":
                raise Refusal("InvalidFilterKey", f"The lab knows the filter InstanceIds only, not {key}")
            wanted = values
        return {
            "InstanceInformationList": [
                {
                    "InstanceId": instance_id,
                    "PingStatus": "Online" if self._agents.is_online(instance_id) else "ConnectionLost",
                    "AgentVersion": version,
                    "IsLatestVersion": True,
                    "PlatformType": "Linux",
                    "PlatformName": "Debian GNU/Linux",
                    "PlatformVersion": "13",
                    "ResourceType": "EC2Instance",
                }
                for instance_id, version in self._agents.registered().items()
                if wanted is None or instance_id in wanted
            ]
        }

    def _describe(self, command: Command) -> dict:
        status, details = command.shown(self._timing)
        return {
            "CommandId": command.id,
            "DocumentName": _DOCUMENT,
            "Comment": command.comment,
            "RequestedDateTime": command.sent_at,
            "ExpiresAfter": command.sent_at + command.delivery_timeout + command.execution_timeout,
            "InstanceIds": [command.instance_id],
            "Status": status,
            "StatusDetails": details,
            "TimeoutSeconds": int(command.delivery_timeout),
        }


def _date(moment: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(moment)) + f".{int(moment % 1 * 1000):03d}Z"

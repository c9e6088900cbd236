"""moto's EC2 instances, made to take their time and to refuse what EC2 refuses.

moto changes states at once, and accepts a change of type on a running instance, or to a type that does not exist.
"""

import copy
import os
import time

# Read by moto when it is imported.
os.environ["MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION"] = "true"

from moto.core.utils import utcnow
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import instances
from moto.ec2.models.instance_types import INSTANCE_TYPES

from geuselab.control.power import Power


class TimedInstance(instances.Instance):
    """An instance whose state follows the host's."""

    power: Power  # set once, before the first instance is made
    ena_support = True
    _type = ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.started_at = time.time()  # when it was last switched on
        self.state_reason = None

    @property
    def instance_type(self) -> str:
        return self._type

    @instance_type.setter
    def instance_type(self, wanted: str) -> None:
        if self._type:
            self._refuse_type(wanted)
        self._type = wanted

    def force_type(self, wanted: str) -> None:
        """For the lab's own endpoint: no questions asked."""
        self._type = wanted

    def _refuse_type(self, wanted: str) -> None:
        if self.state != "stopped":
            raise EC2ClientError("IncorrectInstanceState", f"The instance '{self.id}' is not in the 'stopped' state.")
        facts = INSTANCE_TYPES.get(wanted)
        if facts is None:
            raise EC2ClientError("InvalidInstanceAttributeValue", f"Invalid value '{wanted}' for InstanceType.")
        architectures = facts["ProcessorInfo"]["SupportedArchitectures"]
        if self.architecture not in architectures:
            raise EC2ClientError(
                "InvalidParameterValue",
                f"The architecture '{self.architecture}' of the instance does not match the architecture "
                f"'{architectures[0]}' of the instance type '{wanted}'.",
            )

    def stop(self, *args, **kwargs):
        if self.state in ("stopping", "stopped"):
            return copy.copy(self._state)
        if self.state != "running":
            raise EC2ClientError(
                "IncorrectInstanceState", f"The instance '{self.id}' is not in a state from which it can be stopped."
            )
        if self.lifecycle == "spot":
            raise EC2ClientError(
                "UnsupportedOperation", f"You can't stop the Spot Instance '{self.id}' because it is associated "
                "with a one-time Spot Instance request. You can only stop Spot Instances associated with "
                "persistent Spot Instance requests.",
            )
        previous = super().stop()
        self.nics[0].public_ip = None
        self.enter_state("stopping", 64)
        self.power.switch_off(self)
        return previous

    def start(self, *args, **kwargs):
        if self.state in ("pending", "running"):
            return copy.copy(self._state)
        if self.state != "stopped":
            raise EC2ClientError(
                "IncorrectInstanceState", f"The instance '{self.id}' is not in a state from which it can be started."
            )
        previous = super().start()
        self.state_reason = None
        self.launch_time = utcnow()
        self.started_at = time.time()
        self.enter_state("pending", 0)
        self.power.switch_on(self)
        return previous

    def enter_state(self, name: str, code: int) -> None:
        if self.state != "terminated":
            self._state = instances.InstanceState(name, code)

    def fail_to_start(self, code: str, message: str) -> None:
        self.state_reason = instances.StateReason(f"{code}: {message}", code)
        self.enter_state("stopped", 80)

    def set_public_address(self, address: str) -> None:
        self.nics[0].public_ip = address


def install(power: Power) -> None:
    """Makes moto build our instances instead of its own."""
    TimedInstance.power = power
    instances.Instance = TimedInstance


def find(instance_id: str) -> TimedInstance | None:
    from moto.ec2.models import ec2_backends

    for account in list(ec2_backends.values()):
        for backend in list(account.values()):
            for instance in backend.all_instances():
                if instance.id == instance_id:
                    return instance
    return None

"""Switches hosts on and off: StopInstances and StartInstances are `docker stop` and `docker start` here. A machine is
whatever has `off`, `on` and `public_prefix`."""

import itertools
import threading
import time
from dataclasses import dataclass

from geuselab.control.faults import Faults
from geuselab.control.timing import Timing
from geuselab.docker import docker


@dataclass
class Machine:
    """The container behind an instance."""

    container: str
    public_network: str
    public_prefix: str  # 172.31.N

    def off(self) -> None:
        docker("stop", "--time=60", self.container)

    def on(self, address: str) -> None:
        docker("network", "disconnect", "--force", self.public_network, self.container)
        docker("network", "connect", f"--ip={address}", self.public_network, self.container)
        docker("start", self.container)


class Power:
    def __init__(self, timing: Timing, faults: Faults):
        self.timing, self.faults = timing, faults
        self._machines: dict[str, Machine] = {}
        self._addresses = itertools.cycle(range(10, 250))
        self._lock = threading.Lock()

    def attach(self, instance_id: str, machine: Machine) -> None:
        self._machines[instance_id] = machine

    def next_address(self, prefix: str) -> str:
        """An address that was not in use just before: on EC2 the public one changes with every start."""
        with self._lock:
            return f"{prefix}.{next(self._addresses)}"

    def switch_off(self, instance) -> None:
        """`stopped` is only shown once the host really is down."""
        self._in_background(self._off, instance)

    def switch_on(self, instance) -> None:
        self._in_background(self._on, instance)

    def _in_background(self, work, instance) -> None:
        threading.Thread(target=work, args=(instance,), daemon=True).start()

    def _off(self, instance) -> None:
        begun = time.monotonic()
        self.faults.take("PowerOff")  # only its delay matters
        machine = self._machines.get(instance.id)
        if machine:
            machine.off()
        time.sleep(max(0.0, self.timing.stop - (time.monotonic() - begun)))
        instance.enter_state("stopped", 80)

    def _on(self, instance) -> None:
        fault = self.faults.take("PowerOn")
        machine = self._machines.get(instance.id)
        if fault and fault.code:
            # As a host without capacity does: pending for a moment, then stopped with a reason.
            time.sleep(self.timing.start)
            instance.fail_to_start(fault.code, fault.message)
            return
        if machine:
            address = self.next_address(machine.public_prefix)
            machine.on(address)
            instance.set_public_address(address)
        time.sleep(self.timing.start)
        instance.enter_state("running", 16)

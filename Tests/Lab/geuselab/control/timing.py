"""How long the cloud takes, in seconds; changed while it runs through /_lab/settings."""

from dataclasses import asdict, dataclass, fields


@dataclass
class Timing:
    stop: float = 0  # at least so long in `stopping`
    start: float = 0  # so long in `pending` after the host was switched on
    command: float = 0  # at least so long until a command's result is seen
    visible: float = 0.3  # a command's invocation does not exist before
    latency: float = 0  # on top of every call
    ahead: float = 0  # the services' clock before this machine's

    def change(self, message: dict) -> None:
        names = {field.name for field in fields(self)}
        for name, value in message.items():
            if name not in names:
                raise ValueError(f"no such setting: {name}")
            setattr(self, name, float(value))

    def as_dict(self) -> dict:
        return asdict(self)

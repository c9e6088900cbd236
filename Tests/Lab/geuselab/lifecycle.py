"""Up and down: every part in order, and back again."""

import hashlib
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from geuselab import certificates, control_plane, efs, engine, host_image, hosts, keys, networks, registry, world
from geuselab.labdir import LabDir


class Stopwatch:
    """Says on standard error what goes on, and how long it has taken."""

    def __init__(self) -> None:
        self._begun = time.monotonic()

    def say(self, text: str) -> None:
        print(f"lab: {time.monotonic() - self._begun:6.1f} s  {text}", file=sys.stderr, flush=True)


def up(lab: LabDir, host_count: int, timing: dict) -> None:
    watch = Stopwatch()
    lab.create()
    # Two labs can stand side by side: names of docker objects carry a hash of the directory.
    suffix = hashlib.sha256(str(lab.path).encode()).hexdigest()[:6]
    lab.save(directory=str(lab.path), started_at=time.time())

    watch.say("docker engine")
    engine.up()
    lab.save(image=host_image.ensure(watch.say))
    keys.make_all(lab)
    certificates.make_all(lab)
    watch.say("networks, registry, EFS")
    networks.up(lab, suffix)
    registry.up(lab)
    efs.up(lab, suffix)
    watch.say("control plane")
    control_plane.up(lab, timing)
    world.up(lab)
    watch.say(f"{host_count} host(s)")
    for index in range(1, host_count + 1):
        hosts.up(lab, index, suffix)
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda host: hosts.wait_until_booted(lab, host), lab.record["hosts"]))
        watch.say("the stack's services")
        list(pool.map(lambda host: hosts.start_stack(lab, host), lab.record["hosts"]))
    watch.say("up")


def down(lab: LabDir) -> None:
    """Takes away whatever is on record, also after an `up` that failed half-way."""
    hosts.down(lab)
    efs.down(lab)
    control_plane.down(lab)
    registry.down(lab)
    networks.down(lab)
    if note := engine.down():
        print(f"lab: {note}", file=sys.stderr)
    shutil.rmtree(lab.path)

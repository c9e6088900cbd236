"""Whether what is there after a run is wholly old or wholly new, and as the program said it is."""

import fcntl
import json
import os
import re
from pathlib import Path

from geuselab.settings import INSTANCE_TYPE

from lighthost import trial
from lighthost.cloud import NAME, Cloud
from lighthost.host import COMPOSE_FILE
from lighthost.namespace import EFS, LIB, OPT

OLD_IMAGE = "n8nio/n8n:1.19.0"
_SERVICES = {"n8n", "ollama", "qdrant", "crawl4ai", "postgres"}

_STOP, _TYPE, _START = "StopInstances", "ModifyInstanceAttribute", "StartInstances"
_UPDATE = [_STOP, _TYPE, _START]
# An update that is given up goes back over what it had done, and no further.
_UNDONE = [[], [_STOP, _START], [_STOP, _TYPE, _TYPE, _START], [*_UPDATE, *_UPDATE]]


def objections(cloud: Cloud, state_dir: Path, status: int, compose: bytes) -> list[str]:
    """What is wrong; `status` is the exit status of the update, `compose` the file as it was before it."""
    found = _whole(cloud, state_dir, status, compose)
    found += _effects(cloud, status)
    found += _leftovers(cloud, state_dir)
    return found


def _whole(cloud: Cloud, state_dir: Path, status: int, compose: bytes) -> list[str]:
    """Type, file, images and record: all of them old, or all new, as the exit status says."""
    wanted = {0: "new", 1: "old", 4: "old", 6: "old", 7: "old", 130: "old"}.get(status)
    if wanted is None:
        return [f"exit status {status}"]
    new = compose.replace(OLD_IMAGE.encode(), trial.NEW_IMAGE.encode())
    types = {INSTANCE_TYPE: "old", trial.NEW_TYPE: "new"}
    images = {OLD_IMAGE: "old", trial.NEW_IMAGE: "new"}
    state = json.loads((state_dir / f"deployments/{NAME}.json").read_text())
    running = {container.service: container for container in cloud.host.engine.containers.values()}
    seen = {
        "instance type": types.get(cloud.instance.instance_type),
        "compose file": {compose: "old", new: "new"}.get(COMPOSE_FILE.read_bytes()),
        "running image": images.get(running["n8n"].image),
        "recorded type": types.get(state["config"]["instance_type"]),
        "recorded image": images.get(state["container_images"]["n8n"]),
    }
    wrong = [f"{what} is {which or 'neither old nor new'}, not {wanted}"
             for what, which in seen.items() if which != wanted]
    if cloud.instance.state != "running":
        wrong.append(f"the instance is {cloud.instance.state}")
    down = sorted(_SERVICES - {name for name, container in running.items() if container.running})
    if down:
        wrong.append(f"not running: {', '.join(down)}")
    if state["status"] != "running":
        wrong.append(f"the recorded status is {state['status']}")
    if cloud.application.effects and state["public_ip"] != cloud.instance.nics[0].public_ip:
        wrong.append("the recorded public address is not the instance's")
    return wrong


def _effects(cloud: Cloud, status: int) -> list[str]:
    """Nothing was done twice."""
    wrong, effects, events = [], cloud.application.effects, cloud.host.engine.events
    if effects not in ([_UPDATE] if status == 0 else _UNDONE):
        wrong.append(f"effects: {' '.join(effects) or 'none'}")
    if status in (1, 4) and (effects or any(event[0] != "pull" for event in events)):
        wrong.append(f"exit status {status} says that nothing that runs was changed")
    most = 1 if status == 0 else 2
    for event in set(events):
        # Going back, a service may stop and start once more; an image is pulled once at most.
        if events.count(event) > (1 if event[0] == "pull" else most):
            wrong.append(f"{' '.join(event)}: {events.count(event)} times")
    for marker in sorted((LIB / "runs").glob("*")):
        if not marker.read_text().startswith("finished\n"):
            wrong.append(f"the step {marker.name} did not finish")
    return wrong


def _leftovers(cloud: Cloud, state_dir: Path) -> list[str]:
    """No lock, no half-written file, no open run; the backup can be read."""
    wrong = []
    for lock in (state_dir / f"deployments/{NAME}.json.lock", LIB / "lock"):
        if lock.exists() and not _is_free(lock):
            wrong.append(f"{lock} is held")
    if (state_dir / f"deployments/{NAME}.json.lock.owner").exists():
        wrong.append("the lock's note is left")
    copies = [str(path) for path in OPT.glob(".*.yml")] + [str(path) for path in state_dir.rglob("*.tmp")]
    wrong += [f"{path} is left" for path in copies]
    again = trial.run(cloud, state_dir, "recover", NAME, "--json")
    if again.status != 0 or json.loads(again.stdout)["data"]["recovered"]:
        wrong.append(f"a run is still open: {again.status} {again.stdout}")
    listed = trial.run(cloud, state_dir, "backup", "list", NAME, "--json")
    backups = json.loads(listed.stdout)["data"]["backups"] if listed.status == 0 else []
    if any(backup["problem"] for backup in backups) or (cloud.host.engine.events and not backups):
        wrong.append(f"backups: {listed.status} {listed.stdout}")
    nonce = EFS / ".geusemaker/nonce"
    if backups and not (nonce.exists() and re.fullmatch(r"[0-9a-f]{32}\n", nonce.read_text())):
        wrong.append("the nonce on EFS can't be read")
    return wrong


def _is_free(lock: Path) -> bool:
    with open(lock, "rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True

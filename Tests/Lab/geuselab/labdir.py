"""The directory of a running lab: its record, keys, logs."""

import json
import os
import tempfile
from pathlib import Path


def default_path() -> Path:
    """/run for root, as for any daemon; else a directory of the user's own."""
    if os.environ.get("GEUSEMAKER_LAB_DIR"):
        return Path(os.environ["GEUSEMAKER_LAB_DIR"])
    if os.access("/run", os.W_OK):
        return Path("/run/geuse-lab")
    return Path(tempfile.gettempdir()) / f"geuse-lab-{os.getuid()}"


class LabDir:
    """Files of one lab. `record` says what runs, and is saved after every step, so that `down` finds all of it."""

    def __init__(self, path: Path):
        self.path = path.absolute()
        self.record: dict = {}
        if self.record_file.exists():
            self.record = json.loads(self.record_file.read_text())

    @property
    def record_file(self) -> Path:
        return self.path / "lab.json"

    @property
    def is_up(self) -> bool:
        return bool(self.record)

    def create(self) -> None:
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.chmod(self.path, 0o700)

    def save(self, **changes) -> None:
        self.record.update(changes)
        temporary = self.record_file.with_suffix(".new")
        temporary.write_text(json.dumps(self.record, indent=1) + "\n")
        temporary.rename(self.record_file)

    def file(self, name: str) -> Path:
        """A file of that name in the directory; folders on the way are made."""
        path = self.path / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path

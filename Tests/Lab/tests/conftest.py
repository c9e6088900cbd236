"""Fixtures: the lab that is up, and its first stack, as new for every test."""

import os
from pathlib import Path

import pytest
from geuselab.labdir import LabDir
from stack import Stack


@pytest.fixture(scope="session")
def lab() -> LabDir:
    """The lab of this process: pytest-xdist names its workers gw0, gw1, …"""
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    found = LabDir(Path(os.environ["LAB_DIRS"].split(":")[number]))
    assert found.is_up, f"no lab in {found.path}"
    return found


@pytest.fixture
def untouched(lab, tmp_path) -> Stack:
    """The stack as the lab made it; the program does not know of it yet."""
    stack = Stack(lab, tmp_path / "state")
    stack.reset()
    return stack


@pytest.fixture
def stack(untouched) -> Stack:
    """The same, adopted."""
    untouched.adopt()
    untouched.forget_requests()
    return untouched


@pytest.fixture
def nothing_touched(stack):
    """Holds the test to it: no container, file or instance is another one afterwards."""
    before = (stack.containers(), stack.compose_file(), stack.state_file.read_bytes())
    yield stack
    assert (stack.containers(), stack.compose_file(), stack.state_file.read_bytes()) == before
    assert stack.changes_asked() == []

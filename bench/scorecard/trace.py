"""Runs a program one system call at a time (ptrace(2)), to kill or signal it at an exact one.

Only the first thread of the program is traced; its script workers run freely and end by themselves.
"""
import ctypes
import os
import platform
import signal
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field

PTRACE_TRACEME = 0
PTRACE_SYSCALL = 24
PTRACE_CONT = 7
PTRACE_SETOPTIONS = 0x4200
PTRACE_GET_SYSCALL_INFO = 0x420E
O_TRACESYSGOOD = 1
O_EXITKILL = 1 << 20
SYSCALL_STOP = signal.SIGTRAP | 0x80
O_CREAT = 0o100
PR_SET_CHILD_SUBREAPER = 36

# The calls by which a process leaves something behind (asm/unistd.h of each architecture).
NUMBERS = {
    "x86_64": {
        1: "write", 3: "close", 20: "writev", 18: "pwrite64", 44: "sendto", 62: "kill", 72: "fcntl",
        73: "flock", 74: "fsync", 77: "ftruncate", 82: "rename", 83: "mkdir", 87: "unlink",
        91: "fchmod", 231: "exit_group", 257: "openat", 258: "mkdirat", 263: "unlinkat",
        264: "renameat", 316: "renameat2",
    },
    "aarch64": {
        64: "write", 57: "close", 66: "writev", 68: "pwrite64", 206: "sendto", 129: "kill",
        25: "fcntl", 32: "flock", 82: "fsync", 46: "ftruncate", 34: "mkdirat", 35: "unlinkat",
        38: "renameat", 276: "renameat2", 52: "fchmod", 94: "exit_group", 56: "openat",
    },
}.get(platform.machine(), {})

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
libc.ptrace.restype = ctypes.c_long


def ptrace(request: int, pid: int, address: object = None, data: object = None) -> int:
    result = libc.ptrace(request, pid, address, data)
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"ptrace {request}: {os.strerror(number)}")
    return result


@dataclass
class Traced:
    """How a traced program ended."""

    status: int
    """Its exit code, or minus the signal that ended it."""
    calls: int
    """How many system calls it began."""
    names: list[str] = field(default_factory=list)
    """What each was, if asked for: a name for those that leave something behind, else nothing."""
    seen: list[object] = field(default_factory=list)
    """What was seen at each call at which something was done."""


def run(
    command: list[str],
    environment: dict[str, str],
    output: str,
    act: dict[int, list[int]] | None = None,
    record: bool = False,
    look: Callable[[], object] | None = None,
) -> Traced:
    """Runs a command; at the entry of the system call of a number, from 1, it sends it signals.

    SIGKILL ends it before that call is made. `look` is called before, while the program stands still.
    """
    act = act or {}
    pid = os.fork()
    if pid == 0:
        try:
            os.setsid()
            null = os.open(os.devnull, os.O_RDWR)
            log = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            os.dup2(null, 0)
            os.dup2(log, 1)
            os.dup2(log, 2)
            os.closerange(3, 256)
            ptrace(PTRACE_TRACEME, 0)
            os.execve(command[0], command, environment)
        finally:
            os._exit(127)
    try:
        return _follow(pid, act, record, look)
    finally:
        _await_group(pid)


def _follow(
    pid: int, act: dict[int, list[int]], record: bool, look: Callable[[], object] | None
) -> Traced:
    _, status = os.waitpid(pid, 0)
    if not os.WIFSTOPPED(status):
        raise OSError(f"the program did not start: status {status}")
    ptrace(PTRACE_SETOPTIONS, pid, None, O_TRACESYSGOOD | O_EXITKILL)
    calls = 0
    names: list[str] = []
    seen: list[object] = []
    entering = True
    deliver = 0
    info = ctypes.create_string_buffer(96)
    last = max(act) if act else 0
    step = PTRACE_SYSCALL
    while True:
        try:
            ptrace(step, pid, None, deliver)
        except OSError as error:
            if error.errno != 3:
                raise
        _, status = os.waitpid(pid, 0)
        deliver = 0
        if os.WIFEXITED(status):
            return Traced(os.WEXITSTATUS(status), calls, names, seen)
        if os.WIFSIGNALED(status):
            return Traced(-os.WTERMSIG(status), calls, names, seen)
        stop = os.WSTOPSIG(status)
        if stop != SYSCALL_STOP:
            deliver = stop if stop != signal.SIGTRAP else 0
            continue
        if entering:
            calls += 1
            if record:
                ptrace(PTRACE_GET_SYSCALL_INFO, pid, ctypes.c_void_p(96), info)
                names.append(_name(info.raw))
            if calls in act:
                if look:
                    seen.append(look())
                for number in act[calls]:
                    os.kill(pid, number)
            # Nothing more to do at a call: the rest runs at full speed.
            if act and calls >= last and not record:
                step = PTRACE_CONT
        entering = not entering


def _name(raw: bytes) -> str:
    number, *arguments = struct.unpack_from("<7Q", raw, 24)
    name = NUMBERS.get(number, "")
    if name == "openat" and not arguments[2] & O_CREAT:
        return ""
    return name


def _await_group(pid: int) -> None:
    """Waits for the script workers of a program that was killed; one that stays is a fault."""
    for _ in range(2500):
        try:
            if os.waitpid(-pid, os.WNOHANG)[0] == 0:
                time.sleep(0.002)
        except ChildProcessError:
            return
    os.killpg(pid, signal.SIGKILL)
    raise OSError(f"a process of the ended run {pid} was still there after 5 s")


# Orphans of a killed program become children of this process, so that they can be waited for.
libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)

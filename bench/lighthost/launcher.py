"""Starts a program, waits for it, and tells on descriptor 3 what it took.

A process of its own, small and started with -I -S: the kernel counts the memory of the process that starts a program to
the program's peak (getrusage(2), ru_maxrss), and the light host's is large.
"""

import json
import os
import sys
import time

began = time.monotonic()
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_CLOSE, 3)])
_, status, usage = os.wait4(pid, 0)
wall = time.monotonic() - began
report = {
    "status": os.waitstatus_to_exitcode(status),
    "wall": wall,
    "cpu": usage.ru_utime + usage.ru_stime,
    "memory": usage.ru_maxrss / 1024,
}
os.write(3, json.dumps(report).encode())

"""The lab's command line: up, down, status, env, efs, log."""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from geuselab import efs, environment, lifecycle, status
from geuselab.control_plane import lab_api
from geuselab.docker import DockerError
from geuselab.labdir import LabDir, default_path
from geuselab.processes import NotReady


def parse() -> argparse.Namespace:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--dir", type=Path, default=default_path(), help="the lab's directory (%(default)s)")
    parser = argparse.ArgumentParser(prog="lab", description="A cloud small enough for one machine.")
    commands = parser.add_subparsers(dest="command", required=True)

    up = commands.add_parser("up", parents=[common], help="bring a lab up")
    up.add_argument("--hosts", type=int, default=1, help="how many stacks (%(default)s)")
    up.add_argument("--stop", type=float, default=0, help="seconds an instance takes to stop, at least")
    up.add_argument("--start", type=float, default=0, help="seconds an instance stays pending once its host is on")
    up.add_argument("--command", dest="command_time", type=float, default=0, help="seconds a command takes, at least")
    commands.add_parser("down", parents=[common], help="take it down")
    commands.add_parser("status", parents=[common], help="what runs")
    commands.add_parser("env", parents=[common], help='settings for a client: eval "$(lab env)"')
    commands.add_parser("log", parents=[common], help="the calls to AWS so far, as JSON")
    mode = commands.add_parser("efs", parents=[common], help="make the file system go wrong, or right again")
    mode.add_argument("mode", choices=efs.SERVER_MODES + efs.MOUNT_MODES)
    mode.add_argument("--seconds", type=int, default=10, help="for late: how late")
    mode.add_argument("--at-boot", action="store_true", help="leave present mounts alone")
    return parser.parse_args()


def run(arguments: argparse.Namespace) -> int:
    lab = LabDir(arguments.dir)
    if arguments.command == "up":
        if lab.is_up:
            print(f"lab: there is one in {lab.path} already", file=sys.stderr)
            return 1
        timing = {"stop": arguments.stop, "start": arguments.start, "command": arguments.command_time}
        lifecycle.up(lab, arguments.hosts, timing)
        return 0
    if not lab.is_up:
        print(f"lab: there is none in {lab.path}", file=sys.stderr)
        return 0 if arguments.command == "down" else 1
    match arguments.command:
        case "down":
            lifecycle.down(lab)
        case "status":
            print(status.text(lab))
        case "env":
            print(environment.exports(lab))
        case "log":
            print(json.dumps(lab_api(lab, "GET", "/_lab/log")["requests"], indent=1))
        case "efs":
            efs.set_mode(lab, arguments.mode, arguments.seconds, remount=not arguments.at_boot)
    return 0


def main() -> int:
    if os.getuid() != 0:
        print("lab: has to run as root (networks, mounts, containers)", file=sys.stderr)
        return 64
    try:
        return run(parse())
    except (DockerError, NotReady, subprocess.CalledProcessError, RuntimeError) as error:
        print(f"lab: {error}", file=sys.stderr)
        return 1


sys.exit(main())

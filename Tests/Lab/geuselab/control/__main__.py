"""python -m geuselab.control CONFIG: serves until it is ended. CONFIG is JSON: keys, port, agents (address, port),
timing."""

import json
import sys
import threading

from geuselab.control import ec2, efs, server
from geuselab.control.agents import Agents
from geuselab.control.application import Application
from geuselab.control.faults import Faults
from geuselab.control.lab_api import LabAPI
from geuselab.control.power import Power
from geuselab.control.request_log import RequestLog
from geuselab.control.signatures import Keys
from geuselab.control.ssm import SSM
from geuselab.control.timing import Timing


def main() -> None:
    with open(sys.argv[1]) as file:
        config = json.load(file)
    timing = Timing()
    timing.change(config.get("timing", {}))
    faults, log, agents = Faults(), RequestLog(), Agents()
    power = Power(timing, faults)
    ec2.install(power)
    efs.install()
    application = Application(Keys(config["keys"]), faults, timing, log, SSM(agents, timing))
    aws = server.aws_server(config["port"], application, LabAPI(faults, timing, log, agents, power), timing)
    if "agents" in config:
        address = config["agents"]
        channel = server.agent_server(address["address"], address["port"], agents)
        threading.Thread(target=channel.serve_forever, daemon=True).start()
    aws.serve_forever()


if __name__ == "__main__":
    main()

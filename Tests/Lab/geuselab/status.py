"""What runs: `lab status`."""

from geuselab import engine, processes
from geuselab.control_plane import client
from geuselab.docker import DockerError, docker, inspect
from geuselab.labdir import LabDir


def text(lab: LabDir) -> str:
    lines = [f"directory  {lab.path}"]
    if dockerd := engine.started_by_a_lab():
        lines.append(f"engine     running, pid {dockerd['pid']}, started by a lab")
    for name in ("registry", "registry_front", "control"):
        if name in lab.record:
            server = lab.record[name]
            state = "running" if processes.is_running(server) else "NOT RUNNING"
            lines.append(f"{name:<10} {state}, pid {server['pid']}")
    lines.append(f"endpoint   {lab.record.get('endpoint', '-')}")
    efs_container = (inspect("container", lab.record.get("efs", {}).get("container", "-")) or {}).get("State", {})
    lines.append(f"efs        {efs_container.get('Status', '-')}, {lab.record.get('file_system', '-')}")
    for host in lab.record.get("hosts", []):
        lines += _host(lab, host)
    return "\n".join(lines)


def _host(lab: LabDir, host: dict) -> list[str]:
    found = client(lab, "ec2").describe_instances(InstanceIds=[host["instance_id"]])
    instance = found["Reservations"][0]["Instances"][0]
    lines = [
        f"{host['name']}  {host['instance_id']}  {instance['InstanceType']}  {instance['State']['Name']}  "
        f"{instance.get('PublicIpAddress', '-')}  ({host['container']})"
    ]
    try:
        services = docker("exec", host["container"], "docker", "ps", "--format", "{{.Names}}|{{.Image}}|{{.Status}}")
    except DockerError:
        return lines
    return lines + ["  " + "  ".join(line.split("|")) for line in sorted(services.splitlines())]

"""The hosts: containers that boot systemd, with a docker engine of their own and a stack inside."""

from geuselab import host_files, networks, ports, processes, world
from geuselab.control_plane import client, lab_api
from geuselab.docker import docker, succeeds
from geuselab.labdir import LabDir
from geuselab.settings import LABEL

# What systemd and dockerd need; --privileged would ask for SYS_RESOURCE too, which is not to be had everywhere.
_CAPABILITIES = """AUDIT_CONTROL AUDIT_READ BLOCK_SUSPEND DAC_READ_SEARCH IPC_LOCK IPC_OWNER LEASE LINUX_IMMUTABLE
    MAC_ADMIN MAC_OVERRIDE NET_ADMIN NET_BROADCAST SYSLOG SYS_ADMIN SYS_BOOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE
    SYS_RAWIO SYS_TIME SYS_TTY_CONFIG WAKE_ALARM""".split()


def up(lab: LabDir, index: int, suffix: str) -> None:
    host = world.run_instance(lab, index)
    host["container"] = f"geuse-{host['name']}-{suffix}"
    lab.save(hosts=[*lab.record.get("hosts", []), host])
    public = lab.record["networks"]["public"]
    attached = lab_api(
        lab,
        "POST",
        "/_lab/machines",
        {
            "instance_id": host["instance_id"],
            "container": host["container"],
            "public_network": public["name"],
            "public_prefix": public["prefix"],
        },
    )
    _create(lab, host)
    docker("network", "connect", f"--ip={attached['public_ip']}", public["name"], host["container"])
    docker("cp", "-", f"{host['container']}:/", stdin=host_files.archive(lab, host["instance_id"]))
    docker("start", host["container"])


def _create(lab: LabDir, host: dict) -> None:
    gateway = networks.private_address(lab, networks.GATEWAY)
    names = {
        "registry-1.docker.io": gateway,
        "auth.docker.io": gateway,
        host_files.dns_name(lab.record["file_system"]): lab.record["efs"]["address"],
        # The same server; the mount helper asks it for the other export.
        host_files.dns_name(lab.record["other_file_system"]): lab.record["efs"]["address"],
    }
    docker(
        "create",
        f"--name={host['container']}",
        f"--label={LABEL}={lab.path}",
        f"--hostname=ip-{host['private_ip'].replace('.', '-')}",
        f"--network={lab.record['networks']['private']['name']}",
        f"--ip={host['private_ip']}",
        *(f"--add-host={name}:{address}" for name, address in names.items()),
        *(f"--cap-add={name}" for name in _CAPABILITIES),
        # What systemd takes for "switch off".
        "--stop-signal=SIGRTMIN+3",
        "--security-opt=seccomp=unconfined",
        "--security-opt=apparmor=unconfined",
        "--security-opt=systempaths=unconfined",
        "--device-cgroup-rule=a *:* rwm",
        "--device=/dev/fuse",
        "--cgroupns=private",
        "--tmpfs=/run",
        "--tmpfs=/tmp",
        f"--volume={host['container']}:/var/lib/docker",
        lab.record["image"],
    )


def wait_until_booted(lab: LabDir, host: dict) -> None:
    ssm = client(lab, "ssm")

    def online() -> bool:
        agents = ssm.describe_instance_information()["InstanceInformationList"]
        return any(a["InstanceId"] == host["instance_id"] and a["PingStatus"] == "Online" for a in agents)

    processes.wait_for(f"sshd on {host['name']}", lambda: ports.is_open(host["private_ip"], 22), 120)
    processes.wait_for(f"the agent on {host['name']}", online, 120)
    processes.wait_for(
        f"dockerd on {host['name']}", lambda: succeeds("exec", host["container"], "docker", "version"), 120
    )
    processes.wait_for(
        f"/mnt/efs on {host['name']}", lambda: succeeds("exec", host["container"], "mountpoint", "-q", "/mnt/efs"), 60
    )
    _record_host_key(lab, host)


def _record_host_key(lab: LabDir, host: dict) -> None:
    """Under the instance's id (HostKeyAlias): its address changes with every start, its key does not."""
    kind, key = docker("exec", host["container"], "cat", "/etc/ssh/ssh_host_ed25519_key.pub").split()[:2]
    with open(lab.file("ssh/known_hosts"), "a") as known_hosts:
        known_hosts.write(f"{host['instance_id']} {kind} {key}\n")


def start_stack(lab: LabDir, host: dict) -> None:
    """The first deployment: data directories as GeuseMaker makes them, a file to find again, all five services."""
    script = """set -e
        cd /mnt/efs
        for service in n8n ollama qdrant postgres; do
            mkdir -p "$service" && chmod 777 "$service"
        done
        [ -e n8n/workflows.json ] || echo '{"workflow": "made before any update"}' >n8n/workflows.json
        cd /opt/geusemaker
        # As GeuseMaker does it: runtime.env is exported, not named on the command line, so that no label tells of it.
        set -a
        . ./runtime.env
        docker compose -f /opt/geusemaker/docker-compose.yml up --detach --wait --wait-timeout 120 --quiet-pull 2>&1"""
    docker("exec", host["container"], "sh", "-c", script, timeout=300)


def down(lab: LabDir) -> None:
    for host in lab.record.get("hosts", []):
        succeeds("rm", "--force", "--volumes", host["container"], timeout=120)
        succeeds("volume", "rm", host["container"])

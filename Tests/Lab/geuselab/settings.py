"""Names and numbers that more than one part of the lab has to agree on."""

REGION = "us-east-1"
ZONES = ("us-east-1a", "us-east-1b")
INSTANCE_TYPE = "t3.medium"

# The host's kernel may have no NFS client, so the stand-in for EFS is mounted through FUSE.
NETWORK_FS_TYPES = "nfs4,nfs,fuse.nfs4"

SSH_USER = "ec2-user"

# Docker objects of every lab carry this label; its value is the lab's directory.
LABEL = "geuse-lab"

# Candidates for a lab's two networks, 172.31.N.0/24: N and N + 1.
FIRST_NETWORKS = range(200, 250, 2)


def host_name(index: int) -> str:
    """Name of the index-th host; its stack has the same one."""
    return f"lab-stack-{index}"

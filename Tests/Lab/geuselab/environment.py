"""The settings with which a client finds the lab: `lab env`."""

import shlex

from geuselab.labdir import LabDir
from geuselab.settings import NETWORK_FS_TYPES, REGION, SSH_USER


def variables(lab: LabDir) -> dict[str, str]:
    record = lab.record
    return {
        "AWS_ENDPOINT_URL": record["endpoint"],
        "AWS_ACCESS_KEY_ID": record["access_key_id"],
        "AWS_SECRET_ACCESS_KEY": record["secret_access_key"],
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        # Nothing here answers at 169.254.169.254; and settings of the user's own must not reach in.
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "GEUSEMAKER_STATE_DIR": str(lab.path / "state"),
        "GEUSEMAKER_NETWORK_FS_TYPES": NETWORK_FS_TYPES,
        "GEUSEMAKER_SSH_USER": SSH_USER,
        "GEUSEMAKER_SSH_KEY": str(lab.path / "ssh/id_ed25519"),
        "GEUSEMAKER_SSH_KNOWN_HOSTS": str(lab.path / "ssh/known_hosts"),
        "LAB_DIR": str(lab.path),
        "LAB_INSTANCE_ID": record["hosts"][0]["instance_id"],
    }


def exports(lab: LabDir) -> str:
    """For `eval "$(lab env)"`."""
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in variables(lab).items())

"""Secrets of a lab, made anew for each: access keys, SSH key, passwords of the stack."""

import secrets
import string
import subprocess

from geuselab.labdir import LabDir


def make_all(lab: LabDir) -> None:
    key = lab.file("ssh/id_ed25519")
    if not key.exists():
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "geuse-lab", "-f", str(key)]
        subprocess.run(command, check=True)
    alphabet = string.ascii_uppercase + string.digits
    lab.save(
        access_key_id="AKIALAB" + "".join(secrets.choice(alphabet) for _ in range(13)),
        secret_access_key=secrets.token_urlsafe(30),
        stack={"POSTGRES_PASSWORD": secrets.token_hex(12), "N8N_ENCRYPTION_KEY": secrets.token_hex(16)},
    )

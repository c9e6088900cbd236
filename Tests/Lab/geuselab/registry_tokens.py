"""Bearer tokens as the registry's token service gives them (distribution specification, token authentication)."""

import base64
import time
import uuid
from pathlib import Path

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import serialization

ISSUER = "lab-auth"
SERVICE = "registry.docker.io"

# Repositories under these names need an account, as private ones on Docker Hub do.
PRIVATE = ("geuse/",)
ACCOUNTS = {"labuser": "labpassword"}


class TokenService:
    """Signs tokens with the key whose certificate the registry trusts."""

    def __init__(self, pki: Path):
        self._key = (pki / "token.key").read_text()
        certificate = x509.load_pem_x509_certificate((pki / "token.crt").read_bytes())
        der = certificate.public_bytes(serialization.Encoding.DER)
        self._chain = [base64.b64encode(der).decode()]

    def token(self, access: list[dict], account: str = "") -> str:
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "sub": account,
            "aud": SERVICE,
            "iat": now,
            "nbf": now - 5,
            "exp": now + 300,
            "jti": str(uuid.uuid4()),
            "access": access,
        }
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"x5c": self._chain})

    def for_scopes(self, scopes: list[str], account: str) -> str:
        """What a client may have of what it asks for: anybody pulls what is public, an account what is private."""
        access = []
        for scope in scopes:
            kind, _, rest = scope.partition(":")
            name, _, actions = rest.rpartition(":")
            may_pull = bool(account) or not name.startswith(PRIVATE)
            granted = [action for action in actions.split(",") if action == "pull" and may_pull]
            access.append({"type": kind, "name": name, "actions": granted})
        return self.token(access, account)


def account_of(authorization: str) -> str | None:
    """The account of a Basic header; empty without one, None when the password is wrong."""
    if not authorization.startswith("Basic "):
        return ""
    user, _, password = base64.b64decode(authorization[6:]).decode().partition(":")
    return user if ACCOUNTS.get(user) == password else None

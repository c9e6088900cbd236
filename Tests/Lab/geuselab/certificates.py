"""The lab's certificate authority, which its hosts trust, and the certificates it signs; all live as long as the lab."""

import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from geuselab.labdir import LabDir

_LIFETIME = datetime.timedelta(days=30)


def make_all(lab: LabDir) -> None:
    """ca.crt, and key and certificate of the registry (TLS) and of its token service (signatures)."""
    authority_key = _key()
    authority_name = _name("GeuseMaker lab authority")
    authority = _sign(authority_name, authority_key, authority_name, authority_key, [], authority=True)
    _write(lab.file("pki/ca.crt"), authority.public_bytes(serialization.Encoding.PEM))
    for file, hosts in (("registry", ["registry-1.docker.io", "auth.docker.io"]), ("token", [])):
        key = _key()
        certificate = _sign(_name(f"lab {file}"), key, authority_name, authority_key, hosts)
        _write(lab.file(f"pki/{file}.crt"), certificate.public_bytes(serialization.Encoding.PEM))
        _write(
            lab.file(f"pki/{file}.key"),
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            ),
        )


def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _sign(subject, key, issuer, issuer_key, hosts, authority=False) -> x509.Certificate:
    now = datetime.datetime.now(datetime.timezone.utc)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + _LIFETIME)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if hosts:
        names = x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts])
        builder = builder.add_extension(names, critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    path.chmod(0o600 if path.suffix == ".key" else 0o644)

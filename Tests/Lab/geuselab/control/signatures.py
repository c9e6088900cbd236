"""Checks signature version 4, by signing again with botocore and the known secret.

moto's own check refuses correctly signed EFS requests, lets any clock pass and answers JSON services in XML.
"""

import calendar
import hmac
import re
import time

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from geuselab.control.answer import Refusal
from geuselab.control.call import Call

_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256\s+Credential=([^/,]+)/(\d{8})/([^/,]+)/([^/,]+)/aws4_request,\s*"
    r"SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})"
)

_ALLOWED_SKEW = 300  # seconds either way, as AWS allows


class Keys:
    """The access keys that are known: fixed ones, and those that moto's STS gave out."""

    def __init__(self, fixed: dict[str, str]):
        self._fixed = fixed

    def find(self, key_id: str) -> Credentials | None:
        if key_id in self._fixed:
            return Credentials(key_id, self._fixed[key_id])
        from moto.sts.models import sts_backends

        for account in list(sts_backends.values()):
            for backend in list(account.values()):
                for role in backend.assumed_roles:
                    if role.access_key_id == key_id:
                        return Credentials(key_id, role.secret_access_key, role.session_token)
        return None


def check(call: Call, keys: Keys, now: float) -> None:
    """Refuses a request that is not rightly signed, as the service asked would."""
    header = call.header("authorization")
    if not header:
        raise Refusal("MissingAuthenticationToken", "Request is missing Authentication Token", 403)
    match = _AUTHORIZATION.fullmatch(header.strip())
    if not match:
        raise Refusal("IncompleteSignature", "Authorization header is not in the form of signature version 4", 400)
    key_id, day, region, service, signed_names, signature = match.groups()

    credentials = keys.find(key_id)
    if credentials is None:
        raise _unknown_key(service)
    timestamp = call.header("x-amz-date")
    _check_time(service, timestamp, day, now)
    if credentials.token and call.header("x-amz-security-token") != credentials.token:
        raise _unknown_key(service)
    expected = _sign(call, credentials, region, service, signed_names.split(";"), timestamp)
    if not hmac.compare_digest(expected, signature):
        raise _wrong_signature(service)


def _sign(call, credentials, region, service, signed_names, timestamp) -> str:
    request = AWSRequest(
        method=call.method,
        url=f"http://{call.header('host')}{call.target}",
        data=call.body,
    )
    # Exactly the headers that the client says it signed.
    for name in signed_names:
        request.headers[name] = call.header(name)
    request.context["timestamp"] = timestamp
    if service == "s3":
        signer = S3SigV4Auth(credentials, service, region)
        request.context["payload_signing_enabled"] = True
    else:
        signer = SigV4Auth(credentials, service, region)
    canonical = signer.canonical_request(request)
    return signer.signature(signer.string_to_sign(request, canonical), request)


def _check_time(service: str, timestamp: str, day: str, now: float) -> None:
    try:
        signed_at = calendar.timegm(time.strptime(timestamp, "%Y%m%dT%H%M%SZ"))
    except ValueError:
        raise Refusal("IncompleteSignature", "Date must be in ISO-8601 'basic format'", 400) from None
    if not timestamp.startswith(day):
        raise _wrong_signature(service)
    if abs(now - signed_at) > _ALLOWED_SKEW:
        if service == "ec2":
            raise Refusal("RequestExpired", "Request has expired.", 400)
        if service == "s3":
            raise Refusal("RequestTimeTooSkewed", "The difference between the request time and the server's "
                          "time is too large.", 403)
        raise Refusal(_signature_code(service), f"Signature expired: {timestamp} is now too old or too new", 403)


def _unknown_key(service: str) -> Refusal:
    if service == "ec2":
        return Refusal("AuthFailure", "AWS was not able to validate the provided access credentials", 401)
    if service == "s3":
        return Refusal("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist.", 403)
    if service in ("ssm", "elasticfilesystem"):
        status = 400 if service == "ssm" else 403
        return Refusal("UnrecognizedClientException", "The security token included in the request is invalid.", status)
    return Refusal("InvalidClientTokenId", "The security token included in the request is invalid.", 403)


def _wrong_signature(service: str) -> Refusal:
    if service == "ec2":
        return Refusal("AuthFailure", "AWS was not able to validate the provided access credentials", 401)
    message = (
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
        "Access Key and signing method."
    )
    return Refusal(_signature_code(service), message, 400 if service == "ssm" else 403)


def _signature_code(service: str) -> str:
    return "InvalidSignatureException" if service in ("ssm", "elasticfilesystem") else "SignatureDoesNotMatch"

"""What goes back: answers, and refusals in the form of the service's protocol."""

import json
import uuid
from dataclasses import dataclass, field
from xml.sax.saxutils import escape


@dataclass
class Answer:
    status: int
    body: bytes
    headers: list[tuple[str, str]] = field(default_factory=list)
    code: str = ""  # the error code, for the request log
    reset: bool = False  # close the connection instead of answering
    cut: bool = False  # close it half-way through the body


class Refusal(Exception):
    """A service's refusal: its code, message and HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400):
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


def json_answer(message: dict, status: int = 200, kind: str = "application/x-amz-json-1.1") -> Answer:
    return Answer(status, json.dumps(message).encode(), [("Content-Type", kind), *_request_id()])


def refuse(service: str, refusal: Refusal) -> Answer:
    """Writes a refusal as the service would (AWS protocols: ec2, query, json, rest-json)."""
    request_id = str(uuid.uuid4())
    code, message = escape(refusal.code), escape(refusal.message)
    if service in ("ec2", "unknown"):
        body = (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>{code}</Code>'
            f"<Message>{message}</Message></Error></Errors><RequestID>{request_id}</RequestID></Response>"
        )
        answer = Answer(refusal.status, body.encode(), [("Content-Type", "text/xml;charset=UTF-8")])
    elif service in ("ssm", "pricing", "servicequotas", "secretsmanager", "dynamodb"):
        answer = json_answer({"__type": refusal.code, "message": refusal.message}, refusal.status)
    elif service == "elasticfilesystem":
        answer = json_answer(
            {"ErrorCode": refusal.code, "Message": refusal.message}, refusal.status, "application/json"
        )
        answer.headers.append(("x-amzn-ErrorType", refusal.code))
    elif service == "s3":
        body = (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message>'
            f"<RequestId>{request_id}</RequestId></Error>"
        )
        answer = Answer(refusal.status, body.encode(), [("Content-Type", "application/xml")])
    else:
        body = (
            f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
            f"<RequestId>{request_id}</RequestId></ErrorResponse>"
        )
        answer = Answer(refusal.status, body.encode(), [("Content-Type", "text/xml")])
    answer.code = refusal.code
    return answer


def _request_id() -> list[tuple[str, str]]:
    return [("x-amzn-RequestId", str(uuid.uuid4()))]

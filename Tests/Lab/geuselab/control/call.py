"""One request to AWS, read far enough to know what it asks for."""

import json
import re
import urllib.parse
from dataclasses import dataclass, field
from functools import cached_property

_SCOPE = re.compile(r"Credential=[^/,]+/\d{8}/([^/,]+)/([^/,]+)/aws4_request")

# Operations of EFS, a REST service: they are told by method and path.
_EFS_OPERATIONS = [
    ("GET", r"/2015-02-01/file-systems", "DescribeFileSystems"),
    ("POST", r"/2015-02-01/file-systems", "CreateFileSystem"),
    ("DELETE", r"/2015-02-01/file-systems/[^/]+", "DeleteFileSystem"),
    ("GET", r"/2015-02-01/mount-targets", "DescribeMountTargets"),
    ("POST", r"/2015-02-01/mount-targets", "CreateMountTarget"),
    ("DELETE", r"/2015-02-01/mount-targets/[^/]+", "DeleteMountTarget"),
    ("GET", r"/2015-02-01/mount-targets/[^/]+/security-groups", "DescribeMountTargetSecurityGroups"),
]


@dataclass
class Call:
    method: str
    target: str  # path and query as they came, undecoded
    headers: list[tuple[str, str]]
    body: bytes
    peer_port: int = 0
    service: str = field(init=False)
    region: str = field(init=False)

    def __post_init__(self) -> None:
        scope = _SCOPE.search(self.header("authorization"))
        self.region, self.service = scope.groups() if scope else ("us-east-1", "unknown")

    def header(self, name: str) -> str:
        """All values of a header, joined; empty when there is none."""
        return ",".join(value for key, value in self.headers if key.lower() == name)

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]

    @cached_property
    def form(self) -> dict[str, str]:
        """Parameters of a Query request (EC2, STS)."""
        if "x-www-form-urlencoded" not in self.header("content-type"):
            return {}
        return dict(urllib.parse.parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    @cached_property
    def json(self) -> dict:
        """The message of a JSON request (SSM)."""
        try:
            message = json.loads(self.body)
        except ValueError:
            return {}
        return message if isinstance(message, dict) else {}

    @cached_property
    def operation(self) -> str:
        if target := self.header("x-amz-target"):
            return target.rpartition(".")[2]
        if "Action" in self.form:
            return self.form["Action"]
        if self.service == "elasticfilesystem":
            for method, pattern, name in _EFS_OPERATIONS:
                if method == self.method and re.fullmatch(pattern, self.path.rstrip("/")):
                    return name
        return f"{self.method} {self.path}"

    @property
    def instance_ids(self) -> list[str]:
        """The instances it names, for the request log."""
        named = [value for key, value in self.form.items() if re.fullmatch(r"InstanceId(\.\d+)?", key)]
        named += self.json.get("InstanceIds", [])
        if "InstanceId" in self.json:
            named.append(self.json["InstanceId"])
        return named

"""moto behind a check of every signature; prints its port, ends when its standard input does.

The check recomputes the signature with botocore from what came over the wire, so that a request
signed with a wrong secret, over other bytes or at a wrong time is refused as AWS refuses it. moto's
own IAM check refuses correct EFS requests and lets clock skew pass.

With --iam it is moto's own check of IAM users and policies instead, and prints the user's key and
secret behind the port.

GET /_lab/log      the operations so far
GET /_lab/fault?operation=X&status=S&code=C&count=N&close=1&run=1&header=value
                   the next N requests of an operation fail; close breaks the connection without a
                   reply, run carries the request out first
GET /_lab/instance     makes an instance, and says its id
GET /_lab/address?instance=ID
                   gives an instance an Elastic IP, and says which
GET /_lab/efs      makes a file system with a mount target, and says its id
"""

import datetime
import io
import json
import os
import re
import sys
import threading
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "true")
import boto3  # noqa: E402  (moto wants it first)
import botocore.auth  # noqa: E402
from botocore.awsrequest import AWSRequest  # noqa: E402
from botocore.credentials import Credentials  # noqa: E402
from moto.server import DomainDispatcherApplication, create_backend_app  # noqa: E402
from unittest import mock  # noqa: E402

IAM = "--iam" in sys.argv
POLICY = {
    "Version": "2012-10-17",
    "Statement": [{
        "Effect": "Allow", "Resource": "*",
        "Action": ["ec2:Describe*", "ssm:SendCommand", "ssm:GetCommandInvocation"],
    }],
}
SECRETS = {"AKIATEST": "the-secret"}
LOG = []
FAULTS = {}
application = DomainDispatcherApplication(create_backend_app)


def refusal(handler_target, code, message):
    if handler_target:
        body = json.dumps({"__type": code, "message": message})
        return 400, {"Content-Type": "application/x-amz-json-1.1"}, body.encode()
    body = (
        '<?xml version="1.0" encoding="UTF-8"?><Response><Errors><Error><Code>%s</Code>'
        "<Message>%s</Message></Error></Errors><RequestID>lab-1</RequestID></Response>"
    ) % (code, message)
    return 403, {"Content-Type": "text/xml"}, body.encode()


def check(method, path, headers, body):
    """None for a good signature, else a code."""
    given = headers.get("Authorization", "")
    match = re.fullmatch(
        r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d+)/([^/]+)/([^/]+)/aws4_request, "
        r"SignedHeaders=([^,]+), Signature=([0-9a-f]{64})",
        given,
    )
    if not match:
        return "MissingAuthenticationToken"
    access, day, region, service, signed, _ = match.groups()
    if access not in SECRETS:
        return "AuthFailure"
    moment = datetime.datetime.strptime(headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ")
    if abs((datetime.datetime.utcnow() - moment).total_seconds()) > 300:
        return "RequestTimeTooSkewed"
    request = AWSRequest(method, "http://" + headers["Host"] + path, data=body)
    for name in signed.split(";"):
        if name != "host":
            request.headers[name] = headers[name]
    credentials = Credentials(access, SECRETS[access], headers.get("X-Amz-Security-Token"))
    with mock.patch("botocore.auth.get_current_datetime", lambda *a, **k: moment):
        botocore.auth.SigV4Auth(credentials, service, region).add_auth(request)
    return None if request.headers["Authorization"] == given else "SignatureDoesNotMatch"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 65536

    def log_message(self, *arguments):
        pass

    def reply(self, status, headers, body):
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in ("content-length", "connection", "transfer-encoding", "date",
                                    "server"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def control(self, path):
        url = urllib.parse.urlsplit(path)
        fields = dict(urllib.parse.parse_qsl(url.query))
        if url.path == "/_lab/log":
            return self.reply(200, {}, json.dumps(LOG).encode())
        if url.path == "/_lab/instance":
            client = boto3.client(
                "ec2", endpoint_url="http://127.0.0.1:%d" % self.server.server_address[1],
                region_name="us-east-1", aws_access_key_id="AKIATEST",
                aws_secret_access_key="the-secret",
            )
            image = client.describe_images(Owners=["amazon"], MaxResults=5)["Images"][0]["ImageId"]
            made = client.run_instances(
                ImageId=image, InstanceType="t3.medium", MinCount=1, MaxCount=1,
                TagSpecifications=[{
                    "ResourceType": "instance",
                    "Tags": [{"Key": "Stack", "Value": "a<&>\"'\u00fc\U0001f642"}],
                }],
            )
            return self.reply(200, {}, made["Instances"][0]["InstanceId"].encode())
        if url.path == "/_lab/address":
            client = boto3.client(
                "ec2", endpoint_url="http://127.0.0.1:%d" % self.server.server_address[1],
                region_name="us-east-1", aws_access_key_id="AKIATEST",
                aws_secret_access_key="the-secret",
            )
            made = client.allocate_address(Domain="vpc")
            client.associate_address(
                InstanceId=fields["instance"], AllocationId=made["AllocationId"]
            )
            return self.reply(200, {}, made["PublicIp"].encode())
        if url.path == "/_lab/efs":
            client = boto3.client(
                "efs", endpoint_url="http://127.0.0.1:%d" % self.server.server_address[1],
                region_name="us-east-1", aws_access_key_id="AKIATEST",
                aws_secret_access_key="the-secret",
            )
            ec2 = boto3.client(
                "ec2", endpoint_url="http://127.0.0.1:%d" % self.server.server_address[1],
                region_name="us-east-1", aws_access_key_id="AKIATEST",
                aws_secret_access_key="the-secret",
            )
            made = client.create_file_system(CreationToken="t")["FileSystemId"]
            subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
            client.create_mount_target(FileSystemId=made, SubnetId=subnet)
            return self.reply(200, {}, made.encode())
        FAULTS.setdefault(fields["operation"], []).extend([fields] * int(fields.get("count", 1)))
        return self.reply(200, {}, b"")

    def run(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.startswith("/_lab/"):
            return self.control(self.path)
        target = self.headers.get("X-Amz-Target", "")
        form = urllib.parse.parse_qs(body.decode("utf-8", "replace"))
        operation = target.split(".")[-1] or (form.get("Action") or [self.path.split("?")[0]])[0]
        LOG.append(operation)
        code = None if IAM else check(self.command, self.path, self.headers, body)
        if code:
            return self.reply(*refusal(target, code, "refused by the lab"))
        faults = FAULTS.get(operation)
        fault = faults.pop(0) if faults else None
        if fault and not fault.get("run"):
            return self.fail(fault, target)
        status, headers, out = self.moto(body)
        if fault:
            return self.fail(fault, target)
        return self.reply(status, headers, out)

    def fail(self, fault, target):
        if fault.get("close"):
            self.close_connection = True
            return None
        status, headers, body = refusal(target, fault["code"], "as asked for")
        if "header" in fault:
            headers[fault["header"]] = fault["value"]
        return self.reply(int(fault.get("status", status)), headers, body)

    def moto(self, body):
        path, _, query = self.path.partition("?")
        environ = {
            "REQUEST_METHOD": self.command, "SCRIPT_NAME": "",
            "PATH_INFO": urllib.parse.unquote(path), "QUERY_STRING": query,
            "RAW_URI": self.path, "REQUEST_URI": self.path, "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": str(self.server.server_address[1]), "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1", "wsgi.version": (1, 0), "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body), "wsgi.errors": sys.stderr, "wsgi.multithread": True,
            "wsgi.multiprocess": False, "wsgi.run_once": False,
        }
        for name, value in self.headers.items():
            name = name.upper().replace("-", "_")
            plain = name in ("CONTENT_TYPE", "CONTENT_LENGTH")
            environ[name if plain else "HTTP_" + name] = value
        got = {}

        def start(status, headers, error=None):
            got.update(status=int(status.split()[0]), headers=dict(headers))

        result = application(environ, start)
        out = b"".join(result)
        if hasattr(result, "close"):
            result.close()
        return got["status"], got["headers"], out

    do_GET = do_POST = do_PUT = do_DELETE = run


class Server(ThreadingHTTPServer):
    daemon_threads = True


server = Server(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
port = server.server_address[1]
if IAM:
    iam = boto3.client(
        "iam", endpoint_url="http://127.0.0.1:%d" % port, region_name="us-east-1",
        aws_access_key_id="x", aws_secret_access_key="x",
    )
    iam.create_user(UserName="ops")
    iam.put_user_policy(UserName="ops", PolicyName="p", PolicyDocument=json.dumps(POLICY))
    key = iam.create_access_key(UserName="ops")["AccessKey"]
    urllib.request.urlopen(urllib.request.Request(
        "http://127.0.0.1:%d/moto-api/reset-auth" % port, data=b"0",
        headers={"Content-Type": "text/plain"},
    )).read()
    print(port, key["AccessKeyId"], key["SecretAccessKey"], flush=True)
else:
    print(port, flush=True)
sys.stdin.buffer.read()

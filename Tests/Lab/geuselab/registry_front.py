"""The face of Docker Hub in front of Debian's docker-registry: TLS, bearer tokens, rate limit headers, faults.

python -m geuselab.registry_front --pki DIR --listen ADDRESS --backend PORT

POST /_lab/faults {"mode": MODE, "times": N, "repository": TEXT, "seconds": S}, MODE one of rate-limit, unavailable,
reset, slow, off.
"""

import argparse
import http.client
import json
import socket
import ssl
import struct
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from geuselab.registry_tokens import TokenService, account_of

_HOP_BY_HOP = {"transfer-encoding", "connection", "content-length", "date", "server"}

_REFUSALS = {
    "rate-limit": (
        429,
        "TOOMANYREQUESTS",
        "You have reached your pull rate limit. You may increase the limit by authenticating and upgrading: "
        "https://www.docker.com/increase-rate-limit",
    ),
    "unavailable": (503, "UNAVAILABLE", "service unavailable"),
}


class Front(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    tokens: TokenService
    backend: int
    fault: dict = {"mode": "off"}

    def handle_any(self) -> None:
        url = urllib.parse.urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if url.path == "/_lab/faults":
            type(self).fault = json.loads(body)
            self._answer(200, self.fault)
        elif url.path == "/token":
            self._give_token(url)
        elif not self._goes_wrong(url.path):
            self._pass_on(body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any

    def _give_token(self, url: urllib.parse.SplitResult) -> None:
        account = account_of(self.headers.get("Authorization", ""))
        if account is None:
            self._answer(401, {"details": "incorrect username or password"})
            return
        scopes = " ".join(urllib.parse.parse_qs(url.query).get("scope", [])).split()
        token = self.tokens.for_scopes(scopes, account)
        self._answer(200, {"token": token, "access_token": token, "expires_in": 300})

    def _goes_wrong(self, path: str) -> bool:
        """Whether a fault took the request; `slow` only delays it."""
        fault = self.fault
        if fault["mode"] == "off" or fault.get("times", 1) < 1 or "/manifests/" not in path:
            return False
        if fault.get("repository", "") not in path:
            return False
        fault["times"] = fault.get("times", 1) - 1
        if fault["mode"] == "slow":
            time.sleep(fault.get("seconds", 5))
            return False
        if fault["mode"] == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()
            return True
        status, code, message = _REFUSALS[fault["mode"]]
        self._answer(status, {"errors": [{"code": code, "message": message}]}, {"Retry-After": "1"})
        return True

    def _pass_on(self, body: bytes) -> None:
        # Repeated Accept headers must be joined: the registry reads one, and would fall back to schema 1.
        headers = {name: ", ".join(self.headers.get_all(name)) for name in self.headers if name.lower() != "connection"}
        headers["X-Forwarded-Proto"] = "https"
        backend = http.client.HTTPConnection("127.0.0.1", self.backend, timeout=60)
        backend.request(self.command, self.path, body or None, headers)
        reply = backend.getresponse()
        data = reply.read()
        self.send_response(reply.status)
        for name, value in reply.getheaders():
            if name.lower() not in _HOP_BY_HOP:
                self.send_header(name, value)
        length = reply.getheader("Content-Length") if self.command == "HEAD" else str(len(data))
        self.send_header("Content-Length", length or "0")
        if "/manifests/" in self.path and reply.status == 200:
            self.send_header("ratelimit-limit", "100;w=21600")
            self.send_header("ratelimit-remaining", "99;w=21600")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)
        backend.close()

    def _answer(self, status: int, message: dict, headers: dict | None = None) -> None:
        data = json.dumps(message).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pki", type=Path, required=True)
    parser.add_argument("--listen", required=True)
    parser.add_argument("--backend", type=int, required=True)
    arguments = parser.parse_args()

    Front.tokens = TokenService(arguments.pki)
    Front.backend = arguments.backend
    server = ThreadingHTTPServer((arguments.listen, 443), Front)
    server.daemon_threads = True
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(arguments.pki / "registry.crt", arguments.pki / "registry.key")
    # The handshake belongs to the connection's own thread: a client that hangs must not stop the others.
    server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.serve_forever()


if __name__ == "__main__":
    main()

"""HTTP/1.1 with connections that stay open; moto's own server closes each after one answer."""

import json
import socket
import struct
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from geuselab.control.agents import Agents
from geuselab.control.answer import Answer, json_answer
from geuselab.control.application import Application
from geuselab.control.call import Call
from geuselab.control.timing import Timing
from geuselab.control.lab_api import LabAPI

_OURS = {"content-length", "connection", "transfer-encoding", "date", "server"}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 65_536

    def log_message(self, *_) -> None:
        pass  # the request log says it better

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        answer = self.reply(body)
        if answer.reset:
            # SO_LINGER of zero: the client sees a reset, not an end.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()
            return
        self.send_response(answer.status)
        for name, value in answer.headers:
            if name.lower() not in _OURS:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body[: len(answer.body) // 2] if answer.cut else answer.body)
        self.close_connection |= answer.cut

    do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = do_PATCH = handle_any

    def reply(self, body: bytes) -> Answer:
        raise NotImplementedError


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request, client_address) -> None:
        pass  # a client that went away is no news


def aws_server(port: int, application: Application, lab_api: LabAPI, timing: Timing) -> ThreadingHTTPServer:
    """For clients of AWS, and for the lab's own endpoint: on the loopback address only."""

    class AWSHandler(_Handler):
        def reply(self, body: bytes) -> Answer:
            if self.path.startswith("/_lab/"):
                return lab_api.answer(self.command, self.path, body)
            call = Call(self.command, self.path, self.headers.items(), body, self.client_address[1])
            return application.answer(call)

        def date_time_string(self, timestamp: float | None = None) -> str:
            return super().date_time_string(time.time() + timing.ahead if timestamp is None else timestamp)

    return _Server(("127.0.0.1", port), AWSHandler)


def agent_server(address: str, port: int, agents: Agents) -> ThreadingHTTPServer:
    """For the agents on the hosts: on the lab's network only."""

    class AgentHandler(_Handler):
        def reply(self, body: bytes) -> Answer:
            work = {"/_agent/poll": agents.poll, "/_agent/report": agents.report}.get(self.path)
            if work is None:
                return json_answer({}, 404)
            return json_answer(work(json.loads(body)))

    return _Server((address, port), AgentHandler)

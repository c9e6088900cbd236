"""What happens to a request: signature, fault, the service itself, request log."""

import io
import sys
import time
import urllib.parse

from moto.server import DomainDispatcherApplication, create_backend_app

from geuselab.control import capacity, price_list, signatures
from geuselab.control.answer import Answer, Refusal, refuse
from geuselab.control.call import Call
from geuselab.control.faults import Fault, Faults
from geuselab.control.request_log import RequestLog
from geuselab.control.ssm import SSM
from geuselab.control.timing import Timing


class Application:
    def __init__(self, keys: signatures.Keys, faults: Faults, timing: Timing, log: RequestLog, ssm: SSM):
        self._keys, self._faults, self._timing, self._log, self._ssm = keys, faults, timing, log, ssm
        self._moto = DomainDispatcherApplication(create_backend_app)

    def answer(self, call: Call) -> Answer:
        started = time.time()
        time.sleep(self._timing.latency)
        try:
            signatures.check(call, self._keys, started + self._timing.ahead)
            answer = self._with_faults(call)
        except Refusal as refusal:
            answer = refuse(call.service, refusal)
        self._log.add(call, started, answer)
        return answer

    def _with_faults(self, call: Call) -> Answer:
        fault = self._faults.take(call.operation)
        if fault is None or not (fault.code or fault.reset):
            return self._serve(call)
        if fault.when == "after":
            self._serve(call)
        return _broken(call, fault)

    def _serve(self, call: Call) -> Answer:
        if self._ssm.serves(call):
            return self._ssm.answer(call)
        if price_list.serves(call):
            return price_list.answer(call)
        if capacity.serves(call):
            return capacity.answer(call)
        return self._ask_moto(call)

    def _ask_moto(self, call: Call) -> Answer:
        """moto as a WSGI application (PEP 3333)."""
        environment = {
            "REQUEST_METHOD": call.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": urllib.parse.unquote(call.path, encoding="latin-1"),
            "QUERY_STRING": call.query,
            "RAW_URI": call.target,
            "REQUEST_URI": call.target,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "CONTENT_TYPE": call.header("content-type"),
            "CONTENT_LENGTH": str(len(call.body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(call.body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, _ in call.headers:
            if name.lower() not in ("content-type", "content-length"):
                environment["HTTP_" + name.upper().replace("-", "_")] = call.header(name.lower())
        head: list = []
        chunks = self._moto(environment, lambda status, headers, _=None: head.extend([status, headers]))
        body = b"".join(chunks)
        answer = Answer(int(head[0].split()[0]), body, head[1])
        if answer.status >= 400:
            answer.code = _code_in(body)
        return answer


def _broken(call: Call, fault: Fault) -> Answer:
    if fault.reset:
        return Answer(0, b"", reset=True, code="reset")
    return refuse(call.service, Refusal(fault.code, fault.message, fault.status))


def _code_in(body: bytes) -> str:
    """The error code in moto's XML or JSON, for the request log."""
    text = body.decode("utf-8", "replace")
    for begin, end in (("<Code>", "</Code>"), ('"ErrorCode": "', '"'), ('"__type": "', '"')):
        if begin in text:
            return text.partition(begin)[2].partition(end)[0]
    return "unknown"

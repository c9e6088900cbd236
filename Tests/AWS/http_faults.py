"""An HTTP server that misbehaves as its path says; prints its port, ends when its input does.

It is a proxy too: absolute URLs are answered with what was asked for, CONNECT to `refused` gets 403
and any other CONNECT is tunnelled.
"""

import datetime
import ipaddress
import json
import os
import socket
import ssl
import sys
import tempfile
import threading
import time

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

COUNTS = {}
LOCK = threading.Lock()


def certificate(directory):
    """A self-signed certificate for 127.0.0.1 only; the path of its PEM and of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "lab")])
    now = datetime.datetime.now(datetime.timezone.utc)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name)
        .public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    pem, key_path = os.path.join(directory, "ca.pem"), os.path.join(directory, "key.pem")
    with open(pem, "wb") as file:
        file.write(made.public_bytes(serialization.Encoding.PEM))
    with open(key_path, "wb") as file:
        file.write(key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ))
    return pem, key_path


def read_request(file):
    line = file.readline().decode("latin-1").split()
    if len(line) < 3:
        return None
    headers = []
    while True:
        header = file.readline().decode("latin-1").rstrip("\r\n")
        if not header:
            break
        headers.append(header)
    fields = {h.partition(":")[0].lower(): h.partition(":")[2].strip() for h in headers}
    if line[1] == "/deaf":
        return None
    body = file.read(int(fields.get("content-length", 0)))
    return line[0], line[1], headers, body


def respond(connection, body, status="200 OK", extra=()):
    head = ["HTTP/1.1 " + status, "Content-Length: %d" % len(body), *extra, "", ""]
    connection.sendall("\r\n".join(head).encode() + body)


def tunnel(connection, target):
    host, _, port = target.rpartition(":")
    if host == "refused":
        return respond(connection, b"", "403 Forbidden")
    with LOCK:
        COUNTS["CONNECT"] = COUNTS.get("CONNECT", 0) + 1
    other = socket.create_connection((host, int(port)))
    connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")

    def pump(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    threading.Thread(target=pump, args=(other, connection), daemon=True).start()
    pump(connection, other)


def serve(connection, peer):
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    file = connection.makefile("rb")
    served = 0
    while request := read_request(file):
        method, path, headers, body = request
        if method == "CONNECT":
            return tunnel(connection, path)
        with LOCK:
            COUNTS[path] = COUNTS.get(path, 0) + 1
        if path == "/info":
            respond(connection, json.dumps(INFO | {"counts": COUNTS}).encode())
        elif path == "/slow":
            time.sleep(3)
        elif path == "/reset":
            return
        elif path.startswith("/second-dies") and served:
            return
        elif path == "/truncated":
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")
            return
        elif path == "/huge":
            respond(connection, b"x" * 200000)
        elif path == "/many-headers":
            respond(connection, b"", extra=["X-%d: %s" % (n, "y" * 1000) for n in range(400)])
        elif path == "/chunked":
            connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                               b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n")
        elif path == "/redirect":
            respond(connection, b"", "302 Found", ["Location: /echo"])
        elif path == "/continue":
            connection.sendall(b"HTTP/1.1 100 Continue\r\nX-First: 1\r\n\r\n")
            respond(connection, b"after", extra=["X-Second:   2  "])
        else:
            out = {"method": method, "path": path, "headers": headers,
                   "body": body.decode("latin-1"), "peer": peer[1]}
            respond(connection, json.dumps(out).encode())
        served += 1


def listen(context=None):
    listener = socket.create_server(("127.0.0.1", 0))

    def one(connection, peer):
        try:
            if context:
                connection = context.wrap_socket(connection, server_side=True)
            serve(connection, peer)
        except OSError:
            pass
        finally:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            connection.close()

    def loop():
        while True:
            threading.Thread(target=one, args=listener.accept(), daemon=True).start()

    threading.Thread(target=loop, daemon=True).start()
    return listener.getsockname()[1]


with tempfile.TemporaryDirectory() as directory:
    pem, key_path = certificate(directory)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(pem, key_path)
    INFO = {"ca": pem, "tls": listen(tls)}
    print(listen(), flush=True)
    sys.stdin.buffer.read()

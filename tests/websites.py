"""Websites on this machine: they answer what a test tells them to, well or badly, and write down who asked for what."""

import datetime
import ipaddress
import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: dict[str, str]  # names in lower case
    began: float  # seconds of the monotonic clock


Answer = Callable[[socket.socket, Asked], None]


@dataclass
class Website:
    """`answer` writes a whole response, its first line too. `certificate`: with one, it speaks TLS."""

    port: int = 0
    answer: Answer = field(default=lambda line, asked: line.sendall(page()))
    asked: list[Asked] = field(default_factory=list)
    certificate: Path | None = None
    connections: int = 0

    def url(self, host: str = "klinik.example", path: str = "/") -> str:
        return f"{'https' if self.certificate else 'http'}://{host}:{self.port}{path}"

    def says(self, status: int = 200, **headers: str) -> None:
        self.answer = lambda line, asked: line.sendall(page(status, **headers))

    def says_by_method(self, *, head: bytes, get: bytes) -> None:
        self.answer = lambda line, asked: line.sendall(head if asked.method == "HEAD" else get)

    def writes(self, raw: bytes) -> None:
        self.answer = lambda line, asked: line.sendall(raw)

    def drips(self, begun: bytes, more: bytes) -> None:
        """Begins, and sends a little now and then for as long as somebody listens."""

        def answer(line: socket.socket, asked: Asked) -> None:
            line.sendall(begun)
            while True:
                line.sendall(more)
                time.sleep(0.02)

        self.answer = answer

    @property
    def methods(self) -> list[str]:
        return [one.method for one in self.asked]


def page(status: int = 200, **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} Besked", "Content-Length: 0"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


@contextmanager
def open_website(certificate: Path | None = None) -> Iterator[Website]:
    told = Website(certificate=certificate)
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            told.connections += 1
            with suppress(OSError):  # nobody listens any more
                line = context.wrap_socket(self.request, server_side=True) if context else self.request
                with line, line.makefile("rb") as incoming:
                    if asked := _request(incoming):
                        told.asked.append(asked)
                        told.answer(line, asked)

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address, daemon_threads, block_on_close = True, True, False

    server = Server((LOOPBACK, 0), Handler)
    told.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _request(incoming) -> Asked | None:
    first = incoming.readline().decode("latin-1").split(" ")
    if len(first) != 3:
        return None
    headers: dict[str, str] = {}
    while (text := incoming.readline().decode("latin-1").strip()) and ":" in text:
        name, _, value = text.partition(":")
        headers[name.lower()] = value.strip()
    return Asked(first[0], first[1], headers, time.monotonic())


def certificate(folder: Path, *names: str, days: int = 30, by: Path | None = None, name: str = "one") -> Path:
    """A file with a key and its certificate for `names`, signed by `by`, or by itself. `days` until it is over."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer, signer = subject, key
    if by:
        issuer = x509.load_pem_x509_certificate(by.read_bytes()).subject
        signer = serialization.load_pem_private_key(by.read_bytes(), None)  # type: ignore[assignment]
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=60))
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([_name(one) for one in names] or [x509.DNSName("ca.example")]), False
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), False)  # type: ignore[arg-type]
        .sign(signer, hashes.SHA256())  # type: ignore[arg-type]
    )
    path = folder / f"{name}.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


def _name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)

"""A geocoder on this machine: it answers what a test tells it to, well or badly, and writes down who asked and when."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from clinics.models import Clinic


@dataclass
class Asked:
    path: str
    query: dict[str, str]
    agent: str
    at: float  # seconds of the monotonic clock


@dataclass
class Server:
    """`answer`: writes a whole response, given the handler."""

    port: int = 0
    answer: Callable[[Any], None] = lambda handler: says(handler, [])
    asked: list[Asked] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"nominatim+http://127.0.0.1:{self.port}"

    def says(self, *places: Any, status: int = 200, kind: str = "application/json") -> None:
        self.answer = lambda handler: says(handler, list(places), status, kind)

    def writes(self, raw: bytes) -> None:
        """Everything, its first line too."""
        self.answer = lambda handler: handler.wfile.write(raw)

    def drips(self, first: bytes, more: bytes = b" ") -> None:
        """Begins, and sends a byte now and then for as long as somebody listens."""

        def answer(handler: Any) -> None:
            handler.wfile.write(first)
            while True:
                handler.wfile.write(more)
                time.sleep(0.02)

        self.answer = answer


def place(latitude: Any = 56.16, longitude: Any = 10.21, **address: str) -> dict[str, Any]:
    """As Nominatim tells of one place, with numbers as texts."""
    told = {"road": "Havnegade", "house_number": "1", "postcode": "8000", "country_code": "dk"} | address
    told = {name: value for name, value in told.items() if value}
    return {"lat": str(latitude), "lon": str(longitude), "display_name": "Et sted", "address": told, "importance": 0.1}


def says(handler: Any, body: Any, status: int = 200, kind: str = "application/json") -> None:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(sent)))
    handler.end_headers()
    handler.wfile.write(sent)


@contextmanager
def open_geocoder() -> Iterator[Server]:
    told = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            told.asked.append(Asked(parts.path, query, self.headers["User-Agent"], time.monotonic()))
            with suppress(OSError):  # nobody listens any more
                told.answer(self)

        def log_message(self, *arguments: Any) -> None:
            """Not on the screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


# Where a clinic stands: its point, who says so, and how exact it is

DOOR = (56.16, 10.21)
LOOKED_UP = (DOOR, "geocoder", "address")
AT_POSTCODE = ((56.1572, 10.2107), "postcode", "postcode")  # of Aarhus C


def now(one: Clinic) -> Clinic:
    return Clinic.objects.select_related("postcode").get(pk=one.pk)


def where(one: Clinic) -> tuple:
    one = now(one)
    return (one.latitude, one.longitude), one.location_source, one.location_precision

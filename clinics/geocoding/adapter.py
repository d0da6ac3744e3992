"""How geopy reaches a geocoder: one short answer of JSON over one connection, and everything is over after `timeout` seconds.

geopy's own adapters count their time-out for each read anew, so that a server which sends a byte now and then keeps a worker
for hours; they follow redirects, and read answers of any length. Here all of it happens in a thread that is waited for once.
"""

import http.client
import json
import socket
import ssl
import threading
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from geopy.adapters import AdapterHTTPError, BaseSyncAdapter
from geopy.exc import GeocoderParseError, GeocoderServiceError, GeocoderTimedOut, GeocoderUnavailable

LONGEST = 500_000  # bytes; five answers are a few thousand


class BoundedAdapter(BaseSyncAdapter):
    """No redirects, no proxies, no cookies. Raises geopy's errors, and they never hold what the server wrote."""

    def __init__(self, *, proxies: Any, ssl_context: ssl.SSLContext | None) -> None:
        super().__init__(proxies=proxies, ssl_context=ssl_context)
        self.ssl_context = ssl_context or ssl.create_default_context()

    def get_json(self, url: str, *, timeout: float, headers: dict[str, str]) -> Any:
        text = self.get_text(url, timeout=timeout, headers=headers)
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise GeocoderParseError("no JSON") from error

    def get_text(self, url: str, *, timeout: float, headers: dict[str, str]) -> str:
        call = _Call(url, timeout, headers, self.ssl_context)
        call.start()
        call.join(timeout)
        if call.is_alive():
            call.end()
            raise GeocoderTimedOut(f"no answer in {timeout} seconds")
        if call.error:
            raise call.error
        return call.text


class _Call(threading.Thread):
    """One request. `text` or `error` is set when it is over."""

    def __init__(self, url: str, timeout: float, headers: dict[str, str], context: ssl.SSLContext) -> None:
        super().__init__(daemon=True)  # one that hangs in a question for a name does not keep the worker from ending
        parts = urlsplit(url)
        self.target = f"{parts.path or '/'}?{parts.query}"
        self.headers = headers | {"Accept": "application/json", "Connection": "close"}
        host, port = parts.hostname or "", parts.port
        self.connection: http.client.HTTPConnection = (
            http.client.HTTPSConnection(host, port, timeout=timeout, context=context)
            if parts.scheme == "https"
            else http.client.HTTPConnection(host, port, timeout=timeout)
        )
        self.text = ""
        self.error: Exception | None = None
        self.socket: socket.socket | None = None

    def run(self) -> None:
        try:
            self.text = self._ask()
        except AdapterHTTPError as error:  # an OSError too
            self.error = error
        except TimeoutError as error:
            self.error = GeocoderTimedOut(type(error).__name__)
        except (OSError, http.client.HTTPException) as error:
            self.error = GeocoderUnavailable(type(error).__name__)
        except Exception as error:  # told to whoever waits, not to the thread
            self.error = error
        finally:
            self.connection.close()

    def _ask(self) -> str:
        self.connection.request("GET", self.target, headers=self.headers)
        self.socket = self.connection.sock
        with self.connection.getresponse() as response:
            if response.status != 200:
                if 300 <= response.status < 400:
                    raise GeocoderServiceError(f"HTTP {response.status}, a redirect")
                given = {name.lower(): value for name, value in response.getheaders()}
                raise AdapterHTTPError(f"HTTP {response.status}", status_code=response.status, headers=given, text=None)
            kind = response.headers.get_content_type()
            if not kind.endswith("json"):
                raise GeocoderParseError(f"{kind[:40]} instead of JSON")
            body = response.read(LONGEST + 1)
            if len(body) > LONGEST:
                raise GeocoderParseError(f"more than {LONGEST} bytes")
            if response.length:
                raise GeocoderUnavailable("the answer broke off")
            return body.decode("utf-8", "replace")

    def end(self) -> None:
        """Whoever waited has gone: the thread gets an end of file, and ends."""
        if self.socket is not None:
            with suppress(OSError):
                self.socket.shutdown(socket.SHUT_RDWR)

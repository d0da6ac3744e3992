"""How geopy reaches a geocoder: one short answer of JSON over one connection, and everything is over after `timeout` seconds.

geopy's own adapters count their time-out for each read anew, follow redirects, and read answers of any length.
"""

import http.client
import json
import ssl
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

from geopy.adapters import AdapterHTTPError, BaseSyncAdapter
from geopy.exc import GeocoderParseError, GeocoderServiceError, GeocoderTimedOut, GeocoderUnavailable

from clinics.outside.calls import Call, OverError, within

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
        try:
            return within(timeout, lambda call: self._ask(call, url, headers))
        except OverError as error:
            raise GeocoderTimedOut(f"no answer in {timeout} seconds") from error
        except AdapterHTTPError:  # an OSError too
            raise
        except TimeoutError as error:
            raise GeocoderTimedOut(type(error).__name__) from error
        except (OSError, http.client.HTTPException) as error:
            raise GeocoderUnavailable(type(error).__name__) from error

    def _ask(self, call: Call, url: str, headers: dict[str, str]) -> str:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        connection: http.client.HTTPConnection = (
            http.client.HTTPSConnection(host, port, timeout=call.left, context=self.ssl_context)
            if parts.scheme == "https"
            else http.client.HTTPConnection(host, port, timeout=call.left)
        )
        with closing(connection):
            connection.connect()
            call.holds(connection.sock)
            headers = headers | {"Accept": "application/json", "Connection": "close"}
            connection.request("GET", f"{parts.path or '/'}?{parts.query}", headers=headers)
            with connection.getresponse() as response:
                return _text(response)


def _text(response: http.client.HTTPResponse) -> str:
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

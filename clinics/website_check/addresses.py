"""Whom a link may lead the worker to: public web servers, and nothing inside our own network.

Anybody can make a name that leads to 127.0.0.1 or to a machine beside ours, and change it between two questions. So a name
is asked for once, every address of it must be public, and the connection goes to the very address that was looked at.
"""

import ipaddress
import re
import socket
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri

PORTS = {"http": 80, "https": 443}
LONGEST = 2000  # characters of an address that we follow
_HOST = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
# Besides what Python calls not global: ways round to other addresses (6to4, NAT64, mapped), and what it learned of late.
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(text)
    for text in (
        *("0.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15"),
        *("224.0.0.0/3", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
    )
)
_PUBLIC_V6 = ipaddress.ip_network("2000::/3")


class AddressError(Exception):
    """A link that we do not follow; `text` is Danish. `is_broken`: a patient's browser cannot either."""

    def __init__(self, text: str, *, is_broken: bool = False) -> None:
        super().__init__(text)
        self.text, self.is_broken = text, is_broken


@dataclass(frozen=True)
class Target:
    """Where one request goes. `host` in ASCII, as TLS and DNS know it; `path` with its query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.netloc}{self.path}"

    @property
    def netloc(self) -> str:
        return self.host if self.port == PORTS[self.scheme] else f"{self.host}:{self.port}"


def target(url: str, base: Target | None = None) -> Target:
    """`base`: whose redirect it is. Raises AddressError."""
    url = url.strip()
    if len(url) > LONGEST or any(ord(letter) < 32 or letter in "\x7f\\" for letter in url):
        raise AddressError("Adressen har tegn i sig, som vi ikke følger, eller er meget lang.")
    try:
        parts = urlsplit(urljoin(base.url, url) if base else url)
        if parts.scheme not in PORTS:
            raise AddressError("Adressen er hverken http eller https.")
        host, port = _host(parts), parts.port
    except ValueError as error:
        raise AddressError("Det er ikke en webadresse.", is_broken=True) from error
    if "@" in parts.netloc:
        raise AddressError("Adressen har brugernavn eller adgangskode.")
    path = iri_to_uri(f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}").replace(" ", "%20")
    return Target(parts.scheme, host, port or PORTS[parts.scheme], path)


def _host(parts: SplitResult) -> str:
    """`"Klinikkenpåhavnen.dk."` → `"xn--klinikkenphavnen-xob.dk"`. Raises ValueError."""
    name = parts.hostname or ""
    if ":" in name:
        return f"[{ipaddress.IPv6Address(name.replace('%', ' '))}]"  # ValueError for nonsense and for a zone
    name = name.removesuffix(".").encode("idna").decode("ascii").lower()  # UnicodeError is a ValueError
    if not _HOST.fullmatch(name) or len(name) > 253:
        raise ValueError("no host")
    return name


def addresses(target: Target) -> list[Any]:
    """`(family, socket address)` of every address of its host, the likeliest first. Raises AddressError, socket.gaierror."""
    if target.port not in settings.WEBSITE_CHECK_PORTS and not any(
        port == target.port for _, port in settings.WEBSITE_CHECK_INSIDE
    ):
        raise AddressError("Adressen har et usædvanligt portnummer.")
    found = ask(target.host.strip("[]"), target.port)
    for _, address in found:
        if not _may_be_asked(address[0], target.port):
            raise AddressError("Navnet fører ikke til det offentlige internet.", is_broken=True)
    return found


def ask(host: str, port: int) -> list[Any]:
    """The one question for a name. Raises socket.gaierror."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise socket.gaierror(socket.EAI_NONAME, "no host") from error
    return [(family, address) for family, _, _, _, address in found]


def is_public(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:  # with a zone
        return False
    if not address.is_global or any(
        address in network for network in _NOT_PUBLIC if network.version == address.version
    ):
        return False
    return address.version == 4 or address in _PUBLIC_V6


def _may_be_asked(address: str, port: int) -> bool:
    if (address, port) in settings.WEBSITE_CHECK_INSIDE:
        return True
    return port in settings.WEBSITE_CHECK_PORTS and is_public(address)

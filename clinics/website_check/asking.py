"""One look at one website: HEAD, then GET where HEAD is not liked, redirects followed by hand, all of it within ten seconds.

Nothing of what the other end says is kept but a number: no body is read, no cookie kept, no word of it shown to anybody.
"""

import http.client
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.http import parse_http_date_safe

from clinics import clock
from clinics.outside import user_agent
from clinics.outside.calls import Call, OverError, within

from .addresses import AddressError, Target, addresses, target

MOST_HOPS = 5
MOST_ADDRESSES = 3  # of one name that are tried, one after the other
HEAD_SHARE = 0.4  # of the time: who is silent at HEAD may answer GET
PAUSE = 0.2  # seconds between two requests of one look
MOST_WAIT = 30 * 24 * 3600  # seconds, whatever a website asks for
REDIRECTS = (301, 302, 303, 307, 308)
GONE = {404: "siden findes ikke", 410: "siden er fjernet"}
# What OpenSSL says of a certificate. What lacks a link of its chain browsers complete themselves.
CHAIN_LACKS = (2, 20, 21)
CERTIFICATE = {
    9: "Certifikatet gælder ikke endnu.",
    10: "Certifikatet er udløbet.",
    18: "Certifikatet er kun underskrevet af siden selv.",
    19: "Certifikatet er kun underskrevet af siden selv.",
    62: "Certifikatet gælder et andet navn.",
    64: "Certifikatet gælder et andet navn.",
}


@dataclass(frozen=True)
class Look:
    """`is_well`: whether a patient gets somewhere; None when we cannot tell. `problem`: a Danish sentence, "" when it is well.

    `answered`: some web server answered, so that our network is there. `wait`: seconds it asked us to stay away.
    """

    is_well: bool | None
    problem: str = ""
    answered: bool = False
    wait: int = 0


@dataclass(frozen=True)
class Reply:
    """`location`: where it redirects to, "" for nowhere; `wait`: seconds of its Retry-After."""

    status: int
    location: str = ""
    wait: int = 0


def look(url: str) -> Look:
    """Ask for it, in a thread of its own. Takes `WEBSITE_CHECK_TIMEOUT` seconds at most, whatever happens; raises nothing."""
    seconds = settings.WEBSITE_CHECK_TIMEOUT
    try:
        return within(seconds, lambda call: _follow(call, url))
    except OverError:
        return Look(False, _silence())


def _follow(call: Call, url: str) -> Look:
    here: Target | None = None
    first, answered = "", False
    for _ in range(MOST_HOPS + 1):
        try:
            here = target(url, here)
            first = first or here.host
            reply = _reply(call, here)
        except OverError:
            raise
        except Exception as error:
            seen = replace(told(error), answered=answered)
        else:
            answered = True
            if reply.location:
                url = reply.location
                time.sleep(min(PAUSE, call.left))
                continue
            seen = judged(reply)
        if seen.problem and here and here.host != first:
            seen = replace(seen, problem=f"{here.host[:60]}: {seen.problem}")
        return seen
    return Look(None, f"Siden sender videre mere end {MOST_HOPS} gange.", answered=True)


def judged(reply: Reply) -> Look:
    """Whoever says “not you” (401, 403, 429) is there, and lets patients in."""
    status = reply.status
    if status in GONE:
        return Look(False, f"HTTP {status}: {GONE[status]}.", answered=True)
    if 500 <= status < 600:
        return Look(False, f"HTTP {status}: fejl hos hjemmesiden.", answered=True, wait=reply.wait)
    return Look(True, answered=True, wait=reply.wait)


def told(error: Exception) -> Look:
    """What went wrong before there was an answer, without a word of the other end's."""
    match error:
        case AddressError():
            return Look(False if error.is_broken else None, error.text)
        case socket.gaierror():
            return Look(False, "Navnet findes ikke (DNS).")
        case ssl.SSLCertVerificationError():
            if error.verify_code in CHAIN_LACKS:
                return Look(None, "Certifikatet kunne ikke følges til en udsteder, vi kender.")
            return Look(False, CERTIFICATE.get(error.verify_code, "Certifikatet er ikke gyldigt."))
        case ssl.SSLError():
            return Look(False, "Den sikre forbindelse (https) kunne ikke oprettes.")
        case ConnectionRefusedError():
            return Look(False, "Serveren afviser forbindelsen.")
        case TimeoutError():
            return Look(False, _silence())
        case http.client.BadStatusLine():  # or nothing at all
            return Look(False, "Serveren svarer ikke som en hjemmeside.")
        case OSError():
            return Look(False, "Serveren kan ikke nås.")
        case http.client.HTTPException():  # endless lines, a thousand of them: a browser may take them
            return Look(None, "Serveren svarer på en måde, vi ikke forstår.")
    return Look(None, f"Kunne ikke undersøges ({type(error).__name__}).")


def _silence() -> str:
    seconds = f"{settings.WEBSITE_CHECK_TIMEOUT:g}".replace(".", ",")
    return f"Intet svar inden for {seconds} sekunder."


def _reply(call: Call, target: Target) -> Reply:
    found = addresses(target)  # once: a name may lead elsewhere the next time
    try:
        with _connection(call, target, found) as line:
            reply = _said(call, line, target, "HEAD", call.left * HEAD_SHARE)
        if reply.status < 400 or reply.status == 429 or reply.wait:
            return reply
    except OverError:
        raise
    except _DislikedError:
        pass
    time.sleep(min(PAUSE, call.left))
    with _connection(call, target, found) as line:
        return _said(call, line, target, "GET", call.left)


class _DislikedError(Exception):
    """No answer to HEAD, or none that can be read: GET is asked before anything is said."""


@contextmanager
def _connection(call: Call, target: Target, found: Sequence[Any]) -> Iterator[socket.socket]:
    """To one of the addresses that were looked at, and to no other; with TLS, for the name."""
    line = _connected(call, found[:MOST_ADDRESSES])
    try:
        if target.scheme == "https":
            name = target.host.strip("[]")
            line = _context().wrap_socket(line, server_hostname=name, do_handshake_on_connect=False)
            call.holds(line)
            line.do_handshake()
        yield line
    finally:
        line.close()


def _connected(call: Call, found: Sequence[Any]) -> socket.socket:
    for number, (family, address) in enumerate(found, start=1):
        line = socket.socket(family, socket.SOCK_STREAM)
        try:
            call.holds(line)
            line.settimeout(call.left / (len(found) - number + 1))
            line.connect(address)
            line.settimeout(call.left)
        except OSError:
            line.close()
            if number == len(found):
                raise
        else:
            return line
    raise socket.gaierror(socket.EAI_NONAME, "no address")


def _said(call: Call, line: socket.socket, target: Target, method: str, seconds: float) -> Reply:
    line.settimeout(seconds)
    headers = {"Host": target.netloc, "User-Agent": user_agent(), "Accept": "*/*", "Connection": "close"}
    with closing(http.client.HTTPConnection(target.host, target.port)) as connection:
        connection.sock = line
        try:
            connection.request(method, target.path, headers=headers)
            with connection.getresponse() as response:
                return _read(response)
        except OverError:
            raise
        except (OSError, http.client.HTTPException) as error:
            if method == "HEAD":
                raise _DislikedError from error
            raise


def _read(response: http.client.HTTPResponse) -> Reply:
    """The head of the answer: whatever follows stays where it is."""
    location = response.headers.get("Location", "") if response.status in REDIRECTS else ""
    asked = response.headers.get("Retry-After", "").strip() if response.status in (429, 503) else ""
    wait = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0
    if asked and (moment := parse_http_date_safe(asked)):
        wait = moment - int(clock.now().timestamp())
    return Reply(response.status, _as_written(location), min(max(wait, 0), MOST_WAIT))


def _as_written(header: str) -> str:
    """http.client reads headers as Latin-1; an address with æøå in it was most likely sent as UTF-8."""
    try:
        return header.strip().encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header.strip()


@cache
def _context() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT  # browsers are not; Python 3.13 is
    context.set_alpn_protocols(["http/1.1"])
    return context

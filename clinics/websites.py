"""The address of a website as somebody writes it → one that a link may lead to. We never fetch it."""

import re
import unicodedata
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

LONGEST = 200

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_WEB = re.compile(r"(?i)https?://")
_HOST_PORT = re.compile(r"[^/:@]+\.[^/:@]+:\d+(?:[/?#]|$)")
_TOP = re.compile(r"(?i)(?:xn--[a-z0-9-]+|[^\W\d_]{2,})")
_NO_ADDRESS = "Det er ikke en webadresse. Skriv fx www.klinik.dk."
# Names that lead to the reader's own machine or network.
_INSIDE = (".localhost", ".local", ".internal", ".lan", ".home", ".arpa", ".onion")


class WebsiteError(Exception):
    """An address that cannot be used; `text` is one Danish sentence."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def read_website(text: str) -> str:
    """`"klinik.dk/priser"` → `"https://klinik.dk/priser"`; http stays http, "" stays "". Raises WebsiteError."""
    text = text.strip()
    if not text:
        return ""
    if set(text) & set('"<>\\'):
        raise WebsiteError(_NO_ADDRESS)
    if any(letter.isspace() or unicodedata.category(letter) in ("Cc", "Cf") for letter in text):
        raise WebsiteError("En webadresse har ingen mellemrum. Skriv fx www.klinik.dk.")
    if not _WEB.match(text):
        if "://" in text or (_SCHEME.match(text) and not _HOST_PORT.match(text)):
            raise WebsiteError("Skriv en almindelig webadresse, fx www.klinik.dk. Den begynder med https:// eller www.")
        text = f"https://{text.removeprefix('//')}"
    if len(text) > LONGEST:
        raise WebsiteError(f"Webadressen er for lang: der er plads til {LONGEST} tegn.")
    try:
        parts = urlsplit(text)
        host, port = (parts.hostname or "").rstrip("."), parts.port
        if parts.username is not None or parts.password is not None or "@" in parts.netloc:
            raise WebsiteError("En webadresse må ikke have brugernavn eller adgangskode. Skriv fx www.klinik.dk.")
        if port is not None:
            raise WebsiteError("Skriv webadressen uden portnummer, fx www.klinik.dk.")
        if "." not in host or not _TOP.fullmatch(host.rsplit(".", 1)[-1]) or f".{host}".endswith(_INSIDE):
            raise WebsiteError("Skriv klinikkens egen webadresse med navn, fx www.klinik.dk.")
        URLValidator(schemes=["http", "https"])(text)
    except (ValueError, ValidationError) as error:
        raise WebsiteError(_NO_ADDRESS) from error
    scheme, rest = text.split("://", 1)
    return f"{scheme.lower()}://{rest}"

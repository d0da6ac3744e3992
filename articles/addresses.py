"""Where links and pictures of a text may lead: our own pages, http(s), and files that come with the article."""

import re
import unicodedata
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from django.conf import settings

# What editors have written links to, besides the address the site has now.
OWN_HOSTS = frozenset({"fysfinder.dk", "www.fysfinder.dk"})
LONGEST_IMAGE_NAME = 255
# Browsers skip some of them in a scheme, and some between slashes.
_INVISIBLE = re.compile(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\u2028\u2029\ufeff]")


def safe_address(address: str) -> bool:
    """Whether a link may lead there: another page of ours, or http(s). Never a scheme that runs or opens something."""
    parts = _split(unquote(address))
    if parts is None:
        return False
    if parts.scheme:
        return parts.scheme in ("http", "https") and bool(parts.netloc)
    return not parts.netloc and ":" not in parts.path.partition("/")[0]


def site_address(address: str) -> str:
    """An address on our own site without its host, so that it holds wherever the site stands; others as they are."""
    parts = _split(address)
    if parts is None or parts.scheme not in ("http", "https", "") or not _is_own(parts):
        return address
    # One slash: “//ond.example” would be another site.
    return urlunsplit(("", "", "/" + parts.path.lstrip("/"), parts.query, parts.fragment))


def is_external(address: str) -> bool:
    return address.lower().startswith(("http:", "https:"))


def image_name(address: str) -> str | None:
    """The name of a picture that comes with the article, as its file is called; None for one that lies elsewhere.

    `"./billeder/kn%C3%A6.png?w=300"` → `"billeder/knæ.png"`.
    """
    parts = _split(site_address(address.strip()).replace(" ", "%20"))
    if parts is None or parts.scheme or parts.netloc:
        return None
    name = unicodedata.normalize("NFC", unquote(parts.path, errors="replace").replace("\\", "/"))
    name = "".join(letter for letter in name if unicodedata.category(letter)[0] != "C")
    while name.startswith("./"):
        name = name[2:].lstrip("/")
    return name if 0 < len(name) <= LONGEST_IMAGE_NAME else None


def _split(address: str) -> SplitResult | None:
    try:
        return urlsplit(_INVISIBLE.sub("", address).replace("\\", "/"))
    except ValueError:  # "http://[": an address that no browser understands either
        return None


def _is_own(parts: SplitResult) -> bool:
    site = urlsplit(settings.SITE_URL)
    try:
        port = parts.port
    except ValueError:
        return False
    if parts.hostname in OWN_HOSTS:
        return port in (None, 80, 443)
    return bool(parts.hostname) and (parts.hostname, port) == (site.hostname, site.port)

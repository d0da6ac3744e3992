"""Whose a domain is: when does an address at a website's domain show that somebody belongs to the clinic?

When the clinic alone uses the domain, and not everybody can have an address or a page there. In doubt it does not; there are
other proofs.
"""

import re
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from django.db.models import Q

from clinics.models import Clinic

SHARED = Path(__file__).parents[1] / "data" / "free_mail_hosts.txt"
# co.uk, com.au, co.dk: sold like a top level. Only before two letters: com.com is somebody's own.
_SECOND_LEVELS = frozenset(
    (
        *(
            "ac",
            "asso",
            "biz",
            "co",
            "com",
            "edu",
            "firm",
            "gen",
            "gob",
            "gouv",
            "gov",
            "id",
            "ind",
            "info",
            "ltd",
            "me",
        ),
        *(
            "med",
            "mil",
            "name",
            "ne",
            "net",
            "nhs",
            "nom",
            "or",
            "org",
            "plc",
            "priv",
            "reg",
            "sch",
            "store",
            "tm",
            "web",
        ),
    )
)
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")


def host_of(url: str) -> str:
    """`"https://www.Klinik.dk./priser"` → `"klinik.dk"`; names with æøå as `xn--…`. "" when there is none."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
    return ascii_host(host).removeprefix("www.")


def ascii_host(host: str) -> str:
    """As mail and browsers send it; "" for what is no name with a top level (an IP address has none)."""
    try:
        plain = host.strip().lower().encode("idna").decode()
    except UnicodeError:
        return ""
    labels = plain.split(".")
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels) or labels[-1].isdigit():
        return ""
    return plain


def registrable(host: str) -> str:
    """`"aarhus.klinik.dk"` → `"klinik.dk"`, `"a.b.co.uk"` → `"b.co.uk"`: what somebody registered. "" for none."""
    labels = host.split(".")
    if len(labels) < 2:
        return ""
    long_end = len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVELS
    if long_end and len(labels) == 2:
        return ""  # co.uk itself
    return ".".join(labels[-3:] if long_end else labels[-2:])


@cache
def shared_domains() -> frozenset[str]:
    """Where anybody can have an address or a page: `data/free_mail_hosts.txt`."""
    lines = SHARED.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def is_shared(host: str) -> bool:
    """Whether the host or anything above it belongs to everybody."""
    labels = host.split(".")
    return any(".".join(labels[start:]) in shared_domains() for start in range(len(labels) - 1))


def own_domain(clinic: Clinic) -> str:
    """What stands after the @ of an address that proves something, `"klinik.dk"`; "" when the website gives no proof.

    That is the host of the website without www. On `aarhus.kaede.dk` an address at kaede.dk does not count: whoever has that
    gives names to others. Websites and addresses of all clinics are asked, drafts and closed ones too: a domain that two
    clinics ever used belongs to neither alone.
    """
    host = host_of(clinic.website)
    domain = registrable(host)
    if not domain or is_shared(host):
        return ""
    name = domain.split(".")[0]
    others = Clinic.objects.exclude(pk=clinic.pk)
    if not name.startswith("xn--"):  # which is also written with æøå: then all are read
        others = others.filter(Q(website__icontains=name) | Q(email__icontains=name))
    for website, email in others.values_list("website", "email"):
        if domain in (registrable(host_of(website)), registrable(ascii_host(email.rpartition("@")[2]))):
            return ""
    return host

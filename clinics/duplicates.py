"""Are two descriptions of a clinic the same clinic? A score and the reasons for it, never a verdict: a person decides.

Each thing that two descriptions share is evidence of its own weight, and what is left of the doubt is multiplied: a number
(.8) and a name next door (.7) leave .06. One thing alone can be shared by honest neighbours: a health centre has one address, a
chain one website, and half the country a "Klinik for Fysioterapi". `likeness` asks nobody; `candidates` reads the directory.
"""

import math
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q

from .claiming.domains import host_of, is_shared, registrable
from .danish import kilometres
from .geo import Point
from .models import Clinic, ListingRequest
from .models.name_key import NameWords, name_key
from .names import COMMON
from .text import typos_allowed, typos_between

SHOWN = 40  # from here on somebody is asked
SURE = 75  # from here on nobody may overlook it
MOST = 5  # that are shown
NEXT_DOOR_KM, IN_TOWN_KM = 5, 25  # many clinics stand at their postcode's point, a few kilometres off
PHONE, EMAIL, ADDRESS, WEBSITE = 0.8, 0.7, 0.6, 0.5
# By distance: next door, in town, further away (or not known where).
SAME_NAME = (0.7, 0.5, 0.15)
LIKE_NAME = (0.5, 0.3, 0.05)
_READ = 1000  # of each kind of candidate; the postcode with most clinics has a few dozen

_LEGAL = re.compile(r"(?i)(?<![^\W_])(?:a/s|i/s|k/s|p/s|aps|ivs|amba|a\.m\.b\.a\.?|fmba|smba)(?![^\W_])")
_OWNER = re.compile(r"(?i)(?<![^\W_])v\s*[/.]")  # "Ryggen v/Mette Hansen": whose it is says less than what it is called
_MORE_COMMON = frozenset(
    name_key(
        "fysioterapeutisk fysioterapeuternes autoriseret aut ergoterapi genoptræning behandling behandlerhus sundhedscenter"
        " sundhedshus lægehus klinikfællesskab"
    ).split()
)
_HOUSE = re.compile(r"(?P<street>(?=.*[^\W\d_]{2}).+?) (?P<number>[0-9]{1,4}) ?(?P<letter>[a-z])?(?![^ ])")
_ABBREVIATED = {
    "gl": "gammel", "ndr": "norre", "nr": "norre", "sdr": "sonder", "vstr": "vester", "ostr": "oster", "st": "store",
    "ll": "lille", "skt": "sankt", "sct": "sankt", "pl": "plads", "blvd": "boulevard",
}  # fmt: skip


@dataclass(frozen=True)
class Described:
    """What is told of one clinic. `phone` is E.164, `postcode` four figures; "" and None are not known."""

    name: str = ""
    street: str = ""
    postcode: str = ""
    town: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    point: Point | None = None


@dataclass(frozen=True)
class Likeness:
    """`score`: 0 (nothing in common) to 100. `reasons`: Danish, the strongest first."""

    score: int = 0
    reasons: tuple[str, ...] = ()
    km: float | None = None


@dataclass(frozen=True)
class Candidate:
    clinic: Clinic
    score: int
    reasons: tuple[str, ...] = field(default_factory=tuple)

    @property
    def is_sure(self) -> bool:
        return self.score >= SURE


def described(row: Clinic | ListingRequest) -> Described:
    """A clinic, or a request for one, with its postcode read."""
    point = None
    if isinstance(row, Clinic):
        point = Point(row.latitude, row.longitude)
    elif row.postcode:
        point = Point(row.postcode.latitude, row.postcode.longitude)
    return Described(
        name=row.name, street=row.street, postcode=row.postcode_id or "", town=row.postcode.town if row.postcode else "",
        phone=row.phone, email=row.email, website=row.website, point=point,
    )  # fmt: skip


def likeness(one: Described, other: Described) -> Likeness:
    """How much speaks for both being the same clinic. Symmetric; never raises."""
    km = one.point.km_to(other.point) if one.point and other.point else None
    found: list[tuple[float, str]] = []
    if one.phone and one.phone == other.phone:
        found.append((PHONE, "samme telefonnummer"))
    if one.email and one.email.lower() == other.email.lower():
        found.append((EMAIL, "samme e-mail"))
    if one.postcode and one.postcode == other.postcode and same_house(one.street, other.street):
        found.append((ADDRESS, "samme adresse"))
    if same_site(one.website, other.website):
        found.append((WEBSITE, "samme hjemmeside"))
    if alike := names_alike(one.name, one.town, other.name, other.town):
        weights = SAME_NAME if alike == "same" else LIKE_NAME
        words = "samme navn" if alike == "same" else "næsten samme navn"
        away = f", {kilometres(km)} derfra" if km is not None and km >= 0.1 else ""
        found.append((weights[_ring(km)], f"{words}{away}"))
    doubt = math.prod(1 - weight for weight, _ in found)
    found.sort(key=lambda one: -one[0])
    return Likeness(round(100 * (1 - doubt)), tuple(reason for _, reason in found), km)


def candidates(
    one: Described, *, public: bool, but: int | None = None, most: int = MOST, least: int = SHOWN
) -> list[Candidate]:
    """Clinics that may be this one, the likest first. Two statements.

    `public`: only those that the public knows of, open or closed. `but`: the clinic that is asked about.
    """
    rows = Clinic.objects.select_related("postcode").exclude(pk=but or 0)
    if public:
        rows = rows.exclude(status=Clinic.Status.DRAFT)
    known = {
        row.pk: row for asked in (_same(one), _named(one)) if asked for row in rows.alias(**WORDS).filter(asked)[:_READ]
    }
    found = [(likeness(one, described(row)), row) for row in known.values()]
    found = [(like, row) for like, row in found if like.score >= least]
    found.sort(key=lambda pair: (-pair[0].score, pair[0].km or 0, pair[1].name, pair[1].pk))
    return [Candidate(row, like.score, like.reasons) for like, row in found[:most]]


def core(name: str, town: str = "") -> tuple[str, ...]:
    """The words that tell one clinic from another, folded: `"Klinik for Fysioterapi, Ryggen ApS v/Mette"` → `("ryggen",)`.

    A name that says nothing but what it is and where keeps what it has: `"Aarhus Fysioterapi"` → `("arhus",)`.
    """
    head, _, tail = _OWNER.sub("\0", _LEGAL.sub(" ", name[:200])).partition("\0")
    where = set(name_key(town).split())
    whole = name_key(f"{head} {tail}").split()
    telling = [[word for word in name_key(part).split() if word not in COMMON | _MORE_COMMON] for part in (head, tail)]
    kept = [[word for word in words if word not in where] for words in telling]
    return tuple(kept[0] or kept[1] or telling[0] or telling[1] or whole)


def names_alike(one: str, town: str, other: str, other_town: str) -> str:
    """`"same"`, `"alike"` (a slip of the pen, or one has words more) or ""."""
    mine, theirs = core(one, town), core(other, other_town)
    if not mine or not theirs:
        return ""
    joined, their_joined = "".join(mine), "".join(theirs)
    if joined == their_joined or set(mine) == set(theirs):
        return "same"
    if _nearly(joined, their_joined):
        return "alike"
    fewer, more = sorted((mine, theirs), key=len)
    telling = any(len(word) > 3 for word in fewer)
    return "alike" if telling and all(any(_nearly(word, one) for one in more) for word in fewer) else ""


def house(street: str) -> tuple[str, str, str] | None:
    """`"Gl. Kongevej 4 B, 2. tv."` → `("gammel kongevej", "4", "b")`; None without a house number."""
    found = _HOUSE.match(f"{' '.join(name_key(street[:200]).split())}")
    if not found:
        return None
    words = (_ABBREVIATED.get(word, word) for word in found["street"].split())
    return " ".join(words), found["number"], found["letter"] or ""


def same_house(one: str, other: str) -> bool:
    """The same street and number; a letter that one of them leaves out is no difference."""
    mine, theirs = house(one), house(other)
    if not mine or not theirs or mine[:2] != theirs[:2]:
        return False
    return mine[2] == theirs[2] or not (mine[2] and theirs[2])


def same_site(one: str, other: str) -> bool:
    """The same domain; where anybody can have a page (facebook.com), the same page."""
    host, their_host = host_of(one), host_of(other)
    if not host or not their_host:
        return False
    if is_shared(host) or is_shared(their_host):
        return (host, _page(one)) == (their_host, _page(other)) and bool(_page(one))
    return bool(registrable(host)) and registrable(host) == registrable(their_host)


WORDS: dict[str, Any] = {"words": NameWords("name")}


def _same(one: Described) -> Q | None:
    asked = Q()
    if one.postcode:
        asked |= Q(postcode=one.postcode)
    if one.phone:
        asked |= Q(phone=one.phone)
    if one.email:
        asked |= Q(email__iexact=one.email)
    if host := host_of(one.website):
        asked |= Q(
            website__icontains=_page(one.website) if is_shared(host) and _page(one.website) else registrable(host)
        )
    return asked or None


def _named(one: Described) -> Q | None:
    """Any of the telling words in a name in town: further away a name alone says too little."""
    words = core(one.name, one.town)
    if one.point is None or not words:
        return None
    wanted = {*words, "".join(words)}  # "Bevægelses Huset", "Bevægelseshuset"
    query = " | ".join(f"'{word}'" for word in sorted(wanted))  # letters and figures only: nothing ends the quotation
    north = math.degrees(IN_TOWN_KM / 6371)
    east = north / max(0.1, math.cos(math.radians(one.point.latitude)))
    return Q(
        words=SearchQuery(query, config="simple", search_type="raw"),
        latitude__range=(one.point.latitude - north, one.point.latitude + north),
        longitude__range=(one.point.longitude - east, one.point.longitude + east),
    )


def _ring(km: float | None) -> int:
    return 2 if km is None or km > IN_TOWN_KM else 1 if km > NEXT_DOOR_KM else 0


def _nearly(one: str, other: str) -> bool:
    most = min(typos_allowed(one), typos_allowed(other))
    return one == other or (most > 0 and typos_between(one, other, most) <= most)


def _page(url: str) -> str:
    try:
        return urlsplit(url).path.strip("/").lower()
    except ValueError:
        return ""

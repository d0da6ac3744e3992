"""Free text → place. Offline, from our own tables, in one database query (a guess at a typo takes one more).

`find_place` gives a FoundPlace or raises one of three kinds of PlaceError, each with a `message` for the page:

    try:
        place = find_place(text)
    except AmbiguousPlace as several: ...  # several.choices, largest first
    except UnknownPlace as unknown: ...  # unknown.question, "Mente du Aarhus?": asked, never used
    except InvalidPlace as invalid: ...  # invalid.message

or `except PlaceError as error`, where `error.choices` and `error.suggestion` are always there to ask.
"""

import datetime
import re
from collections.abc import Iterable
from urllib.parse import quote

from django.db.models import Q

from .coordinates import NotHereError, point_in
from .models import Place, Region
from .place_answers import AmbiguousPlace, FoundPlace, InvalidPlace, PlaceError, UnknownPlace
from .place_guess import guess
from .place_rows import Row, as_place, folded, place_near, place_rows, places_by_code
from .text import fold, folds, normalise

__all__ = [
    "AmbiguousPlace",
    "FoundPlace",
    "InvalidPlace",
    "PlaceError",
    "UnknownPlace",
    "find_place",
    "keys_for",
    "largest_towns",
    "place_for_slug",
    "quoted",
    "regions_on",
    "spellings",
]

MAX_LENGTH = 200  # longer than any address; the rest is cut off before anything looks at it
MAX_PARTS = 6

NOT_HERE = "Koordinaterne ligger ikke i Danmark. Skriv et postnummer eller en by, fx 8000 eller Aarhus."

_CODE = re.compile(r"(?<![0-9])[0-9]{4}(?![0-9])")
_DECIMALS = re.compile(r"(?<=[0-9])\.[0-9]+")  # "55.6761" is no postcode 6761
# "Nørregade 12 B, Aarhus C" falls into the street and the town.
_BETWEEN_PARTS = re.compile(r"[,;/|()\n\r\t]|\b[0-9]+ ?[a-zA-Z]?\b")
_BEFORE = re.compile(r"^(?:(?:tæt på|i nærheden af|i|på|nær|ved|omkring|in|near) )?(?:hele )?")
_AFTER = re.compile(r" (?:kommune|by|og omegn|området|danmark|denmark|dk)$")


def find_place(text: str) -> FoundPlace:
    """Understand what somebody wrote in the place field; digits win over names. Coordinates are their nearest postcode.

    Raises InvalidPlace, UnknownPlace or AmbiguousPlace, and nothing else whatever the text.
    """
    text = text.strip()[:MAX_LENGTH].encode("utf-8", "ignore").decode().replace("\0", " ")
    if place := _by_point(text):
        return place
    words = normalise(_DECIMALS.sub(" ", text))
    if codes := list(dict.fromkeys(_CODE.findall(words))):
        return _by_codes(codes, text)
    if not re.search(r"[^\W\d]", words):
        if re.search(r"\d", words):
            raise InvalidPlace("Et postnummer har fire cifre, fx 8000. Du kan også skrive en by.")
        raise InvalidPlace("Skriv et postnummer eller en by, fx 8000 eller Aarhus.")
    return _by_name(text)


def place_for_slug(slug: str) -> FoundPlace | None:
    """The place of a landing address, or None. Where its slug is another than asked for, the view answers with a 301.

    `"8000"` gives its town, `"århus"` gives aarhus, `"koebenhavn-n"` gives noerrebro: a postal district whose parent
    has the very same postcodes is another name for it. `"nykoebing"` could be three towns and gives None.
    """
    slug = slug[:MAX_LENGTH].replace("\0", "")
    if _CODE.fullmatch(slug):
        by_code = places_by_code([slug])
        return place_for_slug(by_code[0].slug) if by_code else None
    row = _only(place_rows(Q(slug=slug) | Q(keys__overlap=folded(slug))), slug)
    if row and row["same_as"]:
        row = place_rows(Q(slug=row["same_as"])).first()
    return as_place(row) if row else None


def largest_towns(count: int) -> list[FoundPlace]:
    """The `count` largest cities and towns (parts of a city are not towns), for links where no place is known."""
    towns = Q(kind__in=[Place.Kind.CITY, Place.Kind.TOWN], parent=None, population__isnull=False)
    return [as_place(row) for row in place_rows(towns).order_by("-population", "pk")[:count]]


def quoted(place: FoundPlace) -> str:
    """The place as the value of a `sted` parameter in an address."""
    return quote(place.sted, safe="")


def regions_on(day: datetime.date, rows: Iterable[Region] | None = None) -> dict[str, str]:
    """Every region's slug → the slug of the region that its places belong to on that day.

    On 1 January 2027 `regions_on(day)["hovedstaden"]` is `"oestdanmark"`; the day before it is itself. A region that
    does not exist yet is left out. One query, none when the `rows` of all regions have been read already.
    """
    regions = {region.pk: region for region in (Region.objects.all() if rows is None else rows)}
    answer = {}
    for region in regions.values():
        if region.valid_from and region.valid_from > day:
            continue
        now = region
        while now.valid_to and now.valid_to < day and now.successor_id:
            now = regions[now.successor_id]
        answer[region.slug] = now.slug
    return answer


def keys_for(names: Iterable[str]) -> list[str]:
    """What `Place.keys` holds for a name and its aliases: each in both folds, and with æ written as a ("nastved")."""
    keys = {key for name in names for spelling in (name, normalise(name).replace("æ", "a")) for key in folds(spelling)}
    return sorted(keys - {""})


# --- by point


def _by_point(text: str) -> FoundPlace | None:
    """The nearest postcode of pasted coordinates, None when there are none."""
    try:
        point = point_in(text)
    except NotHereError:
        raise InvalidPlace(NOT_HERE) from None
    if point is None:
        return None
    if place := place_near(point):
        return place
    raise InvalidPlace(NOT_HERE)


# --- by postcode


def _by_codes(codes: list[str], text: str) -> FoundPlace:
    found = places_by_code(codes[:MAX_PARTS])
    if len(found) == 1:
        return found[0]
    if found:
        raise AmbiguousPlace("Du har skrevet flere postnumre. Hvilket vil du søge fra?", tuple(found))
    code = codes[0]
    if code.startswith("39"):
        raise UnknownPlace(f"Postnummer {code} ligger i Grønland. Dér kender vi desværre ingen klinikker endnu.")
    named = [row for row in _named_places(text) if row["kind"] != Place.Kind.COUNTRY]
    raise UnknownPlace(
        f"Vi kender ikke postnummer {code}. Tjek tallene, eller søg på by.",
        as_place(named[0]) if len(named) == 1 else None,
    )


# --- by name


def _by_name(text: str) -> FoundPlace:
    rows = _named_places(text)
    if len(rows) == 1:
        return as_place(rows[0])
    shown = text if len(text) <= 40 else text[:40].rstrip() + "…"
    if rows:
        rows.sort(key=lambda row: (-(row["population"] or 0), row["name"]))
        raise AmbiguousPlace(
            f"Vi kender flere steder, der passer på “{shown}”. Hvilket mener du?",
            tuple(_choice(row, text) for row in rows),
        )
    raise UnknownPlace(
        f"Vi kender ikke stedet “{shown}”. Prøv med et postnummer eller en by i nærheden.", guess(_parts(text))
    )


def _choice(row: Row, text: str) -> FoundPlace:
    """The place as a choice. One that is called just what was asked about is told by its postcode: its name would ask again."""
    itself = fold(row["name"]) == fold(text) and len(row["postcodes"]) == 1
    return places_by_code(row["postcodes"])[0] if itself else as_place(row)


def _named_places(text: str) -> list[Row]:
    """The places that the whole text names, else those that its parts name: `"Nørregade 12, Aarhus C"`."""
    whole, parts = normalise(text), _parts(text)
    halves = _halves(whole)
    texts = {whole, *parts, *(half for pair in halves for half in pair)}
    wanted = {key for part in texts for spelling in spellings(part) for key in folded(spelling)}
    rows = list(place_rows(Q(keys__overlap=sorted(wanted)))) if wanted else []
    if hits := _hits(whole, rows):
        return hits
    named = _together(parts, rows)
    if narrow := _narrowed(named):
        return narrow
    return named or next(filter(None, (_narrowed(_together(pair, rows)) for pair in halves)), [])


def _together(parts: Iterable[str], rows: list[Row]) -> list[Row]:
    return list({row["slug"]: row for part in parts for row in _hits(part, rows)}.values())


def _narrowed(rows: list[Row]) -> list[Row]:
    """Those that lie within another that was named: in "Viby, Aarhus" the second part says which Viby is meant."""
    return [row for row in rows if any(_within(row, wide) for wide in rows)]


def _halves(whole: str) -> list[tuple[str, str]]:
    """`"nørrebro københavn"` in two, wherever it can be cut; both halves have to be places, one within the other."""
    words = whole.split()[:MAX_PARTS]
    return [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]


def _parts(text: str) -> list[str]:
    parts = (normalise(part) for part in _BETWEEN_PARTS.split(text))
    return list(dict.fromkeys(part for part in parts if part))[:MAX_PARTS]


def spellings(part: str) -> list[str]:
    """The text itself, then without what people put around a place: `"i Aarhus"`, `"Roskilde Kommune"`."""
    bare = _BEFORE.sub("", part)
    return list(dict.fromkeys([part, bare, _AFTER.sub("", bare)]))


def _hits(part: str, rows: list[Row]) -> list[Row]:
    """The places this text names, in the closest spelling only: "harlev" is Harlev before it is Hårlev."""
    for spelling in spellings(part):
        keys = set(folded(spelling))
        ranked = [(_closeness(spelling, row), row) for row in rows if keys.intersection(row["keys"])]
        if ranked:
            best = min(closeness for closeness, _ in ranked)
            return [row for closeness, row in ranked if closeness == best]
    return []


def _closeness(spelling: str, row: Row) -> int:
    names = [row["name"], *row["aliases"]]
    if spelling in map(normalise, names):
        return 0
    return 1 if fold(spelling) in map(fold, names) else 2


def _within(row: Row, wide: Row) -> bool:
    if wide["kind"] == Place.Kind.COUNTRY:
        return row["kind"] != Place.Kind.COUNTRY
    return row["kind"] != Place.Kind.COUNTRY and set(row["postcodes"]) < set(wide["postcodes"])


def _only(rows: Iterable[Row], slug: str) -> Row | None:
    """The row with this very slug, or the only one there is."""
    rows = list(rows)
    return next((row for row in rows if row["slug"] == slug), rows[0] if len(rows) == 1 else None)

"""GeoJSON as it is exported from OpenStreetMap (overpass turbo, osmtogeojson) → rows: one feature at a time."""

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from json import JSONDecodeError
from typing import Any, BinaryIO

from .columns import FACTS, IGNORED
from .geometry import centre
from .lines import pieces
from .raw import MOST_ROWS, Raw, UnreadableError

MOST_OF_ONE = 2_000_000  # characters of one feature: the outline of a hospital has some thousands
TRADE = "physiotherapist"

NOT_GEOJSON = "Filen er ikke GeoJSON med en liste af steder (“FeatureCollection”). Eksportér den som GeoJSON."
OTHER_TRADE = "Ikke fysioterapi efter OpenStreetMap (healthcare)."
CLOSED = "Nedlagt efter OpenStreetMap (disused, abandoned eller end_date)."
NOT_A_FEATURE = "Stedet er ikke en “Feature” og kan ikke læses."
BROKEN = "Der er en fejl i filen her, så stedet er ikke læst."
CUT_OFF = "Filen slutter midt i listen: den ser ud til at være skåret over her."
TOO_LARGE = f"Stedet fylder mere end {MOST_OF_ONE:,} tegn. Resten af filen er ikke læst.".replace(",", ".")
TOO_MANY = f"Listen har flere end {MOST_ROWS:,} steder. Resten er ikke læst: del filen i flere.".replace(",", ".")

# Fact → the tags that may state it, the first that does counts.
TAGS: dict[str, tuple[str, ...]] = {
    "name": ("name", "name:da", "official_name", "operator"),
    "address": ("addr:full",),
    "address_extra": ("addr:unit",),
    "postcode_id": ("addr:postcode",),
    "town": ("addr:city",),
    "phone": ("contact:phone", "phone", "contact:mobile", "mobile"),
    "email": ("contact:email", "email"),
    "website": ("contact:website", "website", "url"),
    "booking_url": ("contact:booking", "website:booking", "booking"),
    "opening_hours": ("opening_hours",),
    "step_free": ("wheelchair",),
    "accessible_toilet": ("toilets:wheelchair",),
    "hearing_loop": ("hearing_loop", "audio_loop"),
    "cvr": ("ref:CVR", "ref:cvr", "ref:vatin"),
    "text": ("description:da", "description"),
}
_FEATURES = re.compile(r'"features"\s*:\s*\[')
_NEXT = re.compile(r'\{\s*"type"\s*:\s*"Feature"')
_SPACE = re.compile(r"[\s\x1e]*")


def geojson_rows(content: BinaryIO, columns: Mapping[str, str]) -> Iterator[Raw]:
    """As `reading.rows_of`. `columns`: property → fact, before what OpenStreetMap's own tags say."""
    number = 0
    for number, told in enumerate(_features(_Text(content)), start=1):
        if number > MOST_ROWS:
            yield Raw(number, problem=TOO_MANY, fatal=True)
            return
        yield Raw(number, problem=told, fatal=True) if isinstance(told, _Said) else _row(number, told, columns)


class _Said(str):
    """A sentence in the place of a feature; a file may hold texts of its own there."""


class _Text:
    """The file as text, of which a piece is held: from `place` on nothing has been read."""

    def __init__(self, content: BinaryIO) -> None:
        self._pieces = pieces(content)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.text, self.place, self.is_over = "", 0, False

    def more(self) -> bool:
        """Twice as much as there is: a feature of any size is tried but a few times. False when there is no more."""
        wanted = max(1 << 18, len(self.text) - self.place)
        parts = [self.text[self.place :]]
        got = 0
        while got < wanted and not self.is_over:
            piece = next(self._pieces, None)
            self.is_over = piece is None
            parts.append(self._decoder.decode(piece or b"", final=piece is None))
            got += len(parts[-1])
        self.text, self.place = "".join(parts), 0
        return got > 0

    def skip(self) -> str:
        """The next sign that is no space, "" at the end."""
        while True:
            self.place = _SPACE.match(self.text, self.place).end()  # type: ignore[union-attr]
            if self.place < len(self.text):
                return self.text[self.place]
            if not self.more():
                return ""

    def find(self, pattern: re.Pattern[str], longest: int) -> bool:
        """Go to where the pattern ends, or for a lookahead begins; what lies before is forgotten."""
        passed = 0
        while passed < longest:
            if found := pattern.search(self.text, self.place):
                self.place = found.start() if pattern is _NEXT else found.end()
                return True
            kept = max(len(self.text) - 100, self.place)
            passed, self.place = passed + kept - self.place, kept
            if not self.more():
                return False
        return False


def _features(source: _Text) -> Iterator[Any]:
    """Each feature as it was told, or a Danish sentence in its place. Raises UnreadableError."""
    source.more()
    if source.skip() != "{" or not source.find(_FEATURES, MOST_OF_ONE):
        raise UnreadableError(NOT_GEOJSON)
    if source.skip() == "":
        yield _Said(CUT_OFF)
    while (sign := source.skip()) not in ("", "]"):
        if sign == ",":
            source.place += 1
            continue
        told = _one(source)
        yield told
        if isinstance(told, _Said):
            source.place += 1
            if told != BROKEN:
                return
            if not source.find(_NEXT, MOST_OF_ONE):
                return
    if sign == "":
        yield _Said(CUT_OFF)


def _one(source: _Text) -> Any:
    """The value that begins here, or a sentence."""
    while True:
        try:
            told, source.place = _DECODER.raw_decode(source.text, source.place)
            return told
        except JSONDecodeError as error:
            if not _may_go_on(source, error):
                return _Said(BROKEN)
            if len(source.text) - source.place > MOST_OF_ONE:
                return _Said(TOO_LARGE)
            if not source.more():
                return _Said(CUT_OFF)
        except (RecursionError, ValueError):
            return _Said(BROKEN)


def _may_go_on(source: _Text, error: JSONDecodeError) -> bool:
    """Whether the value is not broken but only longer than the text that is held."""
    return error.msg.startswith("Unterminated string") or error.pos >= len(source.text) - 20


def _number(text: str) -> float:
    return float(text)  # an integer of a million figures takes for ever, and is no place either


_DECODER = json.JSONDecoder(parse_constant=lambda _: None, parse_int=_number)


def _row(number: int, feature: Any, columns: Mapping[str, str]) -> Raw:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        return Raw(number, problem=NOT_A_FEATURE, fatal=True)
    told = feature.get("properties")
    properties: dict[str, Any] = told if isinstance(told, dict) else {}
    tags: Any = properties.get("tags")
    if not isinstance(tags, dict):
        tags = properties
    cells = {
        fact: text
        for name, fact in columns.items()
        if fact in FACTS and fact != IGNORED and (text := _text(properties.get(name) or tags.get(name)))
    }
    osm_id = _osm_id(feature, properties)
    external_id = cells.pop("external_id", "") or osm_id or _text(feature.get("id"))
    trade = _text(tags.get("healthcare"))
    if TRADE not in [one.strip() for one in trade.split(";")] and (trade or not cells):
        name = _text(tags.get("name"))
        return Raw(number, external_id, {"name": name} if name else {}, OTHER_TRADE, fatal=True, passed=True)
    if any(_text(tags.get(name)) not in ("", "no") for name in ("disused", "abandoned", "end_date")):
        name = _text(tags.get("name"))
        return Raw(number, external_id, {"name": name} if name else {}, CLOSED, fatal=True, passed=True)
    for fact, names in TAGS.items():
        if fact not in cells and (text := next(filter(None, (_text(tags.get(name)) for name in names)), "")):
            cells[fact] = text
    street = _text(tags.get("addr:street")) or _text(tags.get("addr:place"))
    if street and "address" not in cells:
        cells["address"] = f"{street} {_text(tags.get('addr:housenumber'))}".strip()
    if osm_id and "osm_id" not in cells:
        cells["osm_id"] = osm_id
    point = centre(feature.get("geometry"))
    if point and "latitude" not in cells:
        cells["longitude"], cells["latitude"] = (f"{degrees:.7f}" for degrees in point)
    return Raw(number, external_id, cells)


def _osm_id(feature: Mapping[str, Any], properties: Mapping[str, Any]) -> str:
    """`"node/123"`, from wherever the exporter put it."""
    for told in (feature.get("id"), properties.get("@id"), properties.get("id")):
        if isinstance(told, str) and re.fullmatch(r"(?:node|way|relation)/[0-9]{1,18}", told):
            return told
    kind, number = properties.get("type"), properties.get("id")
    if kind in ("node", "way", "relation") and isinstance(number, float) and 0 < number < 1e15:
        return f"{kind}/{int(number)}"
    return ""


def _text(told: Any) -> str:
    """A tag's value; whole numbers without a decimal, what is no single value is nothing."""
    if isinstance(told, str):
        return told.strip()[:20_000]
    if isinstance(told, bool):
        return "ja" if told else "nej"
    if isinstance(told, float) and abs(told) < 1e15:
        return str(int(told)) if told.is_integer() else f"{told}"
    return ""

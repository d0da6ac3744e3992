"""What an export from OpenStreetMap says of itself, so that nobody has to type it."""

import datetime
import re
from dataclasses import dataclass

from clinics import clock

HEAD = 64 * 1024  # bytes: it stands before the features
_SAID = re.compile(rb'"(generator|copyright|attribution|timestamp)"\s*:\s*"((?:[^"\\]|\\.){0,500})"')
_THEIRS = ("openstreetmap", "overpass", "osmtogeojson", "osmium", "odbl")


@dataclass(frozen=True)
class Said:
    """`stated_on`: the day of the data, None when the file does not say."""

    name: str
    licence: str
    stated_on: datetime.date | None


def said_of(head: bytes) -> Said | None:
    """From the first `HEAD` bytes of a GeoJSON; None when it does not say that it is theirs."""
    before, _, _ = head[:HEAD].partition(b'"features"')
    said = {key.decode(): text.decode("utf-8", "replace") for key, text in _SAID.findall(before)}
    if not any(word in text.casefold() for key, text in said.items() if key != "timestamp" for word in _THEIRS):
        return None
    return Said("OpenStreetMap", "ODbL 1.0", _day(said.get("timestamp", "")))


def _day(text: str) -> datetime.date | None:
    try:
        day = datetime.date.fromisoformat(text[:10])
    except ValueError:
        return None
    return day if day <= clock.today() else None

"""On which terms a row of a file may be used. Where we do not know, the row says so instead of promising anything."""

import re

from clinics.models.clinic import Source

OURS = "ODbL-1.0"  # the towns of every row come from a table under these terms, which have to be passed on (docs/places.md)
UNKNOWN = "see-source"  # the terms of the register or list that is named hold, and nobody has written them down here
VOCABULARY = "MIT"  # as the whole repository that it is committed in (LICENSE)

# How a list's terms can stand in its name ("OpenStreetMap, ODbL 1.0"), and the name that machines know them by (spdx.org).
_NAMED = {
    "ODbL-1.0": r"odbl|openstreetmap",
    "CC0-1.0": r"cc[ -]?0|cc zero",
    "CC-BY-4.0": r"cc[ -]by[ -]4\.0",
}
_PATTERNS = {
    code: re.compile(rf"(?<!\w)(?:{pattern})(?!\w)(?![ -](?:sa|nc|nd)\b)", re.I) for code, pattern in _NAMED.items()
}
# Whose own word it is, or ours; what comes from anywhere else is somebody's list.
_SAID_TO_US = {Source.CLINIC, Source.HAND}


def licence(source: str, name: str) -> str:
    """The terms of one fact, by who stated it and what that source is called."""
    if source in _SAID_TO_US:
        return OURS
    return next((code for code, pattern in _PATTERNS.items() if pattern.search(name)), UNKNOWN)


def together(codes: set[str]) -> str:
    """The terms of a row whose facts come under several: all of them hold; one that is unknown makes the row so."""
    if UNKNOWN in codes:
        return UNKNOWN
    return " AND ".join(sorted(codes)) or OURS

"""The place that may have been meant by a text that names none: asked about, and never used by itself."""

from collections.abc import Iterator

from django.db.models import Q

from .place_answers import FoundPlace
from .place_rows import Row, as_place, folded, place_rows
from .text import typos_allowed, typos_between

LONGEST = 200  # letters of what somebody typed
MOST_WORDS = 6  # of a place that is named among others


def guess(parts: list[str]) -> FoundPlace | None:
    """The place whose name is a typo away or goes on from what was typed, or that is named among other words
    (`"fysioterapeut Aarhus tak"`: rather than one that is two typos away); the largest of several. Whoever is asked must
    see why: a slip in another name of a place ("Holmen") is no reason to ask about Christianshavn.
    """
    typed = [(key, typos_allowed(key)) for part in parts for key in folded(part)]
    typed = [(key, most) for key, most in typed if most]
    among = {key for part in parts for key in _among(part)}
    best: tuple[float, int, Row] | None = None
    for row in place_rows(Q()) if typed or among else ():
        fits = [2 - len(key) / LONGEST for key in among.intersection(row["keys"])]
        for key, most in typed:
            typos = min((_slips(key, name, most) for name in row["keys"]), default=most + 1)
            if typos > most and any(name.startswith(key) for name in row["keys"]):
                typos = most
            if typos <= most and any(_resembles(key, own) for own in folded(row["name"])):
                fits.append(typos)
        if fits and (best is None or (min(fits), -(row["population"] or 0)) < best[:2]):
            best = (min(fits), -(row["population"] or 0), row)
    return as_place(best[2]) if best else None


def _slips(key: str, name: str, most: int) -> int:
    """The typos between the two, more than `most` where they begin with another sound: "Gershøj" is no slip for Ørnhøj."""
    typos = typos_between(key, name, most)
    begins_alike = key[:1] == name[:1] or key[:2] == name[1::-1]
    return typos if typos < 2 or begins_alike else most + 1


def _resembles(key: str, own: str) -> bool:
    """Whether somebody who typed the one sees it in the other: a third of the letters differ at most, or it is shortened."""
    most = max(len(key), len(own)) // 3
    letters = iter(own)
    return (
        typos_between(key, own, most) <= most or own in key or all(letter in letters for letter in key if letter != " ")
    )


def _among(part: str) -> Iterator[str]:
    """Every run of words that is not the whole part, in both folds; names of one or two letters are words as well."""
    words = part.split()
    for start in range(len(words)):
        for end in range(start + 1, min(start + MOST_WORDS, len(words)) + 1):
            if end - start < len(words):
                yield from (key for key in folded(" ".join(words[start:end])) if len(key) > 2)

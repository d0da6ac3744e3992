"""A place among other words: `"ondt i ryggen i Odense"` → the place as it is written, and what is left.

Only where a place may stand is said here, by the keys of our own tables; what the words mean is `places.find_place`'s to say.
"""

import re
from collections.abc import Collection, Iterator
from enum import Enum
from typing import NamedTuple

from .models import Place, Postcode
from .places import spellings
from .remembered import Remembered
from .text import fold, folds, normalise

MOST_WORDS = 20  # of a text in which a place is looked for
LONGEST = 4  # words of a place with what stands around it: "8000 aarhus c", "roskilde og omegn"

_WORD = re.compile(r"[^\W_]+")
# What says that a place follows, the longest first.
_AS_WRITTEN = "i nærheden af, tæt på, i hele, på hele, hele, i, på, nær, ved, omkring"
_LEADS = tuple(tuple(lead.split()) for lead in _AS_WRITTEN.split(", "))
_YEARS = range(1900, 2050)  # "diskusprolaps i 2000" speaks of a year, not of Frederiksberg

# Names of towns that are parts of the body or something that hurts, and those that are other everyday words.
_PAINFUL, _EVERYDAY = (
    "hals tarm lem skade",
    "skive stige give ringe stilling vejen mørke them tune gram fur rude vig tim",
)
PAINFUL, EVERYDAY = (frozenset(key for word in words.split() for key in folds(word)) for words in (_PAINFUL, _EVERYDAY))


class Stands(Enum):
    """Where in the text: after a word that places follow, last, or anywhere else. `ALONE`: it is the whole text."""

    ALONE = 1
    LED = 2
    LAST = 3
    ELSEWHERE = 4


class PlaceInWords(NamedTuple):
    """`place` and `rest` as they are written. `doubtful`: it may as well be what hurts, or a year; `everyday`: another word."""

    place: str
    rest: str
    stands: Stands
    doubtful: bool = False
    everyday: bool = False


class _Known(NamedTuple):
    keys: frozenset[str]
    codes: frozenset[str]


def _read() -> _Known:
    keys = {key for keys in Place.objects.order_by().values_list("keys", flat=True) for key in keys}
    return _Known(frozenset(keys), frozenset(Postcode.objects.order_by().values_list("code", flat=True)))


known = Remembered(_read)
forget = known.forget


def place_in(text: str, words_of_ours: Collection[str] = ()) -> PlaceInWords | None:
    """The place that the text names, None for none. No query while the places are remembered.

    A place after "i" or "på" is taken before one that stands last, and that before any other. `words_of_ours`: folded words
    that mean something else to us ("balle"); a place of one of them alone is doubtful.
    """
    written = [word.group() for word in _WORD.finditer(text)]
    if len(written) != len(normalise(text).split()):  # signs that nobody sees
        written = normalise(text).split()
    if not 0 < len(written) <= MOST_WORDS:
        return None
    words = [normalise(word) for word in written]
    found = min(_places(words), default=None)
    if found is None:
        return None
    stands, _, start, end, lead = found
    place = " ".join(written[start:end])
    rest = " ".join([*written[: start - lead], *written[end:]])
    doubtful = _is_doubtful(words[start:end], bool(rest), lead, words_of_ours)
    everyday = end - start == 1 and bool(EVERYDAY.intersection(folds(words[start])))
    return PlaceInWords(place, rest, Stands(stands), doubtful, everyday)


def _places(words: list[str]) -> Iterator[tuple[int, int, int, int, int]]:
    """Where a place stands: how, minus its words, its first word, the one after its last, and how many words lead to it."""
    for start in range(len(words)):
        for end in range(start + 1, min(start + LONGEST, len(words)) + 1):
            if not _is_place(words[start:end]):
                continue
            first = start
            while longer := next(
                (at for at in range(max(first - LONGEST, 0), first) if _is_place(words[at:first])), None
            ):
                first = longer  # "Viby Aarhus": the second says which one is meant
            lead = next((len(lead) for lead in _LEADS if tuple(words[max(first - len(lead), 0) : first]) == lead), 0)
            if first == lead and end == len(words):
                stands = Stands.ALONE
            elif lead:
                stands = Stands.LED
            else:
                stands = Stands.LAST if end == len(words) else Stands.ELSEWHERE
            yield stands.value, first - end, first, end, lead


def _is_place(words: list[str]) -> bool:
    """A name, a postcode, or a postcode with its town."""
    codes = [word for word in words if word in known().codes]
    if codes:
        names = [word for word in words if word not in codes and word != "dk"]
        return len(codes) == 1 and (not names or _is_name(names))
    return _is_name(words)


def _is_name(words: list[str]) -> bool:
    text = " ".join(words)
    # What leads to it is looked for beside it.
    return any(
        key in known().keys for spelling in spellings(text) if text.startswith(spelling) for key in folds(spelling)
    )


def _is_doubtful(place: list[str], has_rest: bool, lead: int, words_of_ours: Collection[str]) -> bool:
    if len(place) > 1:
        return False
    (word,) = place
    if word.isdecimal():
        return has_rest and int(word) in _YEARS and lead <= 1
    return bool(PAINFUL.intersection(folds(word))) or fold(word) in words_of_ours

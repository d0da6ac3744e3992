"""What a heading says about the text below it, and the id it is reached by."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from clinics.care import ANCHORS
from clinics.text import fold, slugify_da

SectionKind = Literal["text", "self_help", "exercises"]

_FAQ = re.compile(
    r"(?:(?:ofte|hyppigt|mest|typiske|almindelige)(?: ofte)?(?: stillede)? spoergsmaal|faq|spoergsmaal og svar)\b"
)
_FAQ_SUBJECT = re.compile(r"\b(?:om|vedrørende|vedr\.|ved)\s+(.+)$", re.I)
_REFERENCES = re.compile(
    r"(?:referencer?|referenceliste|kilder?|kildeliste|kildehenvisninger|litteratur|litteraturliste)"
)
_EXERCISES = re.compile(r"oevelse|udspaending|traeningsprogram|straekprogram")
_ONE_EXERCISE = re.compile(r"oevelse|udspaend|straek|haevning|squat|bridge|planke")
_SELF_HELP = re.compile(
    r"\b(?:hjemme|derhjemme|selv|selvhjaelp|egenomsorg|foerstehjaelp|hvad hjaelper|lindre\w*)\b"
    r"|\b(?:hvad|hvordan) (?:kan|goer) jeg\b"
)
# Ids of the templates around the article; a heading never takes one of them.
RESERVED_IDS = frozenset(
    {"box-sted", "find-fysioterapeut", "hoved", "indhold", "kilder", "laes-ogsaa", "main", "menu", "paa-denne-side"}
    | {"sted", "soeg", "top"}
    | {f"{card}{end}" for card in ANCHORS.values() for end in ("", "-titel")}
)
_FOOTNOTE_ID = re.compile(r"fn(?:ref)?\d")
_LONGEST_ID = 80


@lru_cache(maxsize=512)
def is_faq(heading: str) -> bool:
    """By the words of the `##`, never by question marks: real articles ask “Hvordan laver jeg øvelsen …?” elsewhere."""
    return bool(_FAQ.match(fold(heading)))


def faq_subject(heading: str) -> str:
    """What the questions are about: `"Ofte stillede spørgsmål om ondt i ryggen"` → `"Ondt i ryggen"`, or `""`."""
    found = _FAQ_SUBJECT.search(heading)
    subject = found.group(1).strip(" ?:.") if found else ""
    return subject[:1].upper() + subject[1:]


@lru_cache(maxsize=512)
def is_references(heading: str) -> bool:
    """Also a line below the answers: `### Referenceliste`."""
    return bool(_REFERENCES.fullmatch(fold(heading)))


def section_kind(heading: str, subheadings: Sequence[str]) -> SectionKind:
    """`exercises` and `self_help` tell the reader to do something alone, so warnings belong above them.

    The `###` of an exercises section are exercises: the heading names them, or most of them bear an exercise's name.
    """
    folded = fold(heading)
    named = sum(1 for name in subheadings if _ONE_EXERCISE.search(fold(name)))
    if _EXERCISES.search(folded) or 2 * named > len(subheadings):
        return "exercises"
    return "self_help" if _SELF_HELP.search(folded) else "text"


class Ids:
    """Hands out ids that are unique on the page: `hvad-er-aarsagen`, then `hvad-er-aarsagen-2`."""

    def __init__(self) -> None:
        self._taken = set(RESERVED_IDS)
        self._next: dict[str, int] = {}

    def new(self, text: str) -> str:
        slug = slugify_da(text)
        if len(slug) > _LONGEST_ID:
            slug = slug[:_LONGEST_ID].rpartition("-")[0] or slug[:_LONGEST_ID]
        slug = slug.strip("-_") or "afsnit"
        if _FOOTNOTE_ID.match(slug):
            slug = f"afsnit-{slug}"
        number = self._next.get(slug, 1)
        candidate = slug if number == 1 else f"{slug}-{number}"
        while candidate in self._taken:
            number += 1
            candidate = f"{slug}-{number}"
        self._next[slug] = number + 1
        self._taken.add(candidate)
        return candidate

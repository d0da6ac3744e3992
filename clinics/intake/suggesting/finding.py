"""From a row of a list to the specialities and treatment types that its words suggest. A person decides about each.

What counts, what does not, and how right it is: docs/suggested-specialities.md.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from clinics.names import COMMON
from clinics.text import fold

from .clauses import Hit, Word, hits, offered, words_in
from .offer_words import EVERYDAY, SPECIALITY, TREATMENT, Meaning, OfferWords, Target, known_words

__all__ = ["SPECIALITY", "TREATMENT", "Suggestion", "suggested"]

MOST = 20  # of a row: a page that lists everything says little
MOST_PEOPLE = 60
LONGEST_NAME = 200
LONGEST_EVIDENCE = 300  # characters: a column of the row

# From here on a name is somebody's or somewhere's: "Knæklinikken v/ Lars Balle", "Fysioterapien ved Hjertet".
_WHOSE = re.compile(r"(?:^|[\s,(])(?:v/|v\.|v\s|ved\s|hos\s|c/o\s|i\s+samarbejde\s)", re.IGNORECASE)
_TITLE = re.compile(r"[,(–—]|\s-\s|:")
# Before a weak word in a name; after any other word that is not known it may be a person's: "Peter Hånd".
_HARMLESS = frozenset(
    fold(
        "og den det de din dit min vores aktiv sund sunde stærk stærke god bedre frisk fri fit hel hele krop kroppen"
        " krops sundhed sundheds privat dansk danske danmark danmarks nord syd øst vest midt nordic team specialist"
        " specialister specialistklinik smerter smerte bevægelse aps a s is holding by city centrum fysisk mobil total"
        " vital optimal first pro plus"
    ).split()
) | frozenset(fold(" ".join(COMMON)).split())


@dataclass(frozen=True)
class Suggestion:
    """`evidence`: a Danish sentence with the very words that say so."""

    kind: str
    slug: str
    evidence: str


def suggested(facts: Mapping[str, Any], *, words: OfferWords | None = None) -> list[Suggestion]:
    """What the row's name, its people's titles and its website text say, in this order, each once. Never raises.

    The vocabulary's words are read once a minute; `words` are others than those. None is a grade or a title.
    """
    words = words or known_words()
    found: dict[Target, str] = {}
    for what, said, targets in _said(facts, words):
        for target in targets:
            if len(found) < MOST:
                found.setdefault(target, f"{what} “{said}”"[:LONGEST_EVIDENCE])
    return [Suggestion(target.kind, target.slug, evidence) for target, evidence in found.items()]


def _said(facts: Mapping[str, Any], words: OfferWords) -> Iterator[tuple[str, str, tuple[Target, ...]]]:
    people = [str(one) for one in _list(facts.get("practitioners"))[:MOST_PEOPLE]]
    for hit in _of_name(_text(facts, "name")[:LONGEST_NAME], words, _not_meant(facts, people)):
        yield "Navnet siger", hit.said, hit.meaning.targets
    for hit in _of_people(people, words):
        yield "Om en behandler står der", hit.said, hit.meaning.targets
    for hit in offered(_text(facts, "text"), words):
        yield "Hjemmesiden siger", hit.said, hit.meaning.targets


def _of_name(name: str, words: OfferWords, not_meant: frozenset[str]) -> Iterator[Hit]:
    if whose := _WHOSE.search(name):
        name = name[: whose.start()]
    read = words_in(name)
    found = hits(name, read, words)
    for hit in found:
        if _counts_in_name(hit, read, words, not_meant):
            yield hit
    taken = {number for hit in found for number in range(hit.first, hit.last)}
    for number, word in enumerate(read):
        known = number in taken or word.folded in words.single
        if not known and (targets := words.compound_of_keyword(word.folded)):
            yield Hit(Meaning(targets), name[word.start : word.end], number, number + 1)


def _counts_in_name(hit: Hit, read: list[Word], words: OfferWords, not_meant: frozenset[str]) -> bool:
    own = [word.folded for word in read[hit.first : hit.last]]
    if EVERYDAY.intersection(own) and not hit.meaning.strong:
        return False  # "Krop & Balance" is a name
    if len(own) > 1:
        return True
    if own[0] in not_meant or (own[0] in words.places and not hit.meaning.strong):
        return False
    if hit.meaning.strong:
        return True
    before = [word.folded for word in read[: hit.first]]
    return all(one in _HARMLESS or one in words.places or words.meaning(one) for one in before[-1:]) and not (
        len(before) > 1 and before[-1] in ("og", "i", "for") and _is_a_person(before, words)
    )


def _is_a_person(before: list[str], words: OfferWords) -> bool:
    """Never for one joined word: "Hansen og Knæ" is no clinic that we know of, "Fysioterapi og Knæ" is."""
    return not (before[-2] in _HARMLESS or before[-2] in words.places or words.meaning(before[-2]))


def _not_meant(facts: Mapping[str, Any], people: Iterable[str]) -> frozenset[str]:
    """Words of the row's own town and of its people's names."""
    names = [_TITLE.split(person, maxsplit=1)[0] for person in people]
    return frozenset(fold(" ".join((_text(facts, "town"), *names))).split())


def _of_people(people: Iterable[str], words: OfferWords) -> Iterator[Hit]:
    """What stands behind a name; in the name itself only what no name is."""
    for person in people:
        name, *title = _TITLE.split(person[:LONGEST_NAME], maxsplit=1)
        for part, is_title in ((name, False), *((one, True) for one in title)):
            for hit in hits(part, words_in(part), words):
                if is_title or (hit.meaning.strong and len(hit.said) > 6):
                    yield hit


def _text(facts: Mapping[str, Any], name: str) -> str:
    """Composed, without the hyphens that only show at the end of a line: both would part a word in two."""
    value = facts.get(name)
    return unicodedata.normalize("NFC", value).replace("\u00ad", "") if isinstance(value, str) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []

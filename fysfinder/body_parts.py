"""A part of the body and nothing else ("ben", "ondt i mave"): the conditions of that part, to choose from."""

from typing import NamedTuple

from articles.inflection import same_word
from clinics.models import Condition
from clinics.remembered import Remembered
from clinics.text import folds, normalise

MOST = 8
SHORTEST = 3  # letters of a part: "ben"
BEGINS = 4  # letters from which it may begin a longer word: "bækken" in "bækkenløsning", but not "ben" in "benskørhed"
# What people write beside the part.
_BESIDE = "ondt i på gør det jeg har mit min mine smerte smerter problemer med øm ømt ømme venstre højre"
_PAIN = frozenset(key for word in _BESIDE.split() for key in folds(word))
IN_NAME, IN_OTHER_NAME, BEGINS_A_WORD, OF_THE_REGION = range(4)


class Known(NamedTuple):
    """A condition with its words: of its name, of its other names (once for each), and of its part of the body."""

    slug: str
    name: str
    words: frozenset[str]
    other_words: tuple[str, ...]
    region_words: frozenset[str]


def _read() -> tuple[Known, ...]:
    rows = Condition.objects.current().filter(is_generic=False).order_by("name")
    return tuple(
        Known(
            slug,
            name,
            frozenset(normalise(name).split()),
            tuple(word for synonym in synonyms for word in normalise(synonym).split()),
            frozenset(normalise(region or "").split()),
        )
        for slug, name, synonyms, region in rows.values_list("slug", "name", "synonyms", "body_region__name")
    )


known = Remembered(_read)
forget = known.forget


def conditions_of_part(text: str) -> list[Known]:
    """At most `MOST`, those first that have the part in their name; [] when the text is no part, or more than one. No query
    while they are remembered."""
    parts = [word for word in normalise(text).split() if not _PAIN.intersection(folds(word))]
    if len(parts) != 1 or len(parts[0]) < SHORTEST:
        return []
    part = parts[0].replace("ae", "æ").replace("oe", "ø").replace("aa", "å")
    every = {word for one in known() for words in one[2:] for word in words}
    forms = {part} | {word for word in every if same_word(part, word)}
    same = {word for word in every if any(same_word(form, word) for form in forms)}  # "benet", ben, "benene"
    longer = {word for word in every if len(part) >= BEGINS and word.startswith(part)} - same
    fitting = sorted((*rank, one) for one in known() if (rank := _rank(one, same, longer)))
    return [one for _, _, one in fitting][:MOST]


def _rank(one: Known, same: set[str], longer: set[str]) -> tuple[int, int] | None:
    """How it is about the part, and minus how many of its other names say it."""
    said = sum(word in same for word in one.other_words)
    if same & one.words:
        return IN_NAME, -said
    if said:
        return IN_OTHER_NAME, -said
    if longer & one.words or longer.intersection(one.other_words):
        return BEGINS_A_WORD, 0
    return (OF_THE_REGION, 0) if same & one.region_words else None

"""The words that people use for what can be ticked on a results page: `"vederlagsfri"`, `"taler arabisk"`, `"åbent lørdag"`.

Made from the rows of `facets`, `choices`, `languages` and `insurers`, so that whatever can be ticked can be asked for.
"""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from .choices import FILTERS, Choice
from .facets import FACETS
from .text import folds, normalise

# What people write besides the labels and the synonyms of facts, by the key of the choice.
OTHER_WORDS: dict[str, tuple[str, ...]] = {
    "has_ydernummer": ("henvisning", "lægehenvisning", "henvisning fra læge", "tilskud", "offentlig sygesikring"),
    "free_physiotherapy": ("gratis", "gratis fys"),
    "open_now": ("åbent nu", "åben lige nu", "åbent lige nu"),
    "open_evening": ("aften", "aftenen", "aftentid", "aftentider", "åbent aften", "aftenåbent", "efter kl 18"),
    "open_saturday": ("lørdag", "lørdage", "åbent lørdag", "lørdagsåbent", "lørdagsåben"),
    "form_individual": ("individuel",),
    "form_group": ("hold", "holdtræning"),
    "home_visits": ("hjemme hos mig", "hjemme", "kommer hjem til mig"),
    "parking": ("handicap parkering",),
    "language_sgn": ("tegnsprog",),
    "language_so": ("somalisk",),
    "language_th": ("thailandsk",),
    "language_fa": ("persisk",),
    "language_en": ("english",),
    "insurer_almbrand": ("almbrand",),
    "insurer_falck": ("falck",),
    "insurer_moelholm": ("mølholm",),
}
_EVERYDAY = frozenset(("hold", "hjemme", "aften", "aftenen", "lørdag", "individuel", "gratis"))
# What stands around the names of languages and insurers, many of which are everyday words too ("tryg", "fransk").
_AROUND = {
    "language": ("taler {}", "tale {}", "{} talende", "{}talende", "på {}"),
    "insurer": ("{} sundhedsforsikring", "{} forsikring", "forsikring {}", "forsikret i {}", "aftale med {}"),
}
# A word before one of ours that turns it round.
_NOT = frozenset(key for word in ("uden", "ingen", "ikke", "intet") for key in folds(word))


class Chosen(NamedTuple):
    """A choice and the parameter that it is ticked in."""

    name: str
    choice: Choice


class Understood(NamedTuple):
    """`rest` is the text without the words of the choices, as it is written but for signs and capitals."""

    chosen: tuple[Chosen, ...]
    rest: str


class _Table(NamedTuple):
    phrases: dict[str, Chosen]  # folded
    alone: dict[str, Chosen]  # what also means something else: only where nothing stands beside it
    longest: int


def choices_in(text: str, filling: frozenset[str] = frozenset()) -> Understood:
    """What can be ticked that the text asks for. `filling`: folded words that say nothing beside it."""
    table, words = _table(), normalise(text).split()
    keys = [folds(word) for word in words]
    telling = [number for number, key in enumerate(keys) if not filling.intersection(key)]
    if telling:
        for spelling in folds(" ".join(words[number] for number in telling)):
            if one := table.alone.get(spelling):
                return Understood((one,), "")
    taken = [False] * len(words)
    chosen: dict[Chosen, int] = {}
    for size in range(min(table.longest, len(words)), 0, -1):
        for start in range(len(words) - size + 1):
            span = slice(start, start + size)
            one = next((table.phrases[key] for key in folds(" ".join(words[span])) if key in table.phrases), None)
            if one is None or any(taken[span]) or (start and _NOT.intersection(keys[start - 1])):
                continue
            taken[span] = [True] * size
            chosen.setdefault(one, start)
    rest = " ".join(word for word, is_taken in zip(words, taken, strict=True) if not is_taken)
    return Understood(tuple(sorted(chosen, key=chosen.__getitem__)), rest)


@cache
def _table() -> _Table:
    phrases: dict[str, Chosen] = {}
    alone: dict[str, Chosen] = {}
    for one in FILTERS:
        for choice in one.choices:
            for words, table in _words(choice):
                for folded in folds(words):
                    (alone if table else phrases).setdefault(folded, Chosen(one.name, choice))
    return _Table(phrases, alone, max(phrase.count(" ") + 1 for phrase in phrases))


def _words(choice: Choice) -> Iterator[tuple[str, bool]]:
    """What people write, and whether it counts only where it stands alone."""
    kind = choice.key.partition("_")[0]
    others = OTHER_WORDS.get(choice.key, ())
    if kind in _AROUND:
        for name in (*choice.label.split("/"), *others):
            yield name, True
            yield from ((around.format(name), False) for around in _AROUND[kind])
    elif choice.key != "confirmed":
        facet = FACETS.get(choice.key)
        synonyms = (facet.label, *facet.synonyms) if facet else ()
        for words in (choice.label, choice.chip_label, *synonyms, *others):
            yield words, words in _EVERYDAY

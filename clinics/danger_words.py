"""Words of danger: whether a text says what a red flag is listening for.

A static look-up in a committed list, no scoring and no guessing (docs/red-flags.md). A term is what people write:
`hævet læg`. `a / b` means either, `a + b` means both, in any order and at most `WINDOW` words apart, so that
"min mors ben er blevet meget hævet" is heard. Only whole words count, and only the forms that are listed; what Danish
puts between them ("kan jeg slet ikke tisse", "at hun ikke kan tisse") does not matter.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TypeVar

from .models import RedFlag
from .text import fold, folds

# Parts of one term may stand this many words apart: a long sentence, but not a whole article.
WINDOW = 10

# Words that change nothing and stand in the middle of a phrase; left out of text and terms alike, in both folds.
_FILLERS = """jeg, du, han, hun, vi, man, min, mit, mine, hans, hendes, sin, sit, sine, slet, længere, helt, næsten, rigtig,
rigtigt, ordentligt, også, nu, bare"""
FILLERS = frozenset(folded for word in re.split(r",\s", _FILLERS) for folded in folds(word))

# Pairs that mean something else than their words: who falls at night has not collapsed ("falder om"), and who relaxes an
# arm has no limp one. Read as one word, in text and terms alike.
_PAIRS = """om natten, om morgenen, om formiddagen, om eftermiddagen, om aftenen, om dagen, om vinteren, om sommeren, slap af,
slappe af, slap hud, blå mærker, blå mærke, blåt mærke"""
PAIRS = frozenset(tuple(folded.split()) for pair in re.split(r",\s", _PAIRS) for folded in folds(pair))
_SECONDS = frozenset(second for _, second in PAIRS)

# Words as people in pain write them, after the word that is meant. A list and no guessing: "lægen" is a slip away from
# "læggen". None of them may mean something else.
_SLIPS = """
kan: kunne kunnet ka / ikke: ik ikk ike ikek / ondt: ont ontd / tisse: tise tiss / smerter: smærter smeter
hævet: hevet hævvet hævt hæved hvævet hæfet hævedt / trykken: tryken trygen
brystet: bryset brystdet brystte brysted / vejret: vejeret vejert
åndenød: åndennød åndenødd åndenøde / blodprop: blodpropp blodprob blodbrop / lam: lamm / lammet: lammed lamet
pludselig: pludslig pludselit pluselig pludeselig plusselig / kraftesløs: kraftløs / benet: bennet benned
følelsesløs: følesløs følelseløs følelsløs føllelsesløs / skridtet: skrittet / brækket: brekket bræket brækked
hovedet: hodet hovdet / svimmel: svimel / nattesved: natsved / selvmord: selmord
achillessenen: achillesenen / akillessenen: akilessenen akillesenen akilesenen akkilessenen
bevidstløs: bevistløs bevidsløs bevisløs / besvimer: besvimmer / besvimet: besvimmet / hjertestop: hjertstop hjertestob
lammelse: lamelse / halvsidig: halvsidi halsidig / mærke: merke / kraften: krafften / selvskade: selskade
"""
SLIPS = {
    slip: word
    for meant, slips in (row.split(":") for row in re.split("[/\n]", _SLIPS.strip()))
    for written in slips.split()
    for slip, word in zip(folds(written), folds(meant), strict=False)
}

# What stands after these words and "efter" is over: "genoptræning efter brækket arm" says nothing of an arm that broke
# today. So it is after longer ones: "hjerterehabilitering efter hjertestop".
OVER = tuple(map(fold, ("træning", "rehabilitering")))

Phrase = tuple[str, ...]
Span = tuple[int, int]
Flag = TypeVar("Flag", bound=RedFlag)


def spoken(text: str, flags: Iterable[Flag]) -> list[Flag]:
    """Those of the flags that one of whose terms the text says, in the order given."""
    heard = [_Words(variant) for variant in folds(text)]
    return [flag for flag in flags if any(_says(words, term) for term in flag.terms for words in heard)]


class _Words:
    """A folded text that can be asked where a phrase stands."""

    def __init__(self, folded: str) -> None:
        self.words = plain(folded)
        self.places: dict[str, list[int]] = {}
        for number, word in enumerate(self.words):
            self.places.setdefault(word, []).append(number)

    def spans(self, phrase: Phrase) -> list[Span]:
        """First and last word of each place where the phrase stands."""
        size = len(phrase)
        return [
            (start, start + size - 1)
            for start in self.places.get(phrase[0], ())
            if self.words[start : start + size] == phrase and not self._is_over(start)
        ]

    def _is_over(self, start: int) -> bool:
        return start > 1 and self.words[start - 1] == "efter" and self.words[start - 2].endswith(OVER)


def _says(text: _Words, term: str) -> bool:
    parts = [[span for phrase in part for span in text.spans(phrase)] for part in parsed(term)]
    if not parts or not all(parts):
        return False
    # The leftmost word of a match begins one of its parts, so only those places need trying.
    starts = {start for spans in parts for start, _ in spans}
    return any(
        all(any(start <= first and last < start + WINDOW for first, last in spans) for spans in parts)
        for start in starts
    )


@lru_cache(maxsize=4096)
def parsed(term: str) -> tuple[tuple[Phrase, ...], ...]:
    """`"hævet / tyk + læg"` → its parts, each with its phrases in every fold. A pure function, so it cannot go stale.

    A term with an empty part (`"kold +"`) is unfinished and says nothing: without its other half it would be too wide.
    """
    parts = tuple(tuple(dict.fromkeys(_phrases(part))) for part in term.split("+"))
    return parts if all(parts) else ()


def _phrases(part: str) -> Iterator[Phrase]:
    for phrase in part.split("/"):
        for folded in folds(phrase):
            if words := plain(folded):
                yield words


def plain(folded: str) -> Phrase:
    """The words without fillers and slips, and with "kan ikke" in one order and one tense, as in a main clause of today.

    A pair that means something of its own is one word with a space in it.
    """
    words = [SLIPS.get(word, word) for word in folded.split() if word not in FILLERS]
    for number in range(len(words) - 1):
        if words[number : number + 2] == ["ikke", "kan"]:
            words[number : number + 2] = ["kan", "ikke"]
    if not _SECONDS.isdisjoint(words):
        for number in reversed(range(len(words) - 1)):
            if tuple(words[number : number + 2]) in PAIRS:
                words[number : number + 2] = [" ".join(words[number : number + 2])]
    return tuple(words)

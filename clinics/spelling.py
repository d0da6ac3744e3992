"""A guess at what was meant by a text with typos in it: offered as a question, never used by itself."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain

from .text import folds, normalise, typos_allowed, typos_between

OFTEN = 5  # a word in so many phrases is worth one typo more: among the synonyms are words that are misspelt themselves


class _Spellings:
    """Folded text → as it is written; by length too, because what is a typo away is about as long."""

    def __init__(self) -> None:
        self.all: dict[str, str] = {}
        self.of_length: dict[int, list[str]] = {}

    def add(self, folded: str, written: str) -> None:
        if folded not in self.all:
            self.all[folded] = written
            self.of_length.setdefault(len(folded), []).append(folded)


@dataclass(frozen=True, eq=False)  # itself in a cache, and not what it holds
class _Lexicon:
    names: _Spellings = field(default_factory=_Spellings)  # phrases without spaces → the name of what each means
    words: _Spellings = field(default_factory=_Spellings)
    phrases: Counter[str] = field(default_factory=Counter)  # in how many phrases a folded word stands


def suggestion(text: str, names: Iterable[tuple[str, str]]) -> str:
    """The name that the text as a whole is nearly, else the text with its unknown words put right; "" for no guess.

    `names` are phrases with the name of what each means (`vocabulary.every_name`).

    >>> suggestion("hæl spoore", [("hælspore", "Hælspore")])
    'Hælspore'
    >>> suggestion("ischas om natten", [("ischias", "Iskias")])
    'ischias om natten'
    """
    written = normalise(text)
    lexicon = _lexicon(tuple(names))
    words = written.split()
    if name := _nearest("".join(words), lexicon.names, Counter()):
        return "" if normalise(name) == written else name
    guessed = " ".join(_word(word, lexicon) for word in words)
    return guessed if guessed != written else ""


def is_slip(word: str, names: Iterable[tuple[str, str]], forms: Iterable[str] = ()) -> bool:
    """Whether no name has this word (normalised) or another of its `forms`, but one has a word that is nearly the same.

    >>> is_slip("lænen", [("ondt i lænden", "Ondt i lænden")])
    True
    """
    lexicon = _lexicon(tuple(names))
    known = any(folded in lexicon.words.all for form in forms for folded in folds(form))
    return not known and _word(word, lexicon) != word


@lru_cache(maxsize=2)
def _lexicon(names: tuple[tuple[str, str], ...]) -> _Lexicon:
    lexicon = _Lexicon()
    for phrase, name in names:
        written = normalise(phrase).split()
        for folded in folds(phrase):
            lexicon.names.add(folded.replace(" ", ""), name)
            for word, spelled in zip(folded.split(), written, strict=False):
                lexicon.words.add(word, spelled)
                lexicon.phrases[word] += 1
    return lexicon


@lru_cache(maxsize=1000)
def _word(word: str, lexicon: _Lexicon) -> str:
    if any(folded in lexicon.words.all for folded in folds(word)):
        return word
    return _nearest(word, lexicon.words, lexicon.phrases) or word


def _nearest(text: str, known: _Spellings, count: Counter[str]) -> str:
    """What is the fewest typos away; "" when that is too many for a text of this length."""
    best: tuple[int, int, str] | None = None
    for typed in folds(text):
        most = typos_allowed(typed)
        lengths = range(len(typed) - most, len(typed) + most + 1) if most else ()
        for name in chain.from_iterable(known.of_length.get(length, ()) for length in lengths):
            typos = typos_between(typed, name, most)
            if typos <= most:
                found = (typos - (count[name] >= OFTEN), -count[name], known.all[name])
                best = min(best, found) if best else found
    return best[2] if best else ""

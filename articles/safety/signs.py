"""Which of many terms a sentence says. All terms are looked up at once: an article is checked against hundreds.

A term is read as in `clinics.danger_words`, and may also have words with `*` in them and parts that must be missing
(`"+ ! arm"`); the head of wording.yaml says how they are written.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from clinics.danger_words import WINDOW, parsed, plain
from clinics.text import fold

Phrase = tuple[str, ...]
Span = tuple[int, int]
# The phrases that begin with a word: those told by it alone, and the others by the word that follows.
_Beginning = tuple[tuple[int, ...], dict[str, list[int]]]
_UNKNOWN: Any = object()
_MOST_WORDS = 50_000
ANYWHERE = 10_000  # words: more than any sentence has


class Term(NamedTuple):
    """What names `key`: each of `parts` must be said within `window` words, and nothing of `never`."""

    key: str
    parts: tuple[tuple[Phrase, ...], ...]
    never: tuple[Phrase, ...] = ()
    window: int = ANYWHERE


def spoken_term(key: str, term: str) -> Term:
    """A term as patients write it, from the registry."""
    return Term(key, parsed(term), window=WINDOW)


def written_term(key: str, term: str) -> Term:
    """A term as articles write it, from wording.yaml."""
    parts: list[tuple[Phrase, ...]] = []
    never: tuple[Phrase, ...] = ()
    for part in term.split("+"):
        phrases = tuple(words for phrase in part.replace("!", "").split("/") if (words := _words(phrase)))
        if part.strip().startswith("!"):
            never += phrases
        else:
            parts.append(phrases)
    return Term(key, tuple(parts) if all(parts) else (), never)


class Signs:
    """The terms, made ready once; `said_in` answers for one sentence."""

    def __init__(self, terms: Iterable[Term], read_past: Iterable[str] = ()) -> None:
        self.terms = [term for term in terms if term.parts]
        self.read_past = sorted((_words(phrase) for phrase in read_past), key=len, reverse=True)
        self.past_firsts = frozenset(phrase[0] for phrase in self.read_past)
        self.phrases: list[Phrase] = []
        # Phrase → the terms and parts it stands in; part −1 is what must be missing.
        self.places: list[list[tuple[int, int]]] = []
        self.exact: dict[str, list[int]] = {}
        self.pairs: dict[str, dict[str, list[int]]] = {}
        self.patterns: list[tuple[re.Pattern[str], int]] = []
        numbers: dict[Phrase, int] = {}
        for number, term in enumerate(self.terms):
            for part, phrases in (*enumerate(term.parts), (-1, term.never)):
                for phrase in phrases:
                    known = numbers.setdefault(phrase, len(numbers))
                    if known == len(self.phrases):
                        self._add(phrase, known)
                    self.places[known].append((number, part))
        self.beginning: dict[str, _Beginning | None] = {}

    def said_in(self, text: str) -> set[str]:
        """The keys of the terms that the text says."""
        words = plain(fold(text))
        if not self.past_firsts.isdisjoint(words):
            words = self._without(words)
        found: dict[int, dict[int, list[Span]]] = {}
        for start, word in enumerate(words):
            beginning = self.beginning.get(word, _UNKNOWN)
            if beginning is _UNKNOWN:
                beginning = self._learn(word)
            if beginning is None:
                continue
            single, pairs = beginning
            more = pairs.get(words[start + 1], ()) if pairs and start + 1 < len(words) else ()
            for number in (*single, *more):
                size = len(self.phrases[number])
                if size == 1 or _same(self.phrases[number], words[start : start + size]):
                    for term, part in self.places[number]:
                        found.setdefault(term, {}).setdefault(part, []).append((start, start + size - 1))
        return {self.terms[number].key for number, parts in found.items() if self._holds(self.terms[number], parts)}

    def _add(self, phrase: Phrase, number: int) -> None:
        self.phrases.append(phrase)
        self.places.append([])
        if "*" in phrase[0]:
            self.patterns.append((_pattern(phrase[0]), number))
        elif len(phrase) > 1 and "*" not in phrase[1]:
            self.pairs.setdefault(phrase[0], {}).setdefault(phrase[1], []).append(number)
        else:
            self.exact.setdefault(phrase[0], []).append(number)

    def _learn(self, word: str) -> "_Beginning | None":
        """The phrases that begin with a word; remembered, because texts repeat their words."""
        wild = (number for pattern, number in self.patterns if pattern.fullmatch(word))
        single, pairs = (*self.exact.get(word, ()), *wild), self.pairs.get(word, {})
        if len(self.beginning) > _MOST_WORDS:
            self.beginning.clear()
        known = self.beginning[word] = (single, pairs) if single or pairs else None
        return known

    def _without(self, words: Phrase) -> Phrase:
        for phrase in self.read_past:
            if phrase[0] not in words:
                continue
            for start in reversed(range(len(words) - len(phrase) + 1)):
                if words[start : start + len(phrase)] == phrase:
                    words = (*words[:start], "–", *words[start + len(phrase) :])
        return words

    def _holds(self, term: Term, parts: dict[int, list[Span]]) -> bool:
        if -1 in parts or len(parts) < len(term.parts):
            return False
        if len(term.parts) == 1:
            return True
        starts = {start for spans in parts.values() for start, _ in spans}
        return any(
            all(any(start <= first and last < start + term.window for first, last in spans) for spans in parts.values())
            for start in starts
        )


def _words(phrase: str) -> Phrase:
    """The folded words of a phrase, without the fillers that texts lose too; `*` stays where it is."""
    return plain(" ".join("*".join(fold(piece) for piece in word.split("*")) for word in phrase.split()))


def _same(phrase: Phrase, words: Phrase) -> bool:
    return len(phrase) == len(words) and all(
        wanted == word or ("*" in wanted and bool(_pattern(wanted).fullmatch(word)))
        for wanted, word in zip(phrase, words, strict=True)
    )


@lru_cache(maxsize=4096)
def _pattern(word: str) -> re.Pattern[str]:
    return re.compile(r"\w*".join(map(re.escape, word.split("*"))))

"""Which of many terms a sentence says. All terms are looked up at once: an article is checked against hundreds.

A term is read as in `clinics.danger_words`, and may also have words with `*` in them and parts that must be missing
(`"+ ! arm"`); the head of wording.yaml says how they are written.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from clinics.danger_words import WINDOW, parsed, plain
from clinics.text import fold

Phrase = tuple[str, ...]
Span = tuple[int, int]
# The phrases that begin with a word: those told by it alone, and the others by the word that follows.
_Beginning = tuple[tuple[int, ...], dict[str, list[int]]]
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


class _Sought(NamedTuple):
    """A term by the numbers of its phrases."""

    key: str
    parts: tuple[frozenset[int], ...]
    never: frozenset[int]
    window: int


class Signs:
    """The terms, made ready once; `said_in` answers for one sentence."""

    def __init__(self, terms: Iterable[Term], read_past: Iterable[str] = ()) -> None:
        self.read_past = sorted((_words(phrase) for phrase in read_past), key=len, reverse=True)
        self.past_firsts = frozenset(phrase[0] for phrase in self.read_past)
        self.phrases: dict[Phrase, int] = {}
        self.sizes: list[int] = []
        sought = [self._sought(term) for term in terms if term.parts]
        uses = Counter(chain.from_iterable(chain.from_iterable(term.parts for term in sought)))
        # Phrase → the terms that are looked at where it is said. Of several parts that must be said only the one with the
        # rarest words leads there: "smerter" alone would have half of all terms looked at, in every other sentence.
        self.leading: list[list[_Sought]] = [[] for _ in self.phrases]
        for term in sought:
            for number in min(term.parts, key=lambda part: sum(uses[number] for number in part)):
                self.leading[number].append(term)
        self.beginning = _Beginnings(self.phrases)

    def said_in(self, text: str) -> set[str]:
        """The keys of the terms that the text says."""
        words = plain(fold(text))
        if not self.past_firsts.isdisjoint(words):
            words = self._without(words)
        said: dict[int, list[Span]] = {}
        for start, beginning in enumerate(map(self.beginning.__getitem__, words)):
            if beginning is None:
                continue
            single, pairs = beginning
            more = pairs.get(words[start + 1], ()) if pairs and start + 1 < len(words) else ()
            for number in (*single, *more):
                size = self.sizes[number]
                if size == 1 or self.beginning.stands(number, words[start : start + size]):
                    said.setdefault(number, []).append((start, start + size - 1))
        return {term.key for number in said for term in self.leading[number] if _holds(term, said)}

    def _sought(self, term: Term) -> _Sought:
        parts = tuple(frozenset(map(self._number, part)) for part in term.parts)
        return _Sought(term.key, parts, frozenset(map(self._number, term.never)), term.window)

    def _number(self, phrase: Phrase) -> int:
        if phrase not in self.phrases:
            self.sizes.append(len(phrase))
        return self.phrases.setdefault(phrase, len(self.phrases))

    def _without(self, words: Phrase) -> Phrase:
        for phrase in self.read_past:
            if phrase[0] not in words:
                continue
            for start in reversed(range(len(words) - len(phrase) + 1)):
                if words[start] == phrase[0] and words[start : start + len(phrase)] == phrase:
                    words = (*words[:start], "–", *words[start + len(phrase) :])
        return words


class _Beginnings(dict[str, "_Beginning | None"]):
    """Word → the phrases that begin with it. Remembered, because texts repeat their words."""

    def __init__(self, phrases: dict[Phrase, int]) -> None:
        super().__init__()
        self._phrases = list(phrases)
        self._wild = frozenset(number for phrase, number in phrases.items() if any("*" in word for word in phrase))
        self._exact: dict[str, list[int]] = {}
        self._pairs: dict[str, dict[str, list[int]]] = {}
        self._patterns: list[tuple[re.Pattern[str], int]] = []
        for phrase, number in phrases.items():
            if "*" in phrase[0]:
                self._patterns.append((_pattern(phrase[0]), number))
            elif len(phrase) > 1 and "*" not in phrase[1]:
                self._pairs.setdefault(phrase[0], {}).setdefault(phrase[1], []).append(number)
            else:
                self._exact.setdefault(phrase[0], []).append(number)

    def __missing__(self, word: str) -> "_Beginning | None":
        wild = (number for pattern, number in self._patterns if pattern.fullmatch(word))
        single, pairs = (*self._exact.get(word, ()), *wild), self._pairs.get(word, {})
        if len(self) > _MOST_WORDS:
            self.clear()
        known = self[word] = (single, pairs) if single or pairs else None
        return known

    def stands(self, number: int, words: Phrase) -> bool:
        """Whether these words are the phrase."""
        phrase = self._phrases[number]
        if number not in self._wild or len(words) < len(phrase):
            return words == phrase
        return all(map(_is_form, phrase, words))


def _is_form(wanted: str, word: str) -> bool:
    return wanted == word or ("*" in wanted and bool(_pattern(wanted).fullmatch(word)))


def _holds(term: _Sought, said: dict[int, list[Span]]) -> bool:
    for part in term.parts:
        if part.isdisjoint(said):
            return False
    if not term.never.isdisjoint(said):
        return False
    if len(term.parts) == 1:
        return True
    spans = [[span for number in part & said.keys() for span in said[number]] for part in term.parts]
    starts = {start for some in spans for start, _ in some}
    return any(
        all(any(start <= first and last < start + term.window for first, last in some) for some in spans)
        for start in starts
    )


def _words(phrase: str) -> Phrase:
    """The folded words of a phrase, without the fillers that texts lose too; `*` stays where it is."""
    return plain(" ".join("*".join(fold(piece) for piece in word.split("*")) for word in phrase.split()))


@lru_cache(maxsize=4096)
def _pattern(word: str) -> re.Pattern[str]:
    return re.compile(r"\w*".join(map(re.escape, word.split("*"))))

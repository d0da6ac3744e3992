"""From an article's words to the vocabulary's phrases in it: PostgreSQL parses and stems, one statement for an article."""

import math
import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection

from .lexicon import Lexicon, Stems, plain

TITLE, HEADING, TEXT = "A", "B", "C"  # the weights of a tsvector
# What a phrase is worth by where it stands. In text and headings more mentions are worth more, but ever less so.
WORTH = {TITLE: 4.0, HEADING: 2.0, TEXT: 1.0}
LONGEST = {TITLE: 1_000, HEADING: 20_000, TEXT: 100_000}  # characters that are read
GAP = 2  # words that may stand between two of a phrase: "ondt i den ene skulder"
SHORTEST_PART, SHORTEST_REST = 5, 3  # letters of a stem inside a longer word, and of what is left: "svømmeskulder"
OF_A_COMPOUND = 0.8  # what it is worth there

# Everyday words whose stem is that of something else: "læge" and "læg", "i løbet af" and "løb", "kræfter" and "kræft".
EVERYDAY = re.compile(
    r"\b(?:læge(?:n|ns|r|rne|s)?|læg|i løbet af|ryge\w{0,3}|kræfter(?:ne|s)?|senere|sent|gange|led af|på tværs"
    r"|(?:en|én|første|hver|anden|næste|sidste|nogle|ad|i|med en|flere|mange|ny) gang"
    r"|i (?:så|hvert|værste|bedste) fald|falde[rt] (?:til ro|i søvn)|faldt i søvn)\b"
)
STOP_WORD = "og"  # keeps the place of a word that does not count

SQL = " || ".join(f"setweight(to_tsvector('danish', %s), '{part}')" for part in WORTH)
# As texts: two arrays for each of 300 words take as long to read as all the rest of an article.
SQL = f"SELECT lexeme, array_to_string(positions, ' '), array_to_string(weights, '') FROM unnest({SQL})"  # noqa: S608  ours


Word = tuple[str, str]  # stem and part; a plain pair, because an article has a thousand of them


class Said(NamedTuple):
    """What a phrase is worth by where and how often it stands; `prominent`: in the title or a heading too."""

    worth: float
    prominent: bool = False


def read(title: str, headings: Iterable[str], text: str, words: Lexicon) -> dict[Stems, Said]:
    """The phrases of the lexicon that the article says. One statement."""
    parts = (title, "\n".join(headings), text)
    with connection.cursor() as cursor:
        cursor.execute(SQL, [_readable(part, most) for part, most in zip(parts, LONGEST.values(), strict=True)])
        said = {
            int(position): (lexeme, part)
            for lexeme, positions, weights in cursor.fetchall()
            for position, part in zip(positions.split(), weights, strict=True)
        }
    counts: dict[Stems, dict[str, float]] = defaultdict(lambda: dict.fromkeys(WORTH, 0.0))
    for stems, part, count in _found(said, words):
        counts[stems][part] += count
    return {stems: Said(_worth(some), some[TITLE] + some[HEADING] > 0) for stems, some in counts.items()}


def _readable(text: str, most: int) -> str:
    # In lower case: a search that has to ignore the case takes three times as long.
    return EVERYDAY.sub(STOP_WORD, plain(text[:most]).lower())


def _worth(counts: dict[str, float]) -> float:
    """The sum over the parts: n mentions count 1 + ln n times, in the title once at most."""
    many = {part: count if count < 1 else 1 + math.log(count) for part, count in counts.items()}
    many[TITLE] = min(counts[TITLE], 1.0)
    return sum(WORTH[part] * much for part, much in many.items())


def _found(said: dict[int, Word], words: Lexicon) -> list[tuple[Stems, str, float]]:
    """Phrase, part and count of each occurrence; the longest phrase takes its words, then parts of compound words."""
    order = sorted(said)
    candidates: list[tuple[int, int, Stems, list[int]]] = []
    for index, position in enumerate(order):
        stem = said[position][0]
        longer = words.starting.get(stem)
        if longer is None:
            continue
        alone = "" in longer
        if alone:
            candidates.append((-1, position, (stem,), [position]))
        for number in _near(index, order, said) if len(longer) > alone else ():
            for stems in longer.get(said[order[number]][0], ()):
                if places := _follow(stems, [index, number], order, said):
                    candidates.append((-len(stems), position, stems, places))
    taken: set[int] = set()
    found: list[tuple[Stems, str, float]] = []
    for _, position, stems, places in sorted(candidates):
        if taken.isdisjoint(places):
            taken.update(places)
            found.append((stems, said[position][1], 1.0))
    for position in order:
        stem, part = said[position]
        if position not in taken and len(stem) >= SHORTEST_PART + SHORTEST_REST:
            found += [((known,), part, OF_A_COMPOUND) for known in _inside(stem, words)]
    return found


def _near(index: int, order: list[int], said: dict[int, Word]) -> list[int]:
    """The numbers of the next few words of the same part."""
    position = order[index]
    part = said[position][1]
    near: list[int] = []
    for number, following in enumerate(order[index + 1 : index + 2 + GAP], start=index + 1):
        if following - position > 2 + GAP or said[following][1] != part:
            break
        near.append(number)
    return near


def _follow(stems: Stems, numbers: list[int], order: list[int], said: dict[int, Word]) -> list[int]:
    """Where the words of the phrase stand, the first two in `numbers`, each close after the other; [] when they do not."""
    for stem in stems[2:]:
        following = (number for number in _near(numbers[-1], order, said) if said[order[number]][0] == stem)
        if (number := next(following, None)) is None:
            return []
        numbers = [*numbers, number]
    return [order[number] for number in numbers]


def _inside(lexeme: str, words: Lexicon) -> set[str]:
    """The longest known stems that a compound word begins and ends with: "hjernehindebetændelse" says two things."""
    sizes = range(len(lexeme) - SHORTEST_REST, SHORTEST_PART - 1, -1)
    first = next((lexeme[:size] for size in sizes if (lexeme[:size],) in words.meanings), "")
    last = next((lexeme[-size:] for size in sizes if (lexeme[-size:],) in words.meanings), "")
    return {stem for stem in (first, last) if stem}

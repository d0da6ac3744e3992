"""Likely mistakes of spelling, by committed lists of patterns (articles/data/typos.yaml, spellings.yaml).

No dictionary: health texts are full of words that no dictionary knows, and an editor who is told of forty names of
muscles no longer reads the forty-first. What stands here is nearly always a mistake.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from articles.lint.data import load
from articles.lint.finding import Finding, Level
from articles.lint.passages import Passage, Reading

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_NO_SPACE = re.compile(r"\b([a-zæøå]{3,})\.([A-ZÆØÅ][a-zæøå]{2,})\b")
_NEAR = 200  # characters in which a parenthesis that explains must have begun
_VERBS = ("smerte", "krampe")  # “din ryg smerter” is no noun


class _Phrase(NamedTuple):
    find: re.Pattern[str]
    right: str
    why: str
    level: Level


def check(reading: Reading) -> Iterator[Finding]:
    phrases = [phrase for phrase in _phrases() if phrase.find.search(reading.low)]
    english = _english() if _english().search(reading.low) else None
    for passage in reading.passages:
        yield from _words(passage)
        for phrase in phrases:
            for words, match in passage.matches(phrase.find):
                yield _typo(passage, words, match.expand(phrase.right), phrase.level, phrase.why)
        for match in _NO_SPACE.finditer(passage.text):
            yield _typo(passage, match[0], f"{match[1]}. {match[2]}", "warning", "der mangler et mellemrum")
        if english:
            yield from _foreign(passage, english)
    yield from _spellings(reading)


def _words(passage: Passage) -> Iterator[Finding]:
    """Single words, and pairs with nothing but a space between them."""
    data, joined = load("typos"), _joined()
    found = list(_WORD.finditer(passage.text))
    low = [match[0].lower() for match in found]
    for number, match in enumerate(found):
        if right := data["words"].get(low[number]):
            yield _typo(passage, match[0], right, "warning")
        elif right := data["apart"].get(low[number]):
            yield _typo(passage, match[0], right, "advice")
        if number == 0 or passage.text[found[number - 1].end() : match.start()] != " ":
            continue
        first, second = low[number - 1], low[number]
        pair = f"{found[number - 1][0]} {match[0]}"
        before, after = low[number - 2] if number > 1 else "", low[number + 1] if number + 1 < len(low) else ""
        if first == second and second not in data["twice"] and not (second == "i" and after in data["times"]):
            yield Finding("warning", "word_twice", passage.line, f"“{pair}”: ordet står to gange i træk.", match[0])
        for beginning in joined.get(first, ()):
            is_verb = beginning in _VERBS and before in data["subjects"]
            if second.startswith(beginning) and not is_verb:
                yield _typo(passage, pair, f"{found[number - 1][0]}{second}", "warning", "ét ord på dansk")


def _typo(passage: Passage, wrong: str, right: str, level: Level, why: str = "") -> Finding:
    right = right[:1].upper() + right[1:] if wrong[:1].isupper() else right
    reason = f" ({why})" if why else ""
    return Finding(level, "typo", passage.line, f"Skal “{wrong}” være “{right}”?{reason}", right)


def _foreign(passage: Passage, english: re.Pattern[str]) -> Iterator[Finding]:
    """English words, unless the sentence says so or a parenthesis explains them."""
    if "engelsk" in passage.text.lower():
        return
    for words, match in passage.matches(english):
        before = passage.text[max(match.start() - _NEAR, 0) : match.start()]
        after = passage.text[match.end() : match.end() + 2].lstrip()
        if before.count("(") > before.count(")") or after.startswith("("):
            continue
        danish = load("typos")["english"][match[0]]
        text = f"“{words}” er engelsk." + (f" Skriv “{danish}”, eller forklar ordet i en parentes." if danish else "")
        yield Finding("advice", "english", passage.line, text, danish)


def _spellings(reading: Reading) -> Iterator[Finding]:
    """Two ways of spelling one word, unless the text itself says that there are two: “iskias eller ischias”."""
    text = reading.low
    for one, other in load("spellings"):
        if one not in text or other not in text:
            continue
        first, second = (re.compile(rf"\b{word}\w*") for word in (one, other))
        said = re.search(rf"\b(?:{one}\w* ?(?:/|\(|eller) ?{other}|{other}\w* ?(?:/|\(|eller) ?{one})", text)
        found, again = first.search(text), second.search(text)
        if said or found is None or again is None:
            continue
        later = second if found.start() < again.start() else first
        line = next(passage.line for passage in reading.passages if later.search(passage.text.lower()))
        words = f"“{found[0]}” og “{again[0]}”"
        yield Finding("advice", "two_spellings", line, f"Både {words} bruges i teksten. Vælg den ene stavemåde.")


@cache
def _joined() -> dict[str, list[str]]:
    """First word → beginnings of the second."""
    joined: dict[str, list[str]] = {}
    for pair in load("typos")["joined"]:
        first, second = pair.split()
        joined.setdefault(first, []).append(second)
    return joined


@cache
def _phrases() -> list[_Phrase]:
    phrases: list[_Phrase] = []
    for entry in load("typos")["phrases"]:
        find = re.compile(rf"(?<!\w)(?:{entry['find']})(?!\w)")
        phrases.append(_Phrase(find, entry["right"], entry.get("why", ""), entry.get("level", "warning")))
    return phrases


@cache
def _english() -> re.Pattern[str]:
    words = sorted(load("typos")["english"], key=len, reverse=True)  # “side-lying clamshell” before “side-lying”
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, words))})(?![\w-])")

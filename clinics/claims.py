"""Words of marketing that Danish law does not allow about health services, or that nobody can document (R13, R17).

The rules stand in clinics/data/claims.yaml. They look for claims, not for words: “det er bedst at vente” is Danish. Articles
go by those that hold everywhere (articles/lint/claims.py); what a clinic writes about itself goes by all of them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from .yaml_files import read_yaml

FILE = Path(__file__).parent / "data" / "claims.yaml"
LONGEST = 20_000  # characters that are read; more than any field of a clinic holds

_NO = r"(?:ikke|ingen|intet|aldrig|hverken|næppe|uden|sjældent|umuligt|pas\s+på|vær\s+skeptisk)"
# A no before the claim, in the same clause or in one that leads to it (“det er ikke sikkert, at …”), or right after it.
_NO_BEFORE = re.compile(rf"\b{_NO}\b[^.!?,;]{{0,45}}(?:, (?:at|om)\b[^.!?,;]{{0,45}})?$", re.I)
_NO_AFTER = re.compile(rf"^\W*(?:\w+\W+)?{_NO}\b", re.I)
_NO_WITHIN = re.compile(rf"\b{_NO}\b", re.I)
# What others grant, in the words of a clinic about its people: only with documentation (domain.md §3.2).
GRANTED_TITLE = re.compile(r"(?i)\b(?:specialist|certificeret|autorise|autorisation|godkendt af)")
_NEAR = 120  # characters; near is enough, and keeps a text of a single endless sentence from taking for ever

# Letters of other alphabets that look like ours, so that "Sp\u0430r" with a Cyrillic letter reads as what it looks like.
_LOOK_ALIKE = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0445\u0443\u0456\u0410\u0415\u041e\u0420\u0421\u03bf\u03b1", "aeopcxyiAEOPCoa"
)

# Between sentences: a full stop before a capital or at a line's end. "500 kr. Nu 400 kr." and "nr. 1" are not two.
# No run of spaces is longer than three: what begins and ends with any number of them takes the square of a long run.
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?])(?<!kr\.)(?<!nr\.)\s{1,3}(?=[A-ZÆØÅ\d–-])|[\r\n]+")


class Claim(NamedTuple):
    """One rule. `level` is error, warning or advice; `clinics`: it holds in what clinics write only."""

    name: str
    find: re.Pattern[str]
    why: str
    level: str
    negated: bool
    question: bool
    clinics: bool


@dataclass(frozen=True)
class Problem:
    """`words` as they stand in the text, and a Danish sentence that says why they may not."""

    words: str
    text: str


def problems(text: str) -> list[Problem]:
    """What a clinic may not write about itself or its prices, in the order of the text, each wording once.

    For forms: every problem stands at its field. Advice is left out: it is for editors, who have the time.
    """
    found: dict[str, Problem] = {}
    for sentence in filter(None, _BETWEEN_SENTENCES.split(text[:LONGEST].translate(_LOOK_ALIKE))):
        here = []
        for claim in claims():
            if claim.level != "advice":
                here += [(start, words, claim.why) for start, words in made(sentence, claim)]
        for _, words, why in sorted(here):
            if not any(words.casefold() in longer or longer in words.casefold() for longer in found):
                found[words.casefold()] = Problem(words, f"“{words}” må ikke stå her: {why}.")
    return list(found.values())


def message(text: str) -> str:
    """The problems of a text as one message for its field; "" when there are none."""
    return " ".join(problem.text for problem in problems(text))


def made(sentence: str, claim: Claim) -> Iterator[tuple[int, str]]:
    """Where the claim is made in a sentence, with its words as they stand. A denied one is not made."""
    if claim.question and sentence.rstrip().endswith("?"):
        return
    low = sentence.lower()
    for match in claim.find.finditer(low):
        before, after = sentence[max(match.start() - _NEAR, 0) : match.start()], sentence[match.end() :][:_NEAR]
        if claim.negated and (_NO_BEFORE.search(before) or _NO_AFTER.match(after) or _NO_WITHIN.search(match[0])):
            continue
        yield match.start(), sentence[match.start() : match.end()] if len(low) == len(sentence) else match[0]


@cache
def claims() -> tuple[Claim, ...]:
    """Every rule, in the order of the file. Read once; a mistake in the file shows in its test, not on a page."""
    return tuple(_claim(entry) for entry in _data()["claims"])


def reason() -> str:
    """The law behind them."""
    return str(_data()["reason"])


@cache
def _data() -> Any:
    return read_yaml(FILE.read_text(encoding="utf-8"))


def _claim(entry: dict[str, Any]) -> Claim:
    return Claim(
        entry["name"],
        re.compile(entry["find"]),
        entry["why"],
        entry["level"],
        entry.get("negated", False),
        entry.get("question", False),
        entry.get("clinics", False),
    )

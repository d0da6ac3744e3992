"""Words of marketing that a Danish health page may not use, and names of clinics, which articles leave to the page.

The rules stand in articles/data/claims.yaml. They look for claims, not for words: “det er bedst at vente” is Danish.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from articles.lint.data import load
from articles.lint.finding import Finding, Level, quote
from articles.lint.passages import Passage, Reading
from clinics.models import Clinic

_NO = r"(?:ikke|ingen|intet|aldrig|hverken|næppe|uden|sjældent|umuligt|pas\s+på|vær\s+skeptisk)"
# A no before the claim, in the same clause or in one that leads to it (“det er ikke sikkert, at …”), or right after it.
_NO_BEFORE = re.compile(rf"\b{_NO}\b[^.!?,;]{{0,45}}(?:, (?:at|om)\b[^.!?,;]{{0,45}})?$", re.I)
_NO_AFTER = re.compile(rf"^\W*(?:\w+\W+)?{_NO}\b", re.I)
_MOST_WORDS_OF_A_NAME = 8
_NEAR = 120  # characters


class _Claim(NamedTuple):
    find: re.Pattern[str]
    why: str
    level: Level
    negated: bool
    question: bool


def check(reading: Reading) -> Iterator[Finding]:
    yield from made(reading)
    yield from _clinics(reading)


def made(reading: Reading) -> Iterator[Finding]:
    """The claims alone, without a query."""
    claims = [claim for claim in _claims() if claim.find.search(reading.low)]
    for passage in reading.passages:
        for claim in claims:
            yield from _made_in(passage, claim)


def _made_in(passage: Passage, claim: _Claim) -> Iterator[Finding]:
    if claim.question and passage.text.rstrip().endswith("?"):
        return
    for words, match in passage.matches(claim.find):
        # Near is enough, and keeps a text of a single endless sentence from taking for ever.
        before, after = (
            passage.text[max(match.start() - _NEAR, 0) : match.start()],
            passage.text[match.end() : match.end() + _NEAR],
        )
        denied = _NO_BEFORE.search(before) or _NO_AFTER.match(after) or re.search(rf"\b{_NO}\b", match[0], re.I)
        if claim.negated and denied:
            continue
        text = f"{quote(words)} må ikke stå: {claim.why} ({load('claims')['reason']})."
        if claim.level != "error":
            text = f"{quote(words)}: {claim.why} ({load('claims')['reason']})."
        yield Finding(claim.level, "claim", passage.line, text)


@cache
def _claims() -> list[_Claim]:
    return [_claim(entry) for entry in load("claims")["claims"]]


def _claim(entry: dict[str, Any]) -> _Claim:
    find = re.compile(entry["find"])
    return _Claim(find, entry["why"], entry["level"], entry.get("negated", False), entry.get("question", False))


def _clinics(reading: Reading) -> Iterator[Finding]:
    """Exact names of two words or more that stand in the text. One query for all names: asking for some takes longer."""
    names = set(Clinic.objects.published().values_list("name", flat=True))
    for passage in reading.passages:
        for name in _possible_names(passage.text):
            if name in names:
                names.remove(name)
                text = f"{quote(name)} er navnet på en klinik. Artikler nævner ingen klinikker; dem viser siden selv (R18)."
                yield Finding("warning", "clinic_name", passage.line, text)


def _possible_names(text: str) -> Iterator[str]:
    """Runs of two to eight words that begin with a capital or a figure, as the name of a clinic does."""
    words = text.split()
    for start, word in enumerate(words):
        first = word.lstrip('"“”»«(')[:1]
        if first.isupper() or first.isdigit():
            for end in range(start + 2, min(start + _MOST_WORDS_OF_A_NAME, len(words)) + 1):
                yield " ".join(words[start:end]).strip('"“”»«().,:;!?')

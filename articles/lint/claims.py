"""Words of marketing that a Danish health page may not use, and names of clinics, which articles leave to the page.

The rules are clinics.claims, those that hold everywhere; a clinic's own texts go by stricter ones.
"""

from collections.abc import Iterator

from articles.lint.finding import Finding, Level, quote
from articles.lint.passages import Passage, Reading
from clinics import claims
from clinics.claims import Claim
from clinics.models import Clinic

_MOST_WORDS_OF_A_NAME = 8
_LEVELS: dict[str, Level] = {"error": "error", "warning": "warning", "advice": "advice"}


def check(reading: Reading) -> Iterator[Finding]:
    yield from made(reading)
    yield from _clinics(reading)


def made(reading: Reading) -> Iterator[Finding]:
    """The claims alone, without a query."""
    possible = [claim for claim in claims.claims() if not claim.clinics and claim.find.search(reading.low)]
    for passage in reading.passages:
        for claim in possible:
            yield from _made_in(passage, claim)


def _made_in(passage: Passage, claim: Claim) -> Iterator[Finding]:
    for _, words in claims.made(passage.text, claim):
        text = f"{quote(words)} må ikke stå: {claim.why} ({claims.reason()})."
        if claim.level != "error":
            text = f"{quote(words)}: {claim.why} ({claims.reason()})."
        yield Finding(_LEVELS[claim.level], "claim", passage.line, text)


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

"""Where the text is milder than the red flags or collides with one, and flags that nobody has decided about."""

from collections.abc import Iterator
from typing import Any

from articles.lint.facts import Facts
from articles.lint.finding import Finding, quote
from articles.lint.passages import Reading
from clinics.danish import count
from clinics.models import RedFlag


def check(reading: Reading, facts: Facts) -> Iterator[Finding]:
    lines = {sentence.text: sentence.line for sentence in reading.sentences}
    for place in reading.article.safety:
        # The stored line may count the front matter of a file; the sentence itself is a better guide.
        yield _place(place, lines.get(place["sentence"], place["line"]), facts.signed.get(place["fingerprint"]))
    if facts.pending:
        many = count(len(facts.pending), "foreslået rødt flag", "foreslåede røde flag")
        sentence = facts.pending[0]["sentence"]
        text = f"{many} venter på svar, først for {quote(sentence)}"
        yield Finding("warning", "flags_pending", lines.get(sentence, 0), text)
    yield from _condition(facts)


def _place(place: dict[str, Any], line: int, reason: str | None) -> Finding:
    said = f"{_what(place)}: {quote(place['sentence'])}"
    if reason is None:
        return Finding("error", f"safety_{place['kind']}", line, f"{said} Ret teksten, eller begrund, at den står.")
    return Finding("advice", f"safety_{place['kind']}", line, f"{said} Begrundet: {quote(reason)}")


def _what(place: dict[str, Any]) -> str:
    if place["kind"] != "weaker":
        return f"Rådet strider mod det røde flag {quote(place['flag'])}"
    labels = dict(RedFlag.Urgency.choices)
    says = labels.get(place.get("stated", ""), "mindre")
    return f"Det røde flag {quote(place['flag'])} siger “{labels.get(place['urgency'], '')}”, teksten siger “{says}”"


def _condition(facts: Facts) -> Iterator[Finding]:
    if not facts.has_condition:
        text = "Artiklen har ingen tilstand, så den viser kun de almindelige røde flag og ingen klinikker."
        yield Finding("warning", "no_condition", 0, text)
        return
    if not facts.own_flags:
        text = "Tilstanden har ingen egne røde flag; siden viser dem, der gælder for kropsdelen."
        yield Finding("warning", "no_flags", 0, text)
    if facts.awaits_acceptance:
        text = "Tilstanden venter på en redaktør: match og betingelse skal godkendes, før siden viser klinikker."
        yield Finding("warning", "awaits_acceptance", 0, text)

"""Where the text is milder than the red flags or collides with one, and flags that nobody has decided about."""

from collections.abc import Iterator
from typing import Any

from articles.lint.facts import Facts
from articles.lint.finding import Finding, quote
from articles.lint.passages import Reading
from clinics.danish import count, listing
from clinics.models import RedFlag

_LONGEST_FLAG = 60  # characters of what it says


def check(reading: Reading, facts: Facts) -> Iterator[Finding]:
    lines = {sentence.text: sentence.line for sentence in reading.sentences}
    together: dict[tuple[Any, ...], list[dict[str, Any]]] = {}  # several flags of one sentence are one thing to mend
    for place in reading.article.safety:
        # The stored line may count the front matter of a file; the sentence itself is a better guide.
        line, reason = lines.get(place["sentence"], place["line"]), facts.signed.get(place["fingerprint"])
        together.setdefault((place["kind"], line, place["sentence"], reason), []).append(place)
    for (kind, line, sentence, reason), places in together.items():
        yield _finding(kind, line, f"{_what(kind, places, facts)}: {quote(sentence)}", reason)
    if facts.pending:
        many = count(len(facts.pending), "foreslået rødt flag", "foreslåede røde flag")
        sentence = facts.pending[0]["sentence"]
        text = f"{many} venter på svar, først for {quote(sentence)}"
        yield Finding("warning", "flags_pending", lines.get(sentence, 0), text)
    yield from _condition(facts)


def _finding(kind: str, line: int, said: str, reason: str | None) -> Finding:
    if reason is None:
        return Finding("error", f"safety_{kind}", line, f"{said} Ret teksten, eller begrund, at den står.")
    return Finding("advice", f"safety_{kind}", line, f"{said} Begrundet: {quote(reason)}")


def _what(kind: str, places: list[dict[str, Any]], facts: Facts) -> str:
    labels = dict(RedFlag.Urgency.choices)
    by_urgency: dict[str, list[str]] = {}
    for place in places:
        words = quote(facts.flag_texts.get(place["flag"], place["flag"]), _LONGEST_FLAG)
        by_urgency.setdefault(place["urgency"] if kind == "weaker" else "", []).append(words)
    if kind != "weaker":
        return f"Rådet strider mod {_flags(by_urgency[''])}"
    said = [f"{_flags(words)} siger “{labels.get(urgency, '')}”" for urgency, words in by_urgency.items()]
    text = f"{', '.join(said)}, teksten siger “{labels.get(places[0].get('stated', ''), 'mindre')}”"
    return text[0].upper() + text[1:]


def _flags(words: list[str]) -> str:
    words = list(dict.fromkeys(words))
    return f"{'det røde flag' if len(words) == 1 else 'de røde flag'} {listing(words)}"


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

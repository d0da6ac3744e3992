"""What an article file does not say and we derive from it: its short name, its description, a missing title."""

import re

LONGEST_DESCRIPTION = 155  # what search engines show
_TOO_SHORT = 100  # "Har du ondt i ryggen?" alone describes nothing
_SUFFIX = re.compile(r"\s+[–—|→-]\s+.*$", re.DOTALL)
_SENTENCE_END = re.compile(r"[.!?…][\"”»)]?\s+(?=[\"“«(]?[A-ZÆØÅ0-9])")
_ABBREVIATION = re.compile(
    r"\b(?:fx|f\.?eks|bl\.a|dvs|ca|evt|osv|mv|m\.m|m\.fl|o\.l|pga|nr|kl|dr|str|jf|tlf|mht|inkl|ekskl|maks|min|pr)\.$",
    re.I,
)


def short_name(title: str, faq_subject: str = "") -> str:
    """The name of the condition: the X of the questions' heading, else the title before its “ – ”."""
    return faq_subject or _SUFFIX.sub("", title).strip() or title


def title_from_slug(slug: str) -> str:
    """A last resort: `"ondt-i-skulderen"` → `"Ondt i skulderen"`. Letters like ø cannot be known from a slug."""
    words = slug.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def description(lead: str) -> str:
    """The first one or two sentences of the lead, at most 155 characters; cut at a word with “…” where it must be."""
    text = " ".join(lead.split())
    chosen = ""
    for sentence in _sentences(text)[:2]:
        longer = f"{chosen} {sentence}".strip()
        if len(longer) > LONGEST_DESCRIPTION:
            return _cut(longer) if len(chosen) < _TOO_SHORT else chosen
        chosen = longer
    return chosen


def _sentences(text: str) -> list[str]:
    sentences: list[str] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        sentence = text[start : match.end()].strip()
        if not _ABBREVIATION.search(sentence):
            sentences.append(sentence)
            start = match.end()
    return [*sentences, text[start:].strip()] if text[start:].strip() else sentences


def _cut(text: str) -> str:
    short = text[: LONGEST_DESCRIPTION - len(" …")]
    return (short.rpartition(" ")[0] or short).rstrip(" ,;:–-") + " …"

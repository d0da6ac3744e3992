"""What an article file does not say and we derive from it: its short name and its description."""

import re

from articles.sentences import split_sentences

LONGEST_DESCRIPTION = 155  # what search engines show
_TOO_SHORT = 100  # "Har du ondt i ryggen?" alone describes nothing
_SUFFIX = re.compile(r"\s+[–—|→-]\s+.*$", re.DOTALL)


def short_name(title: str, faq_subject: str = "") -> str:
    """The name of the condition: the X of the questions' heading, else the title before its “ – ”."""
    return faq_subject or _SUFFIX.sub("", title).strip() or title


def description(lead: str) -> str:
    """The first one or two sentences of the lead, at most 155 characters; cut at a word with “…” where it must be."""
    chosen = ""
    for _, sentence in split_sentences(" ".join(lead.split()))[:2]:
        longer = f"{chosen} {sentence}".strip()
        if len(longer) > LONGEST_DESCRIPTION:
            return _cut(longer) if len(chosen) < _TOO_SHORT else chosen
        chosen = longer
    return chosen


def _cut(text: str) -> str:
    short = text[: LONGEST_DESCRIPTION - len(" …")]
    return (short.rpartition(" ")[0] or short).rstrip(" ,;:–-") + " …"

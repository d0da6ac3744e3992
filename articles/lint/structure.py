"""Parts that say nothing. Headings that stand twice and questions without an answer are told by the parser."""

from collections.abc import Iterator

from articles.lint.finding import Finding, quote
from articles.lint.passages import Reading


def check(reading: Reading) -> Iterator[Finding]:
    for section in reading.document.sections:
        if not (section.blocks or section.items or section.tail):
            yield Finding("warning", "section_empty", section.line, f"Der står intet under {quote(section.heading)}")
        for item in section.items:
            if not item.blocks:
                yield Finding("warning", "section_empty", item.line, f"Der står intet under {quote(item.heading)}")

"""Danish sentences, and those of an article with the place where each stands."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple

from markdown_it.token import Token

from articles.inline import plain_text

if TYPE_CHECKING:
    from articles.blocks import Block
    from articles.parts import Document

Part = Literal["lead", "section", "exercise", "faq", "outro", "table"]

_END = re.compile(r"[.!?…][\"”»)]?\s+(?=[\"“«(]?([A-ZÆØÅ0-9]))")
# Never the end of a sentence: “f.eks. Rigshospitalet”, “dr. Hansen”, “ca. 20”.
_ABBREVIATION = re.compile(
    r"\b(?:fx|f\.?\s?eks|bl\.\s?a|d\.?v\.?s|ca|evt|pga|p\.g\.a|nr|kl|dr|prof|str|jf|jvf|tlf|mht|ift|iht|vedr|hhv"
    r"|inkl|ekskl|maks|max|min|sek|kr|pct|mdr|stk|gns|cand|mag|fig|kap|red|udg|vol|al)\.$",
    re.I,
)
# These end one when a capital follows, since Danish writes nouns small: “Hold i 30 sek. Gentag.”, “hæl, tå osv. Det …”
_CLOSING = re.compile(
    r"(?:\b(?:osv|mv|mm|etc)|\bm\.\s?[mv]|\bm\.\s?fl|\bo\.\s?l(?:ign)?|\d\s?(?:min|sek|kr|pct|mdr|stk))\.$", re.I
)


class Sentence(NamedTuple):
    """One sentence as plain text, and the line of the file where it begins.

    `section_id` is the id of the `##` it stands under (empty in lead and outro), `item_id` that of its question, exercise
    or subheading (or empty). `part` is where the reader meets it; a row of a table is one sentence, its cells joined by
    “; ”, whatever part the table stands in. Headings and the list of references are no sentences.
    """

    text: str
    line: int
    section_id: str
    part: Part
    item_id: str = ""


def split_sentences(text: str) -> list[tuple[int, str]]:
    """The sentences of a text with the position where each begins. Abbreviations end none."""
    sentences: list[tuple[int, str]] = []
    start = 0
    for match in _END.finditer(text):
        before = text[max(start, match.start() - 20) : match.start() + 1]
        abbreviation = match[0][0] == "." and _ABBREVIATION.search(before)
        if abbreviation and not (match[1].isalpha() and _CLOSING.search(before)):
            continue
        sentences.append((start, text[start : match.end()].strip()))
        start = match.end()
    if rest := text[start:].strip():
        sentences.append((start, rest))
    return sentences


def sentences_of(document: "Document") -> Iterator[Sentence]:
    """Every sentence of a document in the order of the page."""
    yield from _placed(document.lead, "", "lead")
    for section in document.sections:
        yield from _placed(section.blocks, section.id, "section")
        for item in section.items:
            part: Part = "exercise" if section.kind == "exercises" else "section"
            yield from _placed(item.blocks, section.id, part, item.id)
        yield from _placed(section.tail, section.id, "section")
    if faq := document.faq:
        yield from _placed(faq.blocks, faq.id, "faq")
        for item in faq.items:
            yield from _placed(item.blocks, faq.id, "faq", item.id)
    yield from _placed(document.outro, "", "outro")


def _placed(blocks: "Iterable[Block]", section_id: str, part: Part, item_id: str = "") -> Iterator[Sentence]:
    for block in blocks:
        if block.kind != "heading":
            for line, text, in_table in _stretches(block):
                yield Sentence(" ".join(text.split()), line, section_id, "table" if in_table else part, item_id)


def _stretches(block: "Block") -> Iterator[tuple[int, str, bool]]:
    """(line, sentence, is it a row of a table?) for each sentence of a block."""
    line = block.line
    cells: list[str] | None = None
    in_head = False
    for token in block.tokens:
        if token.map:
            line = token.map[0]
        if token.type == "tr_open":
            cells = []
        elif token.type == "tr_close":
            row = "; ".join(cell for cell in cells or () if cell)
            cells = None
            if row and not in_head:
                yield line, row, True
        elif token.type in ("thead_open", "thead_close"):
            in_head = token.type == "thead_open"
        elif token.type == "inline":
            text = plain_text(token.children)
            if cells is not None:
                cells.append(text.strip())
                continue
            breaks = _line_breaks(token.children or ())
            for position, sentence in split_sentences(text):
                yield line + sum(1 for at in breaks if at < position), sentence, False
        elif token.type == "fence" and token.content.strip():
            yield line, " ".join(token.content.split()), False


def _line_breaks(tokens: Iterable[Token]) -> list[int]:
    """Positions of the line breaks in `plain_text` of the same tokens."""
    breaks: list[int] = []
    length = 0
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            breaks.append(length)
        length += len(plain_text([token]))
    return breaks

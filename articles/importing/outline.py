"""The parts that the parser found in a file, for the person who decides whether it understood them."""

from collections.abc import Iterator, Sequence
from typing import Any

from articles.blocks import Block
from articles.document import Document, Item


def outline(document: Document) -> list[dict[str, Any]]:
    """`{"level", "heading", "kind", "items", "tables"}` of each part, in the order of the page.

    `kind`: `text`, `self_help`, `exercises`, `faq` or `references`; `items`: headings of what stands under `###`;
    `tables`: how many the part holds.
    """
    return list(_parts(document))


def _parts(document: Document) -> Iterator[dict[str, Any]]:
    for section in document.sections:
        blocks = [*section.blocks, *section.tail]
        yield _part(section.level, section.heading, section.kind, section.items, blocks)
    if faq := document.faq:
        yield _part(2, faq.heading, "faq", faq.items, faq.blocks)
    if references := document.references:
        yield _part(2, references.heading, "references", [], references.blocks)


def _part(level: int, heading: str, kind: str, items: Sequence[Item], blocks: Sequence[Block]) -> dict[str, Any]:
    blocks = [*blocks, *(block for item in items for block in item.blocks)]
    tables = sum(token.type == "table_open" for block in blocks for token in block.tokens)
    return {
        "level": level,
        "heading": heading,
        "kind": kind,
        "items": [item.heading for item in items],
        "tables": tables,
    }

"""Tables: which paragraph is the caption, which columns hold numbers, which cells are headings.

What is found is written into the tokens' `meta` and roles, where rendering.py reads it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from markdown_it.token import Token

from articles.blocks import Block
from articles.inline import plain_text
from articles.remarks import Remark

_LONGEST_CAPTION = 120
# Characters of a column's name that may stand before each of its cells on a phone; a longer one is no label.
_LONGEST_LABEL = 40
_NEVER_IN_CAPTIONS = ("softbreak", "hardbreak", "link_open", "image", "footnote_ref")
_SENTENCE_ENDS = (".", "!", "?", ":", ";", ",", "…")
# 350 · 1.250,50 kr. · 20–30 min. · ca. 85 % · 2 x 10 · –
_NUMBER = re.compile(
    r"(?:(?:ca\.|fra|op til|<|>|≤|≥|\+|-|–|−)\s*)*\d[\d.,\s]*(?:(?:[-–−/x×]|til)\s*\d[\d.,\s]*)*"
    r"(?:%|°|(?:kr|dkk|min|sek|timer?|dage?|uger?|mdr|måned(?:er)?|år|kg|g|mg|km|m|cm|mm|ml|l|stk|gange)\b\.?)?(?:,-)?",
    re.I,
)
_NOTHING = ("", "-", "–", "—")
_ROLES = {"table_open": "table", "thead_open": "rowgroup", "tbody_open": "rowgroup", "tr_open": "row"}
_CELL_ROLES = {"col": "columnheader", "row": "rowheader", "": "cell"}


@dataclass(frozen=True)
class Table:
    """`hidden`: the caption is only for screen readers, made from the heading above. `rows` without the header row."""

    id: str
    caption: str
    hidden: bool
    line: int
    columns: int
    rows: int


def find_tables(
    blocks: list[Block], heading: str, new_id: Callable[[], str], *, own_text: bool = False
) -> tuple[list[Block], list[Table], list[Remark]]:
    """Take captions out of the blocks and mark up every table in them.

    A short paragraph without a full stop right before a table is its caption; a table without one gets `heading` as a
    caption that is not shown. With `own_text` the first block is an answer or an instruction and never a caption.
    """
    kept: list[Block] = []
    tables: list[Table] = []
    remarks: list[Remark] = []
    for block in blocks:
        caption = ""
        if block.kind == "table" and len(kept) > own_text and _is_caption(kept[-1]):
            paragraph = kept.pop()
            caption = paragraph.text
            text = f"Linjen lige før tabellen er læst som tabellens titel: “{caption}”."
            remarks.append(Remark(paragraph.line, "caption", text))
        for index, token in enumerate(block.tokens):
            if token.type != "table_open":
                continue
            table_id = new_id()
            shown = caption or _numbered(heading or "Oversigt", len(tables))
            columns, rows = _mark_up(block.tokens, index)
            token.meta = {"caption_id": table_id, "caption": shown, "hidden": not caption}
            tables.append(Table(table_id, shown, not caption, block.line, columns, rows))
        kept.append(block)
    return kept, tables, remarks


def _is_caption(block: Block) -> bool:
    if block.kind != "paragraph" or len(block.text) > _LONGEST_CAPTION or block.text.endswith(_SENTENCE_ENDS):
        return False
    # A caption is stored as plain text, so nothing may stand in it that would be lost.
    return all(child.type not in _NEVER_IN_CAPTIONS for child in block.inline)


def _numbered(heading: str, before: int) -> str:
    """Two tables under one heading need two names."""
    return f"{heading} (tabel {before + 1})" if before else heading


def _mark_up(tokens: list[Token], start: int) -> tuple[int, int]:
    """Say of each cell whether it is a heading, whether its column holds numbers and what it is called on a phone; returns
    columns and body rows.
    """
    rows: list[list[tuple[Token, Token, str]]] = []
    outer = [tokens[start]]
    for index in range(start + 1, len(tokens)):
        token = tokens[index]
        if token.type == "table_close":
            break
        if token.type in _ROLES:
            outer.append(token)
        if token.type == "tr_open":
            rows.append([])
        elif token.type in ("th_open", "td_open"):
            rows[-1].append((token, tokens[index + 2], plain_text(tokens[index + 1].children).strip()))
    header, body = rows[0], rows[1:]
    numeric = [column > 0 and _holds_numbers([row[column][2] for row in body]) for column in range(len(header))]
    names = [text for _, _, text in header]
    # Prose in three columns or more is too wide for a phone. There its rows are blocks, and only roles say to every
    # browser that it is a table still.
    stacked = len(names) > 2 and not any(numeric) and max(map(len, names[1:])) <= _LONGEST_LABEL
    if stacked:
        for token in outer:
            token.attrs["role"] = _ROLES[token.type]
    for number, row in enumerate(rows):
        for column, (opening, closing, text) in enumerate(row):
            scope = "col" if number == 0 else "row" if column == 0 else ""
            # An empty heading says nothing to a screen reader: then it is a cell.
            scope = scope if text else ""
            opening.meta = closing.meta = {"scope": scope, "numeric": numeric[column]}
            if stacked:
                label = names[column] if number > 0 and column > 0 else ""
                opening.meta |= {"role": _CELL_ROLES[scope], "label": label}
    return len(header), len(body)


def _holds_numbers(cells: list[str]) -> bool:
    """What the author wrote in the line of dashes is not asked: real files align prose to the right by accident."""
    return any(cell not in _NOTHING for cell in cells) and all(
        cell in _NOTHING or _NUMBER.fullmatch(cell) for cell in cells
    )

"""Markdown → parsed article. The one parser: lead, sections, exercises, tables, questions, references, closing words.

It works on the blocks of a CommonMark parser (blocks.py), never on blank lines: real files have a blank line after a
heading or none. What the text leaves open is decided by a written rule and told in a remark, never in silence.
"""

import re

from articles.blocks import Block, read_blocks
from articles.headings import Ids, faq_subject, is_faq, is_references, section_kind
from articles.lost_headings import restore_headings, restore_titles
from articles.parts import Document, Faq, Item, References, Section
from articles.remarks import Remark
from articles.tables import find_tables

__all__ = ["Document", "Item", "Section", "parse"]

_MOST_REMARKS = 100
_NUMBERED = re.compile(r"\W?\d")


def parse(markdown_text: str, *, first_line: int = 1) -> Document:
    """Parse the body of an article. `first_line` is the line of its file that it starts on, for the remarks.

    Never raises, whatever the text.
    """
    blocks, remarks = read_blocks(markdown_text, first_line)
    document = _Reader(remarks).read(blocks)
    # A hostile file earns a remark on every line; a person reads the first hundred.
    document.remarks = sorted(set(remarks))[:_MOST_REMARKS]
    return document


class _Reader:
    """Walks the blocks once. Holds what the parts of one document share: the ids taken and the remarks so far."""

    def __init__(self, remarks: list[Remark]) -> None:
        self.document = Document()
        self.remarks = remarks
        self.ids = Ids()
        self.lines: dict[str, int] = {}  # of each ## and question
        self.table_count = 0

    def read(self, blocks: list[Block]) -> Document:
        blocks = self._usable(blocks)
        if blocks and blocks[0].kind == "heading" and blocks[0].level == 1:
            self.document.title = blocks.pop(0).text
        self.remarks += restore_titles(blocks)
        self._promote(blocks)
        blocks, remarks = restore_headings(blocks)
        self.remarks += remarks
        footnotes = [block for block in blocks if block.kind == "footnotes"]
        lead, parts = _split([block for block in blocks if block.kind != "footnotes"], 2)
        self.document.lead = self._finish(lead, "", level=2, own_text=True)
        for heading, rest in parts:
            inside, below = _split(rest, 3)
            if is_references(heading.text):
                self._references(heading, rest)
            elif is_faq(heading.text):
                self._faq(heading, inside, below)
            else:
                self._section(heading, inside, below)
        if footnotes:
            self._references(None, footnotes)
        return self.document

    def _usable(self, blocks: list[Block]) -> list[Block]:
        for block in blocks:
            if block.kind == "heading" and not block.text:
                self._remark(block, "heading_empty", "En overskrift uden tekst er sprunget over.")
        return [block for block in blocks if block.kind != "heading" or block.text]

    def _promote(self, blocks: list[Block]) -> None:
        """Sections begin at `##`. A later `#` is one too, and so is what stands as `###` before any `##`."""
        before_first = True
        for block in blocks:
            if block.kind != "heading":
                continue
            before_first = before_first and block.level > 2
            if block.level == 1 or before_first:
                marks = "#" * block.level
                self._remark(block, "heading_level", f"“{block.text[:80]}” står med {marks} og er læst som ##.")
                block.level, before_first = 2, False

    def _section(self, heading: Block, inside: list[Block], below: list[tuple[Block, list[Block]]]) -> None:
        kind = section_kind(heading.text, [subheading.text for subheading, _ in below])
        self._tell_repeated(heading)
        section = Section(self.ids.new(heading.text), heading.text, heading.line, kind, [], [], [])
        section.blocks = self._finish(inside, heading.text, level=3)
        section.items = self._items(below)
        if section.items and kind == "exercises":
            section.tail = self._closing_words(
                section.items[-1],
                "section_tail",
                "Afsnittet efter den sidste øvelse er læst som slutningen på hele afsnittet.",
            )
        self.document.sections.append(section)

    def _faq(self, heading: Block, inside: list[Block], below: list[tuple[Block, list[Block]]]) -> None:
        faq = self.document.faq
        if faq is None:
            subject = faq_subject(heading.text)
            faq = self.document.faq = Faq(self.ids.new(heading.text), heading.text, subject, heading.line)
        else:
            text = f"“{heading.text[:80]}”: artiklen har to lister med spørgsmål, og de er lagt sammen."
            self._remark(heading, "faq_twice", text)
        faq.blocks += self._finish(inside, heading.text, level=3)
        items = self._items(below)
        faq.items += items
        if not items:
            self._remark(heading, "faq_without_questions", "Der står ingen spørgsmål (###) under overskriften.")
            return
        self.document.outro += self._closing_words(
            items[-1],
            "outro",
            "Afsnittet efter det sidste svar er læst som afslutning på artiklen, ikke som en del af svaret.",
        )
        for question, _ in below:
            self._tell_repeated(question)
        for item in items:
            if not item.blocks:
                self.remarks.append(
                    Remark(item.line, "faq_empty", f"Spørgsmålet “{item.heading[:80]}” har intet svar.")
                )

    def _items(self, below: list[tuple[Block, list[Block]]]) -> list[Item]:
        items: list[Item] = []
        for heading, blocks in below:
            if is_references(heading.text):
                self._references(heading, blocks)
            else:
                item_id = self.ids.new(heading.text)
                blocks = self._finish(blocks, heading.text, level=4, own_text=True)
                items.append(Item(item_id, heading.text, heading.line, blocks))
        return items

    def _closing_words(self, last: Item, code: str, text: str) -> list[Block]:
        """Take from the last item what follows its own text: its first paragraph with the lists and tables below it.

        Markdown cannot say that a paragraph after the last answer closes the article, and many articles end so.
        """
        paragraphs = [index for index, block in enumerate(last.blocks) if block.kind == "paragraph"]
        if len(paragraphs) < 2:
            if paragraphs and paragraphs[0] and paragraphs[0] == len(last.blocks) - 1:
                # No paragraph opens the item, so the only one may be its end or the end of it all.
                hint = f"Afsnittet er læst som en del af “{last.heading[:80]}”. Tjek, at det passer."
                self._remark(last.blocks[-1], f"{code}_unknown", hint)
            return []
        closing = last.blocks[paragraphs[1] :]
        last.blocks = last.blocks[: paragraphs[1]]
        self._remark(closing[0], code, f"{text} Tjek, at det passer.")
        return closing

    def _references(self, heading: Block | None, blocks: list[Block]) -> None:
        references = self.document.references
        if references is None:
            title, line = (heading.text, heading.line) if heading else ("Noter", blocks[0].line)
            references = self.document.references = References(self.ids.new(title), title, line)
        elif heading:
            text = f"“{heading.text[:80]}”: artiklen har to lister med kilder, og de er lagt sammen."
            self._remark(heading, "references_twice", text)
        for block, above in zip(blocks[1:], blocks, strict=False):
            if block.kind == "paragraph" and above.kind == "list" and not _NUMBERED.match(block.text):
                text = "Afsnittet efter kilderne er læst som en del af dem. Tjek, at det passer."
                self._remark(block, "references_tail", text)
        for block in blocks:
            if block.kind == "paragraph":  # one source on each line
                for child in block.inline:
                    child.type = "hardbreak" if child.type == "softbreak" else child.type
        references.blocks += self._finish(blocks, references.heading, level=3)

    def _finish(self, blocks: list[Block], heading: str, *, level: int, own_text: bool = False) -> list[Block]:
        """Captions and cells of the tables, ids and levels of the headings inside a part."""
        blocks, tables, remarks = find_tables(blocks, heading, self._table_id, own_text=own_text)
        self.document.tables += tables
        self.remarks += remarks
        for block in blocks:
            if block.kind == "heading":
                block.tokens[0].meta = {"id": self.ids.new(block.text), "level": level}
                block.tokens[-1].meta = {"level": level}
        return blocks

    def _tell_repeated(self, heading: Block) -> None:
        first = self.lines.setdefault(heading.text.casefold(), heading.line)
        if first != heading.line:
            text = f"Overskriften “{heading.text[:80]}” står også på linje {first}."
            self._remark(heading, "heading_twice", text)

    def _table_id(self) -> str:
        self.table_count += 1
        return self.ids.new(f"tabel-{self.table_count}")

    def _remark(self, block: Block, code: str, text: str) -> None:
        self.remarks.append(Remark(block.line, code, text))


def _split(blocks: list[Block], level: int) -> tuple[list[Block], list[tuple[Block, list[Block]]]]:
    """What stands before the first heading of that level, and each such heading with what follows it."""
    before: list[Block] = []
    parts: list[tuple[Block, list[Block]]] = []
    for block in blocks:
        if block.kind == "heading" and block.level == level:
            parts.append((block, []))
        else:
            (parts[-1][1] if parts else before).append(block)
    return before, parts

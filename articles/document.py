"""Markdown → parsed article. The one parser: lead, sections, exercises, tables, questions, references, closing words.

It works on the blocks of a CommonMark parser (blocks.py), never on blank lines: real files have a blank line after a
heading or none. What the text leaves open is decided by a written rule and told in a remark, never in silence.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from articles.blocks import Block, read_blocks
from articles.headings import Ids, SectionKind, faq_subject, is_faq, is_references, section_kind
from articles.remarks import Remark
from articles.tables import Table, find_tables

_MOST_REMARKS = 100
_WORDS_A_MINUTE = 200


@dataclass
class Item:
    """What stands under a `###`: a question with its answer, an exercise, or a part of a section."""

    id: str
    heading: str
    line: int
    blocks: list[Block]

    @property
    def text(self) -> str:
        return "\n".join(block.text for block in self.blocks)


@dataclass
class Section:
    """A `##` with what belongs to it; `tail` closes it after its last exercise."""

    id: str
    heading: str
    line: int
    kind: SectionKind
    blocks: list[Block]
    items: list[Item]
    tail: list[Block]
    level: int = 2


@dataclass
class Faq:
    """The questions. `subject`: the X of “Ofte stillede spørgsmål om X”, or empty. `blocks` stand before the first."""

    id: str
    heading: str
    subject: str
    line: int
    blocks: list[Block] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)


@dataclass
class References:
    """Sources and footnotes, wherever in the text they stood."""

    id: str
    heading: str
    line: int
    blocks: list[Block] = field(default_factory=list)


@dataclass
class Document:
    """One article as its parts. `title` is a `#` heading above the text, if the file has one."""

    title: str = ""
    lead: list[Block] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    faq: Faq | None = None
    references: References | None = None
    outro: list[Block] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def contents(self) -> list[tuple[str, str]]:
        """(id, heading) of everything the reader can jump to, in the order of the page."""
        parts: Iterable[Section | Faq | References | None] = (*self.sections, self.faq, self.references)
        return [(part.id, part.heading) for part in parts if part]

    @property
    def text(self) -> str:
        """Every word of the page but its title, as plain text."""
        return "\n".join(part for part in chain(self._headings(), (block.text for block in self._blocks())) if part)

    @property
    def lead_text(self) -> str:
        return "\n".join(block.text for block in self.lead if block.kind == "paragraph")

    @property
    def reading_minutes(self) -> int:
        return max(1, int(len(self.text.split()) / _WORDS_A_MINUTE + 0.5))

    def _items(self) -> Iterator[Item]:
        yield from chain.from_iterable(section.items for section in self.sections)
        yield from self.faq.items if self.faq else ()

    def _headings(self) -> Iterator[str]:
        yield from (heading for _, heading in self.contents)
        yield from (item.heading for item in self._items())
        yield from (table.caption for table in self.tables if not table.hidden)

    def _blocks(self) -> Iterator[Block]:
        yield from self.lead
        for section in self.sections:
            yield from (*section.blocks, *section.tail)
        yield from self.faq.blocks if self.faq else ()
        yield from chain.from_iterable(item.blocks for item in self._items())
        yield from self.outro
        yield from self.references.blocks if self.references else ()


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
        self.table_count = 0

    def read(self, blocks: list[Block]) -> Document:
        blocks = self._usable(blocks)
        if blocks and blocks[0].kind == "heading" and blocks[0].level == 1:
            self.document.title = blocks.pop(0).text
        self._promote(blocks)
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
            self._remark(heading, "faq_twice", "Artiklen har to lister med spørgsmål; de er lagt sammen.")
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

"""The parts of a parsed article, and what can be asked of them as a whole."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from articles.blocks import Block
from articles.headings import SectionKind
from articles.remarks import Remark
from articles.sentences import Sentence, sentences_of
from articles.tables import Table

if TYPE_CHECKING:
    from articles.safety.findings import Said

_WORDS_A_MINUTE = 200


class ImageUse(NamedTuple):
    """A picture in the text. `name` is that of its file, decoded: `"billeder/knæ.png"`; `line` that of the file."""

    name: str
    alt: str
    title: str
    line: int


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
    # What another process made of it in advance (articles.importing.ahead); without it, it is made when it is asked for.
    said: "Said | None" = field(default=None, compare=False, repr=False)
    page: dict[str, Any] | None = field(default=None, compare=False, repr=False)

    @property
    def contents(self) -> list[tuple[str, str]]:
        """(id, heading) of everything the reader can jump to, in the order of the page."""
        parts: Iterable[Section | Faq | References | None] = (*self.sections, self.faq, self.references)
        return [(part.id, part.heading) for part in parts if part]

    @property
    def text(self) -> str:
        """Every word of the page but its title, as plain text."""
        return "\n".join(part for part in chain(self._headings(), (block.text for block in self.blocks())) if part)

    @property
    def lead_text(self) -> str:
        return "\n".join(block.text for block in self.lead if block.kind == "paragraph")

    @property
    def reading_minutes(self) -> int:
        return max(1, int(len(self.text.split()) / _WORDS_A_MINUTE + 0.5))

    @property
    def images(self) -> list[ImageUse]:
        """The pictures that come with the article, in the order of the page; one shown twice stands here twice."""
        return [
            ImageUse(str(token.attrs["src"]), token.content, str(token.attrs.get("title", "")), token.meta["line"])
            for block in self.blocks()
            for parent in block.tokens
            for token in parent.children or ()
            if token.type == "image"
        ]

    def sentences(self) -> Iterator[Sentence]:
        """The sentences of the page but its headings and references, each with its place."""
        return sentences_of(self)

    def _items(self) -> Iterator[Item]:
        yield from chain.from_iterable(section.items for section in self.sections)
        yield from self.faq.items if self.faq else ()

    def _headings(self) -> Iterator[str]:
        yield from (heading for _, heading in self.contents)
        yield from (item.heading for item in self._items())
        yield from (table.caption for table in self.tables if not table.hidden)

    def blocks(self) -> Iterator[Block]:
        """The blocks of every part, in the order of the page."""
        yield from self.lead
        for section in self.sections:
            yield from (*section.blocks, *chain.from_iterable(item.blocks for item in section.items), *section.tail)
        if self.faq:
            yield from (*self.faq.blocks, *chain.from_iterable(item.blocks for item in self.faq.items))
        yield from self.outro
        yield from self.references.blocks if self.references else ()

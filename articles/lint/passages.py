"""What the checks read: the sentences and headings of an article, each with its line."""

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from articles.blocks import Block
from articles.headings import RESERVED_IDS
from articles.models import Article
from articles.parts import Document, Faq, Section
from articles.sentences import Sentence


class Passage(NamedTuple):
    """A stretch of text that is read in one go, and the line where it begins (0: a field beside the text)."""

    text: str
    line: int

    def matches(self, find: re.Pattern[str]) -> Iterator[tuple[str, re.Match[str]]]:
        """The words as they stand, and the match, of a pattern in lower case: much faster than one in any case."""
        low = self.text.lower()
        for match in find.finditer(low):
            yield self.text[match.start() : match.end()] if len(low) == len(self.text) else match[0], match


class Reading:
    """One article laid out for the checks; everything is taken from the document once."""

    def __init__(self, article: Article, document: Document) -> None:
        self.article = article
        self.document = document

    @cached_property
    def sentences(self) -> list[Sentence]:
        return list(self.document.sentences())

    @cached_property
    def prose(self) -> list[Sentence]:
        """The sentences that are sentences: a row of a table is none."""
        return [sentence for sentence in self.sentences if sentence.part != "table"]

    @cached_property
    def passages(self) -> list[Passage]:
        """Everything a reader meets but the references: headings, captions, sentences, rows of tables, then the fields."""
        captions = [Passage(table.caption, table.line) for table in self.document.tables if not table.hidden]
        sentences = [Passage(sentence.text, sentence.line) for sentence in self.sentences]
        body = sorted([*self.headings, *captions, *sentences], key=lambda passage: passage.line)
        return body + [Passage(text, 0) for text in self._fields]

    @cached_property
    def low(self) -> str:
        """All passages in lower case, one on each line: to ask whether a pattern stands anywhere at all."""
        return "\n".join(passage.text for passage in self.passages).lower()

    @cached_property
    def headings(self) -> list[Passage]:
        items = chain.from_iterable(part.items for part in self._parts)
        inside = (block for block in self.blocks if block.kind == "heading")
        return [
            *(Passage(part.heading, part.line) for part in self._parts),
            *(Passage(item.heading, item.line) for item in items),
            *(Passage(block.text, block.line) for block in inside),
        ]

    @cached_property
    def blocks(self) -> list[Block]:
        """Every block but the references, in the order of the page."""
        return list(self._blocks())

    def _blocks(self) -> Iterator[Block]:
        document = self.document
        yield from document.lead
        for section in document.sections:
            yield from (*section.blocks, *chain.from_iterable(item.blocks for item in section.items), *section.tail)
        if faq := document.faq:
            yield from (*faq.blocks, *chain.from_iterable(item.blocks for item in faq.items))
        yield from document.outro

    def section_name(self, sentence: Sentence) -> str:
        """The heading of the section that a sentence stands in; empty in lead and closing words."""
        return next((part.heading for part in self._parts if part.id == sentence.section_id), "")

    @cached_property
    def anchors(self) -> frozenset[str]:
        """Every id of the page that a link can jump to."""
        inside = (block.tokens[0].meta.get("id", "") for block in self.blocks if block.kind == "heading")
        items = (item.id for part in self._parts for item in part.items)
        return frozenset([*(anchor for anchor, _ in self.document.contents), *items, *inside]) | RESERVED_IDS

    @property
    def _fields(self) -> Iterator[str]:
        """Title and descriptions, each once; a description that was made from the lead says nothing new."""
        article = self.article
        if article.description.removesuffix(" …") not in " ".join(self.document.lead_text.split()):
            yield article.description
        yield from dict.fromkeys(text for text in (article.title, article.meta_title) if text)

    @cached_property
    def _parts(self) -> tuple[Section | Faq, ...]:
        return (*self.document.sections, *([self.document.faq] if self.document.faq else []))

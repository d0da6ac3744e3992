"""The sentences of an article and what stands around each: whose advice a sentence without advice of its own is read with."""

from functools import cached_property
from itertools import pairwise

from articles.inline import plain_text
from articles.parts import Document, Faq, Section
from articles.sentences import Sentence
from clinics.text import fold

from .clauses import clauses_of
from .urgency import begins_with_also, stated, stated_in

_CONDITIONS = frozenset(fold(word) for word in ["hvis", "når", "ved", "har", "får", "bliver", "oplever", "mærker"])


class Context:
    def __init__(self, document: Document, sentences: list[Sentence] | None = None) -> None:
        self.document = document
        self.sentences = list(document.sentences()) if sentences is None else sentences
        self._clauses: dict[int, list[tuple[str, str]]] = {}

    def heading_of(self, sentence: Sentence) -> str:
        """The heading right above: of the question or exercise, else of the section."""
        return self._headings.get(sentence.item_id or sentence.section_id, "")

    def clauses(self, number: int) -> list[tuple[str, str]]:
        """(text, urgency) of each clause of a sentence. Remembered: each sign in it asks again."""
        if number not in self._clauses:
            clauses = clauses_of(self.sentences[number].text)
            self._clauses[number] = [(" ".join(clause), stated_in(clause)) for clause in clauses]
        return self._clauses[number]

    def stated_around(self, number: int, *, next_describes: bool) -> str:
        """The urgency of what a sentence without one belongs to, or "".

        That is the sentence before, if this one goes on with it ("Det gælder også …"), the line that opens its list ("Søg
        læge, hvis du har:"), the advice right after it ("Så kontakt …"), the heading of its column, or the heading above it,
        if that one asks when.
        """
        sentence = self.sentences[number]
        if number and begins_with_also(sentence.text) and _place(self.sentences[number - 1]) == _place(sentence):
            before = self.sentences[number - 1].text
            return stated(before) or self.stated_around(number - 1, next_describes=True)
        return (
            self._opened.get(number, "")
            or ("" if next_describes else self._advice_after(number))
            or self._asked_by(self._columns.get(sentence.text, ""))
            or self._asked_by(self.heading_of(sentence))
        )

    def _advice_after(self, number: int) -> str:
        """What the next sentence says to do, when this one is what it depends on."""
        if number + 1 >= len(self.sentences):
            return ""
        here, after = self.sentences[number], self.sentences[number + 1]
        depends = here.text.endswith("?") or bool(_CONDITIONS & set(fold(here.text).split()))
        return stated(after.text) if depends and _place(here) == _place(after) else ""

    @staticmethod
    def _asked_by(heading: str) -> str:
        return stated(heading) if "hvornaar" in fold(heading).split() else ""

    @cached_property
    def _opened(self) -> dict[int, str]:
        """Number of a sentence → the urgency of the line with a colon that it follows, up to the next advice."""
        opened: dict[int, str] = {}
        if not any(sentence.text.endswith(":") for sentence in self.sentences):
            return opened
        urgency = ""
        for number, (before, here) in enumerate(pairwise(self.sentences), start=1):
            if _place(before) != _place(here):
                urgency = ""
            if own := stated(before.text):
                urgency = own if before.text.endswith(":") else ""
            if urgency:
                opened[number] = urgency
        return opened

    @cached_property
    def _headings(self) -> dict[str, str]:
        parts: list[Section | Faq] = [*self.document.sections]
        if self.document.faq:
            parts.append(self.document.faq)
        return {one.id: one.heading for part in parts for one in (part, *part.items)}

    @cached_property
    def _columns(self) -> dict[str, str]:
        """Row of a table, as a sentence → the heads of its columns. Read only when an article has tables."""
        if not self.document.tables:
            return {}
        columns: dict[str, str] = {}
        for block in self.document.blocks():
            head: list[str] = []
            cells: list[str] = []
            in_head = False
            for token in block.tokens:
                if token.type in ("thead_open", "thead_close"):
                    in_head = token.type == "thead_open"
                elif token.type == "tr_open":
                    cells = []
                elif token.type == "tr_close" and not in_head:
                    columns["; ".join(filter(None, cells))] = " ".join(head)
                elif token.type == "inline":
                    (head if in_head else cells).append(plain_text(token.children).strip())
        return columns


def _place(sentence: Sentence) -> tuple[str, str, str]:
    return sentence.section_id, sentence.item_id, sentence.part

"""Markdown → top-level blocks, with words that nothing swallows unseen."""

import html
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from typing import Any
from urllib.parse import unquote

from markdown_it.token import Token

from articles.inline import clean_inline, plain_text
from articles.markdown import NO_SPACE, clean_source, tokens_of, too_complex
from articles.remarks import Remark

KINDS = {
    "paragraph_open": "paragraph",
    "heading_open": "heading",
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "table_open": "table",
    "blockquote_open": "quote",
    "fence": "code",
    "footnote_block_open": "footnotes",
}
# An underlined heading longer than this, or one that ends like a sentence, is a paragraph above a rule.
_LONGEST_UNDERLINED_HEADING = 100
_MOST_CHECKED = 200  # a remark names five; a hostile file loses thousands
_WORD = re.compile(r"[^\W\d_]{3,}")
TOO_COMPLEX = (
    "Teksten er for stor eller har for mange tegn som [ og * til at være en artikel, så den vises, som den står."
)
_TOO_LONG = "Artiklens tabeller er for store, så resten af denne står som tekst."
_TOO_MANY_CELLS = "Rækken har flere felter end tabellens første række; de overskydende står sammen i det sidste felt."


@dataclass
class Block:
    """One top-level block.

    `kind` is a value of KINDS, or `image` for a paragraph of pictures alone; `line` is its first line in the file, as is
    `map[0]` of each token; `level` is that of a heading.
    """

    kind: str
    line: int
    tokens: list[Token]
    level: int = 0

    @cached_property
    def text(self) -> str:
        """The words as plain text, without markup. Alternative texts of pictures are no part of it."""
        parts = (plain_text(t.children) if t.type == "inline" else t.content for t in self.tokens)
        return " ".join(part.strip() for part in parts if part.strip())

    @property
    def inline(self) -> list[Token]:
        """What stands in a heading or a paragraph."""
        return self.tokens[1].children or []


def read_blocks(source: str, first_line: int = 1) -> tuple[list[Block], list[Remark]]:
    """The blocks of a Markdown text whose first line is line `first_line` of its file.

    Nothing is lost on the way but scripts, styles, comments and tags; what could not be kept is named in the remarks.
    """
    source = clean_source(source)
    if too_complex(source):
        return [_as_it_stands(source, first_line)], [Remark(first_line, "too_complex", TOO_COMPLEX)]
    env: dict[str, Any] = {}
    tokens = tokens_of(source, env)
    remarks = [Remark(first_line + line, "table_cells", _TOO_MANY_CELLS) for line in env.get("extra_cells", ())]
    remarks += [Remark(first_line + line, "table_cut", _TOO_LONG) for line in env.get("cut_tables", ())]
    dropped: list[str] = []
    line = first_line
    before = ""
    for token in tokens:
        if token.map:
            line = first_line + token.map[0]
            token.map = [line, first_line + token.map[1]]
        if token.type == "inline" and token.children:
            token.children, notes, gone = clean_inline(token.children, line)
            remarks += notes
            dropped += gone
            if before == "heading_open" and token.level == 1:
                remarks += _words_only(token, line)
        elif token.type == "html_block":
            remarks.append(Remark(line, "html", "HTML, scripts og kommentarer i teksten bliver ikke vist."))
            dropped.append(token.content)
        before = token.type
    blocks = [block for block in _group(tokens, first_line) if block.kind != "paragraph" or block.text]
    remarks += _doubtful_headings(blocks)
    remarks += _lost_words(source, first_line, blocks, [*dropped, *env.get("references", {})])
    return blocks, remarks


def _as_it_stands(source: str, line: int) -> Block:
    text = Token("text", "", 0, content=source.strip())
    opening, closing = Token("paragraph_open", "p", 1), Token("paragraph_close", "p", -1)
    return Block("paragraph", line, [opening, Token("inline", "", 0, children=[text], content=source), closing])


def _group(tokens: list[Token], line: int) -> Iterable[Block]:
    start = depth = 0
    for index, token in enumerate(tokens):
        depth += token.nesting
        if depth:  # not by `level`, which footnotes do not count
            continue
        opening = tokens[start]
        if opening.map:
            line = opening.map[0]
        if kind := KINDS.get(opening.type):
            level = int(opening.tag[1]) if kind == "heading" else 0
            block = Block(kind, line, tokens[start : index + 1], level)
            if kind == "paragraph" and not block.text and any(child.type == "image" for child in block.inline):
                block.kind = "image"
            yield block
        start = index + 1


def _words_only(inline: Token, line: int) -> Iterable[Remark]:
    """A heading is stored as plain text: of a picture in it the words stay, of a link what it is called."""
    for child in inline.children or ():
        if child.type == "image":
            child.type, child.tag = "text", ""
            name, words = str(child.attrs["src"])[:80], child.content[:80] or "ingen tekst"
            text = f"Billedet {name} står i en overskrift og kan ikke vises, kun dets tekst: {words}."
            yield Remark(line, "image", text)
        elif child.type == "link_open":
            text = f"Et link i en overskrift kan ikke vises, kun ordene: {unquote(str(child.attrs['href']))[:80]}."
            yield Remark(line, "heading_link", text)
        elif child.type == "footnote_ref":
            yield Remark(line, "heading_link", "En henvisning til en note i en overskrift kan ikke vises.")


def _doubtful_headings(blocks: list[Block]) -> Iterable[Remark]:
    """Headings whose marks are not as they should be.

    A `---` right below a sentence makes it a heading in Markdown; the writer meant a rule between two paragraphs.
    """
    for block in blocks:
        if block.kind != "heading":
            continue
        opening, words = block.tokens[0], block.text[:80]
        if opening.info == NO_SPACE:
            yield Remark(block.line, "heading_space", f"Der mangler et almindeligt mellemrum efter # i “{words}”.")
        if opening.markup not in ("-", "="):
            continue
        several_lines = any(child.type in ("softbreak", "hardbreak") for child in block.inline)
        if several_lines or len(block.text) > _LONGEST_UNDERLINED_HEADING or block.text.endswith((".", "!", ":", ",")):
            block.kind, block.level = "paragraph", 0
            for token in (opening, block.tokens[-1]):
                token.type, token.tag = token.type.replace("heading", "paragraph"), "p"
            text = "En streg lige under et afsnit er læst som en streg, ikke som en overskrift."
            yield Remark(block.line, "rule", text)
        else:
            text = f"“{words}” er læst som en overskrift, fordi der står en streg lige under."
            yield Remark(block.line, "heading_underlined", text)


def _lost_words(source: str, first_line: int, blocks: list[Block], read: list[str]) -> Iterable[Remark]:
    """The net under everything else: words that stand more often in the file than in the blocks and in `read`.

    Markdown itself drops text: what nobody refers to, lists nested too deep, what a later version of it may think of.
    """
    for token in chain.from_iterable(block.tokens for block in blocks):
        read += [token.content if not token.children else plain_text(token.children), token.info]
        read.append(str(token.meta.get("label", "")))
        for child in token.children or ():
            read.append(str(child.meta.get("label", "")))
            if child.info != "auto":  # there the address is the text
                read += [unquote(str(value)) for value in child.attrs.values()]
    source = html.unescape(source).casefold()
    kept = html.unescape(" ".join(read)).casefold()
    missing = Counter(_WORD.findall(source)) - Counter(_WORD.findall(kept))
    # A word that stands here in one piece and there in two (`**Over**belastning`) is not lost.
    lost = [word for word in islice(missing, _MOST_CHECKED) if source.count(word) > kept.count(word)]
    if lost:
        line = first_line + source.count("\n", 0, source.find(lost[0]))
        words = ", ".join(lost[:5])
        yield Remark(line, "text_lost", f"Noget af teksten kunne ikke læses og mangler på siden: {words}.")

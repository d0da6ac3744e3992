"""Markdown → top-level blocks. The only place that knows how the Markdown parser is set up.

The source decides nothing about safety here: rendering.py prints every tag itself, and nh3 cleans what it printed.
"""

import html
import re
from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from articles.inline import clean_inline, plain_text
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
# Blocks whose content nobody is meant to read. A tag beside text is dealt with in inline.py.
_HIDDEN = (
    (re.compile(r"<!--"), re.compile(r"-->")),
    (re.compile(r"<script(?=[\s>])", re.I), re.compile(r"</script\s*>", re.I)),
    (re.compile(r"<style(?=[\s>])", re.I), re.compile(r"</style\s*>", re.I)),
    (re.compile(r"<\?"), re.compile(r"\?>")),
)
# An underlined heading longer than this, or one that ends like a sentence, is a paragraph above a rule.
_LONGEST_UNDERLINED_HEADING = 100
_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass
class Block:
    """One top-level block; `kind` is a value of KINDS, `line` its first line in the file, `level` that of a heading."""

    kind: str
    line: int
    tokens: list[Token]
    level: int = 0

    @property
    def text(self) -> str:
        """The words as plain text, without markup."""
        parts = (plain_text(t.children) if t.type == "inline" else t.content for t in self.tokens)
        return " ".join(part.strip() for part in parts if part.strip())


def read_blocks(source: str, first_line: int = 1) -> tuple[list[Block], list[Remark]]:
    """The blocks of a Markdown text whose first line is line `first_line` of its file.

    Nothing is lost on the way but scripts, styles, comments and tags; what could not be kept is named in the remarks.
    """
    env: dict[str, Any] = {}
    tokens = _MARKDOWN.parse(source, env)
    remarks: list[Remark] = []
    dropped: list[str] = []
    line = first_line
    for token in tokens:
        if token.map:
            line = first_line + token.map[0]
        if token.type == "inline" and token.children:
            token.children, notes, gone = clean_inline(token.children, line)
            remarks += notes
            dropped += gone
        elif token.type == "html_block":
            remarks.append(Remark(line, "html", "HTML, scripts og kommentarer i teksten bliver ikke vist."))
            dropped.append(token.content)
    blocks = [block for block in _group(tokens, first_line) if block.kind != "paragraph" or block.text]
    remarks += _rules_that_made_headings(blocks)
    remarks += _lost_words(source, first_line, tokens, dropped, env)
    return blocks, remarks


def _group(tokens: list[Token], first_line: int) -> Iterable[Block]:
    start, line = 0, first_line
    for index, token in enumerate(tokens):
        if token.level or token.nesting == 1:
            continue
        opening = tokens[start]
        if opening.map:
            line = first_line + opening.map[0]
        if kind := KINDS.get(opening.type):
            level = int(opening.tag[1]) if kind == "heading" else 0
            yield Block(kind, line, tokens[start : index + 1], level)
        start = index + 1


def _rules_that_made_headings(blocks: list[Block]) -> Iterable[Remark]:
    """A `---` right below a sentence makes it a heading in Markdown; the writer meant a rule between two paragraphs."""
    for block in blocks:
        if block.kind != "heading" or block.tokens[0].markup not in ("-", "="):
            continue
        if len(block.text) > _LONGEST_UNDERLINED_HEADING or block.text.endswith((".", "!", ":", ",")):
            block.kind, block.level = "paragraph", 0
            for token in (block.tokens[0], block.tokens[-1]):
                token.type, token.tag = token.type.replace("heading", "paragraph"), "p"
            yield Remark(
                block.line, "rule", "En streg lige under et afsnit er læst som en streg, ikke som en overskrift."
            )


def _lost_words(
    source: str, first_line: int, tokens: list[Token], dropped: list[str], env: MutableMapping[str, Any]
) -> Iterable[Remark]:
    """The net under everything else: words of the file that stand nowhere in what was read.

    Markdown itself drops text: cells beyond the columns of a table, what nobody refers to, quotes nested too deep.
    """
    read = [*dropped, *env.get("references", {})]
    for token in tokens:
        read += [token.content if not token.children else plain_text(token.children), token.info]
        for child in token.children or ():
            read += [unquote(str(value)) for value in child.attrs.values()]
            read += [child.content, str(child.meta.get("label", ""))]
    source = html.unescape(source)
    kept_text = html.unescape(" ".join(read))
    kept = set(_WORD.findall(kept_text.casefold()))
    lost = [found for found in _WORD.finditer(source.casefold()) if found.group() not in kept]
    # A word that stands here in one piece and there in two (`**Over**belastning`) is not lost.
    lost = [found for found in lost if found.group() not in kept_text.casefold()]
    if lost:
        line = first_line + source.casefold().count("\n", 0, lost[0].start())
        words = ", ".join(dict.fromkeys(found.group() for found in lost[:5]))
        yield Remark(line, "text_lost", f"Noget af teksten kunne ikke læses og mangler på siden: {words}.")


def _hidden_block(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Comments, scripts and styles that fill whole lines and are closed. All other HTML is read as part of the text.

    CommonMark would let an unclosed `<!--` or `<script>` swallow the rest of the article.
    """
    if state.level:
        return False
    position = state.bMarks[start_line] + state.tShift[start_line]
    for opening, closing in _HIDDEN:
        if not opening.match(state.src, position):
            continue
        # Remembered, because the same far-away end would be searched for from every line of a hostile file.
        key = f"end of {opening.pattern}"
        end = state.env.get(key, 0)
        if end is not None and end <= position:
            found = closing.search(state.src, position + 2)
            end = state.env[key] = found.end() if found else None
        if end is None:
            return False
        line_end = state.src.find("\n", end)
        if state.src[end : line_end if line_end >= 0 else None].strip():
            return False
        if not silent:
            next_line = start_line
            while next_line < end_line and state.eMarks[next_line] < end:
                next_line += 1
            state.line = min(next_line + 1, end_line)
            token = state.push("html_block", "", 0)
            token.map = [start_line, state.line]
            token.content = state.getLines(start_line, state.line, 0, True)
        return True
    return False


def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": True}).enable("table").use(footnote_plugin)
    markdown.disable("code")  # text that somebody indented is text, not program code
    markdown.block.ruler.at("html_block", _hidden_block, {"alt": ["paragraph", "reference", "blockquote"]})
    # inline.py decides about addresses, so that a refused link leaves its words and not its Markdown.
    markdown.validateLink = lambda url: True  # type: ignore[method-assign]
    return markdown


_MARKDOWN = _markdown()

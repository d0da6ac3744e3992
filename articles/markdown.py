"""How Markdown is read: CommonMark with tables and footnotes, and our rules for what real files do to it.

The source decides nothing about safety here: rendering.py prints every tag itself, and nh3 cleans what it printed.
"""

import re
import unicodedata
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock, table
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

# What one text may ask of the parser. The longest real article has 100 lines, 30 cells and 50 marks; at these limits
# half a second passes. Beyond them the text is shown as it stands.
MOST_LETTERS = 400_000  # also: PostgreSQL's text search takes no more than 1 MB of different words
MOST_LINES = 10_000
MOST_MARKS = 10_000
MOST_CELLS = 20_000
_MARKS = "[]!*_`<&\\^"
NO_SPACE = "no space"  # `info` of a heading whose # had none
_DEEPEST_QUOTE = 8
_DEEPEST_INDENT = 32  # columns; a list inside a list takes two

# Zero-width characters, soft hyphens, marks of direction, control characters: nobody sees them, and no search finds a
# word that holds one. U+200D stays: it joins emoji.
INVISIBLE = re.compile(
    "[\u00ad\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb"
    "\x01-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\U000e0000-\U000e007f]"
)
_LINE_SEPARATORS = re.compile("[\u0085\u2028\u2029]")
# Word and web pages put an unbreakable space after the mark of a list, or a bullet instead of it.
_MARKER = re.compile(r"^([ \t>]*)(?:[•●▪◦‣][ \t\u00a0\u202f]*|([-*+]|\d{1,3}[.)])[\u00a0\u202f]+)(?=\S)", re.M)
_QUOTE = r"(?:[ \t]*(?:>|[-*+](?=[ \t])))"
_DEEP_QUOTE = re.compile(rf"^({_QUOTE}{{{_DEEPEST_QUOTE}}}){_QUOTE}++", re.M)  # ++: remembers no way back
_DEEP_INDENT = re.compile(rf"^[ \t]{{{_DEEPEST_INDENT // 4},}}", re.M)
# `##Overskrift`, and `## Overskrift` with an unbreakable space. One # alone may be a hashtag.
_HEADING = re.compile(r"(?:(#{2,6})(?=[^\s#])|(#{1,6})[ \t]*[\u00a0\u2000-\u200a\u202f\u3000]\s*(?=\S))")
# Blocks whose content nobody is meant to read. A tag beside text is dealt with in inline.py.
_HIDDEN = (
    (re.compile(r"<!--"), re.compile(r"-->")),
    (re.compile(r"<script(?=[\s>])", re.I), re.compile(r"</script\s*>", re.I)),
    (re.compile(r"<style(?=[\s>])", re.I), re.compile(r"</style\s*>", re.I)),
    (re.compile(r"<\?"), re.compile(r"\?>")),
)


def clean_source(text: str) -> str:
    """The text as the parser wants it, line for line: plain line ends, NFC, nothing invisible, nesting that ends."""
    text = INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = unicodedata.normalize("NFC", _LINE_SEPARATORS.sub(" ", text))
    text = _MARKER.sub(lambda found: f"{found[1]}{found[2] or '-'} ", text)
    text = _DEEP_INDENT.sub(lambda found: found[0].expandtabs(4)[:_DEEPEST_INDENT], text)
    return _DEEP_QUOTE.sub(r"\1", text)


def too_complex(text: str) -> bool:
    """Whether a text asks so much of the parser that it can be no article: only counted, so it costs nothing."""
    too_long = len(text) > MOST_LETTERS or text.count("\n") > MOST_LINES
    return too_long or sum(map(text.count, _MARKS)) > MOST_MARKS


def tokens_of(source: str, env: dict[str, Any]) -> list[Token]:
    """The tokens of a clean source. `env` gets what CommonMark keeps apart: definitions of links."""
    return _MARKDOWN.parse(source, env)


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


def _heading_without_space(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    position = state.bMarks[start_line] + state.tShift[start_line]
    found = _HEADING.match(state.src, position, state.eMarks[start_line])
    if not found:
        return False
    if not silent:
        state.line = start_line + 1
        marks, text = found[1] or found[2], state.src[found.end() : state.eMarks[start_line]]
        opening = state.push("heading_open", f"h{len(marks)}", 1)
        inline = state.push("inline", "", 0)
        closing = state.push("heading_close", f"h{len(marks)}", -1)
        opening.map = inline.map = [start_line, state.line]
        opening.markup = closing.markup = marks
        opening.info = NO_SPACE
        inline.content, inline.children = re.sub(r"\s+#+\s*$", "", text).strip(), []
    return True


def _table(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """A table ends where a line has no `|` left: CommonMark's authors would read the text right below as a row.

    All tables of a text share a number of cells, because the empty ones cost no letter of the file.
    """
    if state.src.find("|", state.bMarks[start_line], state.eMarks[start_line]) < 0:
        return False  # as the parser would say too, but it is asked of every line of every paragraph
    if start_line + 2 > end_line or not table(state, start_line, start_line + 2, True):
        return False
    columns = state.src.count("|", state.bMarks[start_line], state.eMarks[start_line]) + 1
    rows = state.env.get("cells", MOST_CELLS) // columns
    if silent:
        return rows >= 2
    if rows < 2:
        state.env.setdefault("cut_tables", []).append(start_line)
        return False
    line, last = start_line + 2, min(end_line, start_line + rows)
    while line < last and state.src.find("|", state.bMarks[line], state.eMarks[line]) >= 0:
        line += 1
    first_token = len(state.tokens)
    table(state, start_line, line, False)
    _keep_extra_cells(state, state.tokens[first_token:])
    if line == last < end_line:
        state.env.setdefault("cut_tables", []).append(line)
    state.env["cells"] = (rows - (state.line - start_line)) * columns
    return True


def _keep_extra_cells(state: StateBlock, tokens: list[Token]) -> None:
    """CommonMark's authors drop the cells beyond the columns of the first row; they go into the row's last cell."""
    columns = sum(token.type == "th_open" for token in tokens)
    line = 0
    for number, token in enumerate(tokens):
        if token.type == "tr_open" and token.map:
            line = token.map[0]
        if token.type != "tr_close":
            continue
        text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].strip()
        if text.count("|") < columns:
            continue
        cells = escapedSplit(text.removeprefix("|"))
        cells = cells[:-1] if not cells[-1] else cells
        if extra := [cell.strip() for cell in cells[columns:] if cell.strip()]:
            last = tokens[number - 2]
            last.content = " | ".join([last.content, *extra])
            state.env.setdefault("extra_cells", []).append(line)


def _markdown() -> MarkdownIt:
    # Deep enough for what clean_source leaves, so that the parser itself drops nothing.
    markdown = (
        MarkdownIt("commonmark", {"html": True, "maxNesting": 60, "store_labels": True})
        .enable("table")
        .use(footnote_plugin, inline=False)
    )
    markdown.disable("code")  # text that somebody indented is text, not program code
    interrupts: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote"]}
    markdown.block.ruler.at("html_block", _hidden_block, interrupts)
    markdown.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    markdown.block.ruler.after("heading", "heading_without_space", _heading_without_space, interrupts)
    # inline.py decides about addresses, so that a refused link leaves its words and not its Markdown.
    markdown.validateLink = lambda url: True  # type: ignore[method-assign]
    return markdown


_MARKDOWN = _markdown()

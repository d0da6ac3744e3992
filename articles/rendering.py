"""Parsed article → HTML parts, once, at save. Every tag is printed here and then cleaned by nh3's allow-list.

The headings of sections, questions and exercises are the template's (h2, h3); the parts hold what stands below them.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from articles.blocks import Block
from articles.document import Document, Item
from articles.inline import PLAIN_TAGS

# Raised whenever the HTML changes for the same Markdown: `render_articles` then knows which articles are old.
VERSION = 1

_TAGS = PLAIN_TAGS | {
    *("blockquote", "br", "code", "div", "h3", "h4", "li", "ol", "p", "pre", "ul"),
    *("caption", "table", "tbody", "td", "th", "thead", "tr"),
}
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes={
        "a": {"href", "title", "id", "aria-label"},
        "caption": {"id"},
        "div": {"aria-labelledby"},
        "h3": {"id"},
        "h4": {"id"},
        "li": {"id"},
        "ol": {"start"},
    },
    tag_attribute_values={
        "div": {"role": {"region"}, "tabindex": {"0"}},
        "th": {"scope": {"col", "row"}},
    },
    allowed_classes={
        "caption": {"visually-hidden"},
        "div": {"table-scroll"},
        "ol": {"footnotes"},
        "td": {"numeric"},
        "th": {"numeric"},
    },
    url_schemes={"http", "https"},
    link_rel=None,
)


class _Renderer(RendererHTML):
    """Our HTML for what differs from CommonMark's; the methods are named after the types of the tokens."""

    def heading_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        meta = tokens[idx].meta
        # A heading inside a list or a quote is no part of the page's outline.
        return f'<h{meta["level"]} id="{escape(meta["id"])}">' if meta else "<p><strong>"

    def heading_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        meta = tokens[idx].meta
        return f"</h{meta['level']}>\n" if meta else "</strong></p>\n"

    def hr(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        return ""

    def html_inline(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        return tokens[idx].content  # one of the bare tags of inline.py

    def html_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        return ""

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        return f"<pre><code>{escape(tokens[idx].content)}</code></pre>\n"

    def table_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        """A wide table scrolls in a region of its own, which can be reached by keyboard and bears the table's name."""
        meta = tokens[idx].meta
        caption_id, hidden = escape(meta["caption_id"]), ' class="visually-hidden"' if meta["hidden"] else ""
        return (
            f'<div class="table-scroll" role="region" tabindex="0" aria-labelledby="{caption_id}">\n'
            f'<table>\n<caption id="{caption_id}"{hidden}>{escape(meta["caption"])}</caption>\n'
        )

    def table_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        return "</table>\n</div>\n"

    def th_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        meta = tokens[idx].meta
        scope = f' scope="{meta["scope"]}"' if meta.get("scope") else ""
        numeric = ' class="numeric"' if meta.get("numeric") else ""
        return f"<{_cell(tokens[idx])}{scope}{numeric}>"

    def th_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        return f"</{_cell(tokens[idx])}>\n"

    td_open = th_open
    td_close = th_close

    def footnote_ref(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        number, again = tokens[idx].meta["id"] + 1, tokens[idx].meta.get("subId", 0)
        own_id = f' id="fnref{number}"' if not again else ""
        return f'<sup><a href="#fn{number}"{own_id} aria-label="Note {number}">[{number}]</a></sup>'

    def footnote_block_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        return '<ol class="footnotes">\n'

    def footnote_block_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        return "</ol>\n"

    def footnote_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        return f'<li id="fn{tokens[idx].meta["id"] + 1}">'

    def footnote_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        return "</li>\n"

    def footnote_anchor(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        if tokens[idx].meta.get("subId", 0):
            return ""
        return f' <a href="#fnref{tokens[idx].meta["id"] + 1}" aria-label="Tilbage til teksten">↩</a>'


def _cell(token: Token) -> str:
    return "th" if token.meta.get("scope") else "td"


_RENDERER = _Renderer()
_OPTIONS = MarkdownIt("commonmark").options


def render_blocks(blocks: Sequence[Block]) -> str:
    """Safe HTML of some blocks: no script, style, handler or foreign attribute, whatever the source."""
    tokens = [token for block in blocks for token in block.tokens]
    return _CLEANER.clean(_RENDERER.render(tokens, _OPTIONS, {})) if tokens else ""


def render(document: Document) -> dict[str, Any]:
    """The document as JSON, with its HTML: what `Article.document` stores and what the templates read.

    Keys that end in `html` hold safe HTML; all other strings are plain text.
    """
    faq, references = document.faq, document.references
    return {
        "version": VERSION,
        "lead_html": render_blocks(document.lead),
        "lead_text": document.lead_text,
        "sections": [
            {
                "id": section.id,
                "heading": section.heading,
                "level": section.level,
                "kind": section.kind,
                "html": render_blocks(section.blocks),
                "exercises": _items(section.items) if section.kind == "exercises" else [],
                "subsections": _items(section.items) if section.kind != "exercises" else [],
                "tail_html": render_blocks(section.tail),
            }
            for section in document.sections
        ],
        "faq": faq
        and {
            "id": faq.id,
            "heading": faq.heading,
            "intro_html": render_blocks(faq.blocks),
            "items": [
                {"id": item.id, "question": item.heading, "html": render_blocks(item.blocks), "text": item.text}
                for item in faq.items
            ],
        },
        "references": references
        and {"id": references.id, "heading": references.heading, "html": render_blocks(references.blocks)},
        "outro_html": render_blocks(document.outro),
        "contents": [{"id": part_id, "heading": heading} for part_id, heading in document.contents],
        "tables": [
            {"id": t.id, "caption": t.caption, "hidden": t.hidden, "columns": t.columns, "rows": t.rows}
            for t in document.tables
        ],
        "reading_minutes": document.reading_minutes,
    }


def _items(items: Sequence[Item]) -> list[Mapping[str, str]]:
    return [{"id": item.id, "name": item.heading, "html": render_blocks(item.blocks)} for item in items]

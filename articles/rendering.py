"""Parsed article → HTML parts, once, at save. Every tag is printed here and then cleaned by nh3's allow-list.

The headings of sections, questions and exercises are the template's (h2, h3); the parts hold what stands below them.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from articles.blocks import Block
from articles.document import Document, Item
from articles.images import SIZES, ImageSource
from articles.inline import PLAIN_TAGS, REL

if TYPE_CHECKING:
    from articles.links import Linker

# Raised whenever the HTML changes for the same Markdown: `render_articles` then knows which articles are old.
VERSION = 3

_TAGS = PLAIN_TAGS | {
    *("blockquote", "br", "code", "div", "h3", "h4", "li", "ol", "p", "pre", "ul"),
    *("caption", "table", "tbody", "td", "th", "thead", "tr"),
    *("figcaption", "figure", "img"),
}
_IMAGE_ADDRESS = r"/billeder/[0-9a-f]{64}-[1-9][0-9]{0,3}\.webp"
# Only pictures of our own, in exactly the words printed below.
_IMAGE_ATTRIBUTES = {
    "src": re.compile(_IMAGE_ADDRESS),
    "srcset": re.compile(rf"{_IMAGE_ADDRESS} [1-9][0-9]{{0,3}}w(?:, {_IMAGE_ADDRESS} [1-9][0-9]{{0,3}}w){{0,2}}"),
    "sizes": re.compile(re.escape(SIZES)),
    "width": re.compile("[1-9][0-9]{0,4}"),
    "height": re.compile("[1-9][0-9]{0,4}"),
    "alt": re.compile(".*", re.DOTALL),
    "loading": re.compile("lazy"),
    "decoding": re.compile("async"),
}


def _own_images(tag: str, attribute: str, value: str) -> str | None:
    if tag != "img":
        return value
    return value if _IMAGE_ATTRIBUTES[attribute].fullmatch(value) else None


_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes={
        "a": {"href", "title", "id", "aria-label"},
        "caption": {"id"},
        "div": {"aria-labelledby"},
        "h3": {"id"},
        "h4": {"id"},
        "img": set(_IMAGE_ATTRIBUTES),
        "li": {"id"},
        "ol": {"start"},
        "td": {"data-label"},
    },
    tag_attribute_values={
        "a": {"rel": {REL}},
        "div": {"role": {"region"}, "tabindex": {"0"}},
        "table": {"role": {"table"}},
        "tbody": {"role": {"rowgroup"}},
        "td": {"role": {"cell"}},
        "th": {"scope": {"col", "row"}, "role": {"columnheader", "rowheader"}},
        "thead": {"role": {"rowgroup"}},
        "tr": {"role": {"row"}},
    },
    allowed_classes={
        "caption": {"visually-hidden"},
        "div": {"table-scroll"},
        "ol": {"footnotes"},
        "td": {"numeric"},
        "th": {"numeric"},
    },
    attribute_filter=_own_images,
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

    def paragraph_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        """Pictures that stand alone are figures, and a figure cannot stand in a paragraph."""
        return "" if _are_figures(tokens[idx + 1].children, env) else self.renderToken(tokens, idx, options, env)

    def paragraph_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        return "" if _are_figures(tokens[idx - 1].children, env) else self.renderToken(tokens, idx, options, env)

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        """The picture, or its words where we do not have it."""
        source: ImageSource | None = env["images"].get(tokens[idx].attrs["src"])
        if source is None:
            return escape(tokens[idx].content)
        credit = escape(source.credit or str(tokens[idx].attrs.get("title", "")))
        image = (
            f'<img src="{source.src}" srcset="{source.srcset}" sizes="{source.sizes}" width="{source.width}"'
            f' height="{source.height}" alt="{escape(source.alt or tokens[idx].content)}" loading="lazy" decoding="async">'
        )
        if _are_figures(tokens, env):
            return f"<figure>{image}{f'<figcaption>{credit}</figcaption>' if credit else ''}</figure>"
        return f"{image} <small>{credit}</small>" if credit else image

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
        role = ' role="table"' if tokens[idx].attrs else ""
        return (
            f'<div class="table-scroll" role="region" tabindex="0" aria-labelledby="{caption_id}">\n'
            f'<table{role}>\n<caption id="{caption_id}"{hidden}>{escape(meta["caption"])}</caption>\n'
        )

    def table_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        return "</table>\n</div>\n"

    def th_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        meta = tokens[idx].meta
        scope = f' scope="{meta["scope"]}"' if meta.get("scope") else ""
        numeric = ' class="numeric"' if meta.get("numeric") else ""
        role = f' role="{meta["role"]}"' if meta.get("role") else ""
        label = f' data-label="{escape(meta["label"])}"' if meta.get("label") else ""
        return f"<{_cell(tokens[idx])}{role}{scope}{numeric}{label}>"

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


def _are_figures(children: Sequence[Token] | None, env: Any) -> bool:
    """Whether there is nothing but pictures that we have, or that nobody said anything about."""
    pictures = [token for token in children or () if token.type == "image"]
    known = all(token.attrs["src"] in env["images"] or not token.content for token in pictures)
    return bool(pictures) and known and all(map(_is_picture_or_space, children or ()))


def _is_picture_or_space(token: Token) -> bool:
    return token.type in ("image", "softbreak", "hardbreak") or (token.type == "text" and not token.content.strip())


def _cell(token: Token) -> str:
    return "th" if token.meta.get("scope") else "td"


_RENDERER = _Renderer()
_OPTIONS = MarkdownIt("commonmark").options


def render_blocks(blocks: Sequence[Block], images: Mapping[str, ImageSource] | None = None) -> str:
    """Safe HTML of some blocks: no script, style, handler or foreign attribute, whatever the source.

    `images`: what we have of the pictures that they name; of the others their words are shown.
    """
    tokens = [token for block in blocks for token in block.tokens]
    return _CLEANER.clean(_RENDERER.render(tokens, _OPTIONS, {"images": images or {}})) if tokens else ""


def render(
    document: Document, *, images: Mapping[str, ImageSource] | None = None, linker: "Linker | None" = None
) -> dict[str, Any]:
    """The document as JSON, with its HTML: what `Article.document` stores and what the templates read.

    Keys that end in `html` hold safe HTML; all other strings are plain text. `images`: what we have of its pictures,
    by their name in the text. `linker` sets the links to other articles.
    """
    if document.page is not None and not images and linker is None:
        page, document.page = document.page, None  # for one reader: whoever gets a page writes into it
        return page
    faq, references = document.faq, document.references
    html = partial(render_blocks, images=images)
    page = {
        "version": VERSION,
        "lead_html": html(document.lead),
        "lead_text": document.lead_text,
        "sections": [
            {
                "id": section.id,
                "heading": section.heading,
                "level": section.level,
                "kind": section.kind,
                "html": html(section.blocks),
                "exercises": _items(section.items, html) if section.kind == "exercises" else [],
                "subsections": _items(section.items, html) if section.kind != "exercises" else [],
                "tail_html": html(section.tail),
            }
            for section in document.sections
        ],
        "faq": faq
        and {
            "id": faq.id,
            "heading": faq.heading,
            "intro_html": html(faq.blocks),
            "items": [
                {"id": item.id, "question": item.heading, "html": html(item.blocks), "text": item.text}
                for item in faq.items
            ],
        },
        "references": references
        and {"id": references.id, "heading": references.heading, "html": html(references.blocks)},
        "outro_html": html(document.outro),
        "contents": [{"id": part_id, "heading": heading} for part_id, heading in document.contents],
        "tables": [
            {"id": t.id, "caption": t.caption, "hidden": t.hidden, "columns": t.columns, "rows": t.rows}
            for t in document.tables
        ],
        "images": list(dict.fromkeys(image.name for image in document.images)),
        "reading_minutes": document.reading_minutes,
    }
    return linker.link(page) if linker else page


def _items(items: Sequence[Item], html: Callable[[Sequence[Block]], str]) -> list[Mapping[str, str]]:
    return [{"id": item.id, "name": item.heading, "html": html(item.blocks)} for item in items]

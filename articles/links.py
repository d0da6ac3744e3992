"""Links from one article to another, set when its page is made. The rules, with their reasons: docs/internal-links.md.

They are set in HTML that nh3 has cleaned, and carry a class that no source can write: so they can be taken out again
and set anew without making the page from its text (articles.mentions).
"""

import re
from collections.abc import Iterator
from html import escape, unescape
from typing import Any

from django.urls import reverse

from articles import link_terms
from articles.addresses import site_address
from articles.link_terms import TermList
from articles.models import Article
from articles.phrases import Found

MOST_LINKS = 8  # in an article
MOST_IN_PARAGRAPH = 2
CLASS = "term-link"

# Between the tags of cleaned HTML: attributes stand in double quotes, and a “>” in one is no end.
_TAG = re.compile(r'<(/?)([a-z0-9]+)((?:[^<>"]|"[^"]*")*)>')
_SET = re.compile(rf'<a class="{CLASS}" href="[^"]*">([^<]*)</a>')
_HREF = re.compile(r' href="([^"]*)"')
_DEAD = ' data-href="'
# Where no link is set: other links, what is a heading or works as one, code, notes, labels.
_CLOSED = frozenset(
    {"a", "b", "caption", "code", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "kbd", "pre", "span", "strong"}
    | {"sup", "th"}
)
_PARAGRAPHS = frozenset({"blockquote", "dd", "div", "figure", "li", "p", "td"})
# Who reads when to ring a doctor is led nowhere else; as on the care cards.
_DANGER = re.compile(r"\b112\b|\blæge|farlig|alvorlig|\bakut|\bhaster\b|advarsel", re.I)
# The HTML of a page from top to bottom; jsonb keeps no order of keys.
_ORDER = (
    *("lead_html", "intro_html", "html", "exercises", "subsections", "items", "tail_html"),
    *("sections", "faq", "outro_html", "references"),
)


def linker_for(article: Article) -> "Linker | None":
    """What sets the links of this article. None in work on many articles, which get their links together afterwards."""
    return None if link_terms.is_held() else Linker(link_terms.current(), article.slug)


class Linker:
    """Sets the links of one page and remembers them. Made for one page, used once.

    `links`: [{"slug", "phrase", "section", "kind"}] in the order of the page; `kind` is "auto", or "text" for a link
    that the author wrote. `changed`: whether the page says or links anything else than before.
    """

    def __init__(self, terms: TermList, own_slug: str = "") -> None:
        self.terms = terms
        self.links: list[dict[str, str]] = []
        self.changed = False
        self._own_slug = own_slug
        self._linked = {own_slug}
        self._count = 0
        self._root = reverse("articles:list")

    def link(self, page: dict[str, Any]) -> dict[str, Any]:
        """Set the links of a page (shape: rendering.render) anew, whatever links it has, and note them in it."""
        parts = list(_parts(page))
        before = [page.get("links"), *(holder[key] for holder, key, _, _ in parts)]
        for holder, key, _, _ in parts:
            holder[key] = _without_links(holder[key])
            # A link that the author wrote, wherever it stands, is the one mention of its target.
            self._linked |= {slug for href in _HREF.findall(holder[key]) if (slug := self._target(href))}
        for holder, key, section, is_open in parts:
            holder[key] = self.apply(holder[key], section, is_open=is_open)
        self.changed = before != [self.links, *(holder[key] for holder, key, _, _ in parts)]
        page["links"], page["terms"] = self.links, self.terms.version
        return page

    def apply(self, html: str, section: str = "", *, is_open: bool = True) -> str:
        """Cleaned HTML with links to what it mentions and to nothing that is not public. `is_open=False`: no new ones."""
        pieces = _pieces(html)
        made: list[str] = []
        depth = 0  # of elements in which no link is set
        in_paragraph = 0
        dead = False  # inside a written link that leads nowhere
        for number, (name, closing, text) in enumerate(pieces):
            if not name:
                if is_open and not depth and self._count < MOST_LINKS:
                    text, count = self._link_text(text, section, MOST_IN_PARAGRAPH - in_paragraph, pieces, number)
                    in_paragraph += count
            elif name == "a":
                depth += -1 if closing else 1
                if closing:
                    text, dead = ("</span>" if dead else text), False
                else:
                    text, dead = self._written(text, _words_until_close(pieces, number), section)
            elif name in _CLOSED:
                depth += -1 if closing else 1
            elif name in _PARAGRAPHS:
                in_paragraph = 0
            made.append(text)
        return "".join(made)

    def _link_text(
        self, text: str, section: str, left: int, pieces: list[tuple[str, bool, str]], number: int
    ) -> tuple[str, int]:
        made: list[str] = []
        position = count = 0
        for found in self.terms.matcher.find(text):
            slug = found.term.slug
            if not slug or slug in self._linked or count == left or self._count == MOST_LINKS:
                continue
            if _is_torn(found, text, pieces, number):
                continue
            words = text[found.start : found.end]
            made += [text[position : found.start], f'<a class="{CLASS}" href="{self._address(slug)}">{words}</a>']
            position = found.end
            self._note(slug, words, section, "auto")
            self._count += 1
            count += 1
        return ("".join((*made, text[position:])) if made else text), count

    def _written(self, tag: str, words: str, section: str) -> tuple[str, bool]:
        """An author's link: to the present address of an article, or, when nobody may read it, not a link for now."""
        href = _HREF.search(tag)
        slug = self._slug_in(unescape(href.group(1))) if href else None
        if href is None or slug is None:
            return tag, False
        target = self.terms.addresses.get(slug)
        if target is None:
            return tag.replace("<a ", "<span ", 1).replace(' href="', _DEAD, 1), True
        self._note(target, words, section, "text")
        if target == slug:
            return tag, False
        address = site_address(unescape(href.group(1))).replace(f"/{slug}", f"/{target}", 1)
        return f"{tag[: href.start(1)]}{escape(address)}{tag[href.end(1) :]}", False

    def _note(self, slug: str, words: str, section: str, kind: str) -> None:
        if slug == self._own_slug:  # to another place on the same page
            return
        self._linked.add(slug)
        self.links.append({"slug": slug, "phrase": unescape(words), "section": section, "kind": kind})

    def _target(self, href: str) -> str | None:
        slug = self._slug_in(unescape(href))
        return self.terms.addresses.get(slug) if slug else None

    def _slug_in(self, href: str) -> str | None:
        """The slug that an address of ours names; None for any other address."""
        path = re.split(r"[?#]", site_address(href), maxsplit=1)[0]
        if not path.startswith(self._root):
            return None
        slug = path.removeprefix(self._root).rstrip("/")
        return slug if slug and "/" not in slug else None

    def _address(self, slug: str) -> str:
        return escape(reverse("articles:detail", args=[slug]))


def _parts(part: Any, section: str = "", *, is_open: bool = True) -> Iterator[tuple[dict[str, Any], str, str, bool]]:
    """Every HTML of a page in its order: the dict that holds it, its key, the id of its section, may links be set."""
    if isinstance(part, list):
        for item in part:
            yield from _parts(item, section, is_open=is_open)
    elif isinstance(part, dict):
        section = part.get("id", section)
        heading = part.get("heading") or part.get("question") or part.get("name") or ""
        is_open = is_open and not _DANGER.search(heading)
        for key in (key for key in _ORDER if key in part):
            if key.endswith("html"):
                yield part, key, section, is_open
            else:
                yield from _parts(part[key], section, is_open=is_open and key != "references")


def _pieces(html: str) -> list[tuple[str, bool, str]]:
    """(name of the tag, does it close, source) of each tag and, with an empty name, of each text between them."""
    pieces: list[tuple[str, bool, str]] = []
    position = 0
    for tag in _TAG.finditer(html):
        if tag.start() > position:
            pieces.append(("", False, html[position : tag.start()]))
        pieces.append((tag.group(2), bool(tag.group(1)), tag.group()))
        position = tag.end()
    if position < len(html):
        pieces.append(("", False, html[position:]))
    return pieces


def _without_links(html: str) -> str:
    """The HTML as it was cleaned: our own links out, and links that were none for now back."""
    html = _SET.sub(r"\1", html)
    if _DEAD not in html:
        return html
    return html.replace("<span ", "<a ").replace(_DEAD, ' href="').replace("</span>", "</a>")


def _words_until_close(pieces: list[tuple[str, bool, str]], number: int) -> str:
    words: list[str] = []
    for name, closing, text in pieces[number + 1 :]:
        if name == "a" and closing:
            break
        words += [] if name else [text]
    return "".join(words).strip()


def _is_torn(found: Found, text: str, pieces: list[tuple[str, bool, str]], number: int) -> bool:
    """Whether a tag stands inside one of its words: `iskias<em>lignende</em>` is another word than “iskias”."""
    before = _neighbour(pieces, number, -1) if found.start == 0 else ""
    after = _neighbour(pieces, number, 1) if found.end == len(text) else ""
    return before.isalnum() or after.isalnum() or "-" in (before, after)


def _neighbour(pieces: list[tuple[str, bool, str]], number: int, step: int) -> str:
    """The letter beside a text, across tags that do not begin a new line."""
    number += step
    while 0 <= number < len(pieces):
        name, _, text = pieces[number]
        if not name:
            return text[0 if step > 0 else -1]
        if name in _PARAGRAPHS or name == "br":
            return ""
        number += step
    return ""

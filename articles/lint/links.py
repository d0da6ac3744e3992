"""Links of the text that lead nowhere, to an old address, or to what nobody but editors can see."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from django.db.models import CharField, F, Value
from django.urls import Resolver404, resolve

from articles.addresses import is_external
from articles.lint.finding import Finding, Level, quote
from articles.lint.passages import Reading
from articles.models import Article
from clinics.models import SlugHistory, Speciality

Wrong = tuple[Level, str, str]  # how bad, code, what is wrong

_BROKEN: Wrong = ("error", "link_broken", "fører til en side, der ikke findes")
_OLD: Wrong = ("advice", "link_old", "peger på en gammel adresse")
_MOST_LINKS = 500  # a long article has twenty
_HREF = re.compile(r'<a href="([^"]*)">')


class Link(NamedTuple):
    address: str
    line: int


def check(reading: Reading) -> Iterator[Finding]:
    """One query for all links together, none without links to articles or specialities."""
    slug = reading.article.slug
    inside = [link for link in links_of(reading) if not is_external(link.address)][:_MOST_LINKS]
    targets = [(link, *_target(link.address, slug)) for link in inside]
    slugs = {part for _, view, part in targets if view in ("articles:detail", "clinics:speciality")}
    known = _known(slugs | set(reading.article.related_slugs))
    for link, view, part in targets:
        if finding := _judge(reading, link, view, part, known):
            yield finding
    for related in reading.article.related_slugs:
        if "article" not in known.get(related, ()):
            yield Finding("warning", "related_unknown", 0, f"“Læs også” nævner {quote(related)}, som ikke findes.")


def links_of(reading: Reading) -> list[Link]:
    """Every link that an author wrote, in the order of the page; links to our own host have lost it (articles.inline)."""
    links: list[Link] = []
    for block in reading.blocks:
        for token in block.tokens:
            line = token.map[0] if token.map else block.line
            for child in token.children or ():
                if child.type in ("softbreak", "hardbreak"):
                    line += 1
                elif child.type == "link_open":
                    links.append(Link(str(child.attrs.get("href", "")), line))
                elif child.type == "html_inline" and (match := _HREF.match(child.content)):
                    links.append(Link(match[1], line))
    return links


def _target(address: str, slug: str) -> tuple[str, str]:
    """The name of the page that an address leads to, and its slug or anchor; `("", …)` for no page of ours."""
    if address.startswith("#"):
        return "#", unquote(address[1:])
    try:
        path = unquote(urlsplit(urljoin(f"/ordbog/{slug or 'artikel'}/", address)).path)
    except ValueError:  # "//[": an address that no browser understands either
        return "", ""
    for candidate in (path, f"{path}/"):  # Django adds the slash that an author forgot
        try:
            match = resolve(candidate)
        except Resolver404:
            continue
        return match.view_name, str(match.kwargs.get("slug", ""))
    return "", ""


def _known(wanted: set[str]) -> dict[str, set[str]]:
    """What stands under each slug: `article`, also `public` if everybody can read it, `old`, `speciality`, `old_speciality`."""
    if not wanted:
        return {}

    def kind(name: str) -> Value:
        return Value(name, output_field=CharField())

    articles = Article.objects.filter(slug__in=wanted).order_by()
    old = SlugHistory.objects.filter(kind=SlugHistory.Kind.ARTICLE, slug__in=wanted).order_by()
    specialities = Speciality.objects.filter(slug__in=wanted).order_by()
    moved = SlugHistory.objects.filter(kind=SlugHistory.Kind.SPECIALITY, slug__in=wanted).order_by()
    rows = (
        articles.published()
        .values_list(F("slug"), kind("public"))
        .union(
            articles.values_list(F("slug"), kind("article")),
            old.values_list(F("slug"), kind("old")),
            specialities.values_list(F("slug"), kind("speciality")),
            moved.values_list(F("slug"), kind("old_speciality")),
        )
    )
    known: dict[str, set[str]] = {}
    for slug, what in rows:
        known.setdefault(slug, set()).add(what)
    return known


def _judge(reading: Reading, link: Link, view: str, part: str, known: dict[str, set[str]]) -> Finding | None:
    what = known.get(part, set())
    if view == "#":
        wrong: Wrong | None = (
            None
            if part in reading.anchors
            else ("warning", "link_anchor", "peger på et sted, der ikke findes på siden")
        )
    elif view == "clinics:profile":
        wrong = (
            "warning",
            "link_clinic",
            "fører til en bestemt klinik; artikler nævner ingen, dem viser siden selv (R18)",
        )
    elif view == "articles:detail" and part != reading.article.slug:
        wrong = _article(what)
    elif view == "clinics:speciality" and "old_speciality" in what and "speciality" not in what:
        wrong = _OLD
    elif not view or (view == "clinics:speciality" and "speciality" not in what):
        wrong = _BROKEN
    else:
        wrong = None
    return Finding(wrong[0], wrong[1], link.line, f"Linket {quote(link.address)} {wrong[2]}.") if wrong else None


def _article(what: set[str]) -> Wrong | None:
    if "public" in what:
        return None
    if "article" in what:
        return "warning", "link_draft", "fører til en artikel, der ikke er udgivet"
    if "old" in what:
        return _OLD
    return _BROKEN

"""Where an article stands: under its letter from A to Å, under its part of the body, and in the breadcrumb."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from articles.models import Article
from clinics.inquiry import Link
from clinics.models import BodyRegion

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZÆØÅ"
OTHER_REGION = "Andre emner"
# Letters as they stand in `sort_name` (clinics.models.clinic.DanishOrder).
_LETTERS = {"{": "Æ", "|": "Ø", "}": "Å"}


@dataclass(frozen=True)
class Part:
    """A heading of the index with its articles; `anchor` is its id on the page."""

    name: str
    anchor: str
    articles: list[Article]


def by_letter(articles: Iterable[Article]) -> list[Part]:
    """Articles in Danish order under their letters; what begins with a number or a sign stands first."""
    parts: dict[str, list[Article]] = {}
    for article in articles:
        parts.setdefault(letter_of(article), []).append(article)
    return [
        Part(letter or "0–9", f"bogstav-{letter or 'tal'}", parts[letter])
        for letter in ("", *ALPHABET)
        if letter in parts
    ]


def letter_of(article: Article) -> str:
    """`"Aa"` is Å, `"É"` is E; "" for a number or a sign."""
    first = article.sort_name[:1]
    letter = _LETTERS.get(first) or unicodedata.normalize("NFD", first)[:1].upper()
    return letter if letter in ALPHABET else ""


def by_region(articles: Iterable[Article]) -> list[Part]:
    """The same articles by part of the body, in the order of `BodyRegion.order`; those of none at the end."""
    regions: dict[BodyRegion | None, list[Article]] = {}
    for article in articles:
        regions.setdefault(region_of(article), []).append(article)
    known = sorted((region for region in regions if region), key=lambda region: (region.order, region.name))
    parts = [Part(region.name, region.slug, regions[region]) for region in known]
    return parts + ([Part(OTHER_REGION, "andre-emner", regions[None])] if None in regions else [])


def region_of(article: Article) -> BodyRegion | None:
    return article.condition.body_region if article.condition else None


def regions_with_articles() -> list[Link]:
    """The parts of the body that something is written about, as links into the index. One query."""
    regions = BodyRegion.objects.filter(conditions__articles__in=Article.objects.published()).distinct()
    return [Link(region.name, region_url(region.slug)) for region in regions]


def region_url(anchor: str) -> str:
    return f"{reverse('articles:regions')}#{anchor}"


def breadcrumb(article: Article) -> list[Link]:
    """The steps above the article: the front page and its part of the body, or the A–Å when it has none."""
    region = region_of(article)
    above = (
        Link(region.name, region_url(region.slug))
        if region
        else Link("Symptomer og sygdomme", reverse("articles:list"))
    )
    return [Link("Forside", "/"), above]

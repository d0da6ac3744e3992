"""`/sitemap.xml`: every address that search engines may know, and when it last changed where that is known.

An index of files of at most `MOST` addresses. Made anew each time it is asked for, so that it never names a page that has
closed since; drafts, closed clinics, invented ones and thin landing pages are not in it.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import EmptyPage, Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from articles.feeds import LATEST
from articles.models import Article
from clinics.clock import COPENHAGEN
from clinics.json_ld import absolute
from clinics.landings import indexable_landings
from clinics.models import Clinic, Speciality

MOST = 50_000  # addresses in a file: the protocol's limit (sitemaps.org)
# Without a day: nobody knows when their text last changed.
STATIC = (
    "home",
    "articles:list",
    "articles:regions",
    "clinics:specialities",
    "clinics:referral",
    "clinics:for_clinics",
    *(
        f"pages:{name}"
        for name in ("about", "data", "how_we_sort", "how_we_check", "privacy", "terms", "accessibility", "contact")
    ),
)


@dataclass(frozen=True)
class Entry:
    """One address; `lastmod` is a day or a moment as the protocol writes it, "" when it is not known."""

    url: str
    lastmod: str = ""


@dataclass(frozen=True)
class Section:
    """`rows` gives what is counted and cut into files, a list or a queryset in a fixed order; `entry` is made of a row."""

    rows: Callable[[], Any]
    entry: Callable[[Any], Entry]

    def files(self) -> Paginator:
        return Paginator(self.rows(), MOST, allow_empty_first_page=False)


def _entry(name: str, slug: str, changed: datetime.date | None = None) -> Entry:
    if isinstance(changed, datetime.datetime):
        changed = changed.astimezone(COPENHAGEN).replace(microsecond=0)
    return Entry(absolute(reverse(name, args=[slug])), changed.isoformat() if changed else "")


def _articles() -> Any:
    return Article.objects.published().annotate(latest=LATEST).order_by("pk").values_list("slug", "latest")


def _clinics() -> Any:
    real = Clinic.objects.published().filter(is_example=False)
    return real.order_by("pk").values_list("slug", "updated_at")


def _specialities() -> Any:
    return Speciality.objects.order_by("pk").values_list("slug", F("edited_at"))


SECTIONS = {
    "sider": Section(lambda: STATIC, lambda name: Entry(absolute(reverse(name)))),
    "artikler": Section(_articles, lambda row: _entry("articles:detail", *row)),
    "specialer": Section(_specialities, lambda row: _entry("clinics:speciality", *row)),
    "steder": Section(
        indexable_landings,
        lambda one: Entry(absolute(one.url), one.changed_at.astimezone(COPENHAGEN).replace(microsecond=0).isoformat()),
    ),
    "klinikker": Section(_clinics, lambda row: _entry("clinics:profile", *row)),
}


@require_safe
@cache_control(max_age=3600)
def index(request: HttpRequest) -> HttpResponse:
    files = [
        absolute(reverse("sitemap_file", args=[name, number]))
        for name, section in SECTIONS.items()
        for number in section.files().page_range
    ]
    return render(request, "sitemap_index.xml", {"files": files}, content_type="application/xml")


@require_safe
@cache_control(max_age=3600)
def sitemap_file(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """Part `number` of a section, from 1; one that is past the end is not there."""
    section = SECTIONS.get(name)
    if section is None:
        raise Http404
    try:
        rows = section.files().page(number).object_list
    except EmptyPage as past:
        raise Http404 from past
    entries = [section.entry(row) for row in rows]
    return render(request, "sitemap.xml", {"entries": entries}, content_type="application/xml")

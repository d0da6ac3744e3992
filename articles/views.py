"""The article pages: "Symptomer og sygdomme A–Å" with its search, and one article with its nearby clinics."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from clinics import addresses, clock
from clinics.box import clinic_box
from clinics.card_facts import OPEN_STATE_CACHE
from clinics.care import CareCard, care_cards, page_care
from clinics.inquiry import Link, results_url
from clinics.json_ld import absolute
from clinics.models import Condition
from clinics.vocabulary import condition_for

from .finding import Finding, find_articles
from .index import breadcrumb, by_letter, by_region, region_url, regions_with_articles
from .models import Article
from .preview import previewed
from .safety import has_long_lead, warned_flags
from .structured_data import json_ld


@require_safe
def article_list(request: HttpRequest) -> HttpResponse:
    """Every article from A to Å; with `?q=` those that the words ask for."""
    if request.GET.get("q", "").strip():
        return _search(request)
    articles = list(Article.objects.published().for_index())
    context = {
        "letters": by_letter(articles),
        "regions": [Link(part.name, region_url(part.anchor)) for part in by_region(articles)],
        "canonical": absolute(reverse("articles:list")),
        "noindex": "q" in request.GET,
    }
    return render(request, "articles/list.html", context)


@require_safe
def article_regions(request: HttpRequest) -> HttpResponse:
    """Every article by part of the body."""
    context = {
        "regions": by_region(Article.objects.published().for_index()),
        "canonical": absolute(reverse("articles:regions")),
    }
    return render(request, "articles/regions.html", context)


def _search(request: HttpRequest) -> HttpResponse:
    text = request.GET["q"]
    page = request.GET.get("side", "")
    found = find_articles(text, page=int(page[:6]) if page.isascii() and page.isdecimal() else 1)
    context = {
        "found": found,
        "cards": _cards(found, text),
        "suggestion": Link(found.suggestion, _search_url(found.suggestion)) if found.suggestion else None,
        "conditions": [Link(c.name, results_url({"tilstand": c.slug})) for c in found.resolution.conditions],
        "regions": [] if found.total else regions_with_articles(),
        "clinics_url": results_url({"q": found.text}) if not found.problem else results_url(),
        "page": _paging(found),
        "canonical": absolute(reverse("articles:list")),
        "noindex": True,
    }
    return render(request, "articles/search.html", context)


def _cards(found: Finding, text: str) -> list[CareCard]:
    """For words of danger, and for the name of a condition whose clinics wait for somebody else: "DVT" is danger enough."""
    named = found.resolution.conditions if found.resolution.exact else ()
    guarded = Condition.objects.filter(pk__in=[one.pk for one in named]).exclude(care_gate="", awaits_acceptance=False)
    condition = guarded.order_by("pk").first() if named else None
    if condition is None and not found.flags:
        return []
    cards = care_cards(condition=condition, text=text, defaults=condition is not None)
    return cards if found.flags else [card for card in cards if card.stands_first]


def _search_url(text: str, page: int = 1) -> str:
    return f"{reverse('articles:list')}?{urlencode({'q': text} | ({'side': page} if page > 1 else {}))}"


def _paging(found: Finding) -> dict[str, Any]:
    return {
        "number": found.page,
        "count": found.pages,
        "previous_url": _search_url(found.text, found.page - 1) if found.page > 1 else "",
        "next_url": _search_url(found.text, found.page + 1) if found.page < found.pages else "",
    }


@require_safe
def article_detail(request: HttpRequest, slug: str) -> HttpResponse:
    article = Article.objects.published().for_page().filter(slug=slug).first()
    if article is None:
        return _elsewhere(request, slug)
    page = page_of(article, request.GET)
    response = render(request, "articles/detail.html", page)
    if page["box"] and page["box"].cards:
        patch_cache_control(response, **OPEN_STATE_CACHE)
    return response


def page_of(article: Article, data: Any = None, *, url: str = "") -> dict[str, Any]:
    """What the page of an article shows. `data`: its GET parameters; `url`: the page's own address, if it is another.

    Five queries at most for an article that was read with `for_page`, whatever it says; one more in a new process.
    """
    url = url or (article.get_absolute_url() if article.slug else "")
    condition = article.subject
    box = clinic_box(condition=condition, data=data or {}, action_url=url) if condition else None
    place = box.place if box else None
    care = page_care(
        condition=condition,
        region_slugs=place.base_regions if place else (),
        inside=warned_flags(article.document),
    )
    today = clock.today()
    return {
        "article": article,
        "breadcrumb": breadcrumb(article),
        "canonical": absolute(url),
        "condition": condition,
        "care": care,
        "cards": [card for card in care.cards if card.stands_first],
        "cards_first": has_long_lead(article),
        "later_cards": [card for card in care.cards if not card.stands_first],
        "gate": box.gate if box else "",
        "box": box if box and box.shows_clinics else None,
        "demo": any(card.is_example for card in box.cards) if box else False,
        "related": article.related(),
        "sources_anchor": _sources_anchor(article),
        "next_review": article.next_review_due
        if article.is_reviewed and article.next_review_due and article.next_review_due >= today
        else None,
        "printed_on": today,
        "json_ld": json_ld(article) if article.slug else [],
    }


def _sources_anchor(article: Article) -> str:
    return "kilder" if article.sources else article.references["id"] if article.references else ""


@require_safe
@never_cache
def article_preview(request: HttpRequest, token: str) -> HttpResponse:
    """An article as its page will be, for whoever has the link; 404 with an explanation once it has expired."""
    article = previewed(token)
    if article is None:
        return render(request, "articles/preview_gone.html", status=404)
    context = page_of(article, request.GET, url=request.path)
    is_public = Article.objects.published().filter(pk=article.pk).exists()
    context |= {"draft": True, "is_public": is_public, "noindex": True, "canonical": "", "json_ld": []}
    response = render(request, "articles/detail.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def _elsewhere(request: HttpRequest, slug: str) -> HttpResponse:
    """No public article has this address: where it went (301), that it was taken down (410), or that it never was (404)."""
    known = (
        Article.objects.filter(slug=slug, status=Article.Status.ARCHIVED).first()
        or Article.objects.filter(pk=addresses.current(addresses.ARTICLE, slug) or 0).first()
    )
    public = Article.objects.published()
    target = public.filter(pk=known.pk).first() if known else None
    target = target or _of_merged_condition(slug)
    taken_down = known if known and known.status == Article.Status.ARCHIVED else None
    if taken_down and target is None:
        target = public.same_subject(taken_down).first()
    if target:
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(target.get_absolute_url() + (f"?{query}" if query else ""))
    if taken_down is None:
        raise Http404("no such article, or not published")
    context = {"article": taken_down, "related": taken_down.related(), "breadcrumb": breadcrumb(taken_down)}
    return render(request, "articles/gone.html", context, status=410)


def _of_merged_condition(slug: str) -> Article | None:
    """The article about what a condition with this slug has become part of."""
    condition = condition_for(slug)
    if condition is None or condition.slug == slug:
        return None
    return Article.objects.published().filter(condition=condition).order_by("pk").first()

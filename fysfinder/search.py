"""`/find/fysioterapeut/` with words in it: from what a patient wrote to a condition, a speciality, a clinic or articles.

The list itself is the directory's (`clinics.views.results`); here stands only what needs to know articles and clinics both.
"""

from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import Truncator
from django.views.decorators.http import require_safe

from articles.finding import find_articles
from articles.models import Article
from clinics.care import danger_flags
from clinics.inquiry import FACTS, Inquiry, Link, read_place, results_url
from clinics.models import RedFlag
from clinics.names import Named, NamedHit, find_named, nearly_named
from clinics.views import results
from clinics.vocabulary import Resolution, resolve

SUGGESTED_ARTICLES = 5


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").replace("\0", "").strip()[:200]
    chosen = any(request.GET.get(name) for name in ("tilstand", "speciale", "behandling"))
    if not text or chosen:
        return results(request, extra=_article, along={"article_rows": _article_rows()})
    resolution = resolve(text)
    flags = danger_flags(text)
    # What hurts always wins: "Iskias" is not a clinic, and "iskias aarhus" names one only when one is called just that.
    named = Named() if resolution.exact else _named(request, text, whole=bool(resolution))
    if target := _target(request, resolution, named, text, bool(flags)):
        return redirect(target)
    understood = _understood(resolution, named, flags, text, request)
    return results(request, extra=lambda inquiry: understood)


def _target(request: HttpRequest, resolution: Resolution, named: Named, text: str, dangerous: bool) -> str:
    """The canonical address of what the text says, or "" when it says nothing certain.

    Words of danger travel along, so that their card stands first wherever the visitor ends.
    """
    place = _place(request)
    kept: dict[str, Any] = place | _facts(request)
    if dangerous:
        kept["q"] = text
    if len(resolution.conditions) == 1 and resolution.exact:
        condition = resolution.conditions[0]
        if not kept and (article := Article.objects.published().filter(condition=condition).first()):
            return article.get_absolute_url()
        return results_url({"tilstand": condition.slug} | kept)
    for name, terms in (("speciale", resolution.specialities), ("behandling", resolution.treatments)):
        if len(terms) == 1 and resolution.exact:
            return results_url({name: terms[0].slug} | kept)
    # Past no warning: a clinic's page would not show the card that the words ask for.
    return named.only.url(place) if named.only and not dangerous else ""


def _place(request: HttpRequest) -> dict[str, Any]:
    place = request.GET.get("sted", "").strip()[:120]
    return {"sted": place} if place else {}


def _facts(request: HttpRequest) -> dict[str, Any]:
    """What is asked of any clinic: a lift is needed whatever one searches for next. The results page reads the values."""
    return {name: chosen for name in FACTS if (chosen := [value for value in request.GET.getlist(name) if value])}


def _named(request: HttpRequest, text: str, *, whole: bool) -> Named:
    place = read_place(request.GET.get("sted", "")[:120]).place
    return find_named(text, near=place.point if place else None, whole=whole, guess=False)


def _article_rows() -> ArraySubquery:
    """The condition's article, in the statement that reads the condition."""
    published = Article.objects.published().filter(condition=OuterRef("pk")).order_by("pk")
    return ArraySubquery(published.values(row=JSONObject(slug="slug", title="title"))[:1])


def _article(inquiry: Inquiry) -> dict[str, Any]:
    """The article about the condition: it came along with it."""
    rows = getattr(inquiry.condition, "article_rows", None)
    article = rows[0] if rows else None
    return {"article": article and Link(article["title"], reverse("articles:detail", args=[article["slug"]]))}


def _understood(
    resolution: Resolution, named: Named, flags: list[RedFlag], text: str, request: HttpRequest
) -> dict[str, Any]:
    """What the text seems to be about, as links to choose from, who is called so, and articles that mention it."""
    place = _place(request)
    kept = place | _facts(request)
    links = [Link(c.name, results_url({"tilstand": c.slug} | kept)) for c in resolution.conditions]
    links += [Link(s.name, results_url({"speciale": s.slug} | kept)) for s in resolution.specialities]
    links += [Link(t.name, results_url({"behandling": t.slug} | kept)) for t in resolution.treatments]
    found = find_articles(text, size=SUGGESTED_ARTICLES, resolution=resolution, flags=flags)
    meant = found.suggestion or ("" if named or resolution or found.hits or flags else nearly_named(text))
    # A name and nothing else: neither every clinic in the country nor articles with that word are an answer to it.
    only_named = bool(named) and not links and not flags
    heading = {"heading": f"Søgning efter “{Truncator(text).chars(60)}”", "only_named": True} if only_named else {}
    return heading | {
        "understood": links,
        "found": found,
        "suggested": Link(meant, results_url({"q": meant} | kept)) if meant else None,
        "named": [_named_link(hit, place) for hit in (*named.clinics, *named.people)],
        "named_more": named.more,
        "articles_url": f"{reverse('articles:list')}?{urlencode({'q': text})}" if found.total > len(found.hits) else "",
        "searched_text": text,
    }


def _named_link(hit: NamedHit, kept: dict[str, str]) -> dict[str, Any]:
    """A clinic or a person for the short list: name, address, and what tells it from others of that name."""
    about = f"{hit.role} hos {hit.clinic}" if hit.clinic else "Klinik"
    return {
        "name": hit.name,
        "url": hit.url(kept),
        "about": about,
        "place": hit.place,
        "rating": hit.rating,
        "is_example": hit.is_example,
    }

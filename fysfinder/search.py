"""`/find/fysioterapeut/` with words in it: from what a patient wrote to a condition, a speciality, a clinic or articles.

The list itself is the directory's (`clinics.views.results`); here stands only what needs to know articles and clinics both.
"""

from collections import defaultdict
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
from clinics.models import Place, RedFlag
from clinics.names import NamedHit, nearly_named
from clinics.places import FoundPlace
from clinics.views import results
from clinics.widening import Notice

from .meaning import Meaning, meaning_of, says_nothing

SUGGESTED_ARTICLES = 5
ABOUT_REFERRALS = {"ydernummer": "ja", "fakta": "vederlagsfri"}  # what is ticked → a page of its own explains it


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").replace("\0", "").strip()[:200]
    chosen = any(any(request.GET.getlist(name)) for name in ("tilstand", "speciale", "behandling"))
    if not text or chosen:
        return results(
            request, extra=lambda inquiry: _said(inquiry) | _article(inquiry), along={"article_rows": _article_rows()}
        )
    where = _where(request)
    meaning, registry = meaning_of(text, where.point if where and where.kind != Place.Kind.COUNTRY else None)
    flags = danger_flags(text, registry)
    if target := _target(request, meaning, text, bool(flags)):
        return redirect(target)
    understood = _understood(request, meaning, flags, text, where)
    return results(request, extra=lambda inquiry: _said(inquiry) | understood, registry=registry)


def _target(request: HttpRequest, meaning: Meaning, text: str, dangerous: bool) -> str:
    """The canonical address of what the text says, or "" when it says nothing certain.

    Words of danger travel along, so that their card stands first wherever the visitor ends.
    """
    place = _place(request)
    said = meaning.place.place if meaning.place and meaning.place_is_certain else ""
    kept: dict[str, Any] = place | _facts(request, meaning if meaning.ticks_are_certain else None)
    if said and not place:
        kept["sted"] = said
    if said and said != place.get("sted"):
        kept["ord_sted"] = said
    if dangerous:
        kept["q"] = text
    meant = meaning.rest
    if len(meant.conditions) == 1 and meaning.is_exact:
        condition = meant.conditions[0]
        if not kept and (article := Article.objects.published().filter(condition=condition).first()):
            return article.get_absolute_url()
        return results_url({"tilstand": condition.slug} | kept)
    for name, terms in (("speciale", meant.specialities), ("behandling", meant.treatments)):
        if len(terms) == 1 and meaning.is_exact:
            return results_url({name: terms[0].slug} | kept)
    if meaning.ticks_are_certain or (said and not meaning.says_more):
        return results_url(kept)
    if said and not place:
        return results_url({"q": meaning.subject} | kept)
    # Past no warning: a clinic's page would not show the card that the words ask for.
    only = meaning.named.only
    return only.url(place) if only and not dangerous else ""


def _place(request: HttpRequest) -> dict[str, Any]:
    place = request.GET.get("sted", "").strip()[:120]
    return {"sted": place} if place else {}


def _where(request: HttpRequest) -> FoundPlace | None:
    return read_place(request.GET.get("sted", "")[:120]).place


def _facts(request: HttpRequest, meaning: Meaning | None = None) -> dict[str, Any]:
    """What is asked of any clinic: a lift is needed whatever one searches for next. The results page reads the values.

    With a meaning: and what the words ask for.
    """
    ticked: dict[str, list[str]] = defaultdict(list)
    for name, choice in meaning.chosen if meaning else ():
        ticked[name].append(choice.slug)
    asked = {name: [value for value in request.GET.getlist(name) if value] for name in FACTS}
    return {name: every for name in FACTS if (every := list(dict.fromkeys([*asked[name], *ticked[name]])))}


def _article_rows() -> ArraySubquery:
    """The condition's article, in the statement that reads the condition."""
    published = Article.objects.published().filter(condition=OuterRef("pk")).order_by("pk")
    return ArraySubquery(published.values(row=JSONObject(slug="slug", title="title"))[:1])


def _article(inquiry: Inquiry) -> dict[str, Any]:
    """The article about the condition: it came along with it."""
    rows = getattr(inquiry.condition, "article_rows", None)
    article = rows[0] if rows else None
    return {"article": article and Link(article["title"], reverse("articles:detail", args=[article["slug"]]))}


def _said(inquiry: Inquiry) -> dict[str, Any]:
    """What the page says of how the words were read: the place that was found in them, and what explains a filter."""
    ticked = {name: [choice.slug for choice in inquiry.cleaned.get(name) or ()] for name in ABOUT_REFERRALS}
    asks = "henvisning" in inquiry.form.data.get("q", "").lower()
    explained = asks or any(value in ticked[name] for name, value in ABOUT_REFERRALS.items())
    return {"place_said": _place_said(inquiry), "referral_url": reverse("clinics:referral") if explained else ""}


def _place_said(inquiry: Inquiry) -> Notice | None:
    """A sentence for the place that stood among the words (`ord_sted`), with the way to another search."""
    said = read_place(inquiry.form.data.get("ord_sted", "")[:120]).place
    if said is None or inquiry.place is None:
        return None
    if said == inquiry.place:
        return Notice(f"Vi har læst “{said.label}” som stedet.", inquiry.url(sted=None), "Søg i hele Danmark")
    text = f"Du skrev også “{said.label}”. Vi søger {inquiry.place.where}, som står i feltet."
    return Notice(text, inquiry.url(sted=said.sted), f"Søg {said.where} i stedet")


def _places_meant(request: HttpRequest, meaning: Meaning, text: str, dangerous: bool) -> list[Link]:
    """The places that the words may speak of, where none stands in the field: asked about, and never used."""
    place = meaning.place
    if place is None or meaning.place_is_certain or _place(request):
        return []
    answer = read_place(place.place)
    found = [answer.place] if answer.place else answer.choices
    words = text if dangerous else "" if says_nothing(place.rest) else place.rest
    kept = ({"q": words} if words else {}) | _facts(request)
    return [Link(one.label, results_url(kept | {"sted": one.sted})) for one in found if one.kind != Place.Kind.COUNTRY]


def _understood(
    request: HttpRequest, meaning: Meaning, flags: list[RedFlag], text: str, where: FoundPlace | None
) -> dict[str, Any]:
    """What the text seems to be about, as links to choose from, who is called so, and articles that mention it."""
    place, named, resolution = _place(request), meaning.named, meaning.resolution
    kept = place | _facts(request, meaning)
    ticks = " · ".join(choice.chip_label for _, choice in meaning.chosen)
    named_terms: list[tuple[str, Any]] = [("tilstand", one) for one in (*resolution.conditions, *meaning.parts)]
    named_terms += [("speciale", one) for one in resolution.specialities]
    named_terms += [("behandling", one) for one in resolution.treatments]
    danger = {"q": text} if flags else {}
    links = [
        Link(" · ".join(filter(None, [one.name, ticks])), results_url({name: one.slug} | kept | danger))
        for name, one in named_terms
    ]
    if ticks:
        links.append(Link(ticks, results_url(kept | danger)))
    found = find_articles(meaning.subject, size=SUGGESTED_ARTICLES, resolution=resolution, flags=flags)
    places_meant = _places_meant(request, meaning, text, bool(flags))
    clear = named or links or places_meant or found.hits or flags
    meant = found.suggestion or ("" if clear else nearly_named(meaning.subject))
    # A name and nothing else: neither every clinic in the country nor articles with that word are an answer to it.
    only_named = bool(named) and not links and not flags
    heading = {"heading": _heading(text, where), "only_named": True} if only_named else {}
    return heading | {
        "understood": links,
        "places_meant": places_meant,
        "found": found,
        "suggested": Link(meant, results_url({"q": meant} | place | _facts(request))) if meant else None,
        "named": [_named_link(hit, place) for hit in (*named.clinics, *named.people)],
        "named_more": named.more,
        "articles_url": f"{reverse('articles:list')}?{urlencode({'q': text})}" if found.total > len(found.hits) else "",
        "searched_text": text,
    }


def _heading(text: str, where: FoundPlace | None) -> str:
    near = "" if where is None else f" {where.where if where.kind == Place.Kind.COUNTRY else f'nær {where.label}'}"
    return f"Søgning efter “{Truncator(text).chars(60)}”{near}"


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

"""The article pages: "Symptomer og sygdomme A–Å", and one article with its nearby clinics."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from clinics.box import clinic_box
from clinics.care import care_cards

from .models import Article
from .structured_data import absolute, json_ld


@require_safe
def article_list(request: HttpRequest) -> HttpResponse:
    articles = Article.objects.published().in_danish_order()
    letters = [(letter, list(group)) for letter, group in groupby(articles, key=lambda article: article.letter)]
    return render(request, "articles/list.html", {"letters": letters})


@require_safe
def article_detail(request: HttpRequest, slug: str) -> HttpResponse:
    article = get_object_or_404(Article.objects.published().select_related("condition__body_region"), slug=slug)
    condition = article.condition
    box = (
        clinic_box(condition=condition, data=request.GET, action_url=article.get_absolute_url()) if condition else None
    )
    place = box.place if box else None
    cards = care_cards(condition=condition, region_slugs=place.base_regions if place else ())
    context = {
        "article": article,
        "canonical": absolute(article.get_absolute_url()),
        "condition": condition,
        "cards": [card for card in cards if card.stands_first],
        "later_cards": [card for card in cards if not card.stands_first],
        "gate": condition.care_gate if condition else "",
        "box": box if box and box.shows_clinics else None,
        "demo": any(card.is_example for card in box.cards) if box else False,
        "related": article.related(),
        "json_ld": json_ld(article),
    }
    return render(request, "articles/detail.html", context)

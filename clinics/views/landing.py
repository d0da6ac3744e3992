"""`/find/fysioterapeut/<sted>/` and `…/<speciale>/`: the clinics of a place, and what the directory says about them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from clinics import danish, places
from clinics.card_facts import OPEN_STATE_CACHE
from clinics.cards import Card, grouped
from clinics.clock import today
from clinics.filters import terms
from clinics.inquiry import Inquiry, Link, read_place
from clinics.json_ld import absolute, breadcrumb_list
from clinics.landings import NEARBY_KM, landing_url, main_place, nearest_with_clinics, numbers_of, speciality_for_slug
from clinics.models import Condition, Speciality, Tag
from clinics.out_of_hours import on_call, service_queries, with_regions
from clinics.place_facts import INDEXABLE_FROM, PlaceFacts, place_facts
from clinics.places import FoundPlace
from clinics.price_chart import price_chart
from clinics.structured_data import results_page
from clinics.tags import tag_number
from clinics.together import read_together

from .compare_bar import compare_bar
from .notices import notices
from .results import address_after_merge, count_shown, urgent_cards

# What people most often look for help with, from the head down and then the whole body. None has a gate.
COMMON = (
    "spaendingshovedpine",
    "ondt-i-nakken",
    "ondt-i-skulderen",
    "tennisalbue",
    "ondt-i-laenden",
    "iskias",
    "ondt-i-hoften",
    "ondt-i-knaeet",
    "ondt-i-foden",
    "inkontinens",
    "svimmelhed",
    "slidgigt",
)
MOST_CONDITIONS = 12
LONGEST_DESCRIPTION = 155


@dataclass(frozen=True)
class Near:
    """A condition with the address of who treats it near the place."""

    condition: Condition
    url: str


@require_safe
@cache_control(**OPEN_STATE_CACHE)
def landing(request: HttpRequest, slug: str, speciality: str = "") -> HttpResponse:
    place = places.place_for_slug(slug)
    if place is None:
        return unknown_place(request, slug, speciality)
    about = speciality_for_slug(speciality) if speciality else None
    if speciality and about is None:
        return unknown_speciality(request, place)
    address = landing_url(place.slug, about.slug if about else "")
    if (place.slug, about.slug if about else "") != (slug, speciality):
        return moved(request, address)
    data = request.GET.copy()
    data["sted"] = place.sted  # the address has said where
    data.pop("side", None)  # further pages are the search's
    if about:
        data.setlist("speciale", [about.slug])
    inquiry = Inquiry.read(data, place=place)
    if merged := address_after_merge(request, inquiry):
        return redirect(merged, permanent=True)
    context = landing_context(inquiry, place, about, asked=bool(request.GET))
    count_shown(request, context["hits"])
    return render(request, "clinics/landing.html", context)


def moved(request: HttpRequest, address: str) -> HttpResponse:
    query = request.GET.urlencode()
    return redirect(f"{address}?{query}" if query else address, permanent=True)


def landing_context(
    inquiry: Inquiry, place: FoundPlace, about: Speciality | None, *, asked: bool = False
) -> dict[str, Any]:
    """`asked`: the address has parameters, so that the page is no page of its own."""
    found = inquiry.found()
    # A filter is set aside only when nobody in the country meets it.
    numbers = numbers_of(about) if about else None
    facts = PlaceFacts(place, today()) if found.relaxed else place_facts(place, numbers)
    main = main_place(facts, numbers)
    is_indexable = facts.is_indexable and main == place.slug
    groups = grouped(found, inquiry.travelling())
    says = inquiry.gates or inquiry.condition or inquiry.form.data.get("q")
    cards = [card for card in urgent_cards(inquiry) if card.stands_first] if says else []
    real = [
        (card.name, reverse("clinics:profile", args=[card.slug])) for card in cards_of(groups) if not card.is_example
    ]
    rows, *services = read_together(conditions_of(about), *service_queries())
    few = facts.counts.clinics < INDEXABLE_FROM and not found.relaxed
    parent = landing_url(main) if about else reverse("clinics:results")
    own = landing_url(main, about.slug if about else "")
    steps = breadcrumb(place, about)
    name = f"{about.name}: fysioterapeuter" if about else "Fysioterapeuter"
    return {
        "place": place,
        "speciality": about,
        "heading": f"{name} {place.here}",
        "title": title(facts, f"{name} {place.here}"),
        "description": description(facts, about),
        "canonical": absolute(own if facts.is_indexable else parent),
        "noindex": asked or not is_indexable,
        "breadcrumb": [Link(*step) for step in steps],
        "json_ld": [breadcrumb_list(steps), *results_page(real)] if is_indexable else [],
        "demo": any(hit.is_example for hit in found.hits),
        "gate": " ".join([*inquiry.gates, *inquiry.partial_gates.values()]),
        "cards": cards,
        # Of the place or the speciality, not of the condition that a visitor may have come with.
        "facts": facts if facts.counts.clinics and inquiry.condition is None else None,
        "chart": price_chart(facts) if inquiry.condition is None else None,
        "notices": notices(inquiry, found),
        "groups": groups,
        "hits": found.hits,
        "compare": compare_bar(inquiry, groups),
        "sorted_by": "afstand" if found.asked.point else "navn",
        "total": found.total,
        "results_url": inquiry.url(),
        "conditions": [Near(one, inquiry.url(tilstand=one.slug, speciale=None)) for one in in_order(rows, about)],
        # The acute card has them already.
        "services": [] if cards else on_call(place.base_regions, rows=with_regions(*services)),
        "alternatives": nearest_with_clinics(place, about) if few else [],
        "nearby_km": NEARBY_KM,
        "towns": [] if few or found.relaxed or about else other_towns(place),
        "specialities": [] if about else specialities_in(facts),
    }


def cards_of(groups: Iterable[Any]) -> list[Card]:
    return [card for group in groups for card in group.cards]


def conditions_of(about: Speciality | None) -> Any:
    """The conditions that lead to a speciality; without one, those that people most often have. All lead to clinics."""
    conditions = Condition.objects.with_clinics().order_by()
    if about is None:
        return Condition.objects.filter(pk__in=conditions.filter(slug__in=COMMON).values("pk"))
    return Condition.objects.filter(pk__in=conditions.matched_to(about).values("pk"))


def in_order(conditions: list[Condition], about: Speciality | None) -> list[Condition]:
    if about is None:
        return sorted(conditions, key=lambda one: COMMON.index(one.slug))
    common = sorted(conditions, key=lambda one: (one.slug not in COMMON, danish.sort_key(one.name)))[:MOST_CONDITIONS]
    return sorted(common, key=lambda one: danish.sort_key(one.name))


def other_towns(place: FoundPlace) -> list[Link]:
    return [Link(town.name, landing_url(town.slug)) for town in places.largest_towns(6) if town.slug != place.slug][:5]


def specialities_in(facts: PlaceFacts) -> list[Link]:
    """The specialities that enough of the place's clinics have stated."""
    numbered = [(one, tag_number(Tag.Kind.SPECIALITY, one.slug)) for one in terms().specialities.values()]
    return [
        Link(one.name, landing_url(facts.place.slug, one.slug))
        for one, number in numbered
        if number is not None and facts.by_tag.get(number, 0) >= INDEXABLE_FROM
    ]


def breadcrumb(place: FoundPlace, about: Speciality | None) -> list[tuple[str, str]]:
    steps = [
        ("Forside", "/"),
        ("Find fysioterapeut", reverse("clinics:results")),
        (place.name, landing_url(place.slug)),
    ]
    return [*steps, (about.name, landing_url(place.slug, about.slug))] if about else steps


def title(facts: PlaceFacts, heading: str) -> str:
    told = [word for word, known in (("priser", facts.median), ("ventetid", facts.waiting)) if known is not None]
    return f"{heading} – {danish.listing(told)}" if told else heading


def description(facts: PlaceFacts, about: Speciality | None) -> str:
    """The page's own words for search engines, from its facts: as many sentences as there is room for."""
    who = danish.count(facts.counts.clinics, "klinik", "klinikker")
    what = f", der arbejder med {danish.in_sentence(about.name)}" if about else ""
    where = facts.scope if facts.place.post_town else facts.place.in_place
    sentences = [f"{who} {where}{what}."]
    if facts.median is not None and facts.lowest is not None and facts.highest is not None:
        sentences.append(
            f"Første besøg: {danish.kroner(facts.lowest)} til {danish.kroner(facts.highest)} uden henvisning."
        )
    if facts.waiting:
        sentences.append(f"Korteste ventetid: {danish.in_sentence(facts.waiting.text)}.")
    if facts.counts.ydernummer_stated:
        sentences.append(f"{facts.with_ydernummer} har oplyst ydernummer.")
    sentences.append("Se åbningstider, og ring direkte.")
    text = ""
    for sentence in sentences:
        if len(text) + 1 + len(sentence) <= LONGEST_DESCRIPTION:
            text = f"{text} {sentence}".strip()
    return text


# --- addresses that lead nowhere, or to several places


def unknown_place(request: HttpRequest, slug: str, speciality: str) -> HttpResponse:
    """301 to what the words name after all; the choice between several; 404 with a guess."""
    text = slug.replace("-", " ")[:120]
    answer = read_place(text)
    about = speciality_for_slug(speciality) if speciality else None
    if answer.place and answer.place.slug != slug and places.place_for_slug(answer.place.slug):
        return moved(request, landing_url(answer.place.slug, speciality))

    def link(place: FoundPlace) -> Link:
        return Link(place.label, landing_url(place.slug, about.slug if about else ""))

    context = {
        "heading": "Hvilket sted mener du?" if answer.choices else "Hvor vil du søge?",
        "message": answer.message,
        "place_choices": [link(choice) for choice in answer.choices],
        "suggestion": link(answer.suggestion) if answer.suggestion else None,
        "value": "" if answer.choices else text,
        "towns": [link(town) for town in places.largest_towns(5)],
        "noindex": True,
    }
    return render(request, "clinics/landing_unknown.html", context, status=200 if answer.choices else 404)


def unknown_speciality(request: HttpRequest, place: FoundPlace) -> HttpResponse:
    context = {
        "heading": "Vi kender ikke det speciale",
        "message": f"Her er klinikkerne {place.here}, og de specialer, som mindst {INDEXABLE_FROM} af dem oplyser.",
        "here": Link(f"Fysioterapeuter {place.here}", landing_url(place.slug)),
        "value": place.label,
        "specialities": specialities_in(place_facts(place)),
        "noindex": True,
    }
    return render(request, "clinics/landing_unknown.html", context, status=404)

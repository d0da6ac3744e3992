"""`/find/fysioterapeut/<sted>/`: the clinics of one town, without anything to fill in."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from clinics import places
from clinics.card_facts import OPEN_STATE_CACHE
from clinics.cards import Group
from clinics.inquiry import Inquiry, Link
from clinics.models import Clinic, Condition
from clinics.places import FoundPlace

from .results import address_after_merge, results_context

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
INDEXABLE_FROM = 3  # clinics of its own; fewer is a thin page, which search engines are asked to leave out


@require_safe
@cache_control(**OPEN_STATE_CACHE)
def landing(request: HttpRequest, slug: str) -> HttpResponse:
    place = places.place_for_slug(slug)
    if place is None:
        raise Http404("no such place")
    if place.slug != slug:
        return redirect("clinics:landing", place.slug, permanent=True)
    data = request.GET.copy()
    data["sted"] = place.sted  # the address has said where
    inquiry = Inquiry.read(data, place=place)
    if address := address_after_merge(request, inquiry):
        return redirect(address, permanent=True)
    context = results_context(inquiry)
    own = Clinic.objects.published().filter(postcode__in=place.postcodes, is_example=False).count()
    context |= {
        "heading": f"Fysioterapeuter {place.in_place}",
        "noindex": own < INDEXABLE_FROM or bool(request.GET),
        "facts": facts(context["groups"], place, context["summary"]),
        "results_url": inquiry.url(),
        "towns": [
            Link(town.name, reverse("clinics:landing", args=[town.slug]))
            for town in places.largest_towns(6)
            if town.slug != slug
        ][:5],
        "conditions": [
            Link(condition.name, inquiry.url(tilstand=condition.slug, sted=place.label))
            for condition in sorted(
                Condition.objects.with_clinics().filter(slug__in=COMMON), key=lambda found: COMMON.index(found.slug)
            )
        ],
    }
    return render(request, "clinics/landing.html", context)


def facts(groups: list[Group], place: FoundPlace, summary: str) -> list[str]:
    """Facts of the town's own, computed from the directory."""
    nearest = next((card for group in groups for card in group.cards), None)
    if nearest is None or not nearest.distance:
        return [summary]
    return [summary, f"Den nærmeste ligger {nearest.distance} fra midten af {place.name}."]

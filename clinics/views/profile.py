"""`/klinik/<slug>/`: one clinic. What is not known is said to be not known."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from clinics import danish
from clinics.cards import cards
from clinics.care import CareCard, care_cards
from clinics.facets import FACETS
from clinics.geo import Point
from clinics.inquiry import Inquiry
from clinics.models import Clinic, Price, Speciality
from clinics.models.offer import Stated
from clinics.search import Asked, Search


@require_safe
def profile(request: HttpRequest, slug: str) -> HttpResponse:
    clinic = get_object_or_404(Clinic.objects.for_profile().exclude(status=Clinic.Status.DRAFT), slug=slug)
    if clinic.status == Clinic.Status.CLOSED:
        nearest = Search(Asked(point=Point(clinic.latitude, clinic.longitude), land=clinic.postcode.land)).found(size=3)
        return render(request, "clinics/closed.html", {"clinic": clinic, "nearest": cards(nearest.hits)}, status=410)
    came_with = {name: request.GET.get(name, "") for name in ("tilstand", "sted")}
    inquiry = Inquiry.read(came_with | {"speciale": request.GET.getlist("speciale")})
    return render(request, "clinics/profile.html", profile_context(clinic, inquiry))


def profile_context(clinic: Clinic, inquiry: Inquiry) -> dict[str, Any]:
    stated = [x.speciality for x in clinic.specialities.all() if x.basis != Stated.Basis.SUGGESTED]
    wanted = {match.speciality_id for match in inquiry.matches if match.speciality_id}
    condition = inquiry.condition
    gates = inquiry.gates + [text for pk, text in inquiry.partial_gates.items() if pk in {s.pk for s in stated}]
    return {
        "clinic": clinic,
        "phone_display": danish.phone(clinic.phone),
        "official": [s for s in stated if s.kind == Speciality.Kind.OFFICIAL],
        "focus": [s for s in stated if s.kind == Speciality.Kind.FOCUS],
        "wanted": wanted,
        "treatments": [x for x in clinic.treatments.all() if x.basis != Stated.Basis.SUGGESTED],
        "prices": list(clinic.prices.all()),
        "price_first": next((p for p in clinic.prices.all() if p.kind == Price.Kind.FIRST), None),
        "facets": [{"label": facet.label, "state": state(getattr(clinic, facet.field))} for facet in FACETS.values()],
        "demo": clinic.is_example,
        "came_from": condition,
        "gate": " ".join(gates),
        # Who comes here has passed the cards of the article or the list; what has a gate is said once more.
        "cards": [card for card in cards_of(inquiry) if card.stands_first] if gates else [],
        "back_url": inquiry.url() if condition or inquiry.place or gates else "",
        "place": inquiry.place,
        "distance": danish.kilometres(
            Point(inquiry.place.latitude, inquiry.place.longitude).km_to(Point(clinic.latitude, clinic.longitude))
        )
        if inquiry.place and not inquiry.place.is_area
        else "",
    }


def cards_of(inquiry: Inquiry) -> list[CareCard]:
    return care_cards(condition=inquiry.condition, region_slugs=inquiry.place.base_regions if inquiry.place else ())


def state(value: bool | None) -> str:
    return {True: "Ja", False: "Nej", None: "Ikke oplyst"}[value]

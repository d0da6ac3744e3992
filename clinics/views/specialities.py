"""`/specialer/`: what physiotherapists specialise in, and who does."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from clinics import addresses
from clinics.box import towns_links
from clinics.care import CareCard, shared_cards
from clinics.inquiry import Link, results_url
from clinics.landings import largest_with_clinics
from clinics.models import Condition, Speciality


@require_safe
def specialities(request: HttpRequest) -> HttpResponse:
    every = list(Speciality.objects.order_by("name"))
    context = {
        "official": [s for s in every if s.kind == Speciality.Kind.OFFICIAL],
        "focus": [s for s in every if s.kind == Speciality.Kind.FOCUS],
    }
    return render(request, "clinics/speciality_list.html", context)


@require_safe
def speciality(request: HttpRequest, slug: str) -> HttpResponse:
    found = Speciality.objects.select_related("parent").filter(slug=slug).first()
    if found is None:
        return _moved(request, slug)
    conditions = list(Condition.objects.current().matched_to(found).order_by("name"))
    context = {
        "speciality": found,
        "gate": found.care_gate,
        # A gate says that a doctor comes first, so the page also says when to ring one: what its own conditions warn of,
        # first of all those that have a gate themselves.
        "cards": _cards([c for c in conditions if c.care_gate] or conditions) if found.care_gate else [],
        "conditions": [Link(c.name, results_url({"tilstand": c.slug})) for c in conditions],
        "results_url": results_url({"speciale": found.slug}),
        "action_url": results_url(),
        "towns": largest_with_clinics(found)
        or [Link(town.label, results_url({"speciale": found.slug, "sted": town.label})) for town in towns_links()],
    }
    return render(request, "clinics/speciality.html", context)


def _moved(request: HttpRequest, slug: str) -> HttpResponse:
    """301 to where the speciality of an old address stands now."""
    found = Speciality.objects.filter(pk=addresses.current(addresses.SPECIALITY, slug) or 0).first()
    if found is None:
        raise Http404
    query = request.GET.urlencode()
    return redirect(found.get_absolute_url() + (f"?{query}" if query else ""), permanent=True)


def _cards(conditions: list[Condition]) -> list[CareCard]:
    return [card for card in shared_cards(conditions) if card.stands_first]

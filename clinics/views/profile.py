"""`/klinik/<slug>/`: one clinic. What is not known is said to be not known."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from clinics import addresses, statistics
from clinics.asked import Asked
from clinics.cards import cards
from clinics.found import UNSTATED, Found
from clinics.geo import Point
from clinics.inquiry import Inquiry
from clinics.matching import wanted_terms
from clinics.memberships import with_owner
from clinics.models import Clinic, DailyStatistic
from clinics.profile import gates_of, profile_context, stated_specialities, urgent_cards
from clinics.search import Search
from clinics.whole import fill

ALTERNATIVES = 3
OPEN_STATE_SECONDS = 60  # how old "åbent til kl. 18" may be in a visitor's own browser; nobody else may keep it


@require_safe
@cache_control(private=True, max_age=OPEN_STATE_SECONDS)
def profile(request: HttpRequest, slug: str) -> HttpResponse:
    """200; 410 for a closed clinic, with others; 301 from an address it once had. A draft is not there (404)."""
    known = Clinic.objects.select_related("postcode", "rating").exclude(status=Clinic.Status.DRAFT)
    clinic = with_owner(known).filter(slug=slug).first()
    if clinic is None:
        return moved(request, slug, "clinics:profile")
    fill([clinic])
    came_with = {name: request.GET.get(name, "") for name in ("tilstand", "sted")}
    inquiry = Inquiry.read(came_with | {"speciale": request.GET.getlist("speciale")})
    if clinic.status == Clinic.Status.CLOSED:
        return render(request, "clinics/closed.html", closed_context(clinic, inquiry), status=410)
    context = profile_context(clinic, inquiry, visits=request.GET.get("gange"))
    if statistics.counts(request):
        statistics.seen(DailyStatistic.Event.VIEW, [clinic.pk])
    response = render(request, "clinics/profile.html", context)
    # Who has just saved looks here next, and has perhaps just looked: neither that page nor this one may be shown again.
    patch_vary_headers(response, ["Cookie"])
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        patch_cache_control(response, max_age=0)
    return response


def moved(request: HttpRequest, slug: str, page: str) -> HttpResponse:
    """301 to that page of the clinic that once had this slug, with the query. Raises Http404 when the public sees none."""
    key = addresses.current(addresses.CLINIC, slug)
    clinics = Clinic.objects.exclude(status=Clinic.Status.DRAFT)
    here = clinics.filter(pk=key).values_list("slug", flat=True).first() if key else None
    if here is None:
        raise Http404
    query = request.GET.urlencode()
    # 308 for a form: after 301 a browser asks again without what was typed.
    return HttpResponsePermanentRedirect(
        reverse(page, args=[here]) + (f"?{query}" if query else ""), preserve_request=request.method == "POST"
    )


def closed_context(clinic: Clinic, inquiry: Inquiry) -> dict[str, Any]:
    """Who else there is: nearest to where the visitor is, or else to where the clinic was; what treats the same first."""
    near = inquiry.place if inquiry.place and not inquiry.place.is_area else None
    asked = Asked(
        point=near.point if near else Point(clinic.latitude, clinic.longitude),
        land=near.land if near else clinic.postcode.land,
        regions=near.regions if near else (),
    )
    specialities = stated_specialities(clinic)
    wanted = wanted_terms(specialities)
    alike = _alike(replace(asked, subjects=(wanted,))) if wanted else []
    found: Found = Search(asked).found(size=ALTERNATIVES + len(alike))
    known = {hit.clinic_id for hit in alike}
    others = [hit for hit in found.hits if hit.clinic_id not in known][: ALTERNATIVES - len(alike)]
    query = inquiry.query(q=None)
    gates = gates_of(inquiry, specialities)
    return {
        "clinic": clinic,
        "near": near,
        "alike": cards(alike, query=query),
        "others": cards(others, len(alike) + 1, query),
        "gate": " ".join(gates),
        "cards": urgent_cards(inquiry) if gates else [],
        "results_url": inquiry.url(),
        "noindex": True,
        "demo": clinic.is_example,
    }


def _alike(asked: Asked) -> list[Any]:
    found = Search(asked).found(size=ALTERNATIVES)
    return [hit for hit in found.hits if hit.group < UNSTATED]

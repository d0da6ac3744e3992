"""`/for-klinikker/opret/`: "Opret min klinik". A form, "Er det en af disse?" where some are alike, and where the wish stands."""

from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from clinics import memberships
from clinics.actions import ActionError
from clinics.claiming.asking import has_confirmed_address
from clinics.likeness import Candidate, candidates
from clinics.listing import asking, file
from clinics.listing.forms import NewClinicForm
from clinics.models import Clinic, ListingRequest
from clinics.rate_limit import source_of

ANOTHER = "anden"  # which clinics were shown when somebody said that theirs is another


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_clinic(request: HttpRequest) -> HttpResponse:
    """GET: the form, or where the person's own wish stands. POST: 302 when it was stored, 422 for what was refused."""
    page = reverse("clinics:new_clinic")
    if not request.user.is_authenticated:
        if request.method == "POST":
            return redirect_to_login(page, resolve_url(settings.LOGIN_URL))
        return _page(request, {"next": urlencode({"next": page})})
    if request.method != "POST":
        return _page(request, {"form": NewClinicForm()})
    form = NewClinicForm(request.POST)
    if not form.is_valid():
        return _page(request, {"form": form}, status=422)
    if "tilbage" in request.POST:
        return _page(request, {"form": form})
    alike = candidates(form.described(), public=True)
    if alike and request.POST.get(ANOTHER) != _mark(alike):
        return _page(request, {"form": form, "alike": _told(alike), "mark": _mark(alike)})
    try:
        asking.ask_new(user=request.user, answers=form.answers(), declined=alike, source=source_of(request))
    except ActionError as error:
        return _page(request, {"form": form, "problem": error.text}, status=422)
    return redirect(page)


@never_cache
@require_POST
def new_clinic_withdraw(request: HttpRequest) -> HttpResponse:
    page = reverse("clinics:new_clinic")
    if not request.user.is_authenticated:
        return redirect_to_login(page, resolve_url(settings.LOGIN_URL))
    try:
        asking.withdraw(user=request.user)
    except ActionError as error:
        return _page(request, {"form": NewClinicForm(), "problem": error.text}, status=422)
    return redirect(page)


def _page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """In the state of the person's own wish: one that waits stands instead of the form."""
    known = request.user.is_authenticated
    mine = asking.latest_of(request.user) if known else None  # type: ignore[arg-type]
    waits = mine is not None and mine.status == ListingRequest.Status.WAITING
    context = {
        "confirmed": known and has_confirmed_address(request.user),  # type: ignore[arg-type]
        "mine": mine,
        "waits": waits,
        "answer_by": file.answer_by(mine) if mine and waits else "",
        "problem": "",
        "noindex": True,
        **context,
    }
    return render(request, "clinics/for_clinics/new_clinic.html", context, status=status)


def _mark(alike: list[Candidate]) -> str:
    """Others that came since were not looked at: then it is asked again."""
    return "-".join(str(pk) for pk in sorted(one.clinic.pk for one in alike))


def _told(alike: list[Candidate]) -> list[dict[str, Any]]:
    """Each with whether it has an owner, in one statement more."""
    rows = memberships.with_owner(Clinic.objects.filter(pk__in=[one.clinic.pk for one in alike]))
    owned = {row.pk for row in rows if row.has_owner}  # type: ignore[attr-defined]
    return [{"clinic": one.clinic, "reasons": one.reasons, "has_owner": one.clinic.pk in owned} for one in alike]

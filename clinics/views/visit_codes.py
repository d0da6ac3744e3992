"""`/for-klinikker/besoegskoder/<slug>/`: sheets of visit codes, for those who look after the clinic. docs/visit-codes.md."""

import secrets
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from clinics import clock, danish
from clinics.actions import ActionError
from clinics.models import Clinic, CodeSheet
from clinics.ownership import name_for, own_clinics
from clinics.rate_limit import source_of
from clinics.reviews import codes
from clinics.reviews.cards import card

from .profile import moved

MOST_LISTED = 100
SALT = "clinics.views.visit_codes"
FORM_AGE = codes.DAY  # as long as it is remembered which have been used
EXPIRED = "Siden har stået åben for længe. Tryk “Lav et nyt ark” en gang til."


@never_cache  # what is printed here is stored nowhere, in no cache either
@require_http_methods(["GET", "HEAD", "POST"])
def visit_codes(request: HttpRequest, slug: str) -> HttpResponse:
    """GET: how to hand codes out, and the sheets so far. POST: a new sheet, ready to print; its codes are seen this once, for
    a form is good for one sheet: loading the sheet again sends its form again.

    404 for everybody who is no member, moderators too.
    """
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
    clinic = _clinic(request, slug)
    if clinic is None:
        return _moved(request, slug)
    if request.method != "POST":
        return _page(request, clinic)
    try:
        form = _opened(request.POST.get("ark", ""), clinic)
        sheet, made = codes.make_sheet(clinic=clinic, by=request.user, source=source_of(request), form=form)
    except ActionError as error:
        return _page(request, clinic, problem=error.text)
    context = {
        "sheet": sheet,
        "cards": [card(clinic, code) for code in made],
        "until": codes.last_day(sheet),
        "host": urlsplit(settings.SITE_URL).netloc,
    }
    return render(request, "clinics/visit_codes/sheet.html", _shared(clinic) | context)


@never_cache
@require_POST
def visit_codes_revoke(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("clinics:visit_codes", args=[slug]), resolve_url(settings.LOGIN_URL))
    clinic = _clinic(request, slug)
    sheet = clinic and clinic.code_sheets.filter(pk=pk).first()
    if not clinic or not sheet:
        raise Http404
    try:
        codes.revoke(sheet=sheet, by=request.user)
    except ActionError as error:
        return _page(request, clinic, problem=error.text)
    messages.success(request, "Arket er annulleret. Riv de kort i stykker, I har tilbage af det.")
    return redirect("clinics:visit_codes", slug=clinic.slug)


def _page(request: HttpRequest, clinic: Clinic, *, problem: str = "") -> HttpResponse:
    good = set(codes.good_sheets(clinic).values_list("pk", flat=True))
    sheets = clinic.code_sheets.select_related("created_by").order_by("-created_at", "-pk")[:MOST_LISTED]
    context = {
        "sheets": [
            {
                "row": sheet,
                "who": name_for(request.user, sheet.created_by, clinic),
                "is_good": sheet.pk in good,
                "state": _state(sheet, is_good=sheet.pk in good),
            }
            for sheet in sheets
        ],
        "size": codes.SHEET_SIZE,
        "problem": problem,
        "form": signing.dumps([clinic.pk, secrets.token_urlsafe(16)], salt=SALT),
    }
    status = 422 if problem else 200
    return render(request, "clinics/visit_codes/visit_codes.html", _shared(clinic) | context, status=status)


def _opened(form: str, clinic: Clinic) -> str:
    """Which opening of the page sends this form. Raises ActionError for one that is not of this clinic or not of today."""
    try:
        pk, seed = signing.loads(form, salt=SALT, max_age=FORM_AGE)
    except (signing.BadSignature, TypeError, ValueError):
        raise ActionError(EXPIRED) from None
    if pk != clinic.pk:
        raise ActionError(EXPIRED)
    return str(seed)


def _state(sheet: CodeSheet, *, is_good: bool) -> str:
    """Nothing in it hangs on what was used: that would tell of a review before it is shown."""
    if sheet.revoked_at:
        return f"annulleret {danish.day(sheet.revoked_at.astimezone(clock.COPENHAGEN).date())}"
    return f"gælder til {danish.day(codes.last_day(sheet))}" if is_good else "udløbet"


def _shared(clinic: Clinic) -> dict[str, Any]:
    return {"clinic": clinic, "noindex": True, "demo": clinic.is_example}


def _clinic(request: HttpRequest, slug: str) -> Clinic | None:
    """One's own: codes are nobody else's business, not a moderator's either."""
    return own_clinics(request.user).filter(slug=slug).first()


def _moved(request: HttpRequest, slug: str) -> HttpResponse:
    if request.method == "POST":
        raise Http404
    return moved(request, slug, "clinics:visit_codes")

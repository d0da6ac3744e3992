"""`/klinik/<slug>/indberet/`: “Indberet” a review or a profile, for anybody; `/indberet/`: where to find what to report.

No log-in and no cookie: clinics/corrections.py says what guards the form instead. docs/reports.md.
"""

import re
from typing import Any
from urllib.parse import unquote

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from clinics import addresses
from clinics.actions import ActionError
from clinics.corrections import TRAP, from_our_page
from clinics.models import Clinic, Review
from clinics.names import MOST_CHARACTERS, find_named
from clinics.rate_limit import HOUR, allow, source_of
from clinics.reporting.forms import ReportForm
from clinics.reporting.making import report as make_report

from .profile import moved

MOST_PER_HOUR = 5
TOO_MANY = "Du har sendt mange indberetninger på kort tid. Vent en time, og send så igen."
NOT_FROM_HERE = "Vi kunne ikke se, at formularen kom fra FysFinder. Tryk Send en gang til."
PROFILE_ADDRESS = re.compile(r"/klinik/([-a-zA-Z0-9_]{1,120})(?:[/?#]|$)")


# Why Django's own token is not asked for: clinics.corrections.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """GET: the form for the profile, or for the review `?anmeldelse=<key>`. POST: stores it and leads to its private page.

    404 for a review that nobody can see, as for one that never was; 422, 403 or 429 show the form again.
    """
    clinic = Clinic.objects.select_related("postcode").exclude(status=Clinic.Status.DRAFT).filter(slug=slug).first()
    if clinic is None:
        return moved(request, slug, "clinics:report")
    review = _review(clinic, request.GET["anmeldelse"]) if "anmeldelse" in request.GET else None
    context = {"clinic": clinic, "review": review, "noindex": True, "demo": clinic.is_example}
    if request.method != "POST":
        if request.GET.get("sendt") == "ja":
            return render(request, "clinics/reports/thanks.html", context)
        return _form_page(request, ReportForm(clinic=clinic, review=review), context)
    form = ReportForm(request.POST, clinic=clinic, review=review)
    form.is_valid()
    if not from_our_page(request):
        return _form_page(request, form, context | {"refused": NOT_FROM_HERE}, status=403)
    if form.errors:
        return _form_page(request, form, context, status=422)
    if form.is_trapped:  # who fell into it is thanked, and learns nothing
        return redirect(f"{reverse('clinics:report', args=[clinic.slug])}?sendt=ja")
    source = source_of(request)
    if not allow("report", source, MOST_PER_HOUR, HOUR):
        return _form_page(request, form, context | {"refused": TOO_MANY}, status=429)
    told = form.cleaned_data
    try:
        _, token = make_report(
            clinic=clinic, review=review, kind=told["aarsag"], text=told["tekst"], name=told["navn"], email=told["email"],
            source=source,
        )  # fmt: skip
    except ActionError as error:  # it was taken down this moment
        raise Http404 from error
    return redirect(f"{reverse('clinics:report_own', args=[token])}?ny=ja")


@require_safe
def report_entry(request: HttpRequest) -> HttpResponse:
    """`/indberet/`: what can be reported and how; `?q=`, a clinic's name or an address of ours, finds the form."""
    text = request.GET.get("q", "").replace("\0", "")[:300].strip()
    found = PROFILE_ADDRESS.search(unquote(text))
    if found and _is_known(found[1]):
        return redirect("clinics:report", slug=found[1])
    named = find_named(text[:MOST_CHARACTERS]) if text else None
    slugs = {hit.slug: hit for hit in (*named.clinics, *named.people)} if named else {}
    context = {
        "text": text,
        "hits": list(slugs.values()),
        "suggestion": named.suggestion if named else "",
        "more": bool(named and named.more),
        "noindex": bool(text),
    }
    return render(request, "clinics/reports/entry.html", context)


def _is_known(slug: str) -> bool:
    """Whether a clinic that the public may see has this slug; whoever had it once is led on by the form."""
    clinics = Clinic.objects.exclude(status=Clinic.Status.DRAFT)
    return clinics.filter(Q(slug=slug) | Q(pk=addresses.current(addresses.CLINIC, slug))).exists()


def _review(clinic: Clinic, key: str) -> Review:
    """Raises Http404 for every review that the public does not see, whatever else it may be."""
    rows = Review.objects.filter(clinic=clinic, status=Review.Status.PUBLISHED, key=key.replace("\0", ""))
    review = rows.first()
    if review is None:
        raise Http404
    return review


def _form_page(request: HttpRequest, form: ReportForm, context: dict[str, Any], status: int = 200) -> HttpResponse:
    page = {"form": form, "trap": TRAP, "chosen": form.data.get("aarsag", ""), "is_honest": form.data.get("god_tro")}
    return render(request, "clinics/reports/report.html", page | context, status=status)

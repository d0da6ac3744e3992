"""`/indberetning/<token>/`: a report as whoever made it sees it: its number, the answer with its reasons, and the appeal.

The address is the key: no log-in, no cookie, and no line of a log holds it (fysfinder/logs.py).
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from clinics.actions import ActionError
from clinics.corrections import TRAP, from_our_page
from clinics.models import Appeal, Report
from clinics.outbox import absolute
from clinics.rate_limit import HOUR, allow, source_of
from clinics.reporting import appeals, tokens
from clinics.reporting.forms import AppealForm
from clinics.reporting.making import what

from .report import NOT_FROM_HERE

MOST_PER_HOUR = 5
TOO_MANY = "Du har klaget flere gange på kort tid. Vent en time, og send så igen."


# Why Django's own token is not asked for: clinics.corrections.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report_own(request: HttpRequest, token: str) -> HttpResponse:
    """GET: how it stands; `?ny=ja` just after it was sent. POST: an appeal, `tekst`. 404 for every other token."""
    report = tokens.find(token)
    if report is None:
        raise Http404
    about = ("report", report.pk)
    if request.method != "POST":
        return _page(request, report, AppealForm(about=about))
    form = AppealForm(request.POST, about=about)
    form.is_valid()
    if not from_our_page(request):
        return _page(request, report, form, refused=NOT_FROM_HERE, status=403)
    if form.errors:
        return _page(request, report, form, status=422)
    if not form.is_trapped:
        standing = appeals.standing(side=Appeal.Side.REPORTER, report=report)
        if standing.may and not allow("appeal", source_of(request), MOST_PER_HOUR, HOUR):
            return _page(request, report, form, refused=TOO_MANY, status=429)
        try:
            appeals.appeal(side=Appeal.Side.REPORTER, text=form.cleaned_data["tekst"], report=report)
        except ActionError as error:
            return _page(request, report, form, refused=error.text, status=422)
    return redirect("clinics:report_own", token=token)


def _page(
    request: HttpRequest, report: Report, form: AppealForm, *, refused: str = "", status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "report": report,
        "clinic": report.clinic,
        "what": what(report),
        # Whether it can still be seen, as anybody can find out.
        "is_shown": report.review is not None and report.review.status == "published",
        "is_new": request.GET.get("ny") == "ja" and report.status == Report.Status.WAITING,
        "link": absolute(request.path),
        "standing": appeals.standing(side=Appeal.Side.REPORTER, report=report),
        "form": form,
        "refused": refused,
        "trap": TRAP,
        "noindex": True,
        "demo": report.clinic.is_example,
    }
    return render(request, "clinics/reports/own.html", context, status=status)

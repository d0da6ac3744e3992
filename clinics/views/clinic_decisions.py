"""`/for-klinikker/afgoerelser/<slug>/`: what moderators decided against a clinic, with reasons, and its appeals.

For its members alone, 404 for everybody else. Only what concerns the clinic's own profile and what it asked for itself: reports
of reviews are none of its business, and of what is not shown it learns nothing.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from clinics.actions import ActionError
from clinics.models import Appeal, Clinic, Contest, Report, Review
from clinics.ownership import own_clinics
from clinics.reporting import appeals
from clinics.reporting.appeals import Standing

Side, Status = Appeal.Side, Appeal.Status
MOST = 50


@dataclass(frozen=True)
class Decision:
    """One decision against the clinic. `key`: what the form sends back, `"report-7"` or `"review-7"`."""

    key: str
    report: Report | None
    contest: Contest | None
    standing: Standing

    @property
    def review(self) -> Review | None:
        return self.contest.review if self.contest else None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def clinic_decisions(request: HttpRequest, slug: str) -> HttpResponse:
    """GET: the list. POST: an appeal of one of them: `sag`, `tekst`."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
    clinic = own_clinics(request.user).filter(slug=slug).first()
    if clinic is None:
        raise Http404
    decisions = _decisions(clinic)
    problem, at, status = "", "", 200
    if request.method == "POST":
        at = request.POST.get("sag", "")
        try:
            chosen = next((one for one in decisions if one.key == at), None)
            if chosen is None:
                raise ActionError(appeals.NOTHING)
            appeals.appeal(
                side=Side.CLINIC, text=request.POST.get("tekst", ""), report=chosen.report, review=chosen.review
            )
        except ActionError as error:
            problem, status = error.text, 422
        else:
            return redirect("clinics:clinic_decisions", slug=slug)
    context: dict[str, Any] = {
        "clinic": clinic,
        "decisions": decisions,
        "problem": problem,
        "at": at,
        "typed": request.POST.get("tekst", "") if problem else "",
        "noindex": True,
        "demo": clinic.is_example,
    }
    return render(request, "clinics/reports/clinic_decisions.html", context, status=status)


def _decisions(clinic: Clinic) -> list[Decision]:
    """The newest first; what came of an appeal stays in the list."""
    appealed = Appeal.objects.filter(clinic=clinic, side=Side.CLINIC)
    reports = Report.objects.filter(clinic=clinic, about_review=False)
    reports = reports.filter(status=Status.APPROVED) | reports.filter(appeals__in=appealed)
    contests = Contest.objects.select_related("review").filter(
        clinic=clinic, status=Status.REFUSED, review__status=Review.Status.PUBLISHED
    )
    found = [
        Decision(f"report-{one.pk}", one, None, appeals.standing(side=Side.CLINIC, report=one))
        for one in reports.distinct().order_by("-decided_at", "-pk")[:MOST]
    ]
    found += [
        Decision(f"review-{one.review_id}", None, one, appeals.standing(side=Side.CLINIC, review=one.review))
        for one in contests.order_by("-decided_at", "-pk")[:MOST]
    ]
    return sorted(found, key=lambda one: (one.report or one.contest).decided_at, reverse=True)  # type: ignore[union-attr,return-value,arg-type]

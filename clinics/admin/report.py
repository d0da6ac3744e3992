"""“Indberetninger”: what somebody thinks unlawful or against our rules. What waits comes first, the oldest first.

The e-mail of whoever reported stands on no screen: nothing of it is needed to decide, and the answer goes there by itself.
"""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html

from clinics.actions import ActionError
from clinics.models import Report, Review
from clinics.reporting import deciding, file

from .impartial import ImpartialAdmin


def waited(row: Any) -> str:
    """`"3 dage"`, in red when it is late."""
    age = file.age(row)
    return format_html('<strong class="claim-fresh">{}</strong>', age) if file.is_late(row) else age


def reason_of(request: HttpRequest) -> str:
    return file.composed(*(request.POST.get(name, "") for name in ("ready", "ground", "reason")))


@admin.register(Report)
class ReportAdmin(ImpartialAdmin):
    list_display = ("number", "clinic", "about", "kind", "waits", "status", "created_at")
    list_filter = ("status", "kind", "about_review")
    lookups = (*ImpartialAdmin.lookups, "kind__exact", "about_review__exact")
    search_fields = ("number", "clinic__name")
    template = "admin/clinics/report/decide.html"

    class Media:
        css = {"all": ["css/admin-claim.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        return super().get_queryset(request).select_related("clinic__postcode", "review", "decided_by")

    @admin.display(description="om", ordering="about_review")
    def about(self, report: Report) -> str:
        return "en anmeldelse" if report.about_review else "profilen"

    @admin.display(description="har ventet", ordering="created_at")
    def waits(self, report: Report) -> str:
        return waited(report)

    def context_of(self, request: HttpRequest, row: Report) -> dict[str, Any]:
        return {
            "title": f"Indberetning {row.number}",
            "file": file.file_of(row),
            "is_shown": _is_shown(row),
            "seen": deciding.mark_of(row.review),
            "ready": file.READY,
            "grounds": file.GROUNDS,
            "waits": row.status in self.waiting,
            "age": file.age(row),
            "is_late": file.is_late(row),
        }

    def decide(self, request: HttpRequest, row: Report) -> str:
        uphold = "_approve" in request.POST
        if not uphold and "_refuse" not in request.POST:
            raise ActionError("Vælg, om den, der indberettede, får ret eller ikke.")
        takes_away = uphold and (_is_shown(row) or not row.about_review)
        if takes_away and request.POST.get("ground", "") not in file.GROUNDS:
            raise ActionError("Vælg, hvad afgørelsen bygger på. Den, det går ud over, har krav på at vide det.")
        deciding.decide(
            report=row, by=request.user, uphold=uphold, reason=reason_of(request),  # type: ignore[arg-type]
            seen=request.POST.get("seen") or "of no page",
        )  # fmt: skip
        return "Afgjort. Begge sider får svaret, hvor vi har deres e-mail."


def _is_shown(report: Report) -> bool:
    return report.review is not None and report.review.status == Review.Status.PUBLISHED

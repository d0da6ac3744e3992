"""“Klager over afgørelser”: who was decided against asks for another pair of eyes. What waits comes first."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from clinics.actions import ActionError
from clinics.models import Appeal
from clinics.reporting import appeals, file

from .impartial import ImpartialAdmin
from .report import reason_of, waited


@admin.register(Appeal)
class AppealAdmin(ImpartialAdmin):
    list_display = ("clinic", "side", "about", "waits", "status", "created_at")
    list_filter = ("status", "side")
    lookups = (*ImpartialAdmin.lookups, "side__exact")
    search_fields = ("clinic__name", "report__number")
    template = "admin/clinics/appeal/decide.html"

    class Media:
        css = {"all": ["css/admin-claim.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appeal]:
        rows = super().get_queryset(request)
        return rows.select_related(
            "clinic__postcode", "review__decided_by", "report__decided_by", "report__review", "decided_by"
        )

    @admin.display(description="over")
    def about(self, appeal: Appeal) -> str:
        return f"indberetning {appeal.report.number}" if appeal.report else "en anmeldelse"

    @admin.display(description="har ventet", ordering="created_at")
    def waits(self, appeal: Appeal) -> str:
        return waited(appeal)

    def context_of(self, request: HttpRequest, row: Appeal) -> dict[str, Any]:
        by: Any = request.user
        waits = row.status in self.waiting
        return {
            "title": f"Klage fra {row.get_side_display()}",
            "first": file.first_of(row),
            "stands": file.stands(row),
            "review": row.review or (row.report.review if row.report else None),
            "ready": file.READY_APPEAL,
            "grounds": file.GROUNDS,
            "waits": waits,
            "may_not": file.may_not_decide(row, by) if waits else "",
            "age": file.age(row),
            "is_late": file.is_late(row),
        }

    def decide(self, request: HttpRequest, row: Appeal) -> str:
        uphold = "_approve" in request.POST
        if not uphold and "_refuse" not in request.POST:
            raise ActionError("Vælg, om klagen får medhold eller ikke.")
        appeals.decide(appeal=row, by=request.user, uphold=uphold, reason=reason_of(request))  # type: ignore[arg-type]
        return "Klagen er afgjort. Den, der klagede, får svaret, hvor vi har en e-mail."

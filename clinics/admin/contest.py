"""“Indsigelser mod anmeldelser”: a clinic does not agree that a review is shown. What waits comes first, the oldest first."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from clinics import clock, danish
from clinics.actions import ActionError
from clinics.memberships import name_of
from clinics.models import Contest
from clinics.reviews import contests, questions
from clinics.reviews.members import reply_of

from .impartial import ImpartialAdmin

Status = Contest.Status
# Key → what the clinic is told, and the author too when the review is taken down.
READY = {
    "uenig": (
        "Klinikken er uenig i oplevelsen. Det er ikke imod reglerne at have oplevet noget anderledes. Klinikken kan skrive et"
        " svar, som vises under anmeldelsen."
    ),
    "staar": "Vi har læst anmeldelsen igen. Den bryder ikke reglerne, og den bliver stående.",
    "person": "Vores regler: en anmeldelse viser ikke, hvem en ansat eller en anden person er. Det gør den her.",
    "besoeg": "Vores regler: en anmeldelse handler om et besøg på klinikken. Det gør den her ikke.",
    "chikane": "Vores regler og loven: vi viser ikke trusler, chikane eller beskyldninger om noget strafbart.",
    "reklame": "Vores regler: en anmeldelse er ikke reklame og ikke skrevet af en, der har en interesse i klinikken.",
}


@admin.register(Contest)
class ContestAdmin(ImpartialAdmin):
    list_display = ("clinic", "status", "waits", "review_is", "created_at")
    list_filter = ("status",)
    search_fields = ("clinic__name",)
    template = "admin/clinics/contest/decide.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contest]:
        return (
            super().get_queryset(request).select_related("clinic__postcode", "review__clinic", "asked_by", "decided_by")
        )

    @admin.display(description="har ventet", ordering="created_at")
    def waits(self, contest: Contest) -> str:
        if contest.status != Status.WAITING:
            return ""
        days = (clock.today() - contest.created_at.astimezone(clock.COPENHAGEN).date()).days
        return danish.count(days, "dag", "dage") if days > 0 else "i dag"

    @admin.display(description="anmeldelsen er")
    def review_is(self, contest: Contest) -> str:
        return contest.review.get_status_display()

    def context_of(self, request: HttpRequest, row: Contest) -> dict[str, Any]:
        review = row.review
        return {
            "title": f"Indsigelse fra {row.clinic}",
            "review": review,
            "answers": [(one.label, one.word(getattr(review, one.field))) for one in questions.QUESTIONS],
            "reply": reply_of(review),
            "who": name_of(row.asked_by),
            "own_decision": review.decided_by_id == request.user.pk,
            "waits": row.status == Status.WAITING,
            "can_be_decided": contests.can_be_decided(row),
            "ready": READY,
            "seen": contests.seen(row),
        }

    def decide(self, request: HttpRequest, row: Contest) -> str:
        by: Any = request.user
        uphold = "_approve" in request.POST
        if uphold == ("_refuse" in request.POST):
            raise ActionError("Vælg, om anmeldelsen tages ned eller bliver stående.")
        ready = READY.get(request.POST.get("ready", ""), "")
        reason = "\n\n".join(filter(None, [ready, request.POST.get("reason", "").strip()]))
        seen = request.POST.get("seen") or "of no page"
        contests.decide(contest=row, by=by, uphold=uphold, reason=reason, seen=seen)
        said = "Anmeldelsen er taget ned." if uphold else "Anmeldelsen bliver stående."
        return f"{said} Klinikken får begrundelsen på mail."

"""“Anmeldelser” and the clinics' replies to them: what waits comes first, the oldest first; one screen to decide on.

No screen shows an e-mail, a network or a link of an author: nothing of it is needed to decide.
"""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import Truncator

from clinics import clock, danish
from clinics.actions import ActionError
from clinics.models import Appeal, Contest, Report, Review, ReviewReply
from clinics.reviews import moderating, reasons, replies, steps, text_checks
from clinics.reviews.questions import QUESTIONS
from clinics.reviews.steps import Step

from .impartial import ImpartialAdmin, without_own

ANSWERED = sorted(QUESTIONS, key=lambda one: one.field != "overall")  # what it comes to stands first
# Button of the form → the step it takes, and what is said then.
ANSWERS = {
    "_approve": (Step.APPROVE, "Godkendt. Anmeldelsen vises nu, og klinikken får en mail."),
    "_ask": (Step.ASK, "Sendt tilbage. Forfatteren kan rette den på sin private side."),
    "_reject": (Step.REJECT, "Afvist. Forfatteren kan læse hvorfor og klage."),
    "_remove": (Step.REMOVE, "Taget ned. Forfatteren kan læse hvorfor og klage."),
}


def waited(row: Any, since: Any) -> str:
    """`"3 dage"`, `"i dag"`."""
    days = (clock.today() - since.astimezone(clock.COPENHAGEN).date()).days
    return danish.count(days, "dag", "dage") if days > 0 else "i dag"


class StatusFilter(admin.ChoicesFieldListFilter):
    """Without the status that no row of the list has (`get_queryset`)."""

    def choices(self, changelist: Any) -> Any:
        never = str(Review.Status.UNCONFIRMED.label)
        return (one for one in super().choices(changelist) if not str(one["display"]).startswith(never))


@admin.register(Review)
class ReviewAdmin(ImpartialAdmin):
    list_display = ("clinic", "waits", "status", "excerpt", "stars", "notable", "proof")
    list_filter = (("status", StatusFilter), "confirmation")
    search_fields = ("clinic__name", "nickname", "text")
    waiting = (Review.Status.PENDING,)
    since = "submitted_at"
    lookups = (*ImpartialAdmin.lookups, "confirmation__exact")
    template = "admin/clinics/review/decide.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Review]:
        """Without those whose e-mail nobody has confirmed: they are no reviews yet."""
        rows = super().get_queryset(request).exclude(status=Review.Status.UNCONFIRMED)
        return rows.select_related("clinic__postcode", "decided_by").defer("secret", "source")

    @admin.display(description="anmeldelse")
    def excerpt(self, review: Review) -> str:
        return Truncator(review.text).chars(80)

    @admin.display(description="samlet")
    def stars(self, review: Review) -> str:
        return f"{review.overall} af 5"

    @admin.display(description="bemærk")
    def notable(self, review: Review) -> str:
        return str(len(review.suspicions) or "")

    @admin.display(description="bekræftet med")
    def proof(self, review: Review) -> str:
        return "besøgskode" if review.confirmation == Review.Confirmation.VISIT else "e-mail"

    @admin.display(description="har ventet")
    def waits(self, review: Review) -> str:
        return waited(review, review.submitted_at or review.created_at) if review.status in self.waiting else ""

    def context_of(self, request: HttpRequest, row: Review) -> dict[str, Any]:
        negative = text_checks.is_negative(row.overall)
        read = text_checks.checked(row.text, names=text_checks.names_of(row.clinic), is_negative=negative)
        return {
            "title": f"Anmeldelse af {row.clinic}",
            "review": row,
            "answers": [(one.label, one.word(stars), stars) for one in ANSWERED for stars in [getattr(row, one.field)]],
            "text": read.marked,
            "findings": read.findings,
            "suspicions": _suspicions(row, request.user),
            "about": _about(row),
            "age": self.waits(row),
            "seen": moderating.mark_of(row),
            "can": {
                step.value: steps.may(row, step, request.user)  # type: ignore[arg-type]
                for step in (Step.APPROVE, Step.REMOVE, Step.RESTORE)
            },
            "groups": reasons.GROUPS,
        }

    def decide(self, request: HttpRequest, row: Review) -> str:
        step, done = next((found for name, found in ANSWERS.items() if name in request.POST), (None, ""))
        typed: dict[str, Any] = {"review": row, "by": request.user}
        seen: dict[str, Any] = {"seen": request.POST.get("seen") or "of no page"}
        reason = reasons.joined(request.POST.get("ready", ""), request.POST.get("reason", ""))
        if step is None:
            raise ActionError("Vælg, hvad der skal ske med anmeldelsen.")
        if step == Step.APPROVE:
            if reason:
                raise ActionError("Der står en begrundelse. Fjern den, hvis du vil godkende, eller vælg en anden knap.")
            moderating.approve(**typed, **seen)
        elif step == Step.ASK:
            moderating.ask_change(**typed, **seen, reason=reason)
        elif step == Step.REJECT:
            moderating.reject(**typed, **seen, reason=reason)
        else:
            moderating.remove(**typed, reason=reason)
        return done


def _suspicions(review: Review, user: Any) -> list[dict[str, Any]]:
    """Each with those of the reviews it is about that are still there and of no clinic of this moderator's. What the text
    holds is marked in it."""
    keys = {key for one in review.suspicions for key in one.get("keys", ())}
    rows = without_own(Review.objects.filter(key__in=keys), user)
    there = {one.key: one for one in rows.only("key", "status", "visited_in")}
    return [
        {"text": one["text"], "reviews": [there[key] for key in one.get("keys", ()) if key in there]}
        for one in review.suspicions
        if one["kind"] != "text"
    ]


def _about(review: Review) -> dict[str, Any]:
    """What hangs on it."""
    return {
        "reply": ReviewReply.objects.filter(review=review).first(),
        "contest": Contest.objects.filter(review=review).first(),
        "reports": list(Report.objects.filter(review=review).order_by("-created_at")[:10]),
        "appeals": list(Appeal.objects.filter(review=review).order_by("-created_at")[:10]),
    }


@admin.register(ReviewReply)
class ReviewReplyAdmin(ImpartialAdmin):
    list_display = ("clinic", "waits", "status", "excerpt")
    list_filter = ("status",)
    search_fields = ("clinic__name", "text")
    waiting = (ReviewReply.Status.PENDING,)
    since = "written_at"
    template = "admin/clinics/reviewreply/decide.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReviewReply]:
        return super().get_queryset(request).select_related("clinic__postcode", "review", "written_by", "decided_by")

    def get_ordering(self, request: HttpRequest) -> Any:
        return ("turn", "written_at", "pk")

    @admin.display(description="svar")
    def excerpt(self, reply: ReviewReply) -> str:
        return Truncator(reply.text).chars(80)

    @admin.display(description="har ventet")
    def waits(self, reply: ReviewReply) -> str:
        return waited(reply, reply.written_at) if reply.status in self.waiting else ""

    def context_of(self, request: HttpRequest, row: ReviewReply) -> dict[str, Any]:
        text = text_checks.cleaned(row.text)
        findings = replies.findings_in(row.text)
        return {
            "title": f"Svar fra {row.clinic}",
            "reply": row,
            "review": row.review,
            "text": text_checks.marked(text, findings),
            "findings": findings,
            "age": self.waits(row),
            "seen": replies.seen(row),
            "waits": row.status in self.waiting,
            "is_shown": row.status == ReviewReply.Status.PUBLISHED,
            "is_hidden": row.review.status != Review.Status.PUBLISHED,
            "ready": reasons.REPLY_READY,
        }

    def decide(self, request: HttpRequest, row: ReviewReply) -> str:
        by: Any = request.user
        seen = request.POST.get("seen") or "of no page"
        ready = reasons.REPLY_READY.get(request.POST.get("ready", ""), "")
        reason = "\n\n".join(filter(None, [ready, request.POST.get("reason", "").strip()]))
        if "_approve" in request.POST:
            if reason:
                raise ActionError("Der står en begrundelse. Fjern den, hvis du vil godkende, eller vælg Afvis.")
            replies.approve(reply=row, by=by, seen=seen)
            return "Godkendt. Svaret vises nu under anmeldelsen."
        if "_reject" in request.POST:
            replies.reject(reply=row, by=by, reason=reason, seen=seen)
            return "Afvist. Klinikken får begrundelsen på mail."
        if "_remove" in request.POST:
            moderating.hide_reply(reply=row, by=by, reason=reason)
            return "Taget ned. Klinikken får begrundelsen på mail."
        raise ActionError("Vælg, om svaret er godkendt eller afvist.")

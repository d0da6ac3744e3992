"""The clinic's one answer to a review: any member writes it, a moderator reads it before anybody else does.

It can be written anew until it is shown, and taken back at any time: what says too much about a patient must go at once.
"""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from clinics import clock
from clinics.actions import ActionError, log
from clinics.models import Review, ReviewReply
from clinics.outbox import absolute
from clinics.plain_text import plain
from clinics.versions.facts import mark

from . import steps
from .confidentiality import confirming
from .members import page_of, tell
from .steps import Step
from .suggested_replies import TO_FILL
from .text_checks import Checked, Finding, check, cleaned

Status = ReviewReply.Status
SHORTEST, LONGEST, LONGEST_REASON = 10, 1000, 1000
STALE = "Svaret er ændret, siden du åbnede siden. Læs det igen, og afgør så."


class FindingsError(ActionError):
    """A text that is not sent as it is: `checked` says where; `checked.warns` when a tick sends it all the same."""

    def __init__(self, text: str, checked: Checked) -> None:
        super().__init__(text)
        self.checked = checked


def findings_in(text: str) -> list[Finding]:
    """What is wrong with a reply, in the order of the text: what no review may hold either, and what tells of a patient.

    A clinic may name its own people.
    """
    return sorted([*check(text), *confirming(cleaned(text))], key=lambda one: one.start)


@transaction.atomic
def reply(*, review: Review, by: User, text: str, anyway: bool = False) -> ReviewReply:
    """Write the reply, or write it anew while it is not shown: it waits for a moderator. Raises ActionError.

    `anyway`: send in spite of what is only a warning; a moderator reads it in any case.
    """
    stored = steps.locked(review)
    steps.require(stored, Step.REPLY, by)
    text = _checked(text, anyway)
    answer = ReviewReply.objects.select_for_update(of=("self",)).filter(review=stored).first()
    if answer is None:
        answer = ReviewReply(review=stored, clinic=stored.clinic)
    elif answer.status == Status.PUBLISHED:
        raise ActionError("Svaret er allerede vist. Fjern det først, hvis I vil skrive et nyt.")
    answer.text, answer.status = text, Status.PENDING
    answer.written_by, answer.written_at = by, clock.now()
    answer.decided_by = answer.decided_at = None
    answer.reason = ""
    answer.save()
    log(row=answer, by=by, text="Skrev et svar på en anmeldelse.")
    return answer


@transaction.atomic
def take_back(*, review: Review, by: User) -> None:
    """The reply is gone, shown or not; another can be written. Raises ActionError."""
    stored = steps.locked(review)
    steps.require(stored, Step.REPLY, by)
    answer = ReviewReply.objects.select_for_update(of=("self",)).filter(review=stored).first()
    if answer is None:
        raise ActionError("Svaret er allerede fjernet.")
    log(row=answer, by=by, text="Fjernede svaret på en anmeldelse.")
    answer.delete()


def waiting() -> QuerySet[ReviewReply]:
    """Those that a moderator can decide now: a reply to a review that is hidden waits with it."""
    return ReviewReply.objects.filter(status=Status.PENDING, review__status=Review.Status.PUBLISHED)


def seen(answer: ReviewReply) -> str:
    """What a moderator has read: goes with the form, and back to `approve` and `reject`."""
    return mark({"text": answer.text, "review": answer.review.text, "status": answer.status})


@transaction.atomic
def approve(*, reply: ReviewReply, by: User, reason: str = "", seen: str = "") -> None:
    """Show it under the review, and tell the clinic. Raises ActionError."""
    answer = _decidable(reply, by, seen)
    _close(answer, Status.PUBLISHED, by, _reason(reason, needed=False))
    log(row=answer, by=by, text="Godkendte svaret.")
    _tell(answer, "reply_published", public_url=absolute(reverse("clinics:reviews", args=[answer.clinic.slug])))


@transaction.atomic
def reject(*, reply: ReviewReply, by: User, reason: str, seen: str = "") -> None:
    """Say why it is not shown. The clinic can write it anew. Raises ActionError."""
    answer = _decidable(reply, by, seen)
    reason = _reason(reason, needed=True)
    _close(answer, Status.REJECTED, by, reason)
    log(row=answer, by=by, text="Afviste svaret.")
    _tell(answer, "reply_rejected", reason=reason)


def _checked(text: str, anyway: bool) -> str:
    """The text as it is stored. Raises ActionError."""
    text = cleaned(text[: 2 * LONGEST])
    if len(text) < SHORTEST:
        raise ActionError("Skriv et svar på mindst 10 tegn.")
    if len(text) > LONGEST:
        raise ActionError("Svaret er for langt. Der er plads til 1.000 tegn.")
    if TO_FILL in text:
        raise ActionError("Skriv jeres egne ord i stedet for det, der står i [ ].")
    checked = Checked(text, tuple(findings_in(text)))
    if checked.blocks:
        raise FindingsError("Svaret kan ikke sendes, som det er. Ret det, vi har markeret.", checked)
    if checked.findings and not anyway:
        raise FindingsError("Læs det, vi har markeret, før I sender svaret.", checked)
    return text


def _decidable(answer: ReviewReply, by: User, seen_before: str) -> ReviewReply:
    review = steps.locked(answer.review)
    steps.require_moderator(by, review.clinic_id)
    rows = ReviewReply.objects.select_for_update(of=("self",)).select_related("clinic", "written_by", "review")
    stored = rows.filter(pk=answer.pk).first()
    if stored is None:
        raise ActionError("Klinikken har fjernet svaret.")
    if stored.status != Status.PENDING:
        raise ActionError(f"Svaret er allerede afgjort: {stored.get_status_display()}.")
    if review.status != Review.Status.PUBLISHED:
        raise ActionError("Anmeldelsen vises ikke lige nu. Svaret venter med den.")
    # Without a mark of the page at least what the caller has in hand.
    if (seen_before or seen(answer)) != seen(stored):
        raise ActionError(STALE)
    return stored


def _reason(reason: str, *, needed: bool) -> str:
    reason = plain(reason)
    if needed and not reason:
        raise ActionError("Skriv en begrundelse. Den sendes til klinikken og gemmes.")
    if len(reason) > LONGEST_REASON:
        raise ActionError("Begrundelsen er for lang: der er plads til 1.000 tegn.")
    return reason


def _close(answer: ReviewReply, status: str, by: User, reason: str) -> None:
    answer.status, answer.reason = Status(status), reason
    answer.decided_at, answer.decided_by = clock.now(), by
    answer.save(update_fields=["status", "reason", "decided_at", "decided_by"])


def _tell(answer: ReviewReply, template: str, **context: Any) -> None:
    tell(answer.clinic, answer.written_by, template, page_url=page_of(answer.clinic, answer.review), **context)

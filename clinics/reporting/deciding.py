"""A moderator decides a report: it was right and something was done, or it was not. Both sides are told why."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from clinics import actions, clock
from clinics.actions import ActionError
from clinics.models import Report, Review
from clinics.models.request import Decided
from clinics.plain_text import plain
from clinics.reviews import moderating, steps

from . import telling

Status = Decided.Status
LONGEST_REASON = 900  # a thousand with what is added for the author of a review
AFTER_A_REPORT = "Vi så på anmeldelsen, fordi nogen har indberettet den."  # DSA Art. 17(3)(b)
NOT_WAITING = "Sagen er allerede afgjort."
STALE = "Anmeldelsen er ændret, siden du åbnede siden. Læs den igen, og afgør så."


@transaction.atomic
def decide(*, report: Report, by: User, uphold: bool, reason: str, seen: str = "") -> None:
    """Answer a report, once. Raises ActionError. `seen` is the `mark_of` what the moderator read, by default anything.

    Upheld: the review it is about is taken down, and every other report of it that waits has the same answer. What is
    wrong with a profile the moderator mends first, and says in the reason what was done.
    """
    review, rows = locked(report)
    stored = rows.get(report.pk)
    if stored is None or stored.status != Status.WAITING:
        raise ActionError(NOT_WAITING)
    reason = decidable(stored.clinic_id, by, reason)
    if seen and seen != mark_of(review):
        raise ActionError(STALE)
    if not uphold:
        close(stored, Status.REFUSED, by, reason)
        telling.reporter(stored)
        return
    if stored.about_review:
        take_down(review, by, reason)
    else:
        rows = {stored.pk: stored}
    for one in rows.values():
        if one.status == Status.WAITING:
            close(one, Status.APPROVED, by, reason)
            telling.reporter(one)
    if not stored.about_review:
        telling.clinic_of(stored)


def take_down(review: Review | None, by: User, reason: str) -> None:
    """The review is seen no more, and its author is told why; nothing, where it is gone or hidden already. It is locked."""
    if review is not None and review.status == Review.Status.PUBLISHED:
        moderating.remove(review=review, by=by, reason=f"{reason}\n\n{AFTER_A_REPORT}")


def locked(report: Report) -> tuple[Review | None, dict[int, Report]]:
    """The review that it is about, and by key this report and all others of that review, as they are now.

    Locked in one order, the review first (`steps.locked`) and then reports as they came: two moderators with two reports of
    one review would otherwise wait for each other.
    """
    review = locked_review(report.review_id)
    same = Q(pk=report.pk) | (Q(review=review) if review else Q(pk__in=()))
    rows = Report.objects.select_for_update(of=("self",)).select_related("clinic").filter(same).order_by("pk")
    return review, {one.pk: one for one in rows}


def locked_review(pk: int | None) -> Review | None:
    """As it is now; None for one that is gone."""
    review = Review.objects.filter(pk=pk).first() if pk else None
    try:
        return steps.locked(review) if review else None
    except ActionError:
        return None


def mark_of(review: Review | None) -> str:
    """What a moderator reads of the review, as one value that goes with the form."""
    return moderating.mark_of(review) if review else "gone"


def decidable(clinic_id: int, by: User, reason: str) -> str:
    """The reason, fit to be mailed. Raises ActionError."""
    steps.require_moderator(by, clinic_id)
    reason = plain(reason[: 2 * LONGEST_REASON])
    if not reason:
        raise ActionError("Skriv en begrundelse. Den bliver sendt og gemt.")
    if len(reason) > LONGEST_REASON:
        raise ActionError(f"Begrundelsen er for lang. Der er plads til {LONGEST_REASON} tegn.")
    return reason


def close(row: Decided, status: str, by: User, reason: str) -> None:
    """Write the decision into a row that is locked, and a line without any text into the history."""
    row.status, row.reason, row.decided_by, row.decided_at = status, reason, by, clock.now()
    row.save(update_fields=["status", "reason", "decided_by", "decided_at"])
    actions.log(row=row, by=by, text=f"Afgjorde sagen: {row.get_status_display()}.")

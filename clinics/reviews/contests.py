"""A clinic does not agree that a review was let through: once to a publication, within 72 hours of it.

It hides nothing. Only when a moderator agrees is the review taken down, and its author told why: docs/review-owners.md.
"""

import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from clinics import clock
from clinics.actions import ActionError, log
from clinics.models import Contest, Review
from clinics.plain_text import has_cpr, plain
from clinics.versions.facts import mark

from . import moderating, steps
from .members import list_of, page_of, tell
from .steps import Step

Status = Contest.Status
WINDOW = datetime.timedelta(hours=72)
SHORTEST, LONGEST, LONGEST_REASON = 20, 1000, 1000
TOO_LATE = "Fristen på 72 timer er udløbet. I kan stadig indberette anmeldelsen."
ALREADY = "I har allerede gjort indsigelse mod anmeldelsen."
STALE = "Sagen er ændret, siden du åbnede siden. Læs den igen, og afgør så."
# While its author rewrites it, nobody knows yet what there would be to take down.
REWRITTEN = "Forfatteren har rettet anmeldelsen. Afgør først, om den skal vises; så kan indsigelsen afgøres."
_BEING_REWRITTEN = (Review.Status.UNCONFIRMED, Review.Status.PENDING, Review.Status.CHANGES)


def until(review: Review) -> datetime.datetime | None:
    """The moment from which a published review cannot be contested any more, in Danish time."""
    return (review.published_at + WINDOW).astimezone(clock.COPENHAGEN) if review.published_at else None


def is_open(review: Review, contest: Contest | None) -> bool:
    """Whether a published review can be contested now. One that its author edited was published anew."""
    ends = until(review)
    return ends is not None and clock.now() < ends and (contest is None or _is_of_before(contest, review))


@transaction.atomic
def contest(*, review: Review, by: User, text: str) -> Contest:
    """Ask a moderator to look again. Raises ActionError."""
    stored = steps.locked(review)
    steps.require(stored, Step.CONTEST, by)
    text = plain(text[: 2 * LONGEST])
    if len(text) < SHORTEST:
        raise ActionError("Skriv, hvilken regel anmeldelsen bryder, og hvor i teksten.")
    if len(text) > LONGEST:
        raise ActionError("Indsigelsen er for lang. Der er plads til 1.000 tegn.")
    if has_cpr(text):
        raise ActionError("Det ligner et CPR-nummer. Slet det, og send igen. Vi har ikke brug for det.")
    row = Contest.objects.select_for_update(of=("self",)).filter(review=stored).first()
    if row is not None and not _is_of_before(row, stored):
        raise ActionError(ALREADY)
    if not is_open(stored, row):
        raise ActionError(TOO_LATE)
    row = row or Contest(review=stored, clinic=stored.clinic)
    row.text, row.asked_by, row.created_at, row.status = text, by, clock.now(), Status.WAITING
    row.decided_at = row.decided_by = None
    row.reason = ""
    row.save()
    log(row=row, by=by, text="Gjorde indsigelse mod en anmeldelse.")
    return row


def waiting() -> QuerySet[Contest]:
    """Those that a moderator can decide now: the others wait until their review has been read again."""
    return Contest.objects.filter(status=Status.WAITING).exclude(review__status__in=_BEING_REWRITTEN)


def can_be_decided(contest: Contest) -> bool:
    return contest.status == Status.WAITING and contest.review.status not in _BEING_REWRITTEN


def seen(contest: Contest) -> str:
    """What a moderator has read: goes with the form, and back to `decide`."""
    review = contest.review
    return mark({"contest": contest.text, "status": contest.status, "review": moderating.mark_of(review)})


@transaction.atomic
def decide(*, contest: Contest, by: User, uphold: bool, reason: str, seen: str = "") -> None:
    """Take the review down, or leave it where it is; the clinic is told why. Raises ActionError, and then nothing is changed.

    `seen`: see above. A review that has gone meanwhile, by a report, stays gone either way.
    """
    review = steps.locked(contest.review)
    steps.require_moderator(by, review.clinic_id)
    stored = Contest.objects.select_for_update(of=("self",)).select_related("asked_by").get(review=review)
    stored.review = review
    if stored.status != Status.WAITING:
        raise ActionError(f"Indsigelsen er allerede afgjort: {stored.get_status_display()}.")
    if review.status in _BEING_REWRITTEN:
        raise ActionError(REWRITTEN)
    if (seen or _seen(contest)) != _seen(stored):
        raise ActionError(STALE)
    reason = plain(reason)
    if not reason:
        raise ActionError("Skriv en begrundelse. Den sendes til klinikken og, hvis anmeldelsen tages ned, forfatteren.")
    if len(reason) > LONGEST_REASON:
        raise ActionError("Begrundelsen er for lang: der er plads til 1.000 tegn.")
    if uphold and review.status == Review.Status.PUBLISHED:
        moderating.remove(review=review, by=by, reason=reason)
    stored.status = Status.APPROVED if uphold else Status.REFUSED
    stored.reason, stored.decided_at, stored.decided_by = reason, clock.now(), by
    stored.save(update_fields=["status", "reason", "decided_at", "decided_by"])
    log(row=stored, by=by, text="Gav klinikken medhold." if uphold else "Afviste indsigelsen.")
    page = list_of(review.clinic) if uphold else page_of(review.clinic, review)
    tell(review.clinic, stored.asked_by, "contest_decided", upheld=int(uphold), reason=reason, page_url=page)


_seen = seen


def _is_of_before(contest: Contest, review: Review) -> bool:
    """Whether it was about an earlier wording, which its author has edited since."""
    return review.published_at is not None and contest.created_at < review.published_at

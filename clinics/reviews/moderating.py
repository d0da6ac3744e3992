"""A moderator reads every review before anybody else does, and decides: shown, sent back, refused, taken down, shown again.

Nothing is logged of what was written: who decided what and when, no more. All raise `ActionError`, and then nothing is changed.
"""

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.urls import reverse

from clinics import clock, memberships
from clinics.actions import ActionError, log
from clinics.models import STARS, Review, ReviewReply
from clinics.outbox import absolute, promise
from clinics.plain_text import plain
from clinics.reporting import redress
from clinics.versions.facts import mark

from . import members, steps
from .steps import Step

LONGEST_REASON = 1000
STALE = "Forfatteren har rettet anmeldelsen, siden du åbnede siden. Læs den igen, og afgør så."


@transaction.atomic
def approve(*, review: Review, by: User, seen: str = "") -> None:
    """Show it, and tell author and clinic. `seen` is the `mark_of` what the moderator read, by default anything."""
    stored = steps.locked(review)
    if seen and seen != mark_of(stored):
        raise ActionError(STALE)
    was_answered = _reply_waits_again(stored)
    steps.take(stored, Step.APPROVE, by)
    _log(stored, by, "Godkendte anmeldelsen.")
    _tell_author(stored, "review_published")
    _tell_clinic(stored, was_answered)


@transaction.atomic
def ask_change(*, review: Review, by: User, reason: str, seen: str = "") -> None:
    """Send it back to its author, who can mend it: it waits for that, unseen."""
    stored = steps.locked(review)
    if seen and seen != mark_of(stored):
        raise ActionError(STALE)
    steps.take(stored, Step.ASK, by, reason=checked_reason(reason))
    _log(stored, by, "Bad om en ændring af anmeldelsen.")
    _tell_author(stored, "review_changes")


@transaction.atomic
def reject(*, review: Review, by: User, reason: str, seen: str = "") -> None:
    """Do not show it. The author can mend it, or appeal."""
    stored = steps.locked(review)
    if seen and seen != mark_of(stored):
        raise ActionError(STALE)
    steps.take(stored, Step.REJECT, by, reason=checked_reason(reason))
    _log(stored, by, "Afviste anmeldelsen.")
    _tell_author(stored, "review_rejected")


@transaction.atomic
def remove(*, review: Review, by: User, reason: str) -> None:
    """Take down what is shown. The author can appeal; a report or a contest that asked for it is closed by whoever decides it."""
    stored = steps.locked(review)
    steps.take(stored, Step.REMOVE, by, reason=checked_reason(reason))
    _log(stored, by, "Tog anmeldelsen ned.")
    _tell_author(stored, "review_removed")


@transaction.atomic
def restore(*, review: Review, by: User, reason: str) -> None:
    """Show what was refused or taken down after all: its author has appealed and was right."""
    stored = steps.locked(review)
    # One that was refused may have been edited since the clinic replied; one that was taken down was not.
    was_answered = _reply_waits_again(stored) if stored.status == Review.Status.REJECTED else False
    steps.take(stored, Step.RESTORE, by, reason=checked_reason(reason))
    _log(stored, by, "Viste anmeldelsen igen efter en klage.")
    _tell_author(stored, "review_published")
    _tell_clinic(stored, was_answered)


@transaction.atomic
def hide_reply(*, reply: ReviewReply, by: User, reason: str) -> None:
    """Take down a reply that is shown: it says too much after all. The clinic is told why, and can write another."""
    review = steps.locked(reply.review)
    steps.require_moderator(by, review.clinic)
    rows = ReviewReply.objects.select_for_update(of=("self",)).select_related("written_by")
    stored = rows.filter(pk=reply.pk, status=ReviewReply.Status.PUBLISHED).first()
    if stored is None:
        raise ActionError("Svaret er ikke vist, så det kan ikke tages ned.")
    stored.status, stored.reason = ReviewReply.Status.REJECTED, checked_reason(reason)
    stored.decided_at, stored.decided_by = clock.now(), by
    stored.save(update_fields=["status", "reason", "decided_at", "decided_by"])
    log(row=stored, by=by, text="Tog svaret ned.")
    page = members.page_of(review.clinic, review)
    members.tell(review.clinic, stored.written_by, "reply_rejected", page_url=page, reason=stored.reason)


def mark_of(review: Review) -> str:
    """What a moderator reads of a review, as one value: a form sends it back, so that what is decided is what was read."""
    return mark({name: str(getattr(review, name)) for name in ("status", "visited_in", *STARS, "text", "nickname")})


def checked_reason(reason: str) -> str:
    """The reason, fit to be mailed and kept. Raises ActionError."""
    reason = plain(reason)
    if not reason:
        raise ActionError("Skriv en begrundelse. Forfatteren kan læse den, og den gemmes.")
    if len(reason) > LONGEST_REASON:
        raise ActionError("Begrundelsen er for lang: der er plads til 1.000 tegn.")
    return reason


def _reply_waits_again(review: Review) -> bool:
    """A reply to what stood there before its author edited it is read again before it is shown under the new words."""
    replies = ReviewReply.objects.filter(review=review, status=ReviewReply.Status.PUBLISHED)
    return bool(replies.update(status=ReviewReply.Status.PENDING))


def _log(review: Review, by: User, text: str) -> None:
    """In the history of the review, without the nickname: its author may erase it, and the log stays."""
    LogEntry.objects.create(
        user_id=by.pk,
        content_type=ContentType.objects.get_for_model(Review),
        object_id=str(review.pk),
        object_repr=f"Anmeldelse af {review.clinic}"[:200],
        action_flag=CHANGE,
        change_message=text,
    )


def _tell_author(review: Review, template: str) -> None:
    """Where the address is still known. The clinic is only named: no list of mails of a clinic holds its reviewers' addresses."""
    if review.email:
        context = {
            "clinic": review.clinic.name,
            "reason": review.reason,
            "profile_url": absolute(review.clinic.get_absolute_url()),
            "rules_url": absolute("/vilkaar/"),
            "until": redress.until(review.decided_at) if review.decided_at else "",
        }
        # The end of the key is what finds the mails of a review when it is erased; the middle tells its decisions apart.
        key = f"{template}:{review.decided_at:%y%m%d%H%M%S%f}:{review.key}"
        promise(template=template, to=review.email, context=context, key=key)


def _tell_clinic(review: Review, was_answered: bool) -> None:
    """Its members may answer it, and contest within 72 hours that it was let through."""
    clinic = review.clinic
    for member in memberships.members(clinic):
        if member.user.is_active and member.user.email:
            context = {
                "clinic": clinic.name,
                "page": absolute(reverse("clinics:clinic_reviews", args=[clinic.slug])),
                "profile_url": absolute(clinic.get_absolute_url()),
                "was_answered": int(was_answered),
            }
            promise(template="clinic_review_published", to=member.user.email, clinic=clinic, context=context)

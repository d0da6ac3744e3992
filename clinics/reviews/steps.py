"""The way of a review: received → read by a moderator → shown, and down again. The one table of who may take which step.

Every action on a review (writing.py, moderating.py, replies.py, contests.py, clinics/reporting/) asks here, so that a step
which is not in the table is taken by nobody:

    @transaction.atomic
    def erase(*, review: Review) -> None:
        stored = steps.locked(review)
        steps.take(stored, Step.ERASE, Who.AUTHOR)

The average is kept here too: `take` counts a review in and out, so that no action can forget it.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.models import User

from clinics import clock, ownership
from clinics.actions import ActionError
from clinics.models import Clinic, Review

Status = Review.Status

GONE = "Anmeldelsen findes ikke længere."
ONLY_MODERATORS = "Det kan kun en moderator."
PARTY = "Du hører selv til klinikken. Bed en anden moderator om at afgøre det."


class Who(StrEnum):
    AUTHOR = "author"  # whoever holds the private link; nobody knows more of them
    MODERATOR = "moderator"  # and no member of the clinic
    CLINIC = "clinic"  # an active member, owner or staff
    ANYBODY = "anybody"


class Step(StrEnum):
    CONFIRM = "confirm"
    EDIT = "edit"
    ERASE = "erase"
    APPEAL = "appeal"
    APPROVE = "approve"
    ASK = "ask"
    REJECT = "reject"
    REMOVE = "remove"
    RESTORE = "restore"
    REPLY = "reply"
    CONTEST = "contest"
    REPORT = "report"


WHO = {
    **dict.fromkeys((Step.CONFIRM, Step.EDIT, Step.ERASE, Step.APPEAL), Who.AUTHOR),
    **dict.fromkeys((Step.APPROVE, Step.ASK, Step.REJECT, Step.REMOVE, Step.RESTORE), Who.MODERATOR),
    **dict.fromkeys((Step.REPLY, Step.CONTEST), Who.CLINIC),
    Step.REPORT: Who.ANYBODY,
}

# (from, step) → where it leads. None: the row is gone. What leads to where it began is something beside the review: an
# appeal, a reply, a contest, a report. Clinic and public have no step but from what is shown: there is nothing else for them.
TABLE: dict[tuple[str, Step], str | None] = {
    (Status.UNCONFIRMED, Step.CONFIRM): Status.PENDING,
    (Status.UNCONFIRMED, Step.ERASE): None,
    (Status.PENDING, Step.EDIT): Status.PENDING,
    (Status.PENDING, Step.ERASE): None,
    (Status.PENDING, Step.APPROVE): Status.PUBLISHED,
    (Status.PENDING, Step.ASK): Status.CHANGES,
    (Status.PENDING, Step.REJECT): Status.REJECTED,
    (Status.CHANGES, Step.EDIT): Status.PENDING,
    (Status.CHANGES, Step.ERASE): None,
    (Status.PUBLISHED, Step.EDIT): Status.PENDING,
    (Status.PUBLISHED, Step.ERASE): None,
    (Status.PUBLISHED, Step.REMOVE): Status.REMOVED,
    (Status.PUBLISHED, Step.REPLY): Status.PUBLISHED,
    (Status.PUBLISHED, Step.CONTEST): Status.PUBLISHED,
    (Status.PUBLISHED, Step.REPORT): Status.PUBLISHED,
    (Status.REJECTED, Step.EDIT): Status.PENDING,
    (Status.REJECTED, Step.ERASE): None,
    (Status.REJECTED, Step.APPEAL): Status.REJECTED,
    (Status.REJECTED, Step.RESTORE): Status.PUBLISHED,
    (Status.REMOVED, Step.ERASE): None,
    (Status.REMOVED, Step.APPEAL): Status.REMOVED,
    (Status.REMOVED, Step.RESTORE): Status.PUBLISHED,
}

# What is said when the table has no such step. Nothing in it tells a clinic or the public in which other state a review is:
# to them, what is not shown does not exist.
_NOT_NOW = {
    Step.CONFIRM: "E-mailen er allerede bekræftet.",
    Step.EDIT: "Anmeldelsen kan ikke rettes nu.",
    Step.APPEAL: "Der er ingen afgørelse at klage over.",
    Step.APPROVE: "Kun en anmeldelse, der venter, kan godkendes.",
    Step.ASK: "Kun en anmeldelse, der venter, kan sendes tilbage.",
    Step.REJECT: "Kun en anmeldelse, der venter, kan afvises.",
    Step.REMOVE: "Anmeldelsen er ikke vist, så den kan ikke tages ned.",
    Step.RESTORE: "Kun en anmeldelse, der er afvist eller taget ned, kan vises igen.",
}

Actor = Who | User


@dataclass(frozen=True)
class _Answer:
    problem: str
    to: str | None = None


def locked_clinic(pk: int) -> Clinic:
    """The clinic, before anything of it is locked: two actions that begin with it never wait for each other's rows.

    No key of it changes, so that reviews can come in meanwhile. Raises ActionError when it is gone.
    """
    clinic = Clinic.objects.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
    if clinic is None:
        raise ActionError(GONE)
    return clinic


def locked(review: Review) -> Review:
    """The review as it is now, for this transaction alone, with its clinic. Raises ActionError when it is gone.

    Call it first: before a reply, contest, report or appeal of the review is locked. It may be called again in the same
    transaction.
    """
    clinic = locked_clinic(review.clinic_id)
    stored = Review.objects.select_for_update(of=("self",)).filter(pk=review.pk).first()
    if stored is None:
        raise ActionError(GONE)
    stored.clinic = clinic
    return stored


def may(review: Review, step: Step, actor: Actor) -> bool:
    """Whether `take` would take it."""
    return not _answer(review, step, actor).problem


def require(review: Review, step: Step, actor: Actor) -> None:
    """Raises ActionError when this step may not be taken with this review by this actor."""
    if problem := _answer(review, step, actor).problem:
        raise ActionError(problem)


def take(review: Review, step: Step, actor: Actor, *, reason: str = "") -> None:
    """Take one step with a review that `locked` gave: status, times, who decided, and the average. Raises ActionError.

    Call it before any answer of the review is changed: what is counted out is what was counted in. It saves only its own
    fields; after `Step.ERASE` the row is deleted. `reason` is stored with a moderator's step.
    """
    answer = _answer(review, step, actor)
    if answer.problem:
        raise ActionError(answer.problem)
    from . import aggregate  # it stands on the index, which many stand on

    before, to, now = review.status, answer.to, clock.now()
    leaves_view = before == Status.PUBLISHED and to != Status.PUBLISHED
    if leaves_view:
        aggregate.take_away(review)
    if to is None:
        review.delete()
        return
    if to == before and step != Step.EDIT:
        return
    review.status = to
    fields = ["status"]
    if to == Status.PENDING:
        review.submitted_at = now
        fields.append("submitted_at")
    if WHO[step] == Who.MODERATOR and isinstance(actor, User):
        review.decided_at, review.decided_by, review.reason = now, actor, reason
        fields += ["decided_at", "decided_by", "reason"]
    if to == Status.PUBLISHED and not (before == Status.REMOVED and review.published_at):
        # One that comes back up stands where it stood; one that was edited is new, for the clinic too.
        review.published_at = now
        fields.append("published_at")
    review.save(update_fields=fields)
    if to == Status.PUBLISHED:
        aggregate.add(review)


def require_moderator(by: User, clinic: Clinic | int) -> None:
    """Who decides anything about a clinic's reviews: a moderator who has no part in it. Raises ActionError."""
    if not ownership.may_moderate(by):
        raise ActionError(ONLY_MODERATORS)
    if ownership.is_member(by, clinic):
        raise ActionError(PARTY)


def _answer(review: Review, step: Step, actor: Actor) -> _Answer:
    if problem := _stranger(review, step, actor):
        return _Answer(problem)
    if (review.status, step) in TABLE:
        return _Answer("", TABLE[review.status, step])
    return _Answer(_NOT_NOW.get(step, GONE))


def _stranger(review: Review, step: Step, actor: Actor) -> str:
    """Why this step is not this actor's at all, or ""."""
    who = WHO[step]
    if who == Who.ANYBODY or actor == who == Who.AUTHOR:
        return ""
    if isinstance(actor, User):
        if who == Who.MODERATOR:
            try:
                require_moderator(actor, review.clinic_id)
            except ActionError as error:
                return error.text
            return ""
        if who == Who.CLINIC and ownership.is_member(actor, review.clinic_id):
            return ""
    return ONLY_MODERATORS if who == Who.MODERATOR else GONE

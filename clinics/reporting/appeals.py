"""An appeal: somebody who was decided against asks once for another pair of eyes. docs/reports.md.

Who may appeal what:
- AUTHOR, of a review that was rejected or taken down. Upheld: it is shown (again).
- REPORTER, of a report that was turned down. Upheld: what was reported is taken down after all.
- CLINIC, of a review that it contested in vain (upheld: taken down), or of a report of its profile that was held right.
"""

import datetime
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction

from clinics import clock, ownership
from clinics.actions import ActionError
from clinics.models import Appeal, Clinic, Contest, Report, Review
from clinics.plain_text import has_cpr, plain
from clinics.reviews import moderating

from . import redress, telling
from .deciding import close, decidable, locked, locked_review, take_down

Side, Status = Appeal.Side, Appeal.Status
SHORTEST, LONGEST = 10, 2000

NOTHING = "Der er ingen afgørelse at klage over."
TOO_LATE = "Fristen for at klage er udløbet."
ONCE = "Der er allerede klaget over afgørelsen. Man kan klage én gang."
SHORT = "Skriv, hvorfor du mener, at afgørelsen er forkert."
LONG = "Teksten er for lang. Der er plads til 2.000 tegn."
SAME_PERSON = "Du traf den første afgørelse. En anden moderator skal se på klagen."
CHANGED = "Afgørelsen er ændret, siden der blev klaget. Afvis klagen med en forklaring."
CPR = "Det ligner et CPR-nummer. Slet det, og send igen. Vi har ikke brug for det og må ikke få det."


@dataclass(frozen=True)
class Standing:
    """Whether one side may appeal now. `problem`: why not, one Danish sentence, "" when it may.

    `until`: the last day on which it may, None without a decision. `appeal`: the one that was made of this decision.
    """

    problem: str
    until: datetime.date | None = None
    appeal: Appeal | None = None

    @property
    def may(self) -> bool:
        return not self.problem


def standing(*, side: str, review: Review | None = None, report: Report | None = None) -> Standing:
    """For a page: show the form, the appeal that was made, or nothing."""
    at = decided_at(side, review, report)
    made = Appeal.objects.filter(review=review, report=report, side=side)
    if at is None:
        # What came of an earlier one is still told: an appeal that was upheld has ended the decision that it was about.
        return Standing(NOTHING, appeal=made.order_by("-created_at", "-pk").first())
    until = redress.last_day(at)
    of_this = made.filter(created_for=at)
    # Two who are never content would go on for ever: a report is appealed once by each side, whatever came of it, and a
    # contest once by the clinic.
    if report:
        of_this = made
    elif side == Side.CLINIC and review:
        of_this = made.filter(created_at__gte=review.published_at)
    if one := of_this.order_by("-created_at", "-pk").first():
        return Standing(ONCE, until, one)
    return Standing("" if clock.today() <= until else TOO_LATE, until)


def decided_at(side: str, review: Review | None, report: Report | None) -> datetime.datetime | None:
    """When it was decided against this side, as it stands now; None where it was not."""
    if review is not None and report is None:
        if side == Side.AUTHOR and review.status in (Review.Status.REJECTED, Review.Status.REMOVED):
            return review.decided_at
        if side == Side.CLINIC and review.status == Review.Status.PUBLISHED:
            # Of what is shown now: one that its author has edited since was let through anew, and is contested anew.
            contests = Contest.objects.filter(review=review, status=Status.REFUSED, created_at__gte=review.published_at)
            return contests.values_list("decided_at", flat=True).first()
    if report is not None and review is None:
        if side == Side.REPORTER and report.status == Status.REFUSED:
            return report.decided_at
        if side == Side.CLINIC and report.status == Status.APPROVED and not report.about_review:
            return report.decided_at
    return None


@transaction.atomic
def appeal(*, side: str, text: str, review: Review | None = None, report: Report | None = None) -> Appeal:
    """One side asks for another pair of eyes. Nothing changes before they have looked. Raises ActionError.

    `text`: as it was typed. Whose side somebody may speak for is the caller's to know.
    """
    text = checked(text)
    review, report, clinic = _locked(review, report)
    now = standing(side=side, review=review, report=report)
    at = decided_at(side, review, report)
    if at is None or not now.may:
        raise ActionError(now.problem)
    return Appeal.objects.create(clinic=clinic, review=review, report=report, side=side, text=text, created_for=at)


def checked(text: str) -> str:
    """What was typed, made harmless. Raises ActionError."""
    text = plain(text[: 2 * LONGEST])
    if len(text) < SHORTEST:
        raise ActionError(SHORT)
    if len(text) > LONGEST:
        raise ActionError(LONG)
    if has_cpr(text):
        raise ActionError(CPR)
    return text


@transaction.atomic
def decide(*, appeal: Appeal, by: User, uphold: bool, reason: str) -> None:
    """Answer an appeal, once and for good. Upheld: the first decision is turned round. Raises ActionError.

    By another moderator than the one who decided first, if there is one.
    """
    review, rows, stored = _locked_with(appeal)
    if stored is None or stored.status != Status.WAITING:
        raise ActionError("Klagen er allerede afgjort.")
    report = rows.get(stored.report_id or 0)
    reason = decidable(stored.clinic_id, by, reason)
    first = first_decider(stored)
    if first == by.pk and others_can_decide(stored.clinic_id, but=by):
        raise ActionError(SAME_PERSON)
    if not uphold:
        close(stored, Status.REFUSED, by, reason)
        telling.appellant(stored, outcome="Afgørelsen står ved magt.")
        return
    about_review = review if stored.review_id else None
    if decided_at(stored.side, about_review, report) != stored.created_for:
        raise ActionError(CHANGED)
    close(stored, Status.APPROVED, by, reason)
    turned = _turn_round(stored, review, rows, by, reason)
    if stored.side != Side.AUTHOR:  # the author is told that the review is shown: moderating.restore
        telling.appellant(stored, outcome=turned)


def _turn_round(appeal: Appeal, review: Review | None, rows: dict[int, Report], by: User, reason: str) -> str:
    """Everything that follows from an appeal that was upheld. Returns what happens now, one sentence."""
    side, report = Side(appeal.side), rows.get(appeal.report_id or 0)
    if side == Side.AUTHOR and review is not None:
        moderating.restore(review=review, by=by, reason=reason)
        for one in rows.values():
            if one.status == Status.APPROVED:
                close(one, Status.REFUSED, by, reason)
                telling.reporter(one, changed=True, is_final=has_appealed(one, Side.REPORTER))
        contest = (
            Contest.objects.select_for_update(of=("self",)).select_related("asked_by").filter(review=review).first()
        )
        if contest and contest.status == Status.APPROVED:
            close(contest, Status.REFUSED, by, reason)
            telling.contest_turned(contest, review)
        return "Anmeldelsen vises igen."
    if side == Side.CLINIC and review is not None:
        contest = Contest.objects.select_for_update(of=("self",)).get(review=review)
        moderating.remove(review=review, by=by, reason=reason)
        close(contest, Status.APPROVED, by, reason)
        return "Anmeldelsen er taget ned."
    if report is None:
        raise ActionError(CHANGED)
    if side == Side.REPORTER:
        close(report, Status.APPROVED, by, reason)
        if report.about_review:
            take_down(review, by, reason)
            return "Det, du indberettede, vises ikke længere."
        telling.clinic_of(report)
        return "Profilen er rettet."
    close(report, Status.REFUSED, by, reason)
    telling.reporter(report, changed=True, is_final=has_appealed(report, Side.REPORTER))
    return "Det, der blev fjernet, må stå på profilen igen."


def first_decider(appeal: Appeal) -> int | None:
    """The key of whoever made the decision that is appealed."""
    if appeal.report:
        return appeal.report.decided_by_id
    if appeal.side == Side.CLINIC:
        return Contest.objects.filter(review=appeal.review_id).values_list("decided_by", flat=True).first()
    return appeal.review.decided_by_id if appeal.review else None


def others_can_decide(clinic_id: int, *, but: User) -> bool:
    """Whether another moderator is there who is no member of the clinic."""
    moderators = User.objects.with_perm("clinics.change_claim", backend="django.contrib.auth.backends.ModelBackend")
    return any(not ownership.is_member(one, clinic_id) for one in moderators.exclude(pk=but.pk))


def has_appealed(report: Report, side: str) -> bool:
    return Appeal.objects.filter(report=report, side=side).exists()


def _locked(review: Review | None, report: Report | None) -> tuple[Review | None, Report | None, Clinic]:
    """As they are now, for this transaction alone; always the review before its reports. Raises ActionError."""
    if review is not None:
        review = locked_review(review.pk)
    if report is not None:
        report = Report.objects.select_for_update(of=("self",)).select_related("clinic").filter(pk=report.pk).first()
    about = review or report
    if about is None:
        raise ActionError(NOTHING)
    return review, report, about.clinic


def _locked_with(appeal: Appeal) -> tuple[Review | None, dict[int, Report], Appeal | None]:
    """What an appeal is about, with all reports of the same review, and the appeal: locked in this order, as they are now."""
    rows: dict[int, Report] = {}
    review = None
    if appeal.report:
        review, rows = locked(appeal.report)
    elif appeal.review:
        review = locked_review(appeal.review_id)
        reports = Report.objects.select_for_update(of=("self",)).select_related("clinic")
        rows = {one.pk: one for one in reports.filter(review=appeal.review_id).order_by("pk")}
    appeals = Appeal.objects.select_for_update(of=("self",)).select_related("clinic", "review", "report__clinic")
    return review, rows, appeals.filter(pk=appeal.pk).first()

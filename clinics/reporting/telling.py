"""Who is told what by mail when a report or an appeal is decided. Nobody is ever told who reported."""

from clinics import memberships
from clinics.memberships.people import link, promise_mail
from clinics.models import Appeal, Clinic, Contest, Report, Review
from clinics.outbox import promise
from clinics.reviews import members

from . import redress
from .making import link_of, what

TURNED = "Vores første afgørelse er lavet om, efter at forfatteren har klaget."


def reporter(report: Report, *, changed: bool = False, is_final: bool = False) -> None:
    """The decision, its reason and what can be done about it. `changed`: another decision was there before."""
    if report.email and report.decided_at:
        upheld = report.status == Report.Status.APPROVED
        context = {
            "clinic": report.clinic.name,
            "number": report.number,
            "what": what(report),
            "upheld": int(upheld),
            "changed": int(changed),
            "reason": report.reason,
            "link": link_of(report),
            "until": "" if upheld or is_final else redress.until(report.decided_at),
        }
        # The clinic is only named: no list of mails of a clinic holds the addresses of those who reported.
        promise(template="report_decided", to=report.email, context=context)


def clinic_of(report: Report) -> None:
    """The statement of reasons to those who look after the profile; nobody else has written anything there."""
    if report.decided_at:
        for to in addresses_of(report.clinic):
            promise_mail(
                "report_clinic", to, report.clinic,
                number=report.number, kind=report.get_kind_display(), reason=report.reason,
                page=link("clinics:clinic_decisions", report.clinic.slug), until=redress.until(report.decided_at),
            )  # fmt: skip


def contest_turned(contest: Contest, review: Review) -> None:
    """The clinic had been held right, and then the author was."""
    members.tell(
        review.clinic, contest.asked_by, "contest_decided",
        upheld=0, reason=f"{TURNED}\n\n{contest.reason}", page_url=members.page_of(review.clinic, review),
    )  # fmt: skip


def appellant(appeal: Appeal, *, outcome: str) -> None:
    """The answer to whoever appealed, where an address is known. `outcome`: what happens now, one sentence."""
    side, clinic = Appeal.Side(appeal.side), appeal.clinic
    page = ""
    if side == Appeal.Side.AUTHOR:
        to = [appeal.review.email] if appeal.review and appeal.review.email else []
    elif side == Appeal.Side.REPORTER:
        to = [appeal.report.email] if appeal.report and appeal.report.email else []
        page = link_of(appeal.report) if appeal.report else ""
    else:
        to = addresses_of(clinic)
        page = link("clinics:clinic_decisions", clinic.slug)
    context = {
        "clinic": clinic.name,
        "about": about(appeal),
        "upheld": int(appeal.status == Appeal.Status.APPROVED),
        "reason": appeal.reason,
        "outcome": outcome,
        "page": page,
    }
    for one in to:
        promise(template="appeal_decided", to=one, context=context)


def about(appeal: Appeal) -> str:
    """Which decision, in the midst of a sentence."""
    if appeal.report:
        return f"indberetning {appeal.report.number}"
    return f"{'din anmeldelse' if appeal.side == Appeal.Side.AUTHOR else 'en anmeldelse'} af {appeal.clinic.name}"


def addresses_of(clinic: Clinic) -> list[str]:
    return [one.user.email for one in memberships.members(clinic) if one.user.is_active and one.user.email]

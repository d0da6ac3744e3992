"""What somebody sends who reports something, and reports as the tests of their answers need them."""

import datetime

import time_machine
from django.contrib.auth.models import User
from django.test import Client

from clinics.corrections import TRAP
from clinics.models import Appeal, Clinic, Contest, Report, Review
from clinics.reporting import appeals, deciding, tokens
from clinics.reporting.forms import AppealForm, ReportForm
from clinics.reporting.making import report as make_report
from clinics.reviews import aggregate, contests, moderating

from .html_reader import Page

TEXT = "Der står, at der er gratis behandling. Det passer ikke."
WHY = "I har misforstået det, og jeg kan vise det."
ANSWER = "Vi har set på sagen igen."
DECISIONS = "/for-klinikker/afgoerelser/ryggen/"
REASON = "Ordene “gratis behandling” passer ikke."


def form_url(of: Clinic, review: Review | None = None) -> str:
    return f"/klinik/{of.slug}/indberet/" + (f"?anmeldelse={review.key}" if review else "")


def sent(of: Clinic, review: Review | None = None, /, **fields) -> dict[str, str]:
    proof = ReportForm(clinic=of, review=review).proof
    return {
        "aarsag": "false", "tekst": TEXT, "navn": "", "email": "", "god_tro": "ja", "bevis": proof, TRAP: "",
    } | fields  # fmt: skip


def reported(of: Clinic, review: Review | None = None, **fields) -> Report:
    return make_report(
        clinic=of, review=review, **{"kind": "false", "text": TEXT, "email": "rune@example.org"} | fields
    )[0]


def answered(report: Report, by, uphold: bool, reason: str = REASON) -> Report:
    deciding.decide(report=report, by=by, uphold=uphold, reason=reason)
    report.refresh_from_db()
    return report


# What may be appealed


def rejected(review: Review, by) -> Review:
    aggregate.take_away(review)
    Review.objects.filter(pk=review.pk).update(status="pending", published_at=None)
    moderating.reject(review=review, by=by, reason="Den nævner en ansat.")
    review.refresh_from_db()
    return review


def removed(review: Review, by) -> Review:
    moderating.remove(review=review, by=by, reason="Den nævner en ansat.")
    review.refresh_from_db()
    return review


def contested(shown: Review, by, owner) -> Contest:
    with time_machine.travel(shown.published_at + datetime.timedelta(hours=1), tick=False):
        row = contests.contest(review=shown, by=owner, text="Den nævner en ansat ved navn.")
        contests.decide(contest=row, by=by, uphold=False, reason="Der står intet navn.")
    row.refresh_from_db()
    return row


def decide(appeal: Appeal, by, uphold: bool, reason: str = ANSWER) -> Appeal:
    appeals.decide(appeal=appeal, by=by, uphold=uphold, reason=reason)
    appeal.refresh_from_db()
    return appeal


# Pages


def words(response) -> str:
    return " ".join(Page(response.content.decode()).words.split())


def url_of(report: Report) -> str:
    return f"/indberetning/{tokens.token_of(report.number)}/"


def appealed(report: Report, **fields) -> dict[str, str]:
    return {"tekst": WHY, "bevis": AppealForm(about=("report", report.pk)).proof, TRAP: ""} | fields


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def admin_of(row: Report | Appeal) -> str:
    return f"/admin/clinics/{row._meta.model_name}/{row.pk}/change/"


def form_of(client: Client, url: str, **fields) -> dict[str, str]:
    page = Page(client.get(url).content.decode())
    hidden = {one["name"]: one["value"] for tag, one in page.elements if tag == "input" and one.get("name") == "seen"}
    return hidden | {"ready": "", "ground": "", "reason": ""} | fields

"""A report is taken in: stored with a number, and with a private link to the answer."""

import datetime
import secrets

from django.db import transaction
from django.urls import reverse
from django.utils.dateformat import format as date_format

from clinics import clock, danish
from clinics.claiming.codes import LETTERS
from clinics.models import Clinic, Report, Review
from clinics.outbox import absolute, promise
from clinics.rate_limit import allow
from clinics.reviews import steps
from clinics.reviews.steps import Step, Who
from clinics.reviews.tokens import address_digest

from .tokens import digest, token_of

NUMBER_LETTERS = 6
MOST_MAILS, DAY = 3, datetime.timedelta(days=1)  # to one address


@transaction.atomic
def report(
    *, clinic: Clinic, review: Review | None, kind: str, text: str, name: str = "", email: str = "", source: str = ""
) -> tuple[Report, str]:
    """Store what somebody says, as the form gave it. Returns the report and the token of its private link.

    Nothing is hidden or changed before a moderator has decided. `source`: `rate_limit.source_of`. Raises ActionError for a
    review that is not shown.
    """
    if review is not None:
        review = steps.locked(review)
        steps.require(review, Step.REPORT, Who.ANYBODY)
    number = _free_number()
    token = token_of(number)
    stored = Report.objects.create(
        number=number, secret=digest(token), clinic=clinic, review=review, about_review=review is not None,
        was=described(clinic, review), kind=kind, text=text, name=name, email=email, source=source,
    )  # fmt: skip
    # Past the day's number nothing is sent and nothing is said: a form that mails whatever address one types is a nuisance.
    if email and allow("report-mail", address_digest(email), MOST_MAILS, DAY):
        context = {"clinic": clinic.name, "number": number, "what": what(stored), "link": link_of(stored)}
        promise(template="report_received", to=email, context=context)  # without the clinic's key: see telling
    return stored, token


def described(clinic: Clinic, review: Review | None) -> str:
    """What was reported, for when it is gone. Of a review no word and no nickname: its author may have it erased."""
    if review is None:
        return f"Profilen for {clinic.name}"[:300]
    shown = (
        f", vist {danish.day(review.published_at.astimezone(clock.COPENHAGEN).date())}" if review.published_at else ""
    )
    return f"Anmeldelse af et besøg i {date_format(review.visited_in, 'F Y')}{shown}"


def what(stored: Report) -> str:
    """In the midst of a sentence: `"anmeldelsen af Ryggen"`, `"profilen for Ryggen"`."""
    return f"{'anmeldelsen af' if stored.about_review else 'profilen for'} {stored.clinic.name}"


def link_of(stored: Report) -> str:
    """The private link, to stand in a mail to whoever reported."""
    return absolute(reverse("clinics:report_own", args=[token_of(stored.number, stored.secret)]))


def _free_number() -> str:
    """`"26-7KQM2X"`: easily told on the phone, and it does not say how many there are."""
    while True:
        number = f"{clock.today():%y}-{''.join(secrets.choice(LETTERS) for _ in range(NUMBER_LETTERS))}"
        if not Report.objects.filter(number=number).exists():
            return number

"""Reports and appeals as a server runs them: each request in its own transaction, and two at the same moment."""

import pytest
from django.test import Client

from clinics.models import Appeal, Report, Review
from clinics.reporting import appeals, deciding, tokens
from clinics.reporting.appeals import ONCE
from clinics.reporting.deciding import NOT_WAITING
from clinics.reviews import writing
from fysfinder.roles import sync_roles

from .claims import moderator, owner_of, person, ryggen
from .reports import (
    DECISIONS,
    REASON,
    WHY,
    admin_of,
    answered,
    appealed,
    browser,
    form_of,
    form_url,
    reported,
    sent,
    url_of,
)
from .reviews import rating, review
from .test_memberships import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_moderators_and_two_reports_of_one_review():
    here, rita, rasmus = ryggen(), moderator(), moderator("rasmus")
    shown = review(here)
    reports = [reported(here, shown) for _ in range(2)]
    answers = together(
        *[
            lambda one=one, by=by: deciding.decide(report=one, by=by, uphold=True, reason=REASON)
            for one, by in zip(reports, (rita, rasmus), strict=True)
        ]
    )
    assert answers == ["", NOT_WAITING], "nobody waits for the other for ever"
    assert set(Report.objects.values_list("status", flat=True)) == {"approved"}
    assert Review.objects.get().status == "removed" and rating(here)[:2] == (0, 0)


def test_a_moderator_and_the_author_at_once():
    here, rita = ryggen(), moderator()
    shown = review(here)
    report = reported(here, shown)
    together(
        lambda: deciding.decide(report=report, by=rita, uphold=True, reason=REASON),
        lambda: writing.erase(review=shown),
    )
    assert Report.objects.get().status == "approved" and not Review.objects.exists()
    assert rating(here)[:2] == (0, 0)


def test_one_appeal_for_many_clicks():
    here, rita = ryggen(), moderator()
    report = answered(reported(here), rita, False)
    answers = together(*[lambda: appeals.appeal(side="reporter", text=WHY, report=report)] * 6)
    assert answers == ["", *[ONCE] * 5] and Appeal.objects.count() == 1


def test_two_answers_to_one_appeal():
    here, rita = ryggen(), moderator()
    shown = review(here)
    report = answered(reported(here, shown), rita, False)
    row = appeals.appeal(side="reporter", text=WHY, report=report)
    others = [moderator(name) for name in ("rasmus", "rikke")]
    answers = together(
        *[
            lambda by=by, uphold=uphold: appeals.decide(appeal=row, by=by, uphold=uphold, reason="Set igen.")
            for by, uphold in zip(others, (True, False), strict=True)
        ]
    )
    assert answers == ["", "Klagen er allerede afgjort."]
    row.refresh_from_db()
    assert (row.status == "approved") == (Review.objects.get().status == "removed")


def test_the_whole_way_over_the_pages():
    sync_roles()
    here, rita, rasmus, olga = ryggen(), moderator(), moderator("rasmus"), person("olga")
    owner_of(here, olga)
    shown, anybody = review(here), Client()
    location = anybody.post(form_url(here, shown), sent(here, shown, email="rune@example.org"))["Location"]
    report = Report.objects.get()
    assert location == f"/indberetning/{tokens.token_of(report.number)}/?ny=ja"
    client = browser(rita)
    no = form_of(client, admin_of(report), _refuse="", reason=REASON)
    assert client.post(admin_of(report), no).status_code == 302
    assert anybody.post(url_of(report), appealed(report)).status_code == 302
    row, client = Appeal.objects.get(), browser(rasmus)
    yes = form_of(client, admin_of(row), _approve="", reason="Det var rigtigt set.")
    assert client.post(admin_of(row), yes).status_code == 302
    assert Review.objects.get().status == "removed"

    anybody.post(form_url(here), sent(here))
    report = Report.objects.get(status="waiting")
    yes = form_of(client, admin_of(report), _approve="", ground="reklame", reason=REASON)
    assert client.post(admin_of(report), yes).status_code == 302
    assert browser(olga).post(DECISIONS, {"sag": f"report-{report.pk}", "tekst": WHY}).status_code == 302

"""The private page of a report, what a clinic reads of decisions about it, and the screens on which moderators decide."""

import datetime

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client

from clinics.corrections import TRAP
from clinics.models import Appeal, Clinic, RateCount, Review
from clinics.reporting import appeals
from clinics.reviews import contests, retention, writing
from fysfinder.roles import sync_roles

from .claims import moderator, owner_of, person, ryggen
from .html_reader import Page
from .people import clinic
from .reports import (
    DECISIONS,
    REASON,
    TEXT,
    WHY,
    answered,
    appealed,
    browser,
    reported,
    url_of,
    words,
)
from .reviews import review
from .worlds import kept
from .xss import HTML

pytestmark = pytest.mark.django_db


@kept
def here() -> Clinic:
    return ryggen()


@kept
def shown(here) -> Review:
    return review(here, 1, text="Mette var uhøflig, og jeg ventede længe på en tid.")


@kept
def rita() -> User:
    sync_roles()
    return moderator()


# Whoever reported


def test_from_the_report_to_the_answer_of_the_appeal(here, shown, rita, client):
    report = reported(here, shown)
    page = client.get(url_of(report))
    assert "et menneske læser den" in words(page) and TEXT in words(page) and "Klag" not in words(page)
    assert "noindex" in page.content.decode() and "no-store" in page["Cache-Control"] and not page.cookies
    answered(report, rita, False)
    page = words(client.get(url_of(report)))
    for one in ("Anmeldelsen bliver stående.", REASON, "Ingen maskine", "Er du uenig?", "DSA-tilsynet", "domstolene"):
        assert one in page, one
    response = client.post(url_of(report), appealed(report))
    assert (response.status_code, response["Location"]) == (302, url_of(report))
    page = words(client.get(url_of(report)))
    assert "Din klage" in page and WHY in page and "Er du uenig?" not in page
    appeals.decide(appeal=Appeal.objects.get(), by=moderator("rasmus"), uphold=True, reason="Det var rigtigt set.")
    page = words(client.get(url_of(report)))
    for one in (
        "Vi har givet dig ret.",
        "Anmeldelsen vises ikke længere.",
        "Det var rigtigt set.",
        "Vi gav dig ret i klagen.",
    ):
        assert one in page, one


def test_one_that_was_right(here, shown, rita, client):
    page = words(client.get(url_of(answered(reported(here, shown), rita, True))))
    assert "Vi har givet dig ret." in page and "Er du uenig?" not in page


def test_the_review_was_erased_by_its_author(here, shown, rita, client):
    report = reported(here, shown)
    writing.erase(review=shown)
    report.refresh_from_db()
    page = words(client.get(url_of(answered(report, rita, False))))
    assert shown.text not in page and shown.nickname not in page and "oktober 2026" in page


def test_how_long_we_keep_it_is_what_the_pages_say(here, client):
    assert (datetime.timedelta(days=30), 12) == (retention.REPORTER, retention.CASE_MONTHS)
    assert "Navn og e-mail sletter vi 30 dage efter svaret, og hele sagen 12 måneder efter" in words(
        client.get(url_of(reported(here)))
    )
    assert "vi sletter navn og e-mail 30 dage efter svaret" in words(client.get("/klinik/ryggen/indberet/"))


@pytest.mark.parametrize("token", ["x", "a" * 42, "a" * 43, "a" * 44, "%00" * 15, "æ" * 43, "a" * 3000])
def test_no_other_token_opens_anything(here, client, token):
    report = reported(here)
    for address in (token, report.secret, report.number):
        assert client.get(f"/indberetning/{address}/").status_code == 404
        assert client.post(f"/indberetning/{address}/", appealed(report)).status_code == 404


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"tekst": ""}, appeals.SHORT),
        ({"tekst": "x" * 2001}, appeals.LONG),
        ({"tekst": "x" * 300_000}, appeals.LONG),
        ({"tekst": "Mit nummer er 010203-1234."}, appeals.CPR),
        ({"bevis": ""}, "stået åben for længe"),
    ],
)
def test_bad_appeals(here, rita, client, fields, sentence):
    report = answered(reported(here), rita, False)
    response = client.post(url_of(report), appealed(report, **fields))
    assert response.status_code == 422 and sentence in words(response)
    assert "Fejl:" in response.content.decode().partition("</title>")[0] and not Appeal.objects.exists()


def test_an_appeal_where_there_is_none(here, rita, client):
    report = reported(here)
    response = client.post(url_of(report), appealed(report))
    assert response.status_code == 422 and appeals.NOTHING in words(response)
    answered(report, rita, False)
    for _ in range(2):
        response = client.post(url_of(report), appealed(report))
    assert response.status_code == 422 and appeals.ONCE in words(response)
    assert Appeal.objects.count() == 1 and RateCount.objects.filter(key__startswith="appeal:").get().count == 1


def test_an_appeal_comes_from_our_own_page_and_from_no_machine(here, rita):
    report = answered(reported(here), rita, False)
    other = answered(reported(here), rita, False)
    client = Client(enforce_csrf_checks=True)
    cross = client.post(url_of(report), appealed(report), headers={"Sec-Fetch-Site": "cross-site"})
    assert cross.status_code == 403 and WHY in words(cross)
    assert client.post(url_of(report), appealed(other)).status_code == 422
    assert client.post(url_of(report), appealed(report, **{TRAP: "x"})).status_code == 302
    assert not Appeal.objects.exists()


def test_five_appeals_an_hour(here, rita, client):
    reports = [answered(reported(here), rita, False) for _ in range(6)]
    # Not over midnight in Denmark, which begins every count anew.
    with time_machine.travel(reports[0].decided_at.replace(hour=12) + datetime.timedelta(days=1), tick=False):
        answers = [client.post(url_of(one), appealed(one)).status_code for one in reports]
    assert answers == [302] * 5 + [429]


@pytest.mark.parametrize("text", HTML)
def test_markup_in_a_reason_is_text(here, rita, client, text):
    report = answered(reported(here, text=f"0123456789 {text}", kind="hate"), rita, False, f"Nej. {text}")
    page = Page(client.get(url_of(report)).content.decode())
    assert not any(page.scripts)
    assert not [tag for tag, _ in page.elements if tag in ("img", "iframe", "object")]
    assert all(not name.startswith("on") for _, attributes in page.elements for name in attributes)


# The clinic


def test_a_clinic_reads_and_appeals(here, rita):
    olga = person("olga")
    owner_of(here, olga)
    report = answered(reported(here, name="Rune Reporter"), rita, True)
    client = browser(olga)
    page = words(client.get(DECISIONS))
    for one in (report.number, REASON, "Klag over afgørelsen"):
        assert one in page, one
    for secret in ("rune@example.org", "Rune Reporter", TEXT):
        assert secret not in page
    bad = client.post(DECISIONS, {"sag": f"report-{report.pk}", "tekst": "kort"})
    assert bad.status_code == 422 and appeals.SHORT in words(bad)
    assert client.post(DECISIONS, {"sag": f"report-{report.pk}", "tekst": WHY}).status_code == 302
    assert (Appeal.objects.get().side, Appeal.objects.get().report) == ("clinic", report)
    assert "I har klaget" in words(client.get(DECISIONS))
    appeals.decide(appeal=Appeal.objects.get(), by=moderator("rasmus"), uphold=True, reason="Det må gerne stå der.")
    assert "I klagede og fik ret." in words(client.get(DECISIONS))


def test_a_clinic_appeals_a_contest_in_vain(here, shown, rita):
    olga = person("olga")
    owner_of(here, olga)
    with time_machine.travel(shown.published_at + datetime.timedelta(hours=1), tick=False):
        row = contests.contest(review=shown, by=olga, text="Den nævner en ansat ved navn.")
        contests.decide(contest=row, by=rita, uphold=False, reason="Der står kun et fornavn.")
        client = browser(olga)
        assert "Der står kun et fornavn." in words(client.get(DECISIONS))
        assert client.post(DECISIONS, {"sag": f"review-{shown.pk}", "tekst": WHY}).status_code == 302
    assert Appeal.objects.get().review == shown


def test_a_clinic_learns_nothing_of_what_is_not_its_own(here, shown, rita):
    olga, kaj = person("olga"), person("kaj")
    owner_of(here, olga)
    owner_of(clinic("Knæet", "Aarhus C"), kaj)
    waiting, wrong, of_review = reported(here), reported(here), reported(here, shown)
    answered(wrong, rita, False)
    answered(of_review, rita, True)
    hidden = review(here, status="pending")
    client = browser(olga)
    page = words(client.get(DECISIONS))
    assert "Der er ingen afgørelser." in page
    for one in (f"report-{waiting.pk}", f"report-{wrong.pk}", f"report-{of_review.pk}", f"review-{hidden.pk}", "x", ""):
        refused = client.post(DECISIONS, {"sag": one, "tekst": WHY})
        assert refused.status_code == 422
    assert not Appeal.objects.exists()
    for stranger in (kaj, rita):
        assert browser(stranger).get(DECISIONS).status_code == 404
        assert browser(stranger).post(DECISIONS, {"sag": f"report-{wrong.pk}", "tekst": WHY}).status_code == 404
    assert Client().get(DECISIONS).status_code == 302

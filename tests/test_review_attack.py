"""Reviews as an attacker meets them: codes and forms that are tried, replayed and raced, keys that change, checks that fail."""

import re

import pytest
from django.test import Client

from clinics.actions import ActionError
from clinics.models import Outbox, Review, VisitCode
from clinics.reporting import making
from clinics.reporting import tokens as report_tokens
from clinics.reviews import codes, moderating, suspicion, writing
from fysfinder.roles import sync_roles

from .claims import moderator, owner_of, ryggen
from .html_reader import Page
from .people import clinic
from .review_writing import SOURCE, answers, code_of, fields
from .reviews import review
from .worlds import kept

pytestmark = pytest.mark.django_db
URL = "/klinik/ryggen/skriv-anmeldelse/"
OLD, NEW = "an old key of the site, long enough" * 2, "a new key of the site, long enough" * 2


@kept
def here():
    return ryggen()


def words(response) -> str:
    return " ".join(Page(response.content.decode()).words.split())


# --- a new key of the site


def test_printed_cards_outlive_a_new_key(here, settings):
    """They lie in a drawer at the clinic for 18 months, and nobody can print the same ones again."""
    settings.SECRET_KEY = OLD
    code, later = code_of(here), code_of(here)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, ["another", OLD]
    assert codes.redeem(clinic=here, typed=code)
    with pytest.raises(ActionError, match="Koden kan ikke bruges"):
        codes.redeem(clinic=here, typed=code)
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(ActionError, match="Koden kan ikke bruges"):
        codes.redeem(clinic=here, typed=later)


def test_a_form_that_was_open_when_the_key_changed(here, client, settings):
    settings.SECRET_KEY = OLD
    given = fields(here, kode=code_of(here))
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    where = client.post(URL, given)["Location"]
    assert client.get(where).status_code == 200


def test_the_link_of_a_report_outlives_a_new_key(here, settings, client):
    """Its mails are written months later, and hold the link with which one appeals."""
    settings.SECRET_KEY = OLD
    stored, token = making.report(clinic=here, review=None, kind="false", text="Det passer ikke.", source=SOURCE)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    assert report_tokens.find(token) == stored
    link = re.sub(r"https?://[^/]+", "", making.link_of(stored))
    assert client.get(link).status_code == 200 and stored.number in words(client.get(link))


# --- a clinic that tries its own codes


def test_a_used_code_is_no_different_for_whoever_has_written_enough(here, client):
    """A good code must not be told from a used one without using it up: a used one means that a review has come in."""
    good, used = code_of(here), code_of(here)
    writing.submit(clinic=here, answers=answers(), code=used, email="", source="c" * 64)
    for number in range(writing.MOST_OF_SOURCE):
        assert client.post(URL, fields(here, email=f"p{number}@example.org")).status_code == 302
    said = [client.post(URL, fields(here, kode=code)) for code in (good, used, "ABCDEFGH23")]
    assert [answer.status_code for answer in said] == [429] * 3
    assert len({words(answer) for answer in said}) == 1
    assert VisitCode.objects.get(pk=codes.digest(good)).is_used is False


def test_a_wrong_code_is_no_review(here, client):
    for _ in range(writing.MOST_OF_SOURCE + 3):
        assert client.post(URL, fields(here, kode="ABCDEFGH23")).status_code == 422
    assert client.post(URL, fields(here, kode=code_of(here))).status_code == 302


# --- the one-time field of the form


def test_a_wrong_address_can_be_mended_in_the_same_form(here, client):
    """Back in the browser, the address mended, Send: the mail must go there, and not be taken for a second press."""
    given = fields(here, email="per@exmaple.org")
    client.post(URL, given)
    client.post(URL, given | {"email": "per@example.org"})
    assert sorted(Outbox.objects.values_list("to", flat=True)) == ["per@example.org", "per@exmaple.org"]
    links = {row.context["link"] for row in Outbox.objects.all()}
    assert len(links) == 2, "whoever has the wrong address opens the first alone"


def test_a_code_that_was_found_later(here, client):
    given = fields(here, email="per@example.org")
    client.post(URL, given)
    where = client.post(URL, given | {"kode": code_of(here)})["Location"]
    assert where.startswith("/anmeldelse/") and Review.objects.get(status="pending").confirmation == "visit"


# --- checks that fail


def test_a_check_that_breaks_costs_nobody_their_review(here, monkeypatch, caplog):
    def broken(one):
        Review.objects.filter(pk="no number").first()
        yield

    def broken_in_the_database(one):
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT 1/0")
        yield

    monkeypatch.setattr(suspicion, "LOOKS", (broken, broken_in_the_database, suspicion._text))
    sent = writing.submit(clinic=here, answers=answers(), code=code_of(here), email="", source=SOURCE)
    stored = Review.objects.get(pk=sent.review.pk)
    assert stored.status == "pending"
    assert [one["kind"] for one in stored.suspicions] == ["broken"] * 2
    assert stored.text not in caplog.text and len(caplog.records) == 2


def test_one_rule_that_breaks_stops_no_other(here, monkeypatch):
    from clinics.reviews import retention

    late = review(here, status="unconfirmed", confirmation="email")
    Review.objects.filter(pk=late.pk).update(created_at="2026-01-01T00:00Z")

    def broken():
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(retention, "RULES", (retention.Rule("broken", "never", broken), *retention.RULES))
    with pytest.raises(ExceptionGroup):
        retention.purge()
    assert not Review.objects.filter(pk=late.pk).exists()


# --- a moderator who belongs to another clinic


def test_a_moderator_is_not_led_to_reviews_of_the_own_clinic(here):
    """What is like a review of the own clinic, or came from the same network, must not show that one, which may be hidden."""
    sync_roles()
    mona, foden = moderator("mona"), clinic("Foden", "Aarhus N")
    owner_of(foden, mona)
    hidden = review(foden, status="pending", source=SOURCE)
    one = review(here, status="pending", source=SOURCE, text=hidden.text)
    suspicion.note(review=one)
    one.refresh_from_db()
    assert any(hidden.key in found["keys"] for found in one.suspicions)
    client = Client()
    client.force_login(mona)
    page = client.get(f"/admin/clinics/review/{one.pk}/change/").content.decode()
    assert f"/admin/clinics/review/{hidden.pk}/change/" not in page
    client.force_login(moderator("rita"))
    assert (
        f"/admin/clinics/review/{hidden.pk}/change/"
        in client.get(f"/admin/clinics/review/{one.pk}/change/").content.decode()
    )


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}])
def test_a_moderator_who_has_left_decides_nothing(here, change):
    sync_roles()
    rita, one = moderator("rita"), review(here, status="pending")
    client = Client()
    client.force_login(rita)
    seen = moderating.mark_of(one)
    for name, value in change.items():
        setattr(rita, name, value)
    rita.save()
    client.post(f"/admin/clinics/review/{one.pk}/change/", {"_approve": "", "seen": seen})
    one.refresh_from_db()
    assert one.status == "pending"
    if "is_active" in change:
        with pytest.raises(ActionError):
            moderating.approve(review=one, by=rita)

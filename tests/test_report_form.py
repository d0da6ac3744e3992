"""Anybody may report a review or a profile, without login and without a cookie; what is not shown cannot be reported."""

import datetime
import logging
import re

import pytest
import time_machine
from django.test import Client

from clinics.corrections import CPR, EMAIL, EXPIRED, TRAP
from clinics.models import Clinic, Outbox, RateCount, Report, Review, SlugHistory
from clinics.reporting import tokens
from clinics.reviews import writing
from fysfinder.logs import WithoutVisitor

from .claims import mails
from .html_reader import Page
from .people import clinic
from .reports import TEXT, form_url, reported, sent, words
from .reviews import review
from .worlds import kept
from .xss import HTML

pytestmark = pytest.mark.django_db


@kept
def ryggen() -> Clinic:
    return clinic("Ryggen", "Aarhus C")


@kept
def shown(ryggen) -> Review:
    return review(ryggen)


def test_from_the_profiles_form_to_a_review(ryggen, client):
    page = client.get(form_url(ryggen)).content.decode()
    assert 'href="/klinik/ryggen/anmeldelser/"' in page and "Send indberetningen" in page


def test_a_review_is_reported_and_the_receipt_is_private(ryggen, shown, client):
    page = client.get(form_url(ryggen, shown))
    assert page.status_code == 200 and not page.cookies and "noindex" in page.content.decode()
    assert shown.text in words(page) and shown.nickname in words(page)
    response = client.post(form_url(ryggen, shown), sent(ryggen, shown, email="rune@example.org", navn=" Rune  R "))
    stored = Report.objects.get()
    assert (stored.clinic, stored.review, stored.about_review) == (ryggen, shown, True)
    assert (stored.kind, stored.text, stored.name, stored.email) == ("false", TEXT, "Rune R", "rune@example.org")
    assert stored.status == "waiting" and re.fullmatch(r"\d\d-[2-9A-Z]{6}", stored.number)
    assert shown.text not in stored.was and shown.nickname not in stored.was, "its author may have it erased"
    assert "oktober 2026" in stored.was
    token = re.fullmatch(r"/indberetning/([\w-]{43})/\?ny=ja", response["Location"])[1]
    assert response.status_code == 302 and not response.cookies
    receipt = client.get(response["Location"])
    assert stored.number in words(receipt) and f"/indberetning/{token}/" in words(receipt)
    assert "no-store" in receipt["Cache-Control"] and not receipt.cookies
    assert token not in stored.secret and tokens.find(token) == stored


def test_the_receipt_is_mailed_with_the_same_link(ryggen, shown, client):
    location = client.post(form_url(ryggen, shown), sent(ryggen, shown, email="rune@example.org"))["Location"]
    row = Outbox.objects.get()
    assert row.context["link"].endswith(location.removesuffix("?ny=ja")) and row.clinic is None
    assert mails() == [("rune@example.org", f"Vi har fået din indberetning {Report.objects.get().number}")]


def test_without_an_address_nothing_is_mailed(ryggen, shown, client):
    client.post(form_url(ryggen, shown), sent(ryggen, shown))
    assert Report.objects.get().email == "" and not Outbox.objects.exists()


def test_nobody_is_flooded_with_our_mail(ryggen):
    for _ in range(4):
        reported(ryggen, email="offer@example.org")
    reported(ryggen, email="rune@example.org")
    assert Report.objects.count() == 5
    assert sorted(Outbox.objects.values_list("to", flat=True)) == ["offer@example.org"] * 3 + ["rune@example.org"]


def test_a_profile_is_reported(ryggen, client):
    page = words(client.get(form_url(ryggen)))
    assert "Indberet profilen for Ryggen" in page and "Foreslå en rettelse" in page
    assert client.post(form_url(ryggen), sent(ryggen)).status_code == 302
    stored = Report.objects.get()
    assert (stored.review, stored.about_review, stored.was) == (None, False, "Profilen for Ryggen")


def test_the_token_of_the_page_is_the_one_that_works(ryggen, shown, client):
    page = client.get(form_url(ryggen, shown)).content.decode()
    proof = re.search(r'name="bevis" value="([^"]+)"', page)[1]
    assert client.post(form_url(ryggen, shown), sent(ryggen, shown, bevis=proof)).status_code == 302


@pytest.mark.parametrize("status", [one for one in Review.Status.values if one != "published"])
def test_what_is_not_shown_is_not_there(ryggen, client, status):
    hidden = review(ryggen, status=status)
    unknown = client.get(form_url(ryggen) + "?anmeldelse=findes-ikke")
    answer = client.get(form_url(ryggen, hidden))
    assert answer.status_code == unknown.status_code == 404
    assert words(answer) == words(unknown), "it tells nothing more than a key that never was"
    assert client.post(form_url(ryggen, hidden), sent(ryggen, hidden)).status_code == 404
    assert not Report.objects.exists() and not RateCount.objects.exists()


@pytest.mark.parametrize("key", ["", "%00", "x" * 3000, "%F0%9F%99%82"])
def test_a_key_that_is_none(ryggen, client, key):
    assert client.get(f"{form_url(ryggen)}?anmeldelse={key}").status_code == 404


def test_a_review_of_another_clinic_is_not_there(ryggen, client):
    other = review(clinic("Knæet", "Aarhus C"))
    assert client.get(form_url(ryggen, other)).status_code == 404
    assert client.post(form_url(ryggen, other), sent(ryggen, other)).status_code == 404
    assert not Report.objects.exists()


def test_a_review_that_was_taken_down_meanwhile(ryggen, shown, client):
    fields = sent(ryggen, shown)
    writing.erase(review=shown)
    assert client.post(form_url(ryggen, shown), fields).status_code == 404 and not Report.objects.exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"aarsag": ""}, "Vælg, hvad der er galt."),
        ({"aarsag": "hemmelig"}, "Vælg en mulighed fra listen."),
        ({"aarsag": "false\0"}, "Vælg en mulighed fra listen."),
        ({"tekst": ""}, "Skriv med et par ord"),
        ({"tekst": " kort \n\n"}, "Skriv med et par ord"),
        ({"tekst": "\u200b\u202e" * 20}, "Skriv med et par ord"),
        ({"tekst": "a" + "\u0301" * 10_000}, "Skriv med et par ord"),
        ({"tekst": "x" * 2001}, "Der er plads til 2.000 tegn"),
        ({"tekst": "x" * 200_000}, "Der er plads til 2.000 tegn"),
        ({"tekst": "Jeg hedder Per, 010203-1234, og"}, CPR),
        ({"navn": "x" * 121}, "Der er plads til 120 tegn"),
        ({"navn": "Per 010203-1234"}, CPR),
        ({"email": "per"}, EMAIL),
        ({"email": "per@example.org\nBcc: alle@example.org"}, EMAIL),
        ({"email": f"{'p' * 300}@example.org"}, EMAIL),
        ({"god_tro": ""}, "Sæt flueben"),
        ({"bevis": ""}, EXPIRED),
        ({"bevis": "noget:andet:x"}, EXPIRED),
    ],
)
def test_bad_input_gets_a_sentence_and_nothing_is_saved(ryggen, shown, client, fields, sentence):
    response = client.post(form_url(ryggen, shown), sent(ryggen, shown) | fields)
    assert response.status_code == 422 and sentence in words(response)
    assert "Fejl:" in response.content.decode().partition("</title>")[0]
    assert not Report.objects.exists() and not RateCount.objects.exists()


def test_what_was_typed_stays(ryggen, client):
    page = client.post(form_url(ryggen), sent(ryggen, aarsag="hate", email="per", navn="Per")).content.decode()
    for said in (TEXT, 'value="per"', 'value="Per"', 'value="hate" checked', 'value="ja" checked', "autofocus"):
        assert said in page


def test_nothing_at_all_is_no_crash(ryggen, client):
    assert client.post(form_url(ryggen)).status_code == 422
    assert client.post(form_url(ryggen), b"\xff\xfe", content_type="text/plain").status_code == 422


@pytest.mark.parametrize("text", [*HTML, "{% load x %}{{ 7|add:7 }}", "Robert'); DROP TABLE x;--"])
def test_markup_is_text(ryggen, client, text):
    location = client.post(form_url(ryggen), sent(ryggen, tekst=f"0123456789 {text}", navn=text[:100]))["Location"]
    page = Page(client.get(location).content.decode())
    assert not any(page.scripts)
    assert all(attributes["src"].startswith("/static/js/") for tag, attributes in page.elements if tag == "script")
    assert not [tag for tag, _ in page.elements if tag in ("img", "iframe", "object")]
    assert all(not name.startswith("on") for _, attributes in page.elements for name in attributes)


def test_who_falls_into_the_trap_is_thanked_and_not_stored(ryggen, shown, client):
    response = client.post(form_url(ryggen, shown), sent(ryggen, shown, **{TRAP: "https://spam.example"}))
    assert response.status_code == 302 and not Report.objects.exists()
    assert "Tak" in words(client.get(response["Location"]))


def test_five_an_hour_and_the_text_is_not_lost(ryggen, client):
    with time_machine.travel(datetime.datetime(2026, 11, 3, 12, tzinfo=datetime.UTC), tick=False) as clock:
        for _ in range(5):
            assert client.post(form_url(ryggen), sent(ryggen)).status_code == 302
        client.post(form_url(ryggen), sent(ryggen, tekst=""))  # a fault is not counted
        response = client.post(form_url(ryggen), sent(ryggen))
        assert response.status_code == 429 and "Vent en time" in words(response)
        assert TEXT in words(response) and Report.objects.count() == 5
        assert client.post(form_url(ryggen), sent(ryggen), REMOTE_ADDR="192.0.2.77").status_code == 302
        clock.shift(datetime.timedelta(hours=1))
        assert client.post(form_url(ryggen), sent(ryggen)).status_code == 302


def test_no_address_is_stored(ryggen, client):
    client.post(form_url(ryggen), sent(ryggen), REMOTE_ADDR="192.0.2.77")
    assert re.fullmatch(r"[0-9a-f]{64}", Report.objects.get().source)
    assert re.fullmatch(r"report:[0-9a-f]{64}", RateCount.objects.get().key)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}, 302),
        ({}, 302),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://ond.example"}, 403),
        ({"Origin": "https://ond.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_only_our_own_page_may_send_it(ryggen, headers, status):
    response = Client(enforce_csrf_checks=True).post(form_url(ryggen), sent(ryggen), headers=headers)
    assert response.status_code == status and not response.cookies
    assert Report.objects.count() == (status == 302)


def test_a_token_is_for_one_thing_and_one_day(ryggen, shown, client):
    other = review(ryggen)
    for url, fields in (
        (form_url(ryggen, shown), sent(ryggen)),
        (form_url(ryggen), sent(ryggen, shown)),
        (form_url(ryggen, shown), sent(ryggen, other)),
    ):
        assert EXPIRED in words(client.post(url, fields))
    with time_machine.travel(datetime.datetime.now(datetime.UTC), tick=False) as clock:
        fields = sent(ryggen)
        clock.shift(datetime.timedelta(hours=24, seconds=1))
        late = client.post(form_url(ryggen), fields)
        assert EXPIRED in words(late) and TEXT in words(late)
    assert not Report.objects.exists()


def test_which_clinics(ryggen, client):
    Clinic.objects.update(status="closed")
    assert client.get(form_url(ryggen)).status_code == 200
    Clinic.objects.update(status="draft")
    assert client.get(form_url(ryggen)).status_code == client.post(form_url(ryggen), sent(ryggen)).status_code == 404
    Clinic.objects.update(status="published", slug="ryg")
    SlugHistory.objects.create(kind="clinic", slug="ryggen", object_id=ryggen.pk)
    moved = client.get(f"{form_url(ryggen)}?anmeldelse=a")
    assert (moved.status_code, moved["Location"]) == (301, "/klinik/ryg/indberet/?anmeldelse=a")
    assert client.get("/klinik/findes-ikke/indberet/").status_code == 404


def test_the_profile_leads_to_it(ryggen, shown, client):
    profile = client.get("/klinik/ryggen/").content.decode()
    assert f'href="{form_url(ryggen, shown)}"' in profile, "under the review"
    assert 'href="/klinik/ryggen/indberet/"' in profile and 'href="/indberet/"' in profile


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [
        ("https://fysfinder.dk/klinik/ryggen/", "/klinik/ryggen/indberet/"),
        ("fysfinder.dk/klinik/ryggen/?sted=8000#anmeldelser", "/klinik/ryggen/indberet/"),
        ("/klinik/ryggen", "/klinik/ryggen/indberet/"),
    ],
)
def test_an_address_is_understood(ryggen, client, asked, leads_to):
    response = client.get("/indberet/", {"q": asked})
    assert (response.status_code, response["Location"]) == (302, leads_to)


def test_a_name_is_found(ryggen, client):
    clinic("Ryggen Randers", "Randers")
    clinic("Ryggens Kladde", "Randers", status="draft")
    page = client.get("/indberet/", {"q": "ryggen"}).content.decode()
    assert 'href="/klinik/ryggen/indberet/"' in page and 'href="/klinik/ryggen-randers/indberet/"' in page
    assert "Kladde" not in page


@pytest.mark.parametrize("asked", ["zzzz", "\0", "x" * 5000, "<b>", "/klinik//", "%", "🙂", "/klinik/findes-ikke/"])
def test_nothing_is_found_kindly(ryggen, client, asked):
    response = client.get("/indberet/", {"q": asked})
    assert response.status_code == 200 and not response.cookies
    assert "Vi fandt ingen klinik" in words(response) or not asked.strip("\0")


def test_no_line_of_a_log_holds_the_link(ryggen):
    token = tokens.token_of(reported(ryggen).number)
    record = logging.LogRecord("x", 20, "", 0, '"GET /indberetning/%s/?ny=ja HTTP/1.1" 200', (token,), None)
    WithoutVisitor().filter(record)
    assert token not in record.getMessage() and "/indberetning/" in record.getMessage()

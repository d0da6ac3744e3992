"""Anybody may say what is wrong, without login and without a cookie; nothing that is sent can do harm, to us or to them."""

import datetime
import re

import pytest
import time_machine
from django.test import Client

from clinics.corrections import CPR, EMAIL, EXPIRED, TRAP, token_for
from clinics.models import Clinic, Correction, RateCount, SlugHistory
from clinics.plain_text import has_cpr, plain

from .html_reader import Page
from .people import clinic
from .worlds import kept
from .xss import HTML

URL = "/klinik/ryggen/ret/"
TEXT = "Telefonen er forkert: den rigtige er 86 12 12 12."


@kept
def ryggen():
    return clinic("Ryggen", "Aarhus C", email="ryggen@example.org")


def sent(clinic, **fields):
    return {"gruppe": "contact", "tekst": TEXT, "email": "", "bevis": token_for(clinic), TRAP: ""} | fields


def words(response) -> str:
    return Page(response.content.decode()).words


def test_a_suggestion_is_stored_and_thanked_for(ryggen, client):
    page = client.get(URL)
    assert page.status_code == 200 and not page.cookies
    response = client.post(URL, sent(ryggen, email="per@example.org"))
    assert (response.status_code, response["Location"]) == (302, "/klinik/ryggen/ret/?sendt=ja")
    stored = Correction.objects.get()
    assert (stored.clinic, stored.group, stored.text) == (ryggen, "contact", TEXT)
    assert (stored.sender, stored.email, stored.status) == ("visitor", "per@example.org", "new")
    thanks = client.get(response["Location"])
    assert "Tak" in words(thanks) and Correction.objects.count() == 1
    assert not thanks.cookies and "no-store" in thanks["Cache-Control"]


def test_the_token_of_the_page_is_the_one_that_works(ryggen, client):
    token = re.search(r'name="bevis" value="([^"]+)"', client.get(URL).content.decode())[1]
    assert client.post(URL, sent(ryggen, bevis=token)).status_code == 302


def test_the_clinic_itself(ryggen, client):
    page = words(client.get(f"{URL}?fra=klinik"))
    assert "Er Ryggen din klinik?" in page and "ryggen@example.org" in page and "00 00 12 34" in page
    response = client.post(f"{URL}?fra=klinik", sent(ryggen, email="fremmed@example.org"))
    assert response["Location"] == "/klinik/ryggen/ret/?fra=klinik&sendt=ja"
    stored = Correction.objects.get()
    assert (stored.sender, stored.email) == ("clinic", ""), (
        "whoever says so is answered where the clinic can be reached"
    )
    assert "00 00 12 34" in words(client.get(response["Location"]))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"gruppe": ""}, "Vælg, hvad det handler om."),
        ({"gruppe": "hemmelig"}, "Vælg en mulighed fra listen."),
        ({"gruppe": "contact\0"}, "Vælg en mulighed fra listen."),
        ({"tekst": ""}, "Skriv, hvad der er forkert"),
        ({"tekst": " kort \n\n"}, "Skriv, hvad der er forkert"),
        ({"tekst": "\u200b\u202e" * 20}, "Skriv, hvad der er forkert"),
        ({"tekst": "a" + "\u0301" * 10_000}, "Skriv, hvad der er forkert"),
        ({"tekst": "x" * 2001}, "Der er plads til 2.000 tegn"),
        ({"tekst": "x" * 200_000}, "Der er plads til 2.000 tegn"),
        ({"tekst": "Jeg hedder Per, 010203-1234, og"}, "CPR-nummer"),
        ({"email": "per"}, "navn@eksempel.dk"),
        ({"email": "per@example.org\0;"}, "navn@eksempel.dk"),
        ({"email": "per@example.org\nBcc: alle@example.org"}, "navn@eksempel.dk"),
        ({"email": f"{'p' * 300}@example.org"}, "navn@eksempel.dk"),
        ({"bevis": ""}, "stået åben for længe"),
        ({"bevis": "noget:andet:x"}, "stået åben for længe"),
    ],
)
def test_bad_input_gets_a_sentence_and_nothing_is_saved(ryggen, client, fields, sentence):
    response = client.post(URL, sent(ryggen) | fields)
    assert response.status_code == 422
    assert sentence in words(response)
    assert "Fejl:" in response.content.decode().partition("</title>")[0]
    assert not Correction.objects.exists() and not RateCount.objects.exists()


def test_what_was_typed_stays(ryggen, client):
    page = client.post(URL, sent(ryggen, gruppe="hours", email="per")).content.decode()
    assert TEXT in page and 'value="per"' in page and 'value="hours" checked' in page
    assert "autofocus" in page


def test_nothing_at_all_is_no_crash(ryggen, client):
    assert client.post(URL).status_code == 422
    assert client.post(URL, b"\xff\xfe", content_type="text/plain").status_code == 422


@pytest.mark.parametrize("text", [*HTML, "{% load x %}{{ 7|add:7 }}", "=HYPERLINK(1)", "Robert'); DROP TABLE x;--"])
def test_markup_is_text(ryggen, client, text):
    client.post(URL, sent(ryggen, tekst=f"0123456789 {text}"))
    stored = Correction.objects.get()
    assert stored.text == plain(f"0123456789 {text}")
    page = Page(client.post(URL, sent(ryggen, tekst=f"0123456789 {text}", gruppe="")).content.decode())
    assert [tag for tag, _ in page.elements if tag in ("script", "img", "iframe", "svg", "textarea")].count(
        "textarea"
    ) == 1
    assert not any(page.scripts)
    assert all(attributes["src"].startswith("/static/js/") for tag, attributes in page.elements if tag == "script")
    assert all(not name.startswith("on") for _, attributes in page.elements for name in attributes)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Åbent\r\nfra 8\r\n\r\n\r\n\r\ntil 16\t i dag ", "Åbent\nfra 8\n\ntil 16  i dag"),
        ("Ring \u202egnuf\u202c nu", "Ring gnuf nu"),
        ("nul\u200bbredde\ufeff og\u2060 \u00adblød", "nulbredde og blød"),
        ("a\0b\x07c\x1b[31m", "abc[31m"),
        ("Z\u0310\u0311\u0312\u0313\u0314algo", "Z\u0310\u0311\u0312algo"),
        ("A\u030arhus", "Århus"),
        ("\U000e0041skjult \ue000", "skjult"),
        ("tysk ß, Ærø, 🙂", "tysk ß, Ærø, 🙂"),
        ("<b>&amp;", "<b>&amp;"),
    ],
)
def test_what_is_invisible_goes(typed, stored):
    assert plain(typed) == stored


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("010203-1234", True),
        ("01011990-1234", True),
        ("01-01-1990-1234", True),
        ("01.01.1990 1234", True),
        ("010190\n1234", True),
        ("610190-1234", True),  # a replacement number: 60 added to the day
        ("010190:1234", True),
        ("010190_1234", True),
        ("010190-12 34", True),
        ("990190-1234", False),
        ("0102031234", True),
        ("010203 1234", True),
        ("01.02.03 – 1234", True),
        ("01 02 03 1234", True),
        ("mit cpr er 3112991234.", True),
        ("０１０２０３-1234", True),
        ("Ring 86 12 12 12", False),
        ("+45 86 12 12 12", False),
        ("P-nummer 1099999999", False),
        ("CVR 12345678", False),
        ("01.02.2026 kl. 16.30", False),
        ("man 08.00-16.00, tirs 09.00-17.00", False),
        ("321399-1234", False),
        ("10203-1234", False),
        ("0102031234567", False),
    ],
)
def test_what_looks_like_a_cpr_number(text, found):
    assert has_cpr(text) is found


def test_a_cpr_number_is_refused_kindly_wherever_it_hides(ryggen, client):
    response = client.post(URL, sent(ryggen, tekst=f"{TEXT} 0102\u200b03-12\u206234"))
    assert response.status_code == 422 and CPR in words(response)


def test_who_falls_into_the_trap_is_thanked_and_not_stored(ryggen, client):
    response = client.post(URL, sent(ryggen, **{TRAP: "https://spam.example"}))
    assert response.status_code == 302 and not Correction.objects.exists()


def test_five_an_hour_and_the_text_is_not_lost(ryggen, client):
    with time_machine.travel(datetime.datetime(2026, 11, 3, 12, tzinfo=datetime.UTC), tick=False) as clock:
        for _ in range(5):
            assert client.post(URL, sent(ryggen)).status_code == 302
        client.post(URL, sent(ryggen, tekst=""))  # a fault is not counted
        response = client.post(URL, sent(ryggen))
        assert response.status_code == 429 and "Vent en time" in words(response)
        assert TEXT in words(response) and Correction.objects.count() == 5
        assert client.post(URL, sent(ryggen), REMOTE_ADDR="192.0.2.77").status_code == 302, "somebody else"
        forged = client.post(URL, sent(ryggen), HTTP_X_FORWARDED_FOR="198.51.100.1")
        assert forged.status_code == 429, "an address that the visitor wrote counts for nothing"
        clock.shift(datetime.timedelta(hours=1))
        assert client.post(URL, sent(ryggen)).status_code == 302


def test_no_address_is_stored(ryggen, client):
    client.post(URL, sent(ryggen), REMOTE_ADDR="192.0.2.77")
    assert re.fullmatch(r"correction:[0-9a-f]{64}", RateCount.objects.get().key)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}, 302),
        ({"Origin": "http://testserver"}, 302),
        ({}, 302),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://ond.example"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://ond.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://testserver.ond.example"}, 403),
    ],
)
def test_only_our_own_page_may_send_it(ryggen, headers, status):
    response = Client(enforce_csrf_checks=True).post(URL, sent(ryggen), headers=headers)
    assert response.status_code == status
    assert Correction.objects.count() == (status == 302)
    assert not response.cookies


def test_a_token_is_for_one_clinic_and_one_day(ryggen, client):
    other = clinic("Knæet", "Aarhus C")
    assert EXPIRED in words(client.post(URL, sent(other)))
    with time_machine.travel(datetime.datetime.now(datetime.UTC), tick=False) as clock:
        fields = sent(ryggen)
        clock.shift(datetime.timedelta(hours=24, seconds=1))
        late = client.post(URL, fields)
        assert EXPIRED in words(late) and TEXT in words(late)
        again = re.search(r'name="bevis" value="([^"]+)"', late.content.decode())[1]
        assert client.post(URL, fields | {"bevis": again}).status_code == 302


def test_which_clinics(ryggen, client):
    Clinic.objects.update(status="closed")
    assert client.post(URL, sent(ryggen)).status_code == 302, "it may not be closed at all"
    Clinic.objects.update(status="draft")
    assert client.get(URL).status_code == client.post(URL, sent(ryggen)).status_code == 404
    Clinic.objects.update(status="published", slug="ryg")
    SlugHistory.objects.create(kind="clinic", slug="ryggen", object_id=ryggen.pk)
    moved = client.get(f"{URL}?fra=klinik")
    assert (moved.status_code, moved["Location"]) == (301, "/klinik/ryg/ret/?fra=klinik")
    assert client.get("/klinik/findes-ikke/ret/").status_code == 404
    assert client.get("/klinik/%00/ret/").status_code == 404


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods(ryggen, client, method):
    assert getattr(client, method)(URL).status_code == 405


def test_the_form_is_not_found_by_search_engines(ryggen, client):
    assert '<meta name="robots" content="noindex">' in client.get(URL).content.decode()


def test_the_privacy_page_tells_of_it(client):
    page = words(client.get("/privatliv/"))
    assert "Foreslå en rettelse" in page and "IP-adresse" in page


def test_the_sentences_are_one_each():
    for sentence in (CPR, EMAIL, EXPIRED):
        assert sentence.endswith(".") and "\n" not in sentence

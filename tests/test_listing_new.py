"""“Opret min klinik”: who may ask, what is asked back, and what a stranger cannot slip in."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client

from clinics import outbox
from clinics.listing import asking
from clinics.models import Clinic, ListingRequest, Membership
from fysfinder.accounts.actions import delete_account

from .claims import SOURCE, mails, owner_of, person
from .html_reader import Page
from .listing import NEW, answers, typed, wish
from .people import clinic, places, postcode
from .worlds import kept
from .xss import HTML

pytestmark = pytest.mark.django_db


@kept(autouse=True)
def _towns():
    places()


@kept
def olga() -> User:
    return person("olga")


@pytest.fixture
def browser(olga) -> Client:
    client = Client()
    client.force_login(olga)
    return client


def words(response) -> str:
    return Page(response.content.decode()).words


def test_a_stranger_is_shown_the_way_in_and_gets_no_cookie(client):
    page = client.get(NEW)
    assert page.status_code == 200 and not page.cookies and "Opret en konto" in words(page)
    assert "?next=%2Ffor-klinikker%2Fopret%2F" in page.content.decode()
    assert client.get("/konto/opret/?next=/for-klinikker/opret/").status_code == 200
    sent = client.post(NEW, typed())
    assert sent["Location"] == "/konto/log-ind/?next=/for-klinikker/opret/" and not ListingRequest.objects.exists()


def test_an_unconfirmed_address_asks_for_nothing():
    client = Client()
    client.force_login(person("bo", verified=False))
    assert "Bekræft først din e-mail" in words(client.get(NEW))
    assert client.post(NEW, typed()).status_code == 422 and not ListingRequest.objects.exists()


def test_a_new_clinic_waits_for_us(browser, olga):
    assert browser.post(NEW, typed())["Location"] == NEW
    stored = ListingRequest.objects.get()
    assert (stored.kind, stored.status, stored.user, stored.clinic) == ("new", "waiting", olga, None)
    assert (stored.name, stored.street, stored.postcode_id) == ("Knæ og Hofte", "Nørregade 4B", "8000")
    assert (stored.phone, stored.website, stored.cvr) == ("+4586121212", "https://knaeoghofte.dk", "13585628")
    page = words(browser.get(NEW))
    assert "Vi ser på Knæ og Hofte" in page and "8000 Aarhus C" in page and "86 12 12 12" in page
    assert mails() == [("olga@example.com", "Vi har fået dit ønske om Knæ og Hofte")]
    assert not Clinic.objects.exists() and not Membership.objects.exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"navn": ""}, "Skriv, hvad klinikken hedder."),
        ({"navn": "\u200b\u202e \u2066"}, "Skriv, hvad klinikken hedder."),
        ({"navn": "Ryggen\0"}, "Skriv det på én linje."),
        ({"navn": "1234"}, "Skriv klinikkens navn med bogstaver."),
        ({"navn": "Ryggen\nBcc: alle@example.org"}, "Skriv det på én linje."),
        ({"navn": "Ryggen\r\n\r\nHej"}, "Skriv det på én linje."),
        ({"navn": "x" * 10_000}, "Der er plads til 160 tegn."),
        ({"vej": "Nørregade"}, "Skriv også husnummeret"),
        ({"vej": ""}, "Skriv vej og husnummer."),
        ({"vej": "4" * 10_000}, "Der er plads til 160 tegn."),
        ({"postnummer": ""}, "Skriv postnummeret."),
        ({"postnummer": "9999"}, "Vi kender ikke postnummer 9999."),
        ({"postnummer": "8000 Aalborg"}, "8000 er Aarhus C, ikke Aalborg"),
        ({"postnummer": "8000; DROP"}, "8000 er Aarhus C"),
        ({"postnummer": "٨٠٠٠"}, "Skriv postnummeret med fire cifre"),
        ({"postnummer": "8" * 10_000}, "Skriv postnummeret med fire cifre"),
        ({"telefon": "112"}, "otte cifre"),
        ({"telefon": "+45 00 00 12 34"}, "Vi kender ikke det telefonnummer"),
        ({"telefon": "", "email": ""}, "Skriv et telefonnummer eller en e-mail"),
        ({"email": "olga@ryggen.dk, alle@example.org"}, "Skriv en e-mailadresse som navn@eksempel.dk."),
        ({"email": "olga@ryggen.dk\nBcc: alle@example.org"}, "Skriv det på én linje."),
        ({"hjemmeside": "javascript:alert(1)"}, "Skriv en almindelig webadresse"),
        ({"hjemmeside": "http://127.0.0.1/"}, "Skriv klinikkens egen webadresse"),
        ({"cvr": "1234567"}, "Et CVR-nummer har 8 cifre."),
        ({"cvr": "１２３４５６７８"}, "Et CVR-nummer har 8 cifre."),
        ({"rolle": ""}, "Skriv din rolle, fx ejer."),
        ({"besked": "x" * 10_000}, "Der er plads til 2.000 tegn."),
        ({"besked": "Jeg er 010190-1234"}, "Det ligner et CPR-nummer."),
    ],
)
def test_every_fault_is_said_at_its_field_and_nothing_is_stored(browser, fields, said):
    response = browser.post(NEW, typed(**fields))
    assert response.status_code == 422 and said in words(response) and "Fejl: " in words(response)
    assert not ListingRequest.objects.exists() and mails() == []
    if "navn" not in fields:
        assert 'value="Knæ og Hofte"' in response.content.decode(), "what was typed stays"


@pytest.mark.parametrize("postcode_typed", ["DK-8000 Århus", "8000 Aarhus", "8000 aarhus c"])
def test_a_postcode_may_be_written_in_many_ways(browser, postcode_typed):
    assert browser.post(NEW, typed(postnummer=postcode_typed)).status_code == 302


def test_a_postcode_of_letters_alone_is_no_place(browser):
    from clinics.models import Postcode

    Postcode.objects.create(
        code="0800", town="Høje Taastrup", latitude=55.6, longitude=12.2, land="sjaelland", kind="large_recipient"
    )
    response = browser.post(NEW, typed(postnummer="0800"))
    assert response.status_code == 422 and "0800 er kun til post" in words(response)


def test_nothing_else_can_be_sent_along(browser, olga):
    other = person("sten")
    mine = clinic("Ryggen", "Aalborg")
    browser.post(
        NEW,
        typed(
            kind="remove", status="approved", user=other.pk, user_id=other.pk, clinic=mine.pk, clinic_id=mine.pk,
            reason="Ja.", decided_by=olga.pk, name="Andet", postcode="9000", postcode_id="9000", id="1", pk="1",
        ),
    )  # fmt: skip
    stored = ListingRequest.objects.get()
    assert (stored.kind, stored.status, stored.user, stored.clinic) == ("new", "waiting", olga, None)
    assert (stored.name, stored.postcode_id, stored.reason, stored.decided_by) == ("Knæ og Hofte", "8000", "", None)


def is_harmless(html: str) -> bool:
    page = Page(html)
    sources = [attributes.get("src", "") for tag, attributes in page.elements if tag == "script"]
    handlers = [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    return not any(page.scripts) and all(one.startswith("/static/js/") for one in sources) and not handlers


@pytest.mark.parametrize("markup", HTML)
def test_markup_is_words(browser, markup):
    line = " ".join(markup.split())
    sent = typed(navn=f"Ry {line}"[:160].strip(), besked=markup[:1000], rolle=f"x {line}"[:80])
    assert is_harmless(browser.post(NEW, sent | {"vej": ""}).content.decode()), "said back at a fault"
    assert browser.post(NEW, sent).status_code == 302
    assert is_harmless(browser.get(NEW).content.decode())
    outbox.deliver_waiting()
    assert all("\n" not in one.subject for one in mail.outbox)
    assert all(is_harmless(body) for one in mail.outbox for body, _ in one.alternatives)


def test_invisible_letters_are_taken_out_of_a_name(browser):
    browser.post(NEW, typed(navn="K\u200bnæ \u202eog\u202c Hofte"))
    assert ListingRequest.objects.get().name == "Knæ og Hofte"


# Is it one of these?


def test_a_clinic_that_is_alike_is_asked_about_first(browser):
    twin = clinic("Knæ & Hofte v/Mette", "Aarhus C", street="Nørregade 4 B")
    page = browser.post(NEW, typed())
    assert page.status_code == 200 and not ListingRequest.objects.exists()
    said = words(page)
    assert "Er det en af disse?" in said and "Samme navn" in said and "samme adresse" in said
    assert f'href="/for-klinikker/overtag/{twin.slug}/"' in page.content.decode()
    fields = Page(page.content.decode())
    assert "Nej, min er en anden" in said and fields
    assert browser.post(NEW, typed(anden=str(twin.pk))).status_code == 302
    stored = ListingRequest.objects.get()
    line = LogEntry.objects.get(object_id=str(stored.pk))
    assert "Knæ & Hofte v/Mette" in line.change_message and f"nr. {twin.pk}" in line.change_message


def test_a_no_to_other_clinics_is_no_answer(browser):
    clinic("Knæ og Hofte", "Aarhus C")
    assert "Er det en af disse?" in words(browser.post(NEW, typed(anden="999")))
    assert not ListingRequest.objects.exists()


def test_back_from_the_question_keeps_what_was_typed(browser):
    twin = clinic("Knæ og Hofte", "Aarhus C")
    page = browser.post(NEW, typed(anden=str(twin.pk), tilbage="ja"))
    assert 'value="Knæ og Hofte"' in page.content.decode() and "Er det en af disse?" not in words(page)
    assert not ListingRequest.objects.exists()


def test_one_that_somebody_looks_after_one_that_is_closed_and_one_that_nobody_sees(browser):
    owner_of(clinic("Knæ og Hofte Centrum", "Aarhus C", phone="+4586121212"), person("mette"))
    clinic("Knæ og Hofte", "Aarhus C", status="closed", phone="+4586121212")
    clinic("Knæ og Hofte Hemmelig", "Aarhus C", status="draft", phone="+4586121212")
    page = browser.post(NEW, typed())
    said = words(page)
    assert "Bed om at være med" in said and "Klinikken står som lukket" in said and "Hemmelig" not in said
    assert "/klinik/knae-og-hofte/ret/?fra=klinik" in page.content.decode()


# One at a time


def test_one_open_wish_a_person(browser, olga):
    browser.post(NEW, typed())
    again = browser.post(NEW, typed(navn="En helt anden", vej="Søvej 9", telefon="87 12 12 13"))
    assert again.status_code == 422 and ListingRequest.objects.count() == 1, "the back button stores nothing twice"
    with pytest.raises(asking.ActionError, match="allerede bedt om en klinik"):
        wish(olga)


def test_two_colleagues_ask_for_the_same_clinic(olga):
    wish(olga)
    with pytest.raises(asking.ActionError, match="En anden har allerede bedt"):
        wish(person("bo"), name="Knæ & Hofte ApS")
    wish(person("carl"), postcode=postcode("Aalborg"))


def test_taken_back_and_asked_again(browser, olga):
    browser.post(NEW, typed())
    assert browser.get(f"{NEW}fortryd/").status_code == 405
    assert browser.post(f"{NEW}fortryd/")["Location"] == NEW
    assert ListingRequest.objects.get().status == "withdrawn"
    assert browser.post(f"{NEW}fortryd/").status_code == 422
    assert browser.post(NEW, typed()).status_code == 302
    assert sorted(ListingRequest.objects.values_list("status", flat=True)) == ["waiting", "withdrawn"]


def test_nobody_takes_back_anothers(olga, client):
    wish(olga)
    other = Client()
    other.force_login(person("sten"))
    assert other.post(f"{NEW}fortryd/").status_code == 422
    assert client.post(f"{NEW}fortryd/").status_code == 302
    assert ListingRequest.objects.get().status == "waiting"
    assert "Knæ og Hofte" not in words(other.get(NEW))


def test_five_a_day(olga):
    for number in range(asking.OF_PERSON):
        wish(olga, name=f"Ryggen {number}")
        asking.withdraw(user=olga)
    with pytest.raises(asking.ActionError, match="mange klinikker i dag"):
        wish(olga)
    wish(person("bo"))


def test_ten_a_day_from_one_address():
    for number in range(asking.OF_SOURCE):
        wish(person(f"p{number}"), name=f"Ryggen nummer{number}")
    with pytest.raises(asking.ActionError, match="mange klinikker i dag"):
        wish(person("sidste"))
    asking.ask_new(user=person("en-anden"), answers=answers(name="Et andet sted"), source="b" * 64)
    assert SOURCE != "b" * 64


def test_an_account_that_goes_takes_its_wish_along(olga):
    wish(olga)
    delete_account(user=olga)
    stored = ListingRequest.objects.get()
    assert (stored.status, stored.user) == ("withdrawn", None)
    wish(person("bo"))  # nobody's wish stands in nobody's way


def test_a_form_of_another_site_is_refused(olga):
    client = Client(enforce_csrf_checks=True)
    client.force_login(olga)
    assert client.post(NEW, typed()).status_code == 403 and not ListingRequest.objects.exists()

"""The fields of a clinic as an owner fills them in, and as somebody who means no good sends them."""

import datetime

import pytest
import time_machine

from clinics.models import Clinic, OpeningHours, SearchEntry

from .clinic_form import address_of, faults, form_of, made, refused, send, stored
from .people import postcode, speciality
from .worlds import kept

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 21)


@pytest.fixture
def sara(admin_client):
    """A superuser; what Adam, the administrator, may do is the same (tests/test_clinic_admin.py)."""
    return admin_client


@kept
def one():
    return made()


# What is sent back unchanged, and one field at a time


def test_unchanged_is_unchanged(sara, one):
    OpeningHours.objects.create(clinic=one, weekday=0, opens="08:00", closes="12:00")
    one.practitioners.create(name="Mette", languages=["da", "en"])
    one.specialities.create(speciality=speciality("Knæ"))
    before = stored(one)
    assert faults(send(sara, one)) == ""
    assert stored(one) == before


def test_every_section_stands_in_the_order_in_which_patients_read(sara, one):
    page = sara.get(address_of(one)).content.decode()
    keys = [
        "contact",
        "offers",
        "prices",
        "referral",
        "people",
        "waiting",
        "hours",
        "access",
        "answers",
        "photos",
        "sources",
    ]
    places_of = [page.index(f'<details class="section" id="{key}"') for key in keys]
    assert places_of == sorted(places_of)
    assert "style=" not in page and "onclick" not in page
    assert 'id="prices" open' in sara.get(f"{address_of(one)}?afsnit=prices").content.decode()


@pytest.mark.parametrize(
    ("typed", "number"),
    [("86 12 12 13", "+4586121213"), ("+45 8612 1213", "+4586121213"), ("tlf. 86121213", "+4586121213"), ("", "")],
)
def test_a_phone_number_is_stored_one_way(sara, one, typed, number):
    assert faults(send(sara, one, phone=typed)) == ""
    one.refresh_from_db()
    assert one.phone == number
    if number:
        assert form_of(sara, address_of(one))["phone"] == "86 12 12 13"


@pytest.mark.parametrize(
    ("field", "value", "word"),
    [
        ("phone", "ring til os", "skrives med tal"),
        ("phone", "86 12 12", "otte cifre"),
        ("phone", "+45 00 00 12 34", "findes ikke"),
        ("website", "javascript:alert(1)", "almindelig webadresse"),
        ("website", "java\nscript:alert(1)", "én linje"),
        ("website", "http://127.0.0.1/", "klinikkens egen webadresse"),
        ("booking_url", "data:text/html,x", "almindelig webadresse"),
        ("booking_url", "https://klinik.dk:kode@ond.dk", "brugernavn"),
        ("email", "info@klinik.dk\nBcc: alle@ond.dk", "e-mail"),
        ("email", "klinik.dk", "e-mail"),
        ("name", "Havnens\r\nBcc: alle@ond.dk", "én linje"),
        ("name", "H", "mindst 2"),
        ("name", "x" * 161, "160"),
        ("name", "", "påkrævet"),
        ("street", "x" * 161, "160"),
        ("postcode", "8888", "Vi kender ikke postnummer 8888"),
        ("postcode", "8000 Odense", "8000 er Aarhus C, ikke Odense"),
        ("postcode", "Aarhus", "fire cifre"),
        ("postcode", "80000", "fire cifre"),
        ("postcode", "", "påkrævet"),
        ("about", "x" * 2001, "Der er plads til 2000"),
        ("about", "Vi er Danmarks bedste klinik.", "må ikke stå her"),
        ("approach_manual", "Vi garanterer, at du bliver smertefri.", "må ikke stå her"),
        *(("waiting_days", typed, "Skriv et helt tal fra 0 til 730.") for typed in ("-1", "731", "5000", "1,5", "tre")),
        ("waiting_stated_on", "2026-11-22", "fremtiden"),
        ("waiting_stated_on", "0001-01-01", "to år tilbage"),
        ("postcode", "\x008000", "én linje"),
        ("latitude", "59.9", "Punktet ligger ikke i Danmark"),
        ("latitude", "", "både breddegrad og længdegrad"),
        ("latitude", "nan", "tal"),
        ("step_free", "måske", "gyldig valgmulighed"),
        ("languages", ["da", "klingon"], "gyldig valgmulighed"),
        ("insurers", ["none", "pfa"], "Ikke begge dele"),
        ("status", "slettet", "gyldig valgmulighed"),
        ("focus_areas", ["999999"], "gyldig valgmulighed"),
        ("hours_treatment_0", "17-8", "Mandag"),
        ("hours_treatment_2", "8-12, 11-17", "Onsdag"),
        ("hours_treatment_4", "25-26", "klokkeslæt"),
        ("hours_phone_6", "efter aftale", "ikke en tid"),
        ("slug", "!!!", "bogstaver og tal"),
    ],
)  # fmt: skip
@time_machine.travel(datetime.datetime(2026, 11, 21, 12, tzinfo=datetime.UTC), tick=False)
def test_a_bad_field_is_said_and_nothing_is_saved(sara, one, field, value, word):
    refused(sara, one, word, **{field: value})


def test_the_section_with_a_fault_is_open_and_linked(sara, one):
    page = send(sara, one, phone="abc").content.decode()
    assert 'id="contact" open' in page and 'id="prices" open' not in page
    assert '<a href="#contact">Navn, adresse og kontakt: 1 felt skal rettes</a>' in page
    assert "Fejl" in page.split("</title>")[0]
    assert 'value="abc"' in page  # what was typed stays


def test_what_somebody_typed_is_never_markup(sara, one):
    nasty = '"><script>alert(1)</script>'
    assert faults(send(sara, one, name=nasty, about=nasty, access_note=nasty)) == ""
    for address in (address_of(one), "/admin/clinics/clinic/"):
        assert "<script>alert" not in sara.get(address).content.decode()


def test_a_website_gets_its_scheme(sara, one):
    assert faults(send(sara, one, website="www.klinik.dk", booking_url="http://booking.dk/x")) == ""
    one.refresh_from_db()
    assert (one.website, one.booking_url) == ("https://www.klinik.dk", "http://booking.dk/x")


def test_an_invented_clinic_keeps_an_invented_number(sara, one):
    Clinic.objects.update(is_example=True, phone="+4500001234")
    assert faults(send(sara, one, name="Andet navn")) == ""
    refused(sara, one, "findes ikke", phone="00 00 12 34")


@pytest.mark.parametrize(("answer", "value"), [("yes", True), ("no", False), ("", None)])
def test_a_fact_has_three_states(sara, one, answer, value):
    assert faults(send(sara, one, step_free=answer, has_ydernummer=answer)) == ""
    one.refresh_from_db()
    assert (one.step_free, one.has_ydernummer) == (value, value)
    assert form_of(sara, address_of(one))["step_free"] == answer


@pytest.mark.parametrize(
    ("insurers", "value"), [(["pfa", "almbrand"], ["almbrand", "pfa"]), (["none"], []), ([], None)]
)
def test_none_is_another_answer_than_no_answer(sara, one, insurers, value):
    assert faults(send(sara, one, insurers=insurers)) == ""
    one.refresh_from_db()
    assert one.insurers == value
    assert faults(send(sara, one)) == ""
    one.refresh_from_db()
    assert one.insurers == value


# Where it is


@pytest.mark.parametrize("typed", ["8200", "8200 Aarhus N", "DK-8200 aarhus", "8200  Århus N", "d 8200, Aarhus N"])
def test_a_postcode_moves_a_point_that_was_the_postcodes(sara, one, typed):
    there = postcode("Aarhus N")
    assert faults(send(sara, one, postcode=typed)) == ""
    one.refresh_from_db()
    assert (one.postcode, one.latitude, one.longitude) == (there, there.latitude, there.longitude)
    assert one.location_source == Clinic.LocationSource.POSTCODE
    entry = SearchEntry.objects.get(clinic=one)
    assert (entry.latitude, entry.longitude) == (there.latitude, there.longitude)


def test_a_point_that_was_set_stays_and_is_asked_about(sara, one):
    Clinic.objects.update(location_source="hand", location_precision="address")
    response = sara.post(address_of(one), form_of(sara, address_of(one)) | {"postcode": "5000"}, follow=True)
    one.refresh_from_db()
    assert (one.latitude, one.location_source) == (56.1572, Clinic.LocationSource.HAND)
    assert "km fra 5000 Odense C. Er både punkt og postnummer rigtige?" in response.content.decode()


def test_a_point_by_hand_with_commas(sara, one):
    assert faults(send(sara, one, latitude="56,1600", longitude="10,2000")) == ""
    one.refresh_from_db()
    assert (one.latitude, one.longitude) == (56.16, 10.2)
    assert (one.location_source, one.location_precision) == ("hand", "address")
    assert faults(send(sara, one, latitude="", longitude="")) == ""
    one.refresh_from_db()
    assert (one.latitude, one.location_source, one.location_precision) == (56.1572, "postcode", "postcode")


def test_a_point_is_shown_as_danes_write_it(sara, one):
    fields = form_of(sara, address_of(one))
    assert (fields["latitude"], fields["longitude"]) == ("56,1572", "10,2107")
    assert faults(send(sara, one, latitude="56.1600")) == ""
    assert form_of(sara, address_of(one))["latitude"] == "56,16"


def test_one_word_for_one_thing(sara, one):
    page = sara.get(address_of(one)).content.decode()
    for said in (
        *("Hvor nøjagtigt er punktet?", "Adgang uden trin", "Behandling hjemme hos patienten", "Behandling online"),
        *(">Kilder<", "Tillæg, som kun nogle betaler, fx om aftenen, skrives på deres egen linje."),
    ):
        assert said in page, said
    for fault in ("Kildes", "med alle tillæg", "Punktets præcision", "hjemmebesøg", "Niveaufri adgang"):
        assert fault not in page, fault


@pytest.mark.parametrize(
    ("latitude", "longitude"), [("55.60", "13.00"), ("54.32", "10.13"), ("10.2107", "56.1572"), ("56.5", "8.9999999e9")]
)
def test_neither_sweden_nor_germany_nor_swapped(sara, one, latitude, longitude):
    """Malmø, Kiel, and the two numbers the wrong way round."""
    refused(sara, one, "Punktet ligger ikke i Danmark", latitude=latitude, longitude=longitude)


# Waiting time


@time_machine.travel(datetime.datetime(2026, 11, 21, 12, tzinfo=datetime.UTC), tick=False)
def test_a_waiting_time_has_the_day_it_was_stated(sara, one):
    assert faults(send(sara, one, waiting_days="0")) == ""
    one.refresh_from_db()
    assert (one.waiting_days, one.waiting_stated_on) == (0, TODAY)
    assert faults(send(sara, one, waiting_stated_on="1.11.2026")) == ""
    one.refresh_from_db()
    assert one.waiting_stated_on == datetime.date(2026, 11, 1)
    assert faults(send(sara, one, waiting_days="5")) == ""
    one.refresh_from_db()
    assert (one.waiting_days, one.waiting_stated_on) == (5, TODAY)
    assert faults(send(sara, one, waiting_days="")) == ""
    one.refresh_from_db()
    assert one.waiting_stated_on is None

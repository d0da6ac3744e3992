"""The form of a clinic as an owner fills it in, and as somebody who means no good sends it."""

import datetime

import pytest
import time_machine

from clinics import addresses
from clinics.models import Clinic, OpeningHours, Practitioner, Price, Provenance, SearchEntry, SlugHistory
from fysfinder.roles import ADMINISTRATOR, ROLES

from . import clinic_form
from .clinic_form import address_of, bare, faults, form_of, row, send
from .people import clinic, postcode, speciality, treatment
from .staff import staff

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 21)


@pytest.fixture
def sara(admin_client):
    """A superuser; what Adam, the administrator, may do is the same (below)."""
    return admin_client


@pytest.fixture
def one():
    for town in ("Aarhus N", "Odense C", "Aalborg"):
        postcode(town)
    return clinic("Havnens Fysioterapi", "Aarhus C", price=500, phone="+4586121212", has_ydernummer=True)


def stored(one: Clinic) -> dict:
    """Everything that the clinic says, but for when it was saved."""
    fields = Clinic.objects.filter(pk=one.pk).values().get()
    fields.pop("updated_at")
    parts = ("prices", "specialities", "treatments", "practitioners", "opening_hours", "opening_exceptions", "photos")
    return fields | {name: list(getattr(one, name).order_by("pk").values()) for name in parts}


def refused(sara, one, word: str, files=None, **changed) -> None:
    """The page says so, and nothing at all was saved: not the good name beside the bad field either."""
    before = stored(one)
    response = sara.post(address_of(one), bare(one) | {"name": "Et nyt navn"} | changed | (files or {}))
    assert word in faults(response), faults(response) or "saved"
    assert stored(one) == before


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
        ("waiting_days", "-1", "større end eller lig"),
        ("waiting_days", "5000", "mindre end eller lig"),
        ("waiting_stated_on", "2026-11-22", "fremtiden"),
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


# Hours


def hours(one: Clinic, kind: str = "treatment") -> list[tuple[int, str]]:
    return [(row.weekday, f"{row.opens:%H.%M}-{row.closes:%H.%M}") for row in one.opening_hours.filter(kind=kind)]


@pytest.mark.parametrize(
    ("typed", "intervals"),
    [
        ("8-17", ["08.00-17.00"]),
        ("08.00–12.00, 13.00–17.30", ["08.00-12.00", "13.00-17.30"]),
        ("13-17 og 8-12", ["08.00-12.00", "13.00-17.00"]),
        ("kl. 8.30 til 16", ["08.30-16.00"]),
        ("0800-1630", ["08.00-16.30"]),
        ("8:00 - 24:00", ["08.00-00.00"]),
        ("20-02", ["20.00-02.00"]),
        ("lukket", []),
        ("", []),
    ],
)
def test_hours_as_they_stand_on_the_door(sara, one, typed, intervals):
    assert faults(send(sara, one, hours_treatment_1=typed)) == ""
    assert hours(one) == [(1, interval) for interval in intervals]


@time_machine.travel(datetime.datetime(2026, 11, 21, 12, tzinfo=datetime.UTC), tick=False)
def test_monday_is_copied_to_the_working_days(sara, one):
    week = {f"hours_treatment_{day}": "" for day in range(7)}
    week |= {"hours_treatment_0": "8-12, 13-17", "hours_treatment_5": "9-12", "hours_treatment_copy": "on"}
    assert faults(send(sara, one, **week)) == ""
    assert hours(one) == [
        *((day, times) for day in range(5) for times in ("08.00-12.00", "13.00-17.00")),
        (5, "09.00-12.00"),
    ]
    assert set(one.opening_hours.values_list("confirmed_at", flat=True)) == {TODAY}
    assert hours(one, "phone") == []


def test_an_unchanged_week_keeps_the_day_it_was_confirmed(sara, one):
    spring = datetime.date(2026, 4, 1)
    kept = OpeningHours.objects.create(clinic=one, weekday=0, opens="08:00", closes="12:00", confirmed_at=spring)
    assert faults(send(sara, one, hours_phone_0="8-9")) == ""
    assert one.opening_hours.get(kind="treatment") == kept
    assert one.opening_hours.get(kind="treatment").confirmed_at == spring


def test_days_that_are_different(sara, one):
    week29 = {"first_day": "2027-07-19", "last_day": "2027-08-01", "kind": "treatment", "note": "Sommerferie"}
    assert faults(send(sara, one, **row("opening_exceptions", **week29))) == ""
    assert one.opening_exceptions.get().note == "Sommerferie"


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"first_day": "2027-08-01", "last_day": "2027-07-19"}, "dag"),
        ({"first_day": "2027-08-01", "last_day": "2027-08-01", "opens": "08:00"}, "lukker"),
        ({"first_day": "32.13.2027", "last_day": "2027-08-01"}, "gyldig dato"),
        (
            {"first_day": "2027-08-01", "last_day": "2027-08-01", "note": "Spar 50 % på alt, kun i dag!"},
            "må ikke stå her",
        ),
    ],
)
def test_bad_days_are_said_at_the_row(sara, one, fields, word):
    refused(sara, one, word, **row("opening_exceptions", kind="treatment", **fields))


# Prices


@pytest.mark.parametrize(
    ("typed", "amount"), [("450", 450), ("450,50", 450.5), ("1.250", 1250), ("1.250,00 kr.", 1250)]
)
def test_a_price_as_danes_write_it(sara, one, typed, amount):
    one.prices.all().delete()
    assert faults(send(sara, one, **row("prices", kind="first", amount=typed, minutes="45"))) == ""
    assert float(one.prices.get().amount) == amount


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"kind": "first", "amount": "0"}, "over 0 kr."),
        ({"kind": "first", "amount": "-1"}, "over 0 kr."),
        ({"kind": "first", "amount": "1000000000"}, "cifre"),
        ({"kind": "first", "amount": "60000"}, "50.000"),
        ({"kind": "first", "amount": "NaN"}, "tal"),
        ({"kind": "first", "amount": "cirka 500"}, "tal"),
        ({"kind": "first", "amount": ""}, "påkrævet"),
        ({"kind": "package", "amount": "2000"}, "hvor mange gange"),
        ({"kind": "package", "amount": "2000", "sessions": "1"}, "hvor mange gange"),
        ({"kind": "first", "amount": "500", "terms": "Spar 40 % i dag"}, "må ikke stå her"),
        ({"kind": "gratis", "amount": "500"}, "gyldig valgmulighed"),
    ],
)
def test_a_bad_price_is_said_at_the_row(sara, one, fields, word):
    one.prices.all().delete()
    refused(sara, one, word, **row("prices", **({"minutes": "45"} | fields)))


def test_the_price_of_one_session_is_computed(sara, one):
    one.prices.create(kind="package", amount=2000, sessions=5)
    assert "400 kr." in sara.get(address_of(one)).content.decode()


@time_machine.travel(datetime.datetime(2026, 11, 21, 12, tzinfo=datetime.UTC), tick=False)
def test_only_what_was_changed_is_dated_anew(sara, one):
    spring = datetime.date(2026, 4, 1)
    Price.objects.update(confirmed_at=spring)
    other = one.prices.create(kind="follow_up", amount=400, confirmed_at=spring)
    for group in ("prices", "hours"):
        one.provenance.create(group=group, source="clinic", stated_on=spring)
    assert faults(send(sara, one, **{"prices-0-amount": "550"})) == ""
    assert one.prices.get(kind="first").confirmed_at == TODAY
    assert Price.objects.get(pk=other.pk).confirmed_at == spring
    assert {one.group: one.stated_on for one in Provenance.objects.all()} == {"prices": TODAY, "hours": spring}


def test_the_index_follows_in_the_same_save(sara, one):
    assert faults(send(sara, one, **{"prices-0-amount": "555", "waiting_days": "3"})) == ""
    entry = SearchEntry.objects.get(clinic=one)
    assert (entry.price, entry.waiting_days) == (555, 3)


# People and what they are good at


def test_ticks_are_rows_and_rows_with_more_to_say_are_left_alone(sara, one):
    knee, back, run = speciality("Knæ"), speciality("Ryg"), speciality("Løb")
    mette = one.practitioners.create(name="Mette")
    hers = one.specialities.create(speciality=knee, practitioner=mette)
    ours = one.specialities.create(speciality=back)
    guess = one.specialities.create(speciality=run, basis="suggested")
    assert form_of(sara, address_of(one))["focus_areas"] == [str(back.pk)]
    assert faults(send(sara, one, focus_areas=[knee.pk, run.pk])) == ""
    rows = {(r.speciality, r.practitioner, r.basis) for r in one.specialities.all()}
    assert rows == {(knee, mette, "stated"), (knee, None, "stated"), (run, None, "stated")}
    assert one.specialities.filter(pk__in=[hers.pk, guess.pk]).count() == 2
    assert not one.specialities.filter(pk=ours.pk).exists()


def test_treatments_by_tick_and_a_team_by_row(sara, one):
    strength, team = treatment("Styrketræning"), treatment("Holdtræning")
    fields = row("treatments", treatment=team.pk, format="group", group_topic=speciality("Knæ").pk, basis="stated")
    assert faults(send(sara, one, treatment_types=[strength.pk], **fields)) == ""
    assert {(r.treatment, r.format) for r in one.treatments.all()} == {(strength, "individual"), (team, "group")}
    assert faults(send(sara, one, treatment_types=[])) == ""
    assert [r.treatment for r in one.treatments.all()] == [team]


def test_a_title_needs_a_person_and_a_document(sara, one):
    fields = {"speciality": speciality("Knæ").pk, "grade": "specialist", "basis": "stated"}
    refused(sara, one, "hvilken behandler der har titlen", **row("specialities", **fields))


def test_nobody_elses_person_can_be_chosen(sara, one):
    other = clinic("Den anden", "Odense C").practitioners.create(name="Olga")
    fields = row("specialities", speciality=speciality("Knæ").pk, practitioner=other.pk, basis="stated")
    refused(sara, one, "gyldig valgmulighed", **fields)
    assert "Olga" not in sara.get(address_of(one)).content.decode()


def test_nobody_elses_row_can_be_taken(sara, one):
    """A row of another clinic sent as if it were this one's: nothing becomes of it."""
    other = clinic("Den anden", "Odense C", price=700)
    theirs = other.prices.get()
    fields = {"prices-0-id": theirs.pk, "prices-0-amount": "1"}
    send(sara, one, **fields)
    theirs.refresh_from_db()
    assert (theirs.clinic, theirs.amount, one.prices.get().amount) == (other, 700, 500)


def test_a_practitioner(sara, one):
    fields = {"name": "Mette Holm", "profession": "physiotherapist", "authorisation_id": "09YM8", "position": "1"}
    person = row("practitioners", languages=["da", "sgn"], is_restricted="no", **fields)
    assert faults(send(sara, one, **person)) == ""
    mette = one.practitioners.get()
    assert (mette.languages, mette.is_restricted, mette.authorisation_id) == (["da", "sgn"], False, "09YM8")


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"authorisation_id": "9Y"}, "fem tegn"),
        ({"title": "Danmarks bedste fysioterapeut"}, "må ikke stå her"),
        ({"name": "Mette\nHolm"}, "én linje"),
        ({"position": "-1"}, "større end eller lig"),
    ],
)
def test_a_bad_practitioner_is_said_at_the_row(sara, one, fields, word):
    known = {"name": "Mette", "profession": "physiotherapist", "position": "0"}
    refused(sara, one, word, **row("practitioners", **(known | fields)))
    assert not Practitioner.objects.exists()


# A new clinic, another address, the end


def new(sara, **fields):
    address = "/admin/clinics/clinic/add/"
    return sara.post(address, form_of(sara, address) | fields)


def test_a_new_clinic_needs_a_name_and_a_postcode(sara, one):
    assert faults(new(sara, name="Ny Fys", postcode="5000 Odense C", phone="66121212")) == ""
    made = Clinic.objects.get(name="Ny Fys")
    assert (made.slug, made.status, made.latitude) == ("ny-fys", "draft", postcode("Odense C").latitude)
    assert faults(new(sara, name="Ny Fys", postcode="9000")) == ""
    assert Clinic.objects.filter(slug="ny-fys-aalborg").exists()
    assert "bruges af en anden klinik" in faults(new(sara, name="Ny Fys", postcode="9000"))
    assert "påkrævet" in faults(new(sara, name="Ny Fys"))


def test_the_old_address_leads_to_the_new_one(sara, one):
    assert faults(send(sara, one, slug="Ærø Fys")) == ""
    one.refresh_from_db()
    assert one.slug == "aeroe-fys"
    assert addresses.current(SlugHistory.Kind.CLINIC, "havnens-fysioterapi") == one.pk
    assert faults(send(sara, one, slug="havnens-fysioterapi")) == ""
    assert addresses.current(SlugHistory.Kind.CLINIC, "havnens-fysioterapi") is None
    assert addresses.current(SlugHistory.Kind.CLINIC, "aeroe-fys") == one.pk
    clinic("Fjordens Fysioterapi", "Aarhus C")
    refused(sara, one, "bruges af en anden klinik", slug="fjordens-fysioterapi")


def test_a_closed_clinic_is_found_no_more(sara, one, client):
    assert faults(send(sara, one, status="closed")) == ""
    assert not SearchEntry.objects.filter(clinic=one).exists()
    assert client.get(f"/klinik/{one.slug}/").status_code == 410


def test_a_deleted_clinic_leaves_nothing(sara, one):
    assert faults(send(sara, one, slug="nyt")) == ""
    assert sara.post(f"/admin/clinics/clinic/{one.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Clinic.objects.exists() and not SlugHistory.objects.exists() and not SearchEntry.objects.exists()


# Who gets in


PAGES = [
    "clinics/clinic/", "clinics/clinic/add/", "clinics/clinic/{clinic}/change/", "clinics/clinic/{clinic}/delete/",
    "clinics/clinic/{clinic}/history/", "clinics/correction/", "clinics/correction/{correction}/change/",
]  # fmt: skip


def test_an_administrator_fills_in_all_of_it(client, one):
    adam = clinic_form.adam(client)
    week, price = (
        {"hours_treatment_0": "8-16"},
        row("prices", 1, initial=1, kind="follow_up", amount="400", minutes="30"),
    )
    assert faults(send(adam, one, name="Adams navn", **week, **price)) == ""
    one.refresh_from_db()
    assert (one.name, one.prices.count(), one.opening_hours.count()) == ("Adams navn", 2, 1)


def test_no_role_but_the_administrators_gets_in(client, one):
    people = staff()
    correction = one.corrections.create(group="prices", text="Prisen er en anden.")
    before = stored(one)
    for name, user in people.items():
        client.force_login(user)
        may = name == "sara" or user.groups.filter(name=ADMINISTRATOR).exists()
        for page in PAGES:
            address = f"/admin/{page.format(clinic=one.pk, correction=correction.pk)}"
            assert (client.get(address).status_code == 200) == may, (name, address)
            if not may:
                assert client.post(address, {"post": "yes", "_confirm": "1"}).status_code in (302, 403, 404)
    assert set(ROLES) == {"Redaktør", "Fagperson", ADMINISTRATOR}, "a new role belongs in tests/staff.py"
    assert stored(one) == before


# The list


def test_the_list_says_what_is_missing_in_as_many_queries_for_many(sara, one, django_assert_max_num_queries):
    sara.get("/admin/clinics/clinic/")  # terms and rights are remembered from here on
    with django_assert_max_num_queries(8):
        page = sara.get("/admin/clinics/clinic/").content.decode()
    assert "mangler: specialer" in page
    for number in range(10):
        clinic(f"Klinik {number}", "Odense C", price=300 + number, specialities=["Knæ"])
    sara.get("/admin/clinics/clinic/")
    with django_assert_max_num_queries(8):
        sara.get("/admin/clinics/clinic/")


@time_machine.travel(datetime.datetime(2026, 11, 21, 12, tzinfo=datetime.UTC), tick=False)
def test_the_list_is_filtered_by_age_and_by_what_is_missing(sara, one):
    for name, day in {"Frisk": "2026-06-01", "Snart": "2026-05-21", "Gammel": "2025-11-20"}.items():
        clinic(name, "Odense C", confirmed_at=datetime.date.fromisoformat(day), phone="")

    def found(query: str) -> set[str]:
        return {one.name for one in sara.get(f"/admin/clinics/clinic/?{query}").context["cl"].result_list}

    assert found("frisk=fresh") == {"Frisk"}
    assert found("frisk=due") == {"Snart"}
    assert found("frisk=stale") == {"Gammel"}
    assert found("frisk=never") == {one.name}
    assert found("mangler=phone") == {"Frisk", "Snart", "Gammel"}
    assert found("mangler=price_first") == {"Frisk", "Snart", "Gammel"}
    assert found("mangler=intet") == set()
    assert found("mangler=noget&frisk=x") == {"Frisk", "Snart", "Gammel", one.name}

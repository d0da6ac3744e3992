"""Who wins, fact by fact: what a row of a list changes of a clinic, and why the rest stays."""

import datetime
import hashlib
import json

import pytest

from clinics.intake.changing.changes import OTHER_NAME, OTHER_NUMBER, OWN, OWN_EMPTY, UNDATED, Said, changes
from clinics.intake.changing.place_changes import HALF, LOOKED_UP, PINNED, UNPLACED
from clinics.models import Clinic, FieldSource, OpeningHours, Price, Provenance
from clinics.versions.facts import facts_of

from .intake import MAY, filled, week
from .memory import shared_rows
from .people import clinic, postcode

pytestmark = pytest.mark.django_db

EARLIER, LATER = datetime.date(2026, 1, 1), datetime.date(2026, 9, 1)
LIST = Said("import", "Sundhedslisten", MAY)
UNDATED_LIST = Said("import", "Sundhedslisten")
NEW = {"phone": "+4586121212"}
HERE = {"street": "Nygade 3", "postcode_id": "8000"}


@pytest.fixture(scope="module", autouse=True)
def _towns(django_db_setup, django_db_blocker):
    with shared_rows(django_db_blocker):
        for town in ("Aarhus C", "Aarhus N", "Ebeltoft"):
            postcode(town)
        yield


def told(made: Clinic, facts: dict, said: Said = LIST) -> dict[str, str]:
    """Field → why it stays, "" where the list writes it."""
    return {one.field: one.kept for one in changes(facts, filled(made), said)}


def a_clinic(**fields) -> Clinic:
    return clinic("Ryggen", "Aarhus C", **{"source": "register", "street": "Nygade 3"} | fields)


# --- the source of a fact


@pytest.mark.parametrize(
    ("source", "stated_on", "said", "kept"),
    [
        ("import", EARLIER, LIST, ""),
        ("import", MAY, LIST, ""),  # of one day: the list at hand
        ("import", LATER, LIST, "Det, der står, er ikke ældre: Kommunen, 1. september 2026."),
        ("import", None, LIST, ""),
        ("import", EARLIER, UNDATED_LIST, UNDATED),
        ("import", None, UNDATED_LIST, ""),
        ("register", LATER, LIST, "Det, der står, er ikke ældre: Kommunen, 1. september 2026."),
        ("hand", MAY, LIST, "Det, der står, er ikke ældre: Kommunen, 1. maj 2026."),  # a person has just looked
        ("hand", EARLIER, LIST, ""),
        ("clinic", EARLIER, LIST, OWN),
        ("clinic", None, LIST, OWN),
    ],
)
@pytest.mark.parametrize("of", ["field", "group", "clinic"])
def test_the_newest_word_wins_and_the_clinics_own_always(source, stated_on, said, kept, of):
    made = a_clinic()
    if of == "field":
        Provenance.objects.create(clinic=made, group="contact", source="register", stated_on=LATER)
        FieldSource.objects.create(clinic=made, field="phone", source=source, note="Kommunen", stated_on=stated_on)
    elif of == "group":
        Provenance.objects.create(clinic=made, group="contact", source=source, note="Kommunen", stated_on=stated_on)
    else:
        if source == "hand":
            return
        Clinic.objects.update(source=source, confirmed_at=stated_on)
        label = {"import": "importeret liste", "register": "offentligt register"}.get(source, "")
        kept = kept.replace("Kommunen", label)
    assert told(made, NEW, said) == {"phone": kept}


def test_what_is_unknown_is_filled_whatever_its_group_is_dated():
    made = a_clinic(has_ydernummer=None, website="")
    for group in ("contact", "referral"):
        Provenance.objects.create(clinic=made, group=group, source="register", stated_on=LATER)
    assert told(made, {"website": "https://ryggen.example", "has_ydernummer": True}) == {
        "website": "",
        "has_ydernummer": "",
    }


def test_what_the_clinic_left_empty_stays_so():
    made = a_clinic(website="", source="clinic")
    assert told(made, {"website": "https://ryggen.example"}) == {"website": OWN_EMPTY}


def test_what_a_moderator_emptied_is_not_filled_by_an_older_list():
    made = a_clinic(phone="")
    FieldSource.objects.create(clinic=made, field="phone", source="hand", stated_on=LATER)
    assert told(made, NEW)["phone"].startswith("Det, der står, er ikke ældre: FysFinder")
    assert told(made, NEW, Said("import", "Sundhedslisten", LATER + datetime.timedelta(1))) == {"phone": ""}


def test_what_is_the_same_is_no_change():
    made = a_clinic(website="https://www.ryggen.example/", email="Ryggen@example.org", languages=["en", "da"])
    same = {
        "name": "Ryggen", "phone": "+4500001234", "website": "http://ryggen.example", "email": "ryggen@example.org",
        "languages": ["da", "en"], **HERE,
    }  # fmt: skip
    assert told(made, same) == {}


def test_an_empty_cell_blanks_nothing():
    made = a_clinic(has_ydernummer=True, languages=["da"])
    assert told(made, {"phone": "", "has_ydernummer": None, "street": "", "opening_hours": [], "prices": {}}) == {}


def test_words_for_people_and_the_order_of_the_form():
    made = a_clinic(has_ydernummer=None)
    facts = {"has_ydernummer": False, "phone": "+4586121212", "opening_hours": week(days=1), "cvr": "12345678"}
    found = changes(facts | {"prices": {"first": {"amount": "506.72", "terms": ""}}}, filled(made), LIST)
    assert [(one.label, one.old, one.new) for one in found] == [
        ("Telefon", "00 00 12 34", "86 12 12 12"),
        ("Ydernummer", "Ikke oplyst", "Nej"),
        ("Cvr-nummer", "Ikke oplyst", "12345678"),
        ("Priser", "Ikke oplyst", "første konsultation 506,72 kr."),
        ("Åbningstider", "Ikke oplyst", "mandag 08.00–16.00"),
    ]


def test_it_writes_nothing():
    made = a_clinic()
    before = hashlib.sha256(json.dumps(facts_of(filled(made)), sort_keys=True).encode()).hexdigest()
    changes(NEW | HERE | {"street": "Bygade 9", "latitude": 56.157, "longitude": 10.211}, filled(made), LIST)
    assert hashlib.sha256(json.dumps(facts_of(filled(made)), sort_keys=True).encode()).hexdigest() == before


# --- name and numbers


def test_the_name_changes_by_the_list_it_came_from_alone():
    made = a_clinic()
    assert told(made, {"name": "Ryg & Nakke"}) == {"name": OTHER_NAME}
    Provenance.objects.create(
        clinic=made, group="contact", source="import", note="Sundhedslisten, CC BY 4.0", stated_on=EARLIER
    )
    assert told(made, {"name": "Ryg & Nakke"}) == {"name": ""}
    assert told(made, {"name": "Ryg & Nakke"}, Said("import", "Sundheds", MAY)) == {"name": OTHER_NAME}
    assert told(made, {"name": "Ryg & Nakke"}, Said("import", "Sundhedslisten", datetime.date(2025, 1, 1)))["name"]


def test_a_name_written_another_way_is_not_worth_a_word():
    assert told(a_clinic(), {"name": "RYGGEN"}) == {}


def test_register_numbers_are_filled_and_never_replaced():
    made = a_clinic(cvr="12345678", source="clinic")
    assert told(made, {"cvr": "87654321", "p_number": "1000000001"}) == {"cvr": OTHER_NUMBER, "p_number": ""}


# --- the place


@pytest.mark.parametrize("street", ["Nygade 3", "nygade 3", "Nygade 3, 2. tv.", "NYGADE 3B"])
def test_the_same_house_is_no_change(street):
    assert told(a_clinic(), {"street": street, "postcode_id": "8000"}) == {}


def test_a_floor_is_added_to_the_same_house():
    assert told(a_clinic(), HERE | {"address_extra": "2. tv."}) == {"address_extra": ""}
    assert told(a_clinic_too(), HERE | {"address_extra": "2 TV"}) == {}


def a_clinic_too() -> Clinic:
    return clinic("Nakken", "Aarhus C", source="register", street="Nygade 3", address_extra="2. tv.")


def test_another_house_takes_floor_postcode_and_point_along():
    made = a_clinic(address_extra="2. tv.", location_source="geocoder", geocoded_for="Nygade 3, 8000")
    (change,) = changes({"street": "Havnevej 1", "postcode_id": "8400"}, filled(made), LIST)
    assert (change.field, change.kept, change.new) == ("street", "", "Havnevej 1, 8400 Ebeltoft")
    assert change.values["address_extra"] == "" and change.values["location_source"] == "postcode"
    assert change.values["latitude"] == 56.1944


def test_part_of_an_address_is_not_enough_for_another_one():
    made = a_clinic()
    assert told(made, {"postcode_id": "8400"}) == {"street": HALF}
    assert told(made, {"street": "Bygade 9"}) == {"street": UNPLACED}
    nowhere = clinic("Uden vej", "Aarhus C", source="register")
    assert told(nowhere, {"street": "Bygade 9", "postcode_id": "8000"}) == {"street": ""}


def test_a_postcode_that_is_gone():
    assert (
        told(a_clinic(), {"street": "Bygade 9", "postcode_id": "0999"})["street"]
        == "Postnummeret 0999 findes ikke længere."
    )


def test_one_own_word_on_any_part_of_the_address_holds_all_of_it():
    made = a_clinic()
    FieldSource.objects.create(clinic=made, field="address_extra", source="clinic", stated_on=EARLIER)
    assert told(made, {"street": "Bygade 9", "postcode_id": "8000"}) == {"street": OWN}


def test_a_pin_set_by_hand_never_moves_nor_the_address_from_under_it():
    made = a_clinic(location_source="hand", location_precision="address")
    assert told(made, HERE | {"latitude": 56.16, "longitude": 10.2}) == {"latitude": PINNED}
    both = told(made, {"street": "Bygade 9", "postcode_id": "8000", "latitude": 56.16, "longitude": 10.2})
    assert both == {"street": PINNED}


@pytest.mark.parametrize(
    ("latitude", "longitude", "why"),
    [
        (56.158, 10.212, ""),
        (10.212, 56.158, "byttet om"),
        (0.0, 0.0, "ikke i Danmark"),
        (55.605, 13.0, "ikke i Danmark"),  # Malmö
        (56.15, 10.35, "havet"),
        (56.1944, 10.6821, "km fra"),
    ],
)
def test_a_point_is_judged_as_a_geocoders(latitude, longitude, why):
    kept = told(a_clinic(), HERE | {"latitude": latitude, "longitude": longitude})["latitude"]
    assert why in kept and bool(why) == bool(kept)


def test_a_point_counts_for_the_address_of_its_row_alone():
    made = a_clinic(street="Bygade 9", source="clinic")
    assert told(made, HERE | {"latitude": 56.158, "longitude": 10.212}) == {"street": OWN}


def test_a_point_that_was_looked_up_to_the_door_stays():
    made = a_clinic(location_source="geocoder", location_precision="address", geocoded_for="Nygade 3, 8000")
    assert told(made, HERE | {"latitude": 56.16, "longitude": 10.22}) == {"latitude": LOOKED_UP}
    Clinic.objects.update(location_precision="street")
    assert told(made, HERE | {"latitude": 56.16, "longitude": 10.22}) == {"latitude": ""}


# --- rows


def test_hours_and_prices_are_replaced_unless_one_row_is_the_clinics():
    made = a_clinic()
    facts = {"opening_hours": week(), "prices": {"first": {"amount": "500.00", "terms": ""}}}
    assert told(made, facts) == {"prices": "", "opening_hours": ""}
    hours = OpeningHours.objects.create(
        clinic=made, weekday=0, kind="phone", opens=datetime.time(9), closes=datetime.time(10), source="clinic"
    )
    price = Price.objects.create(clinic=made, kind="package", amount=900, sessions=3, source="clinic")
    assert told(made, facts) == {"prices": OWN, "opening_hours": OWN}
    for row in (hours, price):
        row.source, row.confirmed_at = "import", LATER
        row.save()
    assert all("ikke ældre" in kept for kept in told(made, facts).values())
    type(hours).objects.update(confirmed_at=EARLIER)
    type(price).objects.update(confirmed_at=None)
    assert told(made, facts) == {"prices": "", "opening_hours": ""}


def test_the_same_week_and_price_are_no_change():
    made = a_clinic()
    for day in range(5):
        OpeningHours.objects.create(clinic=made, weekday=day, opens=datetime.time(8), closes=datetime.time(16))
    Price.objects.create(clinic=made, kind="first", amount=500, minutes=45)
    assert told(made, {"opening_hours": week(), "prices": {"first": {"amount": "500", "terms": ""}}}) == {}


# --- what cannot stand


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"opening_hours": [*week(), {"weekday": 0, "opens": "09:00:00", "closes": "10:00:00"}]}, "opening_hours"),
        ({"opening_hours": [{"weekday": 9, "opens": "09:00:00", "closes": "10:00:00"}]}, "opening_hours"),
        ({"opening_hours": [{"weekday": 1, "opens": "25:00", "closes": ""}]}, "opening_hours"),
        ({"prices": {"first": {"amount": "500", "terms": "Danmarks bedste pris"}}}, "prices"),
        ({"prices": {"first": {"amount": "0", "terms": ""}}}, "prices"),
        ({"prices": {"first": {"amount": "NaN", "terms": ""}}}, "prices"),
        ({"prices": {"first": {"amount": "gratis", "terms": ""}}}, "prices"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"email": "ikke en adresse"}, "email"),
        ({"phone": "+45" + "1" * 40}, "phone"),
        ({"languages": ["da", "klingon"]}, "languages"),
        ({"waiting_days": -1}, "waiting_days"),
    ],
)
def test_what_no_form_would_take_is_kept_out(facts, field):
    assert told(a_clinic(), facts)[field].startswith("Det kan ikke stå der: ")


def test_two_sources_that_contradict_each_other():
    made = a_clinic(has_ydernummer=False)
    assert told(made, {"free_physiotherapy": True})["free_physiotherapy"].startswith(
        "Det kan ikke stå der: Vederlagsfri"
    )
    assert told(made, {"free_physiotherapy": True, "has_ydernummer": True}) == dict.fromkeys(
        ("has_ydernummer", "free_physiotherapy"), ""
    )
    other = clinic("Nakken", "Aarhus C", source="register", has_ydernummer=True, free_physiotherapy=True)
    assert told(other, {"has_ydernummer": False})["has_ydernummer"].startswith("Det kan ikke stå der: ")
    # What contradicted itself before does not keep everything else out.
    Clinic.objects.filter(pk=other.pk).update(has_ydernummer=False)
    assert told(other, NEW) == {"phone": ""}


def test_a_name_that_is_too_long():
    made = a_clinic()
    Provenance.objects.create(clinic=made, group="contact", source="import", note="Sundhedslisten", stated_on=EARLIER)
    assert told(made, {"name": "F" * 161})["name"].startswith("Det kan ikke stå der: ")


def test_a_waiting_time_has_its_own_day():
    made = a_clinic(waiting_days=3, waiting_stated_on=LATER)
    assert "ikke ældre" in told(made, {"waiting_days": 9})["waiting_days"]
    Clinic.objects.update(waiting_stated_on=EARLIER)
    (change,) = changes({"waiting_days": 9}, filled(made), LIST)
    assert change.kept == "" and change.values == {"waiting_days": 9, "waiting_stated_on": "2026-05-01"}


def test_a_filled_clinic_is_asked_no_more(django_assert_num_queries):
    made = filled(a_clinic(has_ydernummer=None))
    facts = NEW | HERE | {"has_ydernummer": True, "opening_hours": week(), "cvr": "12345678", "name": "Andet"}
    with django_assert_num_queries(0):
        assert len(changes(facts, made, LIST)) == 5

"""A list is applied row by row: each whole or not at all, once, and with its name at what it wrote."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinics import actions, index
from clinics.addresses import AddressError
from clinics.intake import applying
from clinics.intake.applying import CLOSED, DELETED, EXAMPLE, OUR_FAULT, SAME, TAKEN_OFF, apply
from clinics.intake.changing import writing
from clinics.intake.suggesting.finding import SPECIALITY, Suggestion
from clinics.models import (
    Clinic,
    ClinicSpeciality,
    ClinicVersion,
    FieldSource,
    ImportRecord,
    ListingRequest,
    OpeningHours,
    Postcode,
    Price,
    Provenance,
    SearchEntry,
    SlugHistory,
)
from clinics.models.clinic import Source

from .intake import MAY, Decision, State, Status, applied, batch, one, record, week
from .memory import shared_rows
from .people import clinic, postcode, speciality

pytestmark = pytest.mark.django_db

PHONE = "+4586121212"
NEW = {"name": "Fysioterapi", "street": "Nygade 3", "postcode_id": "8000"}
PRICE = {"first": {"amount": "506.72", "terms": ""}}


@pytest.fixture(scope="module", autouse=True)
def _towns(django_db_setup, django_db_blocker):
    with shared_rows(django_db_blocker):
        for town in ("Aarhus C", "Aarhus N", "Ebeltoft"):
            postcode(town)
        yield


def a_clinic(**fields) -> Clinic:
    return clinic("Ryggen", "Aarhus C", **{"source": "register", "street": "Nygade 3"} | fields)


def sources(of: Clinic) -> dict[str, tuple]:
    return {row.field: (row.source, row.note, row.stated_on) for row in of.field_sources.all()}


# --- a clinic that is there


def test_what_is_written_is_the_lists_word_and_the_index_knows_it():
    made = a_clinic(has_ydernummer=None)
    row = one(made, batch(licence="CC BY 4.0"), phone=PHONE, has_ydernummer=True, opening_hours=week(), prices=PRICE)
    made.refresh_from_db()
    assert (row.state, made.phone, made.has_ydernummer) == (State.APPLIED, PHONE, True)
    assert row.note == "Ændret: telefon, ydernummer, priser og åbningstider."
    assert sources(made) == dict.fromkeys(
        ("phone", "has_ydernummer", "prices", "opening_hours"), ("import", "Sundhedslisten, CC BY 4.0", MAY)
    )
    for rows in (made.opening_hours.all(), made.prices.all()):
        assert {(each.source, each.confirmed_at) for each in rows} == {("import", MAY)}
    assert index.disagreements() == []
    newest, first = made.versions.all()
    assert (newest.note, newest.made_by) == ("Fra listen “Sundhedslisten”", None)
    assert first.facts["phone"] == "+4500001234" and newest.facts["phone"] == PHONE


def test_a_row_that_says_nothing_new_changes_nothing_but_the_day_of_its_own_list():
    made = a_clinic(phone=PHONE)
    Provenance.objects.create(clinic=made, group="contact", source="register", note="Registret")
    FieldSource.objects.create(
        clinic=made, field="phone", source="import", note="Sundhedslisten", stated_on=datetime.date(2025, 5, 1)
    )
    before = Clinic.objects.values().get(pk=made.pk)
    row = one(made, phone=PHONE)
    assert (row.state, row.note) == (State.APPLIED, SAME)
    assert sources(made) == {"phone": ("import", "Sundhedslisten", MAY)}
    assert Clinic.objects.values().get(pk=made.pk) == before and not ClinicVersion.objects.exists()
    # Another list that says the same is no source of it.
    one(made, batch("Kommunen", datetime.date(2026, 8, 1)), phone=PHONE)
    assert sources(made) == {"phone": ("import", "Sundhedslisten", MAY)}


def test_the_day_of_a_group_goes_on_and_what_the_list_says_no_more_keeps_its_own():
    old = datetime.date(2025, 5, 1)
    made = a_clinic(phone=PHONE, website="https://ryggen.example")
    Provenance.objects.create(clinic=made, group="contact", source="import", note="Sundhedslisten", stated_on=old)
    one(made, phone="+4586000000", street="Nygade 3", postcode_id="8000", name="Ryggen")
    assert made.provenance.get().stated_on == MAY
    assert sources(made) == {"website": ("import", "Sundhedslisten", old)}


def test_hours_and_prices_of_the_same_list_are_as_new_as_it_is():
    made = a_clinic()
    one(made, batch(stated_on=datetime.date(2025, 5, 1)), opening_hours=week(), prices=PRICE)
    versions = made.versions.count()
    assert one(made, opening_hours=week(), prices=PRICE).note == SAME
    assert set(made.opening_hours.values_list("confirmed_at", flat=True)) == {MAY}
    assert made.prices.get().confirmed_at == MAY
    assert made.versions.count() == versions


def test_a_claimed_clinics_own_word_stays(django_user_model):
    olga = django_user_model.objects.create_user("olga")
    made, of = a_clinic(), batch()
    row = record(of, made, phone=PHONE, website="https://ryggen.example")
    actions.confirm_facts(clinic=made, by=olga, source=Source.CLINIC)  # between reading and applying
    applied(of)
    row.refresh_from_db()
    made.refresh_from_db()
    assert (made.phone, made.website, row.state) == ("+4500001234", "", State.APPLIED)
    assert row.note.startswith("Bevaret: Telefon: Klinikken har selv oplyst det.")
    assert sources(made) == {}


@pytest.mark.parametrize(
    ("happens", "note"),
    [
        (lambda made: actions.delete_clinic(clinic=made), DELETED),
        (lambda made: Clinic.objects.update(status="closed"), CLOSED),
        (lambda made: Clinic.objects.update(is_example=True), EXAMPLE),
        (lambda made: _taken_off(made), TAKEN_OFF),
    ],
)
def test_what_happened_since_the_list_was_read_is_for_a_person(happens, note):
    made, of = a_clinic(), batch()
    row = record(of, made, phone=PHONE)
    happens(made)
    applied(of)
    row.refresh_from_db()
    assert (row.state, row.decision, row.note) == (State.STAGED, Decision.PERSON, note)
    assert not Clinic.objects.filter(phone=PHONE).exists()


def _taken_off(made: Clinic) -> None:
    Clinic.objects.update(status="draft")
    ListingRequest.objects.create(clinic=made, kind="remove", status="approved", name="Ryggen")


def test_another_name_of_the_same_list_leads_on_from_the_old_address():
    made = a_clinic()
    Provenance.objects.create(clinic=made, group="contact", source="import", note="Sundhedslisten")
    one(made, name="Ryg og Nakke")
    made.refresh_from_db()
    assert (made.name, made.slug) == ("Ryg og Nakke", "ryg-og-nakke")
    assert SlugHistory.objects.get(slug="ryggen").object_id == made.pk


def test_a_list_twice_and_a_newer_one_after_an_older():
    made, of = a_clinic(), batch()
    record(of, made, phone=PHONE)
    applied(applied(of))
    assert made.versions.count() == 2
    again = batch()
    assert one(made, again, phone=PHONE).note == SAME
    late = one(made, batch("Den gamle", datetime.date(2024, 1, 1)), phone="+4586000000")
    made.refresh_from_db()
    assert made.phone == PHONE and "ikke ældre" in late.note


def test_a_change_of_telephone_is_noted_as_a_way_to_the_clinic(django_user_model):
    from clinics.claiming import channels

    rita = django_user_model.objects.create_user("rita")
    made = a_clinic()
    one(made, batch(created_by=rita), phone=PHONE)
    (line,) = channels.changes(made)
    assert channels.words_of(line) == ["telefon"] and line.user == rita


def test_nobody_asks_the_worker_for_twenty_thousand_addresses(
    monkeypatch, settings, django_capture_on_commit_callbacks
):
    from clinics.geocoding import placing

    settings.GEOCODER_URL = "file:///nowhere.csv"
    asked = []
    monkeypatch.setattr(placing, "_nudge", asked.append)
    with django_capture_on_commit_callbacks(execute=True):
        one(**NEW)
    assert asked == [] and placing.missing().count() == 1


# --- a new clinic


def test_a_new_clinic_is_public_and_says_who_said_it():
    facts = NEW | {"phone": PHONE, "has_ydernummer": True, "opening_hours": week(), "prices": PRICE, "sor_id": "123"}
    row = one(of=batch(source="register", licence="CC0"), **facts)
    made = row.clinic
    assert (row.made_clinic, row.note, made.status, made.source) == (True, "", "published", "register")
    assert (made.confirmed_at, made.sor_id, made.latitude) == (None, "123", 56.1572)
    assert {(one.group, one.source, one.note, one.stated_on) for one in made.provenance.all()} == {
        (group, "register", "Sundhedslisten, CC0", MAY) for group in ("contact", "referral", "hours", "prices")
    }
    assert sources(made) == {}
    assert SearchEntry.objects.filter(clinic=made).exists() and index.disagreements() == []
    assert made.versions.get().note == "Fra listen “Sundhedslisten”"


def test_a_point_of_the_list_stands_for_its_address():
    made = one(**NEW, latitude=56.158, longitude=10.212).clinic
    assert (made.location_source, made.location_precision) == ("list", "address")
    assert made.geocoded_for == "Nygade 3, 8000"
    bad = one(**NEW | {"name": "Knæklinikken"}, latitude=10.212, longitude=56.158)
    assert bad.clinic.location_source == "postcode" and "byttet om" in bad.note


def test_two_hundred_clinics_of_one_name_in_one_town():
    of = batch()
    for _ in range(3):
        record(of, **NEW)
    applied(of)
    with_town = "fysioterapi-aarhus-c"
    assert {made.slug for made in Clinic.objects.all()} == {"fysioterapi", with_town, f"{with_town}-2"}
    row = record(of, **NEW)
    with CaptureQueriesContext(connection) as few:
        applying.apply_record(row.pk)
    where = Postcode.objects.get(pk="8000")
    Clinic.objects.bulk_create(
        Clinic(name="Fysioterapi", slug=f"{with_town}-{number}", postcode=where, latitude=56, longitude=10)
        for number in range(4, 200)
    )
    row = record(of, **NEW)
    with CaptureQueriesContext(connection) as many:
        applying.apply_record(row.pk)
    row.refresh_from_db()
    assert row.clinic.slug == f"{with_town}-200"
    assert len(many) == len(few), [one["sql"][:80] for one in many]


@pytest.mark.parametrize(
    ("facts", "note"),
    [
        ({"postcode_id": "0999"}, "Postnummeret 0999 findes ikke længere."),
        ({"postcode_id": ""}, "Postnummeret uden nummer findes ikke længere."),
        ({"name": ""}, "Der mangler et navn"),
        ({"name": "F" * 161}, "Navn: "),
    ],
)
def test_what_cannot_be_a_clinic_says_why_and_the_rest_goes_on(facts, note):
    of = batch()
    bad, good = record(of, **NEW | facts), record(of, **NEW)
    applied(of)
    bad.refresh_from_db()
    good.refresh_from_db()
    assert bad.state == State.FAILED and bad.note.startswith(note)
    assert good.state == State.APPLIED and Clinic.objects.count() == 1


def test_what_cannot_stand_is_left_out_of_a_new_clinic():
    row = one(
        **NEW, website="javascript:alert(1)", free_physiotherapy=True, has_ydernummer=False,
        prices={"first": {"amount": "500", "terms": "Danmarks bedste pris"}},
        opening_hours=[*week(), {"weekday": 0, "opens": "09:00:00", "closes": "10:00:00"}],
    )  # fmt: skip
    made = row.clinic
    assert (made.website, made.free_physiotherapy, made.has_ydernummer) == ("", None, False)
    assert not Price.objects.exists() and not OpeningHours.objects.exists()
    assert all(f"{word}:" in row.note for word in ("Hjemmeside", "Vederlagsfri fysioterapi", "Åbningstider", "Priser"))


def test_somebody_else_has_made_it_meanwhile():
    of = batch()
    row = record(of, **NEW | {"name": "Ryg og Knæ", "phone": PHONE})
    of.status, of.started_at = Status.APPLYING, datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    of.save()
    clinic("Ryg og Knæ", "Aarhus C", street="Nygade 3", phone=PHONE)
    apply(of.pk)
    row.refresh_from_db()
    assert (row.decision, Clinic.objects.count()) == (Decision.PERSON, 1) and "Ryg og Knæ" in row.note


# --- suggestions


@pytest.fixture
def knee(monkeypatch):
    speciality("Knæ")
    monkeypatch.setattr(writing, "suggested", lambda facts: [Suggestion(SPECIALITY, "knae", "Navnet siger “knæ”")])


def test_a_suggestion_is_kept_for_a_person_and_shown_to_nobody(knee):
    made = a_clinic()
    one(made, phone=PHONE)
    row = ClinicSpeciality.objects.get()
    assert (row.clinic, row.basis, row.source) == (made, "suggested", "import")
    assert row.evidence == "Listen “Sundhedslisten”: navnet siger “knæ”"
    assert row.confirmed_at is None
    assert one(made, phone=PHONE).note == SAME  # said already
    assert ClinicSpeciality.objects.count() == 1
    row.delete()  # a person says no
    one(made, phone=PHONE)
    assert not ClinicSpeciality.objects.exists()


def test_what_the_clinic_says_itself_is_not_suggested(knee):
    made = clinic("Ryggen", "Aarhus C", specialities=["Knæ"])
    one(made, phone=PHONE)
    assert ClinicSpeciality.objects.get().basis == "stated"


def test_a_new_clinic_has_its_suggestions(knee):
    assert one(**NEW).clinic.specialities.get().basis == "suggested"


# --- whole or not at all


def test_a_row_that_breaks_leaves_nothing_and_the_others_go_on(monkeypatch, caplog):
    first, second, of = a_clinic(), clinic("Knæet", "Aarhus C"), batch()
    rows = [record(of, made, phone=PHONE) for made in (first, second)]
    whole = applying.versions.record_all

    def breaks(*, clinics, **more):
        if first in clinics:
            raise RuntimeError("somewhere deep")
        return whole(clinics=clinics, **more)

    monkeypatch.setattr(applying.versions, "record_all", breaks)
    applied(of)
    states = [(row.state, row.note) for row in ImportRecord.objects.order_by("row")]
    assert states[0] == (State.FAILED, OUR_FAULT) and states[1][0] == State.APPLIED
    first.refresh_from_db()
    assert first.phone == "+4500001234" and not sources(first) and "not applied" in caplog.text
    assert rows


def test_only_what_is_decided_is_applied():
    of, made = batch(), a_clinic()
    for decision in (Decision.PERSON, Decision.SKIP, Decision.DUPLICATE):
        row = record(of, made, phone=PHONE)
        row.decision = decision
        row.save()
    applied(of)
    assert set(of.records.values_list("state", flat=True)) == {State.STAGED}
    made.refresh_from_db()
    assert made.phone == "+4500001234"


def test_a_list_that_is_not_to_be_applied_is_left_alone():
    of = batch()
    record(of, **NEW)
    apply(of.pk)  # not APPLYING
    assert not Clinic.objects.exists()


def test_two_rows_for_one_clinic_each_see_what_the_other_wrote():
    """A person may choose one clinic for two rows: the second finds the clinic as the first left it."""
    made, of = a_clinic(phone=""), batch()
    rows = [record(of, made, phone=PHONE), record(of, made, phone=PHONE, website="https://ryggen.example")]
    applied(of)
    for row in rows:
        row.refresh_from_db()
    assert [row.note for row in rows] == ["Ændret: telefon.", "Ændret: hjemmeside."]
    assert made.versions.count() == 3 and rows[1].before["fields"] == {"website": ""}


def test_rows_beside_one_that_fails_are_applied_and_stored_once(monkeypatch):
    of = batch()
    rows = [record(of, **NEW | {"name": name}) for name in ("Ryggen", "Knæet", "Hoften")]
    free = applying.making.addresses.free_for_clinics

    def refused(named, **more):
        if any(name == "Knæet" for name, _ in named):
            raise AddressError("Der er for mange klinikker med det navn i byen.")
        return free(named, **more)

    monkeypatch.setattr(applying.making.addresses, "free_for_clinics", refused)
    applied(of)
    for row in rows:
        row.refresh_from_db()
    assert [row.state for row in rows] == [State.APPLIED, State.FAILED, State.APPLIED]
    assert rows[1].note.startswith("Der er for mange")
    assert sorted(Clinic.objects.values_list("name", flat=True)) == ["Hoften", "Ryggen"]
    assert ClinicVersion.objects.count() == 2 and index.disagreements() == []


# Measured in turns of 25: 1.3, 5.1 and 0.5 a row. A statement more for each row shows here.
MOST_NEW, MOST_UPDATED, MOST_SAME = 45, 175, 25


def test_a_turn_takes_few_statements():
    one(**NEW)  # what a process reads once: terms, words, numbers of the index
    facts = {"phone": PHONE, "has_ydernummer": True, "opening_hours": week(), "prices": PRICE, "sor_id": "123"}
    there = [clinic(f"Klinik {number}", "Aarhus C", source="register", phone="") for number in range(25)]
    same = [clinic(f"Praksis {number}", "Aarhus C", source="register", phone=PHONE) for number in range(25)]
    lists = [
        ([(None, NEW | facts | {"name": f"Ny {number}"}) for number in range(25)], MOST_NEW),
        ([(made, facts) for made in there], MOST_UPDATED),
        ([(made, {"phone": PHONE}) for made in same], MOST_SAME),
    ]
    for rows, most in lists:
        of = batch()
        for made, told in rows:
            record(of, made, **told)
        with CaptureQueriesContext(connection) as asked:
            applied(of)
        assert set(of.records.values_list("state", flat=True)) == {State.APPLIED}
        assert len(asked) <= most, len(asked)

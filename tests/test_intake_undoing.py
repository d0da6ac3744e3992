"""A list is rolled back: what it changed is as it was, unless somebody stands for it by now."""

import datetime

import pytest
from django.utils import timezone

from clinics import actions, index, pin, versions
from clinics.geo import Point
from clinics.intake import undoing
from clinics.intake.changing import writing
from clinics.intake.changing.touched import COUNTS, OF_ITSELF, relations, touched
from clinics.intake.suggesting.finding import SPECIALITY, Suggestion
from clinics.models import (
    Claim,
    Clinic,
    ClinicSpeciality,
    Correction,
    FieldSource,
    Invitation,
    ListingRequest,
    Membership,
    OpeningException,
    OpeningHours,
    Outbox,
    PendingChange,
    Photo,
    Postcode,
    Practitioner,
    Price,
    Provenance,
    SlugHistory,
)
from clinics.models.clinic import Source
from clinics.reviews import aggregate
from clinics.suggestions import REFUSED
from clinics.versions.facts import facts_of

from .intake import MAY, Decision, State, applied, batch, one, record, undone, week
from .memory import shared_rows
from .people import clinic, postcode, speciality

pytestmark = pytest.mark.django_db

PHONE = "+4586121212"
NEW = {"name": "Fysioterapi", "street": "Nygade 3", "postcode_id": "8000"}
PRICES = {"first": {"amount": "506.72", "terms": ""}, "follow_up": {"amount": "320.00", "terms": ""}}
ALL = {
    "phone": PHONE, "website": "https://listen.example", "has_ydernummer": True, "languages": ["da"], "waiting_days": 9,
    "street": "Bygade 9", "address_extra": "1. sal", "postcode_id": "8200", "opening_hours": week(), "prices": PRICES,
    "cvr": "12345678", "latitude": 56.194, "longitude": 10.183,
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _towns(django_db_setup, django_db_blocker):
    with shared_rows(django_db_blocker):
        for town in ("Aarhus C", "Aarhus N", "Ebeltoft"):
            postcode(town)
        yield


def a_clinic(**fields) -> Clinic:
    return clinic("Ryggen", "Aarhus C", **{"source": "register", "street": "Nygade 3"} | fields)


def everything(of: Clinic) -> dict:
    """All facts with the sources of each, without keys."""
    own = sorted(of.field_sources.values_list("field", "source", "note", "stated_on"))
    stored = Clinic.objects.get(pk=of.pk)
    return facts_of(stored) | {"own": own, "geocoded_for": stored.geocoded_for}


def reloaded(row):
    row.refresh_from_db()
    return row


# --- a clinic that was there


def test_every_field_row_source_and_date_is_as_it_was():
    made = a_clinic(waiting_days=3, waiting_stated_on=datetime.date(2025, 1, 1), has_ydernummer=None)
    Provenance.objects.create(clinic=made, group="contact", source="import", note="Sundhedslisten")
    FieldSource.objects.create(clinic=made, field="website", source="import", note="Kommunen")
    OpeningHours.objects.create(
        clinic=made, weekday=6, opens=datetime.time(10), closes=datetime.time(12), source="register"
    )
    Price.objects.create(clinic=made, kind="first", amount=400, minutes=45, source="import", terms="Kun om formiddagen")
    before = everything(made)
    row = one(made, **ALL)
    assert row.state == State.APPLIED
    made.refresh_from_db()
    assert (made.phone, made.street, made.location_source) == (PHONE, "Bygade 9", "list")
    undone(row.batch)
    assert everything(made) == before
    assert (reloaded(row).state, row.note) == (State.UNDONE, "")
    assert index.disagreements() == []
    assert made.versions.first().note == "Rullet tilbage: “Sundhedslisten”"


def test_the_day_of_a_list_goes_back_too():
    old = datetime.date(2025, 5, 1)
    made = a_clinic(phone=PHONE, website="https://ryggen.example")
    Provenance.objects.create(clinic=made, group="contact", source="import", note="Sundhedslisten", stated_on=old)
    before = everything(made)
    row = one(made, phone=PHONE)
    assert everything(made) != before
    undone(row.batch)
    assert everything(made) == before and not made.versions.exists()


def test_what_the_owner_has_written_since_stays_and_the_rest_goes_back(django_user_model):
    made = a_clinic(has_ydernummer=None)
    row = one(made, phone=PHONE, has_ydernummer=True)
    Clinic.objects.update(phone="+4587654321")
    actions.facts_stated(clinic=made, groups={"contact"}, source=Source.CLINIC)
    undone(row.batch)
    made.refresh_from_db()
    assert (made.phone, made.has_ydernummer) == ("+4587654321", None)
    assert (reloaded(row).state, row.note) == (State.KEPT, "Ændret siden, og derfor som den er nu: telefon.")


def test_what_the_clinic_has_confirmed_since_is_its_own_word(django_user_model):
    made = a_clinic()
    row = one(made, phone=PHONE, opening_hours=week())
    actions.confirm_facts(clinic=made, by=django_user_model.objects.create_user("olga"), source=Source.CLINIC)
    undone(row.batch)
    made.refresh_from_db()
    assert made.phone == PHONE and made.opening_hours.count() == 5
    assert (reloaded(row).state, row.note.count("telefon"), row.note.count("åbningstider")) == (State.KEPT, 1, 1)


def test_two_lists_on_one_clinic_the_older_rolled_back_first():
    made = a_clinic()
    first = one(made, batch("Den første"), phone="+4586000001", has_ydernummer=True)
    second = one(made, batch("Den anden"), phone="+4586000002")
    undone(first.batch)
    made.refresh_from_db()
    assert (made.phone, made.has_ydernummer) == ("+4586000002", None)
    assert reloaded(first).state == State.KEPT
    undone(second.batch)
    made.refresh_from_db()
    assert made.phone == "+4500001234" and reloaded(second).state == State.UNDONE, "the first list's word is taken back"


def test_two_rows_of_one_list_the_last_applied_first():
    made, of = a_clinic(), batch()
    record(of, made, phone="+4586000001")
    record(of, made, phone="+4586000002")
    undone(applied(of))
    made.refresh_from_db()
    assert made.phone == "+4500001234"
    assert set(of.records.values_list("state", flat=True)) == {State.UNDONE}


def test_a_point_that_was_looked_up_since_is_no_persons_change():
    made = a_clinic()
    row = one(made, street="Bygade 9", postcode_id="8200")
    Clinic.objects.update(
        latitude=56.2, longitude=10.19, location_source="geocoder", location_precision="address",
        geocoded_for="Bygade 9, 8200",
    )  # fmt: skip
    undone(row.batch)
    made.refresh_from_db()
    assert (made.street, made.postcode_id, made.latitude, made.location_source) == (
        "Nygade 3",
        "8000",
        56.1572,
        "postcode",
    )
    assert reloaded(row).state == State.UNDONE and index.disagreements() == []


def test_a_pin_set_since_holds_the_address(django_user_model):
    made = a_clinic()
    row = one(made, street="Bygade 9", postcode_id="8200", phone=PHONE)
    rita = django_user_model.objects.create_superuser("rita")
    pin.place(clinic=made, by=rita, point=Point(56.195, 10.184))
    undone(row.batch)
    made.refresh_from_db()
    assert (made.street, made.location_source, made.phone) == ("Bygade 9", "hand", "+4500001234")
    assert reloaded(row).note == "Ændret siden, og derfor som den er nu: adresse."


def test_a_name_goes_back_with_its_address_on_the_site():
    made = a_clinic()
    Clinic.objects.update(slug="ryggen-i-aarhus")  # chosen by a person, and no name's
    Provenance.objects.create(clinic=made, group="contact", source="import", note="Sundhedslisten")
    row = one(made, name="Ryg og Nakke")
    undone(row.batch)
    made.refresh_from_db()
    assert (made.name, made.slug) == ("Ryggen", "ryggen-i-aarhus")
    assert list(SlugHistory.objects.values_list("slug", "object_id")) == [("ryg-og-nakke", made.pk)]


def test_a_clinic_that_was_renamed_since_keeps_its_name():
    made = a_clinic()
    Provenance.objects.create(clinic=made, group="contact", source="import", note="Sundhedslisten")
    row = one(made, name="Ryg og Nakke", phone=PHONE)
    actions.rename(clinic=made, name="Ryg, Nakke og Knæ")
    undone(row.batch)
    made.refresh_from_db()
    assert (made.name, made.slug, made.phone) == ("Ryg, Nakke og Knæ", "ryg-nakke-og-knae", "+4500001234")
    assert "navn" in reloaded(row).note


def test_what_contradicts_a_newer_word_stays():
    made = a_clinic(free_physiotherapy=True)
    Clinic.objects.filter(pk=made.pk).update(has_ydernummer=True)
    row = one(made, free_physiotherapy=False)
    Clinic.objects.filter(pk=made.pk).update(has_ydernummer=False)
    undone(row.batch)
    made.refresh_from_db()
    assert made.free_physiotherapy is False and reloaded(row).state == State.KEPT


def test_a_postcode_that_is_gone_by_now():
    town = Postcode.objects.create(code="8999", town="Væk", latitude=56.1, longitude=10.2, land="jylland")
    made = a_clinic()
    Clinic.objects.update(postcode=town)
    row = one(made, street="Bygade 9", postcode_id="8200")
    town.delete()
    undone(row.batch)
    made.refresh_from_db()
    assert made.postcode_id == "8200" and reloaded(row).state == State.KEPT


def test_prices_that_were_changed_since_stay():
    made = a_clinic()
    row = one(made, prices=PRICES, opening_hours=week())
    made.prices.filter(kind="first").update(amount=600)
    undone(row.batch)
    assert sorted(made.prices.values_list("amount", flat=True)) == [320, 600] and not made.opening_hours.exists()
    assert reloaded(row).note == "Ændret siden, og derfor som den er nu: priser."


def test_a_rating_or_an_index_row_built_anew_is_no_change():
    made = a_clinic()
    row = one(made, phone=PHONE)
    aggregate.rebuild([made.pk])
    index.rebuild([made.pk])
    undone(row.batch)
    assert reloaded(row).state == State.UNDONE


def test_a_clinic_that_is_gone():
    made = a_clinic()
    row = one(made, phone=PHONE)
    actions.delete_clinic(clinic=made)
    undone(row.batch)
    assert reloaded(row).state == State.UNDONE and "slettet" in row.note


def test_suggestions_go_unless_a_person_has_answered(monkeypatch):
    for name in ("Knæ", "Ryg", "Hofte"):
        speciality(name)
    found = [Suggestion(SPECIALITY, slug, "Navnet siger det") for slug in ("knae", "ryg", "hofte")]
    monkeypatch.setattr(writing, "suggested", lambda facts: found)
    made = a_clinic()
    row = one(made, phone=PHONE)
    ClinicSpeciality.objects.filter(speciality__slug="ryg").update(basis="stated")
    ClinicSpeciality.objects.filter(speciality__slug="hofte").update(evidence=f"{REFUSED}Navnet siger det")
    undone(row.batch)
    assert {one.speciality.slug for one in made.specialities.all()} == {"ryg", "hofte"}


def test_rolled_back_twice_is_rolled_back_once():
    made = a_clinic()
    row = one(made, phone=PHONE)
    undone(row.batch)
    Clinic.objects.update(phone=PHONE)  # somebody writes the very same
    undone(row.batch)
    made.refresh_from_db()
    assert made.phone == PHONE


def test_a_row_that_breaks_says_so_and_the_others_go_back(monkeypatch, caplog):
    first, second, of = a_clinic(), clinic("Knæet", "Aarhus C"), batch()
    for made in (first, second):
        record(of, made, phone=PHONE)
    applied(of)
    whole = undoing.versions.record_all

    def breaks(*, clinics, **more):
        if second in clinics:
            raise RuntimeError("somewhere deep")
        return whole(clinics=clinics, **more)

    monkeypatch.setattr(undoing.versions, "record_all", breaks)
    undone(of)
    assert [row.state for row in of.records.order_by("row")] == [State.UNDONE, State.KEPT]
    assert set(Clinic.objects.values_list("phone", flat=True)) == {"+4500001234", PHONE}
    assert "not rolled back" in caplog.text


# --- a clinic that the list made


def test_a_clinic_that_nobody_has_touched_is_gone_again():
    row = one(**NEW, phone=PHONE, opening_hours=week(), prices=PRICES)
    made = row.clinic
    index.rebuild([made.pk])
    aggregate.rebuild([made.pk])
    Clinic.objects.filter(pk=made.pk).update(
        latitude=56.158, location_source="geocoder", geocoded_for="Nygade 3, 8000", location_precision="address"
    )
    versions.record(clinic=made, by=None, note="Punktet på kortet fundet ud fra adressen")
    undone(row.batch)
    assert not Clinic.objects.exists() and not SlugHistory.objects.exists()
    assert (reloaded(row).state, row.clinic, row.note) == (State.UNDONE, None, "")


def test_whom_it_resembled_is_told_again():
    known, of = a_clinic(), batch()
    row = record(of, known, **NEW)
    row.decision = Decision.NEW
    row.save()
    applied(of)
    assert reloaded(row).clinic != known
    undone(of)
    assert reloaded(row).clinic == known


def _user(name="gitte"):
    from django.contrib.auth.models import User

    return User.objects.get_or_create(username=name, email=f"{name}@example.org")[0]


TOUCHES = {
    "memberships": lambda made: Membership.objects.create(clinic=made, user=_user(), role="owner"),
    "claims": lambda made: Claim.objects.create(clinic=made, user=_user()),
    "invitations": lambda made: Invitation.objects.create(
        clinic=made, kind="claim", email="a@example.org", token_hash="d" * 64, expires_at=timezone.now()
    ),
    "corrections": lambda made: Correction.objects.create(clinic=made, group="contact", text="Nyt nummer"),
    "listing_requests": lambda made: ListingRequest.objects.create(clinic=made, kind="remove", name="x"),
    "pending_changes": lambda made: PendingChange.objects.create(clinic=made, subject="name", asked_by=_user()),
    "photos": lambda made: Photo.objects.create(clinic=made, digest="a" * 64, width=10, height=10, alt="Døren"),
    "practitioners": lambda made: Practitioner.objects.create(clinic=made, name="Mette"),
    "opening_exceptions": lambda made: OpeningException.objects.create(clinic=made, first_day=MAY, last_day=MAY),
    "specialities": lambda made: ClinicSpeciality.objects.create(clinic=made, speciality=speciality("Ryg")),
    "prices": lambda made: Price.objects.create(clinic=made, kind="first", amount=400),
    "opening_hours": lambda made: OpeningHours.objects.create(
        clinic=made, weekday=0, opens=datetime.time(8), closes=datetime.time(9)
    ),
    "field_sources": lambda made: FieldSource.objects.create(clinic=made, field="phone", source="hand"),
    "provenance": lambda made: Provenance.objects.create(clinic=made, group="people", source="clinic"),
    "Outbox": lambda made: Outbox.objects.create(template="x", to="a@example.org", clinic=made),
    "import_records": lambda made: one(made, batch("En anden"), phone="+4586000009"),
    "versions": lambda made: _edited(made),
}


def _edited(made: Clinic) -> None:
    Clinic.objects.filter(pk=made.pk).update(about="Vi hjælper dig.")
    versions.record(clinic=made, by=_user())
    _user().delete()  # whose change it was is not known any more


@pytest.mark.parametrize("name", TOUCHES)
def test_whatever_somebody_did_with_it_keeps_it(name):
    row = one(**NEW)
    TOUCHES[name](row.clinic)
    undone(row.batch)
    assert Clinic.objects.filter(pk=row.clinic_id).exists()
    assert reloaded(row).state == State.KEPT and COUNTS[name][0] in row.note


@pytest.mark.parametrize("status", ["closed", "draft"])
def test_a_clinic_that_was_closed_or_taken_off_is_not_forgotten(status):
    row = one(**NEW)
    Clinic.objects.update(status=status)
    undone(row.batch)
    assert Clinic.objects.exists() and reloaded(row).state == State.KEPT


def test_every_relation_of_a_clinic_is_decided():
    """A model that names a clinic and comes later: say in `touched.py` whether a row of it is somebody's doing."""
    assert set(COUNTS) | OF_ITSELF == relations()
    assert not set(COUNTS) & OF_ITSELF
    # What other models' tests make at length is counted in the same way as the others.
    counted_alike = {"reviews", "review_replies", "visit_codes", "code_sheets", "contests", "reports", "appeals"}
    assert set(TOUCHES) | counted_alike | {"treatments"} == set(COUNTS)


def test_looking_whether_it_was_touched_is_one_statement(django_assert_num_queries):
    row = one(**NEW)
    made = row.clinic
    with django_assert_num_queries(1):
        assert touched(made, row) == []

"""Hours, prices and people of a clinic: at the row, all or nothing, and only what was changed is dated anew."""

import datetime

import pytest
import time_machine

from clinics.models import Clinic, OpeningHours, Practitioner, Price, Provenance, SearchEntry

from .clinic_form import address_of, bare, faults, form_of, made, refused, row, send, stored
from .people import clinic, speciality, treatment
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


NOVEMBER = time_machine.travel(datetime.datetime(2026, 11, 21, 12, tzinfo=datetime.UTC), tick=False)


def at(response, prefix: str, number: int = 0) -> dict:
    """The faults of one row by field."""
    formsets = {one.formset.prefix: one.formset for one in response.context["inline_admin_formsets"]}
    return formsets[prefix].errors[number]


@NOVEMBER
@pytest.mark.parametrize(
    ("fields", "field", "word"),
    [
        ({"first_day": "0001-01-01", "last_day": "0001-01-05"}, "first_day", "to år tilbage"),
        ({"first_day": "2024-11-20", "last_day": "2024-11-25"}, "first_day", "to år tilbage"),
        ({"first_day": "2027-01-01", "last_day": "9999-12-31"}, "last_day", "tre år fremme"),
        ({"first_day": "2029-11-22", "last_day": "2029-11-22"}, "first_day", "tre år fremme"),
        ({"first_day": "2027-08-01", "last_day": "2027-07-19"}, "last_day", "Byt om på dem"),
        ({"first_day": "2027-08-01", "last_day": "2027-08-01", "opens": "08:00"}, "closes", "Skriv både"),
    ],
)
def test_days_that_cannot_be_meant_are_said_at_the_field(sara, one, fields, field, word):
    response = sara.post(address_of(one), bare(one) | row("opening_exceptions", kind="treatment", **fields))
    assert word in str(at(response, "opening_exceptions")[field]) and not one.opening_exceptions.exists()


@NOVEMBER
def test_days_that_are_long_over_stand_in_nobodys_way(sara, one):
    old = one.opening_exceptions.create(first_day="2020-01-01", last_day="2020-01-02")
    assert faults(send(sara, one, **{"opening_exceptions-0-note": "Ferie"})) == ""
    old.refresh_from_db()
    assert old.note == "Ferie"


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
        ({"kind": "first", "amount": "0,01"}, "under 1 kr."),
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


def test_a_clinic_without_prices_is_asked_for_the_two_that_everybody_wants(sara, one):
    one.prices.all().delete()
    fields = form_of(sara, address_of(one))
    assert (fields["prices-0-kind"], fields["prices-1-kind"]) == ("first", "follow_up")
    assert faults(send(sara, one)) == "" and not one.prices.exists()
    assert faults(send(sara, one, **{"prices-1-amount": "400"})) == ""
    assert [(price.kind, price.amount) for price in one.prices.all()] == [("follow_up", 400)]


def test_without_a_script_there_is_room_for_more_rows(sara, one):
    assert "practitioners-2-name" in form_of(sara, f"{address_of(one)}?afsnit=people&nye=3")
    for nonsense in ("x", "-1", "99999999999999999999", "²"):
        assert sara.get(f"{address_of(one)}?nye={nonsense}").status_code == 200


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


ROWS_OF = {
    "prices": (lambda one: one.prices.create(kind="package", amount=700, sessions=2), {"amount": "1"}),
    "practitioners": (lambda one: one.practitioners.create(name="Olga"), {"name": "Min"}),
    "specialities": (lambda one: one.specialities.create(speciality=speciality("Løb"), basis="suggested"), {"basis": "stated"}),
    "treatments": (lambda one: one.treatments.create(treatment=treatment("Yoga"), format="online"), {"format": "home"}),
    "opening_exceptions": (
        lambda one: one.opening_exceptions.create(first_day="2027-07-19", last_day="2027-08-01"), {"note": "Min"},
    ),
    "photos": (lambda one: one.photos.create(digest="a" * 64, width=10, height=10, alt="Dør"), {"alt": "Min"}),
    "provenance": (lambda one: one.provenance.create(group="hours", source="clinic"), {"note": "Min"}),
}  # fmt: skip


@pytest.mark.parametrize("mine", [True, False], ids=["beside a row of its own", "where it has none"])
@pytest.mark.parametrize("prefix", ROWS_OF)
def test_nobody_elses_row_can_be_taken(sara, one, prefix, mine):
    """A row of another clinic sent as if it were this one's is refused in plain words, whichever kind it is."""
    create, changed = ROWS_OF[prefix]
    other = clinic("Den anden", "Odense C", price=700)
    theirs = create(other)
    if mine:
        create(one)
    before = stored(other), list(other.provenance.values())
    fields = row(prefix, initial=1, id=theirs.pk, clinic=one.pk, **changed)
    refused(sara, one, "findes ikke længere hos denne klinik", **fields)
    page = sara.post(address_of(one), bare(one) | fields).content.decode()
    assert "En af rækkerne findes ikke længere hos denne klinik." in page
    assert (stored(other), list(other.provenance.values())) == before


def test_nobody_moves_a_person_to_another_clinic(sara, one):
    other = clinic("Den anden", "Odense C")
    mette = one.practitioners.create(name="Mette")
    moved = {"practitioners-0-clinic": other.pk, "practitioners-0-name": "Mette Holm"}
    assert "findes ikke længere hos denne klinik" in faults(send(sara, one, **moved))
    mette.refresh_from_db()
    assert (mette.clinic, mette.name) == (one, "Mette")


def test_a_person_who_moved_while_the_form_was_open(sara, one):
    """What is written about her here neither changes her there nor is lost without a word."""
    mette = one.practitioners.create(name="Mette")
    typed = form_of(sara, address_of(one)) | {"practitioners-0-name": "Mette Holm"}
    other = clinic("Den anden", "Odense C")
    Practitioner.objects.filter(pk=mette.pk).update(clinic=other)
    response = sara.post(address_of(one), typed)
    assert "findes ikke længere hos denne klinik" in faults(response)
    mette.refresh_from_db()
    assert (mette.clinic, mette.name) == (other, "Mette")


def test_what_looks_like_a_mistake_is_advice_and_is_saved(sara, one):
    one.prices.create(kind="follow_up", amount=400, minutes=30)
    package = row("prices", 2, initial=2, kind="package", amount="4500", sessions="10")
    page = sara.post(address_of(one), form_of(sara, address_of(one)) | package | {"_continue": ""}, follow=True)
    advice = "Pakken på 10 gange koster 450 kr. pr. gang."
    assert one.prices.filter(kind="package").exists()
    assert page.content.decode().count(advice) == 2, "once after saving, and among the prices from then on"
    assert sara.get(address_of(one)).content.decode().count(advice) == 1


@NOVEMBER
@pytest.mark.parametrize(
    ("prefix", "fields", "field", "word"),
    [
        ("provenance", {"stated_on": "2026-11-22"}, "stated_on", "fremtiden"),
        ("provenance", {"stated_on": "0001-01-01"}, "stated_on", "årstallet"),
        ("provenance", {"note": "Danmarks bedste, 100 % smertefri garanti"}, "note", "må ikke stå her"),
        ("specialities", {"evidence": "Danmarks bedste, 100 % smertefri garanti"}, "evidence", "må ikke stå her"),
        ("treatments", {"evidence": "Danmarks bedste, 100 % smertefri garanti"}, "evidence", "må ikke stå her"),
        ("practitioners", {"authorisation_checked_on": "2026-11-22"}, "authorisation_checked_on", "fremtiden"),
        ("practitioners", {"authorisation_checked_on": "0001-01-01"}, "authorisation_checked_on", "årstallet"),
    ],
)
def test_a_source_a_proof_or_a_check_that_cannot_be(sara, one, prefix, fields, field, word):
    known = {
        "provenance": {"group": "prices", "source": "register"},
        "specialities": {"speciality": speciality("Knæ").pk, "basis": "documented"},
        "treatments": {"treatment": treatment("Yoga").pk, "format": "online", "basis": "documented"},
        "practitioners": {"name": "Mette", "profession": "physiotherapist", "position": "0"},
    }[prefix]
    response = sara.post(address_of(one), bare(one) | row(prefix, **(known | fields)))
    assert word in str(at(response, prefix)[field]) and not getattr(one, prefix).exists()


@NOVEMBER
def test_a_source_and_a_proof_as_they_are(sara, one):
    fields = row("provenance", group="prices", source="register", stated_on="2026-11-21", note="Sundhed.dk")
    proof = {"basis": "documented", "evidence": "Dansk Selskab for Sportsfysioterapi, 2019"}
    fields |= row("specialities", speciality=speciality("Knæ").pk, **proof)
    assert faults(send(sara, one, **fields)) == ""
    assert (one.provenance.get().note, one.specialities.get().basis) == ("Sundhed.dk", "documented")


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

"""Every part of a profile ends with who said it and when: never more certain than what is known."""

import datetime

import pytest

from clinics.models import Clinic, ClinicSpeciality, Price, Provenance
from clinics.sources import source_lines
from clinics.whole import fill

from .people import clinic, speciality

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 21)
NOVEMBER = datetime.date(2026, 11, 3)
OLD = datetime.date(2025, 3, 1)


def lines(made: Clinic):
    stored = Clinic.objects.select_related("postcode").get(pk=made.pk)
    fill([stored])
    return source_lines(stored, TODAY)


@pytest.mark.parametrize(
    ("source", "note", "stated_on", "text", "is_stale"),
    [
        ("clinic", "", NOVEMBER, "Kilde: klinikken, oplyst 3. november 2026", False),
        ("clinic", "", OLD, "Kilde: klinikken, oplyst 1. marts 2025", True),
        ("register", "", NOVEMBER, "Kilde: offentligt register, slået op 3. november 2026", False),
        ("register", "Autorisationsregistret", NOVEMBER, "Kilde: Autorisationsregistret, slået op 3. november 2026", 0),
        ("import", "", NOVEMBER, "Kilde: importeret liste, hentet 3. november 2026", False),
        ("example", "", NOVEMBER, "Kilde: opdigtet eksempel, lavet 3. november 2026", False),
        ("clinic", "", None, "Kilde: klinikken. Dato ikke oplyst", False),
    ],
)
def test_what_somebody_wrote_about_the_group_counts(source, note, stated_on, text, is_stale):
    made = clinic("Ryggen", "Aarhus C", source="import", confirmed_at=TODAY)
    Price.objects.create(clinic=made, kind="first", amount=500, confirmed_at=TODAY)
    Provenance.objects.create(clinic=made, group="prices", source=source, note=note, stated_on=stated_on)
    line = lines(made)["prices"]
    assert (line.text, line.is_stale, line.stated_on) == (text, bool(is_stale), stated_on)


def test_without_that_the_newest_row_speaks():
    made = clinic("Ryggen", "Aarhus C", source="register", confirmed_at=OLD)
    Price.objects.create(clinic=made, kind="first", amount=500, confirmed_at=datetime.date(2026, 1, 5))
    Price.objects.create(clinic=made, kind="follow_up", amount=400, confirmed_at=NOVEMBER)
    Price.objects.create(clinic=made, kind="group", amount=90)
    assert lines(made)["prices"].text == "Kilde: klinikken, oplyst 3. november 2026"
    Price.objects.create(clinic=made, kind="surcharge", amount=60, confirmed_at=OLD)
    assert lines(made)["prices"].text == "Kilde: klinikken, oplyst 3. november 2026; det ældste er fra 1. marts 2025"
    assert not lines(made)["prices"].is_stale


def test_without_dated_rows_the_clinic_as_a_whole():
    made = clinic("Ryggen", "Aarhus C", source="register", specialities=["Ryg"])
    assert lines(made)["offers"].text == "Kilde: offentligt register. Dato ikke oplyst"
    Clinic.objects.update(source="clinic", confirmed_at=NOVEMBER)
    told = lines(made)
    assert {line.text for line in told.values()} == {"Kilde: klinikken, oplyst 3. november 2026"}
    assert set(told) == set(Provenance.Group.values)


def test_a_suggestion_dates_nothing():
    made = clinic("Ryggen", "Aarhus C", source="clinic")
    ClinicSpeciality.objects.create(
        clinic=made, speciality=speciality("Ryg"), basis="suggested", confirmed_at=NOVEMBER, source="import"
    )
    assert lines(made)["offers"].text == "Kilde: klinikken. Dato ikke oplyst"


def test_a_waiting_time_has_its_own_day():
    made = clinic("Ryggen", "Aarhus C", source="clinic", confirmed_at=OLD, waiting_days=3, waiting_stated_on=NOVEMBER)
    assert lines(made)["waiting"].text == "Kilde: klinikken, oplyst 3. november 2026"


def test_a_waiting_time_without_a_day_is_given_none():
    made = clinic("Ryggen", "Aarhus C", source="clinic", confirmed_at=NOVEMBER, waiting_days=3)
    assert lines(made)["waiting"].text == "Kilde: klinikken. Dato ikke oplyst"
    Provenance.objects.create(clinic=made, group="waiting", source="import", note="Ventelisten", stated_on=TODAY)
    assert lines(made)["waiting"].text == "Kilde: Ventelisten. Dato ikke oplyst"
    Clinic.objects.update(waiting_stated_on=NOVEMBER)
    assert lines(made)["waiting"].text == "Kilde: Ventelisten, hentet 3. november 2026"


def test_acute_appointments_beside_a_new_waiting_time_keep_their_age():
    made = clinic("Ryggen", "Aarhus C", source="clinic", confirmed_at=OLD, waiting_days=3, waiting_stated_on=NOVEMBER)
    Clinic.objects.update(acute_appointments=True)
    assert lines(made)["waiting"].text == "Kilde: klinikken, oplyst 3. november 2026; det ældste er fra 1. marts 2025"


def test_a_year_is_a_year():
    made = clinic("Ryggen", "Aarhus C", source="clinic", confirmed_at=datetime.date(2025, 11, 21))
    assert not lines(made)["access"].is_stale
    Clinic.objects.update(confirmed_at=datetime.date(2025, 11, 20))
    assert lines(made)["access"].is_stale


def test_no_statement(django_assert_num_queries):
    made = clinic("Ryggen", "Aarhus C", specialities=["Ryg"], price=500)
    stored = Clinic.objects.select_related("postcode").get(pk=made.pk)
    fill([stored])
    with django_assert_num_queries(0):
        source_lines(stored, TODAY)

"""Everything about a clinic in one statement, the same as asking table by table."""

import datetime
from decimal import Decimal

import pytest

from clinics.models import Clinic, ClinicSpeciality, OpeningException, OpeningHours, Practitioner, Price, Provenance
from clinics.whole import PARTS, fill

from .people import clinic, speciality, treatment

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    made = [
        clinic("Klinik Et", "Aarhus C", specialities=["Ryg"], treatments=["Taping"]),
        clinic("Klinik To", "Odense C"),
    ]
    one = made[0]
    mette = Practitioner.objects.create(clinic=one, name="Mette", position=2, languages=["da", "en"])
    Practitioner.objects.create(clinic=one, name="Anders", position=1)
    ClinicSpeciality.objects.create(
        clinic=one,
        speciality=speciality("Knæ"),
        practitioner=mette,
        basis="documented",
        grade="certified",
        evidence="x",
    )
    Price.objects.create(clinic=one, kind="first", amount=Decimal("293.98"), treatment=treatment("Taping"))
    OpeningHours.objects.create(clinic=one, weekday=3, opens=datetime.time(8), closes=datetime.time(16, 30))
    OpeningHours.objects.create(clinic=one, weekday=0, opens=datetime.time(9), closes=datetime.time(12))
    day = datetime.date(2026, 12, 24)
    for opens in (None, datetime.time(14), datetime.time(8), None):
        OpeningException.objects.create(
            clinic=one, first_day=day, last_day=day, opens=opens, closes=opens and datetime.time(16)
        )
    Provenance.objects.create(clinic=one, group="prices", source="clinic", stated_on=day)
    return made


def everything(one):
    fields = {model: [f.attname for f in model._meta.concrete_fields] for model in PARTS.values()}
    return {
        name: [[getattr(row, field) for field in fields[model]] for row in getattr(one, name).all()]
        for name, model in PARTS.items()
    }


def test_it_is_the_same_as_table_by_table(two):
    filled = list(Clinic.objects.order_by("pk"))
    fill(filled)
    for one, plain in zip(filled, Clinic.objects.order_by("pk"), strict=True):
        assert everything(one) == everything(plain)


def test_one_statement_whatever_there_is(two, django_assert_num_queries):
    filled = list(Clinic.objects.select_related("postcode"))
    fill(filled)  # the terms of the process are read
    filled = list(Clinic.objects.select_related("postcode"))
    with django_assert_num_queries(1):
        fill(filled)
        one = filled[0]
        assert [person.name for person in one.practitioners.all()] == ["Anders", "Mette"]
        assert {row.speciality.name: row.practitioner and row.practitioner.name for row in one.specialities.all()} == {
            "Ryg": None,
            "Knæ": "Mette",
        }
        assert one.prices.all()[0].treatment.name == "Taping"
        assert [f"{row}" for row in one.opening_hours.all()] == ["mandag 09.00–12.00", "torsdag 08.00–16.30"]
        assert one.treatments.all()[0].clinic.postcode.town == "Aarhus C"


def test_of_nobody_nothing_is_asked_wrongly():
    fill([])

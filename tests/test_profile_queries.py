"""A profile asks eight statements at most, whatever there is to show and whatever the process remembers."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from clinics import filters, tags, tariffs
from clinics.models import (
    Clinic,
    ClinicSpeciality,
    ClinicTreatment,
    OpeningException,
    OpeningHours,
    Photo,
    Practitioner,
    Price,
    Provenance,
    Tariff,
)

from .people import clinic, condition, places, speciality, treatment

pytestmark = pytest.mark.django_db

MOST = 8
DAY = datetime.date(2026, 11, 3)


def make(number: int) -> None:
    """A clinic with so many of everything, and so many others and articles around it."""
    made = clinic("Ryggen", "Aarhus C", has_ydernummer=True, confirmed_at=DAY, languages=["da"], step_free=True)
    Provenance.objects.bulk_create(
        Provenance(clinic=made, group=group, source="clinic") for group in ("prices", "people")
    )
    for n in range(number):
        person = Practitioner.objects.create(clinic=made, name=f"Person {n}")
        term, kind = speciality(f"Speciale {n}"), treatment(f"Behandling {n}")
        ClinicSpeciality.objects.create(clinic=made, speciality=term, practitioner=person)
        ClinicTreatment.objects.create(clinic=made, treatment=kind, practitioner=person)
        ClinicTreatment.objects.create(clinic=made, treatment=kind, format="group", group_topic=term)
        Price.objects.create(clinic=made, kind="first", amount=500 + n, treatment=kind, confirmed_at=DAY)
        Price.objects.create(clinic=made, kind="package", amount=900 + n, sessions=2 + n)
        opens = datetime.time(n // 7, n % 30)
        OpeningHours.objects.create(clinic=made, weekday=n % 7, opens=opens, closes=opens.replace(minute=n % 30 + 20))
        OpeningException.objects.create(clinic=made, first_day=DAY, last_day=DAY + datetime.timedelta(days=n))
        Photo.objects.create(clinic=made, digest=f"{n:064x}", width=960, height=640, alt="Indgangen")
        about = condition(f"Tilstand {n}", {f"Speciale {n}": 3})
        Article.objects.create(slug=about.slug, title=about.name, condition=about, status="published", body="Tekst.")
        if n < 12:
            clinic(f"Nabo {n}", "Aarhus C", specialities=["Speciale 0"])
    Tariff.objects.create(
        service="first", valid_from=DAY, source="Prøve", patient_share=300, verified_at=DAY, full_fee=500, subsidy=200
    )


def new_process() -> None:
    for module in (filters, tags, tariffs):
        module.forget()


def terms_forgotten() -> None:
    for module in (filters, tariffs):
        module.forget()


def warm() -> None:
    Client().get("/klinik/ryggen/?tilstand=tilstand-0&sted=8200&speciale=speciale-0")


QUERIES = {
    "alone": "",
    "from a search": "?tilstand=tilstand-0&sted=8200&speciale=speciale-0&gange=7",
    "gated": "?tilstand=blodprop&sted=8200&speciale=speciale-0",
}


@pytest.mark.parametrize("number", [0, 1, 100])
def test_eight_whatever_there_is(number: int):
    places()
    make(number)
    if number == 0:
        condition("Tilstand 0", {"Speciale 0": 3})
    condition("Blodprop", {"Speciale 0": 3}, care_gate="Ring først til din læge.")
    asked = {}
    for name, query in QUERIES.items():
        for before in (new_process, terms_forgotten, warm):
            before()
            with CaptureQueriesContext(connection) as captured:
                assert Client().get(f"/klinik/ryggen/{query}").status_code == 200
            asked[name, before.__name__] = len(captured)
    assert max(asked.values()) <= MOST, asked
    assert min(asked.values()) >= 3, "the page was read from the database at all"


def test_the_number_does_not_grow_with_what_there_is():
    places()
    make(3)
    counts = []
    for _ in range(2):
        warm()
        with CaptureQueriesContext(connection) as asked:
            Client().get(f"/klinik/ryggen/{QUERIES['from a search']}")
        counts.append(len(asked))
        made = Clinic.objects.get(slug="ryggen")
        for n in range(30):
            Price.objects.create(clinic=made, kind="follow_up", amount=400 + n)
            Practitioner.objects.create(clinic=made, name=f"Ny {n}")
    assert counts[0] == counts[1]

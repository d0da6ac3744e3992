"""What search engines are told about clinics: only what is stated, in words that schema.org knows."""

import datetime
import json
import re
from decimal import Decimal

import pytest
import time_machine

from articles import structured_data as article_data
from articles.models import Article
from clinics import structured_data
from clinics.models import (
    Clinic,
    ClinicSpeciality,
    Condition,
    OpeningException,
    OpeningHours,
    Photo,
    Price,
)
from clinics.templatetags.json_ld import json_ld
from clinics.whole import fill
from tests.article_files import FOOT
from tests.schema_org import faults

from .people import clinic, places, speciality, treatment
from .worlds import kept

pytestmark = pytest.mark.django_db

FULL = {
    "street": "Eksempelvej 12B",
    "address_extra": "2. tv.",
    "email": "klinik@example.org",
    "website": "https://klinik.example.org/",
    "about": "Vi undersøger dig.",
    "languages": ["da", "sgn", "xx"],
    "step_free": True,
    "lift": False,
    "location_precision": "address",
}


@kept
def full():
    made = clinic("Klinik Fuld", "Aarhus C", specialities=["Ryg"], treatments=["Taping"], **FULL)
    ClinicSpeciality.objects.create(clinic=made, speciality=speciality("Gæt"), basis="suggested")
    for weekday, opens, closes in [(0, 8, 16), (4, 22, 2), (5, 0, 0)]:
        OpeningHours.objects.create(
            clinic=made, weekday=weekday, opens=datetime.time(opens), closes=datetime.time(closes)
        )
    OpeningHours.objects.create(
        clinic=made, kind="phone", weekday=0, opens=datetime.time(8), closes=datetime.time(9, 30)
    )
    for first, last, opens in [
        ("2026-12-24", "2027-01-02", None),
        ("2025-12-24", "2025-12-26", None),
        ("2027-02-01", "2027-02-01", 10),
    ]:
        OpeningException.objects.create(
            clinic=made,
            first_day=first,
            last_day=last,
            opens=opens and datetime.time(opens),
            closes=opens and datetime.time(12),
        )
    Photo.objects.create(clinic=made, digest="a" * 64, width=2000, height=1000, alt="Indgangen")
    for kind, amount, sessions in [
        ("first", "550.00", None),
        ("follow_up", "420.50", None),
        ("package", "2000", 5),
        ("surcharge", "60", None),
    ]:
        Price.objects.create(
            clinic=made, kind=kind, amount=Decimal(amount), sessions=sessions, minutes=30, treatment=treatment("Taping")
        )
    return read(made)


def read(made):
    stored = Clinic.objects.select_related("postcode").get(pk=made.pk)
    fill([stored])
    return stored


@time_machine.travel("2026-11-21T12:00:00+01:00", tick=False)
def test_a_clinic_with_every_fact(full, settings):
    settings.SITE_URL = "https://fysfinder.example"
    data = structured_data.medical_clinic(full)
    assert faults(data) == []
    assert data["@type"] == ["MedicalClinic", "Physiotherapy"]
    assert data["url"] == "https://fysfinder.example/klinik/klinik-fuld/"
    assert data["address"] == {
        "@type": "PostalAddress",
        "streetAddress": "Eksempelvej 12B, 2. tv.",
        "postalCode": "8000",
        "addressLocality": "Aarhus C",
        "addressCountry": "DK",
    }
    assert (data["geo"]["latitude"], data["telephone"]) == (56.1572, "+4500001234")
    assert [(x["dayOfWeek"][19:], x["opens"], x["closes"]) for x in data["openingHoursSpecification"]] == [
        ("Monday", "08:00", "16:00"),
        ("Friday", "22:00", "02:00"),
        ("Saturday", "00:00", "23:59"),
    ]
    assert [
        (x["validFrom"], x["validThrough"], x["opens"], x["closes"]) for x in data["specialOpeningHoursSpecification"]
    ] == [("2026-12-24", "2027-01-02", "00:00", "00:00"), ("2027-02-01", "2027-02-01", "10:00", "12:00")]
    assert data["contactPoint"]["hoursAvailable"][0]["closes"] == "09:30"
    assert [(x["name"], x["value"]) for x in data["amenityFeature"]] == [
        ("Adgang uden trin", True),
        ("Elevator", False),
    ]
    assert [(x["name"], x["price"]) for x in data["hasOfferCatalog"]["itemListElement"]] == [
        ("Første konsultation, Taping, 30 min.", "550"),
        ("Opfølgende behandling, Taping, 30 min.", "420.50"),
        ("Pakke, Taping, 5 gange, 30 min.", "2000"),
    ]
    assert data["priceRange"] == "420.50–550 DKK"
    assert data["knowsAbout"] == ["Ryg"] and data["availableService"] == [{"@type": "MedicalTherapy", "name": "Taping"}]
    assert data["image"] == [f"https://fysfinder.example/billeder/{'a' * 64}-1440.webp"]
    assert "aggregateRating" not in data


def test_of_a_clinic_that_said_nothing_nothing_is_said():
    bare = read(clinic("Klinik Bar", "Aarhus C", phone=""))
    data = structured_data.medical_clinic(bare)
    assert faults(data) == []
    assert set(data) == {"@context", "@type", "@id", "url", "name", "medicalSpecialty", "address"}
    assert "streetAddress" not in data["address"]


def test_an_invented_clinic_has_none(full):
    full.is_example = True
    assert structured_data.clinic_page(full) == []


def test_the_blocks_of_pages_are_known_to_schema_org(full, settings):
    settings.SITE_URL = "https://fysfinder.example"
    page, way = structured_data.clinic_page(full)
    (results,) = structured_data.results_page([("Klinik A", "/klinik/a/"), ("Klinik B", "/klinik/b/")])
    article = Article(
        slug="ondt-i-foden",
        title="Ondt i foden",
        body=FOOT.split("---\n", 2)[2],
        published_on=datetime.date(2025, 10, 2),
        author="Anna",
        reviewer="Rita",
        reviewed_at=datetime.date(2025, 11, 5),
        condition=Condition(slug="ondt-i-foden", name="Ondt i foden", synonyms=["fodsmerter"]),
    )
    article.render()
    article.reviewed_fingerprint = article.text_fingerprint()
    blocks = [page, way, results, *article_data.json_ld(article)]
    assert len(blocks) == 6
    assert [faults(block) for block in blocks] == [[]] * 6
    assert [item["url"] for item in results["itemListElement"]] == [
        "https://fysfinder.example/klinik/a/",
        "https://fysfinder.example/klinik/b/",
    ]
    assert structured_data.results_page([]) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"@type": "Clinic"}, "no type Clinic"),
        ({"openingTimes": "8-16"}, "no such property"),
        ({"telephone": 86121212}, "may not stand here"),
        ({"geo": {"@type": "PostalAddress"}}, "may not stand here"),
        ({"name": " "}, "may not stand here"),
    ],
)
def test_the_check_finds_what_is_wrong(full, change, fault):
    assert any(fault in one for one in faults(structured_data.medical_clinic(full) | change))


def test_no_name_can_leave_its_block(full):
    full.name = full.about = "</script><script>alert(1)</script><!-- \u2028 &lt;"
    printed = json_ld(structured_data.clinic_page(full))
    assert printed.count("<script") == printed.count("</script>") == 2
    first = printed.split(">", 1)[1].split("</script>")[0]
    assert json.loads(first)["name"] == full.name
    assert json_ld([]) == json_ld(None) == ""


def test_a_list_names_the_real_clinics_in_its_order(client):
    for name, town, example in [
        ("Nær", "Aarhus C", False),
        ("Opdigtet", "Aarhus N", True),
        ("Fjern", "Randers", False),
    ]:
        clinic(name, town, is_example=example)
    places()
    page = client.get("/find/fysioterapeut/", {"sted": "8000"}).content.decode()
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    data = json.loads(block)
    assert faults(data) == []
    assert [item["name"] for item in data["itemListElement"]] == ["Nær", "Fjern"]

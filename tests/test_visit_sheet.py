"""The sheet for the visit: the clinic, what is urgent, questions, and nothing that is kept."""

import pytest

from clinics.models import Clinic, OutOfHoursService, Region, SlugHistory

from .people import clinic, condition

pytestmark = pytest.mark.django_db

URL = "/klinik/klinik-et/besoegsark/"


@pytest.fixture
def one():
    return clinic("Klinik Et", "Aarhus C", street="Eksempelvej 1", is_example=True)


def test_it_has_the_clinic_what_is_urgent_and_the_number_of_its_region(client, one):
    for region in Region.objects.all():
        OutOfHoursService.objects.create(region=region, name="Lægevagten", phone="70113131", source="x")
    page = client.get(URL)
    text = page.content.decode()
    assert page.status_code == 200
    assert "Eksempelvej 1, 8000 Aarhus C" in text and "00 00 12 34" in text
    assert "Ring 112 nu, hvis du …" in text and "70 11 31 31" in text
    assert "Eksempel – opdigtet klinik" in text
    assert '<meta name="robots" content="noindex">' in text
    assert "<input" not in text.partition("<main")[2], "nothing is typed here"
    assert not page.cookies


def test_the_condition_comes_along_with_its_gate(client, one):
    condition("Blodprop i benet", {}, care_gate="Først når din læge har sagt god for det.")
    text = client.get(URL, {"tilstand": "blodprop-i-benet", "sted": "8000"}).content.decode()
    assert "blodprop i benet" in text and "Først når din læge har sagt god for det." in text
    assert 'href="/klinik/klinik-et/?tilstand=blodprop-i-benet&amp;sted=8000"' in text


def test_the_clinics_that_are_compared_stand_on_it_in_their_order(client, one):
    clinic("Klinik To", "Viby J", price=550)
    clinic("Klinik Tre", "Randers")
    clinic("Kladde", "Randers", status="draft")
    text = client.get(
        URL, {"klinik": ["klinik-tre", "klinik-et", "kladde", "klinik-to", "findes-ikke", "\0", "klinik-tre"]}
    ).content.decode()
    others = text.partition("Andre klinikker, jeg overvejer")[2].partition("</section>")[0]
    assert others.count("<li>") == 2
    assert others.index("Klinik Tre") < others.index("Klinik To")
    assert "550 kr." in others and "ikke oplyst" in others and "Kladde" not in text


def test_only_a_public_clinic_has_one(client):
    one = clinic("Klinik Et", "Aarhus C", status="draft")
    assert client.get(URL).status_code == 404
    Clinic.objects.filter(pk=one.pk).update(status="closed")
    assert client.get(URL, follow=True).status_code == 410


def test_a_renamed_clinic_is_found_at_its_old_address(client, one):
    SlugHistory.objects.create(kind="clinic", slug="gammelt-navn", object_id=one.pk)
    answer = client.get("/klinik/gammelt-navn/besoegsark/?tilstand=x")
    assert (answer.status_code, answer["Location"]) == (301, f"{URL}?tilstand=x")


def test_the_number_of_queries_does_not_grow(client, one, django_assert_max_num_queries):
    for number in range(5):
        clinic(f"Klinik Nummer {number}", "Randers", price=500)
    slugs = [f"klinik-nummer-{number}" for number in range(5)]
    client.get(URL, {"klinik": slugs})
    with django_assert_max_num_queries(7):
        client.get(URL, {"klinik": slugs})

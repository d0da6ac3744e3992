"""What must be in order before any clinic: gates of conditions and specialities, and subjects that wait for an editor."""

import pytest

from clinics.models import BodyRegion, Condition, Speciality

from .cramps import article, red_flags
from .people import clinic, condition, places

pytestmark = pytest.mark.django_db
GATE = "Først når lægen siger ja."
SAYS = "Vi viser ingen klinikker her, før en redaktør har godkendt, hvem der kan hjælpe ved blodprop."


@pytest.fixture
def flags():
    return red_flags()


def pages_of(client, made) -> dict[str, str]:
    article(made, "Kort.\n\n## Hvad?\n\nTekst.\n\n## Mere\n\nTekst.\n", slug="blodprop", title="Blodprop")
    addresses = {
        "article": "/ordbog/blodprop/?sted=8000",
        "results": "/find/fysioterapeut/?tilstand=blodprop&sted=8000",
        "results with a speciality": "/find/fysioterapeut/?tilstand=blodprop&speciale=vener&sted=8000",
        "landing": "/find/fysioterapeut/aarhus/?tilstand=blodprop",
        "profile": "/klinik/vener-aarhus/?tilstand=blodprop",
    }
    return {name: client.get(address).content.decode() for name, address in addresses.items()}


@pytest.fixture
def gated(flags):
    places()
    clinic("Vener Aarhus", "Aarhus C", specialities=["Vener"])
    clinic("Ryg Aarhus", "Aarhus C", specialities=["Ryg"])
    return condition("Blodprop", {"Vener": 3, "Ryg": 2})


def test_a_condition_that_waits_shows_its_cards_and_no_clinics(client, gated):
    Condition.objects.update(awaits_acceptance=True)
    for name, page in pages_of(client, Condition.objects.get()).items():
        assert SAYS in page, name
        assert 'id="ring-112"' in page and 'id="ring-til-laege"' in page, name
        assert "/klinik/" not in page or name == "profile", name
        assert "find-fysioterapeut" not in page or name != "article", name
    assert "Blodprop" in client.get("/specialer/vener/").content.decode()
    assert 'value="Blodprop"' not in client.get("/").content.decode()


def test_a_conditions_gate_holds_on_every_page(client, gated):
    Condition.objects.update(care_gate=GATE)
    for name, page in pages_of(client, Condition.objects.get()).items():
        assert GATE in page, name
        assert 'id="ring-112"' in page, name
        assert page.index('id="ring-112"') < page.index(GATE) or name == "profile", name


def test_a_specialitys_gate_holds_wherever_it_leads(client, gated):
    Speciality.objects.filter(slug="vener").update(care_gate=GATE)
    article(gated, "Kort.\n\n## Hvad?\n\nTekst.\n\n## Mere\n\nTekst.\n", slug="blodprop", title="Blodprop")
    addresses = {
        "article": "/ordbog/blodprop/?sted=8000",
        "results of the condition": "/find/fysioterapeut/?tilstand=blodprop&sted=8000",
        "results of the speciality": "/find/fysioterapeut/?speciale=vener&sted=8000",
        "landing": "/find/fysioterapeut/aarhus/?speciale=vener",
        "speciality": "/specialer/vener/",
        "profile from the condition": "/klinik/vener-aarhus/?tilstand=blodprop",
        "profile from the speciality": "/klinik/vener-aarhus/?speciale=vener",
    }
    for name, address in addresses.items():
        page = client.get(address).content.decode()
        assert GATE in page, name
        assert 'id="ring-112"' in page, name
    assert GATE not in client.get("/klinik/ryg-aarhus/?tilstand=blodprop").content.decode(), (
        "it is not about that clinic"
    )
    results = client.get("/find/fysioterapeut/?speciale=vener&sted=8000").content.decode()
    assert "/klinik/vener-aarhus/?speciale=vener" in results.replace("&amp;", "&"), "the gate travels along"


def test_a_gated_specialitys_page_warns_of_what_its_conditions_warn_of(client, gated, flags):
    region = BodyRegion.objects.create(slug="hele-kroppen", name="Hele kroppen")
    region.red_flags.add(flags["lungeemboli"])
    Speciality.objects.filter(slug="vener").update(care_gate=GATE)
    gated.red_flags.add(flags["dvt"], flags["vaegttab"])
    page = client.get("/specialer/vener/").content.decode()
    assert "det ene ben bliver hævet" in page
    assert "pludselig får åndenød" in page, "the class that none of them fills has its default"
    assert "du taber dig" not in page, "what can wait does not stand there"

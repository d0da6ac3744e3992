"""The cards of the search pages: for words of danger, and for the name of what is a danger itself."""

import pytest

from clinics.loading.safety import load_safety
from clinics.models import BodyRegion, Condition, Region

from .worlds import kept

pytestmark = pytest.mark.django_db

ORDBOG, FIND = "/ordbog/", "/find/fysioterapeut/"


@kept(autouse=True)
def registry():
    leg = BodyRegion.objects.create(slug="ben", name="Ben")
    for slug in ("hovedstaden", "sjaelland", "syddanmark", "midtjylland", "nordjylland"):
        Region.objects.create(slug=slug, name=slug.capitalize())
    gate = "Genoptræning er først aktuelt, når din læge har sagt god for det."
    Condition.objects.create(
        slug="blodprop-i-benet-advarselstegn",
        name="Blodprop i benet",
        synonyms=["blodprop", "DVT"],
        care_gate=gate,
        body_region=leg,
    )
    Condition.objects.create(slug="aarebetaendelse", name="Årebetændelse", awaits_acceptance=True, body_region=leg)
    Condition.objects.create(slug="skinnebensbetaendelse", name="Skinnebensbetændelse", body_region=leg)
    load_safety()


def page(client, path: str, text: str) -> str:
    response = client.get(path, {"q": text}, follow=True)
    assert response.status_code == 200
    return response.content.decode().split("<main")[1].split("</main>")[0]


@pytest.mark.parametrize("path", [ORDBOG, FIND])
@pytest.mark.parametrize("text", ["DVT", "blodprop", "årebetændelse"])
def test_the_name_of_a_danger_shows_its_cards_first(client, path, text):
    shown = page(client, path, text)
    assert shown.index("tel:112") < shown.index("Ring til læge med det samme") < shown.index("Undgå …")
    assert shown.index("Undgå …") < shown.index("Find" if path == ORDBOG else 'id="klinikker"')


@pytest.mark.parametrize("text", ["skinnebensbetændelse", "træning", "blodpropmedicin"])
def test_other_names_show_none(client, text):
    assert "tel:112" not in page(client, ORDBOG, text)


@pytest.mark.parametrize("path", [ORDBOG, FIND])
def test_without_a_place_the_heard_card_stays_first_and_the_numbers_stand_open_below(client, path):
    shown = page(client, path, "hævet læg")
    assert shown.index("Ring til læge med det samme") < shown.index("tel:112") < shown.index("tel:1813")
    numbers = shown.index('id="laegevagten"')
    assert numbers < shown.index("tel:1813") and "<details" not in shown[numbers : shown.index("tel:1813")]
    assert shown.count("tel:1813") == 1

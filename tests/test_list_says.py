"""What a list says of itself is true of this very list: its heading, its order, and where it looks."""

import re
from html import unescape

import pytest

from clinics.models import Place

from .people import clinic, places

pytestmark = pytest.mark.django_db

URL = "/find/fysioterapeut/"


@pytest.fixture(autouse=True)
def denmark():
    places()
    clinic("Åen", "Aarhus C", price=900, specialities=["Ryg"])
    clinic("Byen", "Rønne", price=900, specialities=["Ryg"])


def text_of(page: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.split("<main")[1].split("</main>")[0])))


def look(client, **asked) -> str:
    return client.get(URL, asked).content.decode()


def test_who_does_not_match_is_not_headed_as_matching(client):
    strict, relaxed = (
        look(client, sted="8000", speciale="ryg"),
        look(client, sted="8000", speciale="ryg", pris_max="100"),
    )
    assert "<h2>Klinikker, der matcher</h2>" in strict
    assert "<h2>Klinikker, der passer næsten</h2>" in relaxed and "der matcher" not in relaxed


@pytest.mark.parametrize("sted", ["", "hele Danmark", "Midtjylland", "8888"])
def test_without_anything_to_be_near_to_the_order_is_by_name_and_says_so(client, sted):
    Place.objects.create(
        slug="danmark", name="Danmark", kind="country", latitude=56, longitude=10, postcodes=[],
        keys=["danmark", "hele danmark"], preposition="i",
    )  # fmt: skip
    page = look(client, sted=sted)
    chosen = re.search(r'<select id="sorter".*?<option[^>]*selected>([^<]*)<', page, re.S).group(1)
    assert (chosen, "Nærmest først" in page) == ("Efter navn, fra A til Å", False)
    assert "Nærmest først" in look(client, sted="8000")


def test_a_place_that_nobody_understands_is_asked_for_first(client):
    page = look(client, sted="Langtbortistan")
    assert "<h1>Hvor vil du søge?</h1>" in page
    assert "Indtil da viser listen 2 klinikker i hele Danmark efter navn." in text_of(page)
    assert "<h1>Ryg: hvor vil du søge?</h1>" in look(client, sted="Langtbortistan", speciale="ryg")
    assert "<h1>Hvilket sted mener du?</h1>" in look(client, sted="8000, 8200")
    assert "<h1>Fysioterapeuter i hele Danmark</h1>" in look(client)


def test_where_somebody_stands_is_in_no_address_that_we_write(client):
    page = look(client, sted="56.15724, 10.21071")
    assert "nær 8000 Aarhus C" in page and "56.157" not in page and "sted=8000" in page


def test_a_sentence_about_a_number_stands_above_the_list_and_at_its_field(client):
    """The field is folded away on a phone; a rating has none to write in."""
    for asked, times in (({"pris_max": "99999999999"}, 2), ({"pris_max": "-5"}, 2), ({"bedoemmelse_min": "99999"}, 1)):
        assert text_of(look(client, **asked)).count("Tallet er for") == times


def test_without_a_place_it_asks_for_one(client):
    asks = "Skriv et postnummer eller en by, så står de nærmeste først."
    assert asks in text_of(look(client)) and asks in text_of(look(client, behandling="taping", pris_max="x"))
    assert asks not in text_of(look(client, speciale="ryg")), "nothing pushes the cards down"
    for said in ({"sted": "8000"}, {"sted": "zzqqx"}, {"omraade": "56,10,56.5,10.5"}):
        assert asks not in text_of(look(client, **said)), said


def test_the_bar_says_how_many_are_ticked_here_and_elsewhere(client):
    assert "Sammenlign de valgte (2)" in text_of(look(client, sted="8000", klinik=["aaen", "andetsteds"]))
    assert "Sammenlign de valgte (" not in text_of(look(client, sted="8000"))

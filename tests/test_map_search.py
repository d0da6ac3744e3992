"""`?omraade=west,south,east,north`: the list of what can be seen on the map."""

import random

import pytest
from django.http import QueryDict

from clinics.inquiry import Inquiry
from clinics.map_area import SWAPPED, Box

from .people import TOWNS, clinic, condition, places
from .worlds import kept

pytestmark = pytest.mark.django_db

AARHUS = "10,56,10.4,56.3"
URL = "/find/fysioterapeut/"


@kept
def towns():
    places()
    condition("Ondt i ryggen", {"Ryg": 3})
    for town in TOWNS:
        clinic(f"Ryg {town}", town, specialities=["Ryg"], price=400)
        clinic(f"Uden {town}", town, price=300)


def found(query: str):
    return Inquiry.read(QueryDict(query)).found()


def slugs(query: str) -> set[str]:
    return {hit.slug for hit in found(query).hits}


def test_the_list_is_what_lies_in_the_box_and_nothing_further(towns):
    inside = {"ryg-aarhus-c", "ryg-aarhus-n", "ryg-viby-j"}
    assert slugs(f"omraade={AARHUS}&speciale=ryg") == inside | {"uden-aarhus-c", "uden-aarhus-n", "uden-viby-j"}
    assert slugs("omraade=8,54,9,54.5") == set(), "an empty area is not made wider"


@pytest.mark.parametrize("place", ["", "8000", "København", "Region Nordjylland", "9000&radius=2&kun_radius=ja"])
def test_the_place_says_the_order_and_the_box_where(towns, place):
    both = {f"{kind}-{town}" for kind in ("ryg", "uden") for town in ("aarhus-c", "aarhus-n", "viby-j")}
    assert slugs(f"omraade={AARHUS}&sted={place}") == both


def test_the_nearest_to_the_place_comes_first(towns):
    hits = found(f"omraade={AARHUS}&sted=Randers").hits
    assert hits[0].slug.endswith("aarhus-n") and [h.distance_km for h in hits] == sorted(h.distance_km for h in hits)


def test_it_is_the_brute_force_list_for_random_boxes(towns):
    rng = random.Random(2)
    spots = {f"ryg-{town.lower().replace(' ', '-')}": spot[1:3] for town, spot in TOWNS.items()}
    spots = {slug.replace("ø", "oe"): spot for slug, spot in spots.items()}
    for _ in range(40):
        west, east = sorted(rng.uniform(8, 15) for _ in range(2))
        south, north = sorted(rng.uniform(54.5, 57.8) for _ in range(2))
        box = Box(west, south, east, north)
        expected = {slug for slug, (latitude, longitude) in spots.items() if box.holds(latitude, longitude)}
        got = {
            slug for slug in slugs(f"omraade={west:.6f},{south:.6f},{east:.6f},{north:.6f}&sted=8000") if "ryg" in slug
        }
        assert got == expected


def test_the_page_says_so_and_the_way_back(client, towns):
    text = client.get(f"{URL}?tilstand=ondt-i-ryggen&sted=8000&omraade={AARHUS}&pris_max=500").content.decode()
    assert "fysioterapeuter i området på kortet" in text
    assert "Du ser kun klinikker i det område, du valgte på kortet." in text
    assert f'name="omraade" value="{AARHUS}"' in text, "a filter keeps the area"
    assert "Vis klinikker nær 8000 Aarhus C" in text and "Området på kortet" in text
    assert "Hvor langt væk?" not in text


def test_a_page_of_it_keeps_it(client, towns):
    for n in range(25):
        clinic(f"Mere {n}", "Aarhus C")
    text = client.get(f"{URL}?omraade={AARHUS}").content.decode()
    assert "omraade=10%2C56%2C10.4%2C56.3&amp;side=2" in text


def test_a_box_that_is_none_is_named_and_left_out(client, towns):
    response = client.get(f"{URL}?sted=8000&omraade=11,56,10,57")
    assert response.status_code == 200 and SWAPPED in response.content.decode()
    assert "Ryg Aarhus C" in response.content.decode()


def test_the_map_of_an_area_shows_its_list(client, towns):
    answer = client.get(f"/api/v1/clinics.geojson?area={AARHUS}&place=8000&bbox=7,54,16,58&zoom=7").json()
    assert answer["count"] == answer["total"] == 6
    assert client.get("/api/v1/clinics.geojson?area=1,2").status_code == 400

"""`sorter`: the order within the groups of a list. What is not stated comes last, and the groups stay."""

import random
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from clinics.inquiry import Inquiry
from clinics.orders import ORDERS

from .people import clinic, condition, places
from .scattered import changed, query, scatter

pytestmark = pytest.mark.django_db

URL = "/find/fysioterapeut/"
FRESH = {"waiting_stated_on": "2999-01-01"}


@pytest.fixture(autouse=True)
def denmark():
    places()


def names(client, **asked) -> list[str]:
    page = client.get(URL, {"sted": "8000"} | asked).content.decode()
    return list(dict.fromkeys(re.findall(r'href="/klinik/([a-z0-9-]+)/', page)))


def test_lowest_price_first_and_unknown_last(client):
    clinic("Dyr", "Aarhus C", price=700)
    clinic("Tavs", "Aarhus C")
    clinic("Billig", "Viby J", price=400)
    clinic("Næsten gratis", "Aarhus N", price=1)
    assert names(client, sorter="pris") == ["naesten-gratis", "billig", "dyr", "tavs"]
    assert names(client, sorter="afstand") == names(client) != names(client, sorter="pris")


def test_shortest_waiting_time_first_and_what_is_too_old_counts_as_unknown(client):
    clinic("Ti", "Aarhus C", waiting_days=10, **FRESH)
    clinic("Gammel", "Aarhus C", waiting_days=0, waiting_stated_on="2000-01-01")
    clinic("Nul", "Viby J", waiting_days=0, **FRESH)
    assert names(client, sorter="ventetid") == ["nul", "ti", "gammel"]


def test_primary_matches_first_then_the_close_ones_each_by_distance(client):
    condition("Ondt i ryggen", {"Ryg": 3, "Sport": 2})
    clinic("Sport nær", "Aarhus C", specialities=["Sport"])
    clinic("Ryg nær", "Aarhus N", specialities=["Ryg"])
    clinic("Ryg fjern", "Viby J", specialities=["Ryg", "Sport"])
    clinic("Tavs", "Aarhus C")
    ask = {"tilstand": "ondt-i-ryggen"}
    assert names(client, **ask) == ["sport-naer", "ryg-naer", "ryg-fjern", "tavs"]
    assert names(client, **ask, sorter="match") == ["ryg-naer", "ryg-fjern", "sport-naer", "tavs"]


def test_ties_are_broken_by_distance_and_then_by_the_clinic(client):
    clinic("Fjern", "Viby J", price=400)
    clinic("Et", "Aarhus C", price=400)
    clinic("To", "Aarhus C", price=400)
    assert names(client, sorter="pris") == ["et", "to", "fjern"]


def test_an_order_never_mixes_the_groups(client):
    condition("Ondt i ryggen", {"Ryg": 3})
    clinic("Dyr match", "Aarhus C", specialities=["Ryg"], price=900)
    clinic("Billig tavs", "Aarhus C", price=100)
    clinic("Over vand", "Kalundborg", specialities=["Ryg"], price=50)
    found = names(client, tilstand="ondt-i-ryggen", sorter="pris")
    assert found == ["dyr-match", "over-vand", "billig-tavs"]


def test_the_cheapest_are_looked_for_no_further_away_than_the_list_goes(client):
    for town in ("Aarhus C", "Aarhus N", "Viby J"):
        clinic(f"Klinik {town}", town, price=600)
    clinic("Billig i Aalborg", "Aalborg", price=10)
    assert "billig-i-aalborg" not in names(client, sorter="pris")


def test_without_a_place_names_break_the_ties(client):
    for name, price in (("Ærø", 400), ("Bøg", 400), ("Aa", None), ("Zebra", 300)):
        clinic(name, "Aarhus C", price=price)
    page = client.get(URL, {"sorter": "pris"}).content.decode()
    found = list(dict.fromkeys(re.findall(r'href="/klinik/([a-z0-9-]+)/', page)))
    assert found == ["zebra", "boeg", "aeroe", "aa"]
    assert "Sorteret efter pris for første gang uden henvisning, derefter navn" in page


def test_the_order_stands_in_the_form_in_the_address_and_on_every_page(client):
    for number in range(25):
        clinic(f"K{number}", "Aarhus C", price=300 + number)
    page = client.get(URL, {"sted": "8000", "sorter": "pris"}).content.decode()
    assert '<option value="pris" selected>' in page
    following = re.search(r'href="([^"]*side=2[^"]*)"', page).group(1).replace("&amp;", "&")
    assert parse_qs(urlsplit(following).query) == {"sted": ["8000"], "sorter": ["pris"], "side": ["2"]}
    assert "/klinik/k0/?sted=8000" in page, "the order stays with the list"
    assert "/klinik/k24/" in client.get(following).content.decode()


def test_an_order_that_does_not_exist_is_named_and_left_out(client):
    clinic("En", "Aarhus C")
    page = client.get(URL, {"sted": "8000", "sorter": "bedst"}).content.decode()
    assert "/klinik/en/" in page and "Valget findes ikke: “bedst”." in page.replace("&quot;", '"')


def test_every_order_lists_the_same_clinics_and_no_page_repeats_one():
    draw = random.Random(11)
    scatter(draw, 30)
    for _ in range(12):
        asked = query(draw)
        asked["kun_filtre"] = "ja"
        lists = {}
        for order in ORDERS:
            asked["sorter"] = order
            whole = Inquiry.read(asked).found(page=1, size=1000)
            lists[order] = [hit.clinic_id for hit in whole.hits]
            paged = [hit.clinic_id for page in range(1, 6) for hit in Inquiry.read(asked).found(page=page, size=5).hits]
            assert paged == lists[order][: len(paged)] and len(paged) == min(len(lists[order]), 25)
            groups = [hit.group for hit in whole.hits]
            assert groups == sorted(groups) and whole.total == len(groups)
        assert len({frozenset(found) for found in lists.values()}) == 1
        by_price = [
            (h.group, h.price_first is None, h.price_first or 0, h.distance_km, h.clinic_id)
            for h in Inquiry.read(changed(asked, sorter="pris")).found(page=1, size=1000).hits
        ]
        assert by_price == sorted(by_price)

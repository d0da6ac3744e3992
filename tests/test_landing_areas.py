"""Landing pages of landscapes, islands, and places that share a postcode: one number, one page, nothing untrue."""

import datetime
import re
from collections import defaultdict
from html import unescape

import pytest
from django.core.management import call_command
from django.db.models import Q

from clinics import index, places
from clinics.geo import Point
from clinics.landings import indexable_landings, nearest_with_clinics
from clinics.models import Clinic, Place, Postcode, Price
from clinics.place_facts import NEAR_KM
from clinics.place_rows import as_place, place_rows

from .worlds import kept

pytestmark = pytest.mark.django_db

FIND = "/find/fysioterapeut/"


@kept(autouse=True)
def denmark():
    call_command("load_places", verbosity=0)


def clinics(**at: int) -> None:
    """So many clinics in each postcode (`c8000=3`), at its point, each with a price, a ydernummer and a waiting time."""
    codes = Postcode.objects.in_bulk([code[1:] for code in at])
    made = Clinic.objects.bulk_create(
        Clinic(
            name=f"Klinik {code} {n}", slug=f"klinik-{code}-{n}", postcode=codes[code[1:]], status="published",
            latitude=codes[code[1:]].latitude, longitude=codes[code[1:]].longitude, has_ydernummer=True,
            waiting_days=4, waiting_stated_on=datetime.date.today(),
        )
        for code, many in at.items() for n in range(many)
    )  # fmt: skip
    Price.objects.bulk_create(Price(clinic=one, kind="first", amount=400 + one.pk % 90) for one in made)
    index.rebuild()


def read(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return unescape(response.content.decode())


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.split("<main")[1]).split())


def head_of(page: str) -> tuple[bool, str]:
    """Whether it is noindex, and its canonical address without the host."""
    canonical = re.search(r'<link rel="canonical" href="https?://[^/]+([^"]*)">', page)
    return '<meta name="robots" content="noindex">' in page, canonical[1] if canonical else ""


# Landscapes and islands


@pytest.mark.parametrize(
    ("sted", "inside", "outside", "words"),
    [
        ("Sønderjylland", {"c6200": 3, "c6100": 4, "c6400": 2}, {"c7100": 3}, "i Sønderjylland"),
        ("Vestjylland", {"c6950": 2, "c7600": 5}, {"c7800": 3}, "i Vestjylland"),
        ("Als", {"c6430": 3, "c6470": 2}, {"c6200": 3}, "på Als"),
        ("Amager", {"c2300": 2, "c2791": 3}, {"c2100": 3}, "på Amager"),
        ("Djursland", {"c8500": 2, "c8400": 2}, {"c8900": 3}, "på Djursland"),
        ("Salling", {"c7800": 3, "c7870": 1}, {"c7900": 3}, "i Salling"),
        ("Samsø", {"c8305": 3}, {"c8300": 3}, "på Samsø"),
        ("Gribskov Kommune", {"c3200": 2, "c3250": 2}, {"c3300": 3}, "i Gribskov Kommune"),
    ],
)
def test_a_landscape_is_what_lies_in_it_on_both_pages(client, sted, inside, outside, words):
    clinics(**inside, **outside)
    many = sum(inside.values())
    found = read(client, f"{FIND}?sted={sted}")
    landing = read(client, f"{FIND}{places.find_place(sted).slug}/")
    assert f"<h1>Fysioterapeuter {words}</h1>" in found and f"<h1>Fysioterapeuter {words}</h1>" in landing
    assert f"{many} klinikker" in found and f"Se alle {many} klinikker" in landing
    assert f"Klinikker {many} {words}" in text_of(landing)
    for page in (found, landing):
        assert len(set(re.findall(r"/klinik/(klinik-c\d+-\d+)/", page))) == many
        assert not any(f"klinik-{code}-" in page for code in outside)


def test_an_island_with_too_few_shows_what_lies_around_it(client):
    clinics(c5970=1, c5700=4)
    page = read(client, f"{FIND}?sted=Ærø")
    assert "Kun 1 klinik ligger på Ærø. Her er dem" in text_of(page) and "klinik-c5700-0" in page


def test_the_few_of_a_landscape_are_among_those_around_it(client):
    """Two at its edge, and enough outside it that lie nearer to its middle."""
    rebild = places.find_place("Rebild Kommune")
    clinics(c9670=3, c9610=2)
    Clinic.objects.filter(postcode="9670").update(latitude=rebild.latitude, longitude=rebild.longitude + 0.05)
    index.rebuild()
    page = read(client, f"{FIND}?sted=Rebild Kommune")
    assert "Kun 2 klinikker ligger i Rebild Kommune." in text_of(page)
    assert "klinik-c9610-0" in page and "klinik-c9610-1" in page and "klinik-c9670-0" in page


def test_a_city_its_parts_and_a_postcode_are_looked_from(client):
    for sted in ("Aarhus", "Nørrebro", "8305", "Thurø", "Silkeborg", "Frederiksberg", "Nordvest"):
        assert not places.find_place(sted).is_area, sted


# Places that share a postcode


def test_a_place_does_not_claim_the_clinics_of_its_postcode(client):
    clinics(c5700=3)
    for slug, name in (("thuroe", "Thurø"), ("taasinge", "Tåsinge"), ("troense", "Troense"), ("vindeby", "Vindeby")):
        page = read(client, f"{FIND}{slug}/")
        assert f"<h1>Fysioterapeuter nær {name}</h1>" in page
        assert "Klinikker 3 med postnummer 5700 Svendborg" in text_of(page) and f"3 på {name}" not in page
        assert 'content="3 klinikker med postnummer 5700 Svendborg.' in page
        assert head_of(page) == (True, f"{FIND}svendborg/")
        assert "application/ld+json" not in page and "klinik-c5700-2" in page, "the visitor still finds them"
    page = read(client, f"{FIND}svendborg/")
    assert "Klinikker 3 i Svendborg" in text_of(page) and head_of(page) == (False, f"{FIND}svendborg/")


def test_where_the_town_is_no_page_for_search_engines_the_villages_are_none_either(client):
    clinics(c5700=2, c9000=3, c9400=3)
    assert head_of(read(client, f"{FIND}thuroe/")) == (True, FIND)
    assert head_of(read(client, f"{FIND}hasseris/")) == (True, f"{FIND}aalborg/"), "9000 is a part of the city"


def test_a_suburb_of_a_city_without_other_clinics_gives_way_to_it(client):
    clinics(c8900=3, c9310=3, c9000=1)
    assert head_of(read(client, f"{FIND}randers/")) == (False, f"{FIND}randers/")
    assert head_of(read(client, f"{FIND}randers-c/")) == (True, f"{FIND}randers/")
    assert head_of(read(client, f"{FIND}vester-hassing/")) == (True, f"{FIND}vodskov/")


def test_every_place_whose_postcode_is_anothers_knows_whose():
    known = {one.slug: one for one in Place.objects.select_related("parent")}
    found = {row["slug"]: as_place(row) for row in place_rows(Q())}
    towns = dict(Postcode.objects.values_list("code", "town"))
    shared = defaultdict(list)
    for slug, one in known.items():
        place = found[slug]
        if one.parent and one.parent.postcodes == one.postcodes:
            continue  # another name for its parent
        if place.post_slug:
            owner = known[place.post_slug]
            assert one.postcodes[0] in owner.postcodes and owner.name == place.post_town == towns[one.postcodes[0]]
            assert not found[owner.slug].post_slug, "it has its own"
            assert not place.is_area
        elif one.kind != "country":
            shared[tuple(one.postcodes)].append(slug)
    assert [slugs for slugs in shared.values() if len(slugs) > 1] == []


def test_no_two_pages_for_search_engines_tell_the_same_facts(client):
    """Whatever has clinics: in every place, the sets of clinics behind the pages in the site map differ."""
    sparse = ("5700", "8900", "7800", "6400", "9000", "8000", "2200", "2300", "8200", "7700", "4970", "3450", "8541")
    clinics(**{f"c{code}": 3 for code in sparse}, c8310=2, c1050=3)
    pages = [one.place for one in indexable_landings() if not one.speciality]
    assert len(pages) == len(set(pages)) > 15
    where = [(c.pk, c.postcode_id, Point(c.latitude, c.longitude)) for c in Clinic.objects.all()]

    def held(place: Place) -> frozenset[int]:
        near = Point(place.latitude, place.longitude)
        return frozenset(
            pk
            for pk, code, point in where
            if place.kind == "country"
            or code in place.postcodes
            or (place.kind == "city" and near.km_to(point) <= NEAR_KM)
        )

    every = {one.slug: held(one) for one in Place.objects.all()}
    told = [every[slug] for slug in pages]
    assert len(set(told)) == len(told)
    assert set(told) == {one for one in every.values() if len(one) >= 3}, "each set of clinics has a page"
    for slug in ("svendborg", "aarhus", "noerrebro", "randers", "skive", "alleroed", "thisted", "thy", "salling"):
        noindex, canonical = head_of(read(client, f"{FIND}{slug}/"))
        assert noindex == (slug not in pages), slug
        assert canonical.split("/")[-2] in pages and every[canonical.split("/")[-2]] == every[slug], slug


# Places nearby


def near(slug: str) -> list[str]:
    place = places.place_for_slug(slug)
    assert place
    return [link.name for link in nearest_with_clinics(place)]


def test_places_nearby_are_near_and_on_this_side_of_the_water():
    clinics(c1050=3, c1400=3, c5700=3, c5600=3, c5900=3, c8200=3, c8400=3)
    assert near("hasle") == [], "København is 150 km from Bornholm"
    assert near("aeroe") == ["Svendborg (over vand)", "Rudkøbing (over vand)", "Faaborg (over vand)"] or set(
        near("aeroe")
    ) == {"Svendborg (over vand)", "Rudkøbing (over vand)", "Faaborg (over vand)"}
    assert near("gudme") == ["Svendborg", "Rudkøbing", "Faaborg"]
    assert near("djursland") == ["Ebeltoft", "Aarhus"], "a city once, and one place for each postcode"


def test_the_line_is_left_out_where_there_is_none(client):
    clinics(c1050=3, c3700=1)
    assert 'id="naer"' not in read(client, f"{FIND}hasle/")
    clinics(c3751=3)
    page = read(client, f"{FIND}allinge/")
    assert "Steder højst 50 km væk med flere klinikker" in page and f'href="{FIND}oestermarie/"' in page

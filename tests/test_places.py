"""Reading a place: what people write on the left, the place they mean on the right, on the committed tables."""

import datetime

import pytest
import time_machine
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clinics.loading.places import load_places
from clinics.models import Place, Region
from clinics.places import (
    FoundPlace,
    PlaceError,
    UnknownPlace,
    find_place,
    largest_towns,
    place_for_slug,
    quoted,
    regions_on,
)

from .memory import shared_rows

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def tables(django_db_setup, django_db_blocker):
    """Two thousand rows, loaded once for this file and rolled back after it."""
    with shared_rows(django_db_blocker):
        load_places()
        yield


def test_an_unknown_postcode_is_our_fault():
    with pytest.raises(UnknownPlace) as raised:
        find_place("8888")
    assert raised.value.message == "Vi kender ikke postnummer 8888. Tjek tallene, eller søg på by."


def test_greenland_is_told_so():
    with pytest.raises(UnknownPlace, match="Grønland"):
        find_place("3900 Nuuk")


def test_a_long_text_is_cut_before_anything_looks_at_it():
    with pytest.raises(UnknownPlace) as raised:
        find_place("a" * 10_000)
    assert len(raised.value.message) < 200
    assert find_place("8000" + " " * 10_000).label == "8000 Aarhus C"
    with pytest.raises(UnknownPlace):
        find_place("vej " * 3000 + "8000")


def test_nul_bytes_never_reach_the_database():
    assert find_place("aar\0hus\0 8000").label == "8000 Aarhus C"
    assert find_place("\0aarhus\0").label == "Aarhus"


@settings(max_examples=100)
@given(
    st.one_of(st.text(), st.text(alphabet="aøåe18 ,.-'\"%_\\\0\n<", max_size=30), st.from_regex(r"\w{2,9} [0-9]{3,5}"))
)
@example("\ud800aarhus")
@example("ﷺ" * 300)
@example("İstanbul")
@example("1" * 5000)
def test_no_text_raises_anything_else(text):
    try:
        assert isinstance(find_place(text), FoundPlace)
    except PlaceError as error:
        assert error.message
        assert error.outcome in ("invalid", "unknown", "ambiguous")


# --- what a found place knows


def test_a_postcode():
    place = find_place("8000")
    assert place == FoundPlace(
        slug="aarhus-c",
        name="Aarhus C",
        kind="postcode",
        postcodes=("8000",),
        latitude=place.latitude,
        longitude=place.longitude,
        regions=("midtjylland",),
        base_regions=("midtjylland",),
        land="jylland",
        preposition="i",
    )
    assert (place.latitude, place.longitude) == pytest.approx((56.157, 10.211), abs=0.01)
    assert (place.label, place.in_place, place.sted, place.outcome) == ("8000 Aarhus C", "i Aarhus C", "8000", "found")


def test_a_city_is_the_whole_city():
    aarhus = find_place("Aarhus")
    assert (aarhus.kind, aarhus.slug, aarhus.regions, aarhus.land) == ("city", "aarhus", ("midtjylland",), "jylland")
    assert {"8000", "8200", "8210", "8220", "8230", "8240", "8250", "8260", "8270"} <= set(aarhus.postcodes)
    assert "8300" not in aarhus.postcodes
    assert find_place("Aarhus C").postcodes == ("8000", "8100")
    assert {"1050", "1799", "1800", "2000", "2100", "2200", "2720"} <= set(find_place("København").postcodes)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Østerbro", "på Østerbro"),
        ("Amager", "på Amager"),
        ("frb", "på Frederiksberg"),
        ("2000", "på Frederiksberg"),
        ("Bornholm", "på Bornholm"),
        ("6720", "på Fanø"),
        ("Valby", "i Valby"),
        ("aarhus", "i Aarhus"),
        ("kbh n", "i København N"),
        ("hele landet", "i hele Danmark"),
        ("Region Sjælland", "i Region Sjælland"),
    ],
)
def test_i_or_paa(text, phrase):
    assert find_place(text).in_place == phrase


def test_land_parts():
    assert {
        text: find_place(text).land for text in ("8000", "Odense", "Ærø", "6720", "Region Syddanmark", "Danmark")
    } == {
        "8000": "jylland",
        "Odense": "fyn",
        "Ærø": "aeroe",
        "6720": "fanoe",
        "Region Syddanmark": "",
        "Danmark": "",
    }


def test_a_postcode_on_a_border_has_both_regions_its_own_first():
    assert find_place("9500").regions == ("nordjylland", "midtjylland")


@pytest.mark.parametrize(
    ("text", "regions"),
    [
        ("Region Nordjylland", ("nordjylland",)),  # Hobro's postcode reaches into Midtjylland, the region does not
        ("Jylland", ("midtjylland", "syddanmark", "nordjylland")),
        ("Region Østdanmark", ("hovedstaden", "sjaelland")),
        ("Danmark", ()),
    ],
)
def test_the_regions_of_wide_places(text, regions):
    assert find_place(text).base_regions == regions


@pytest.mark.parametrize(
    ("moment", "regions"),
    [
        ("2026-12-31T22:59:00Z", ("hovedstaden",)),  # one minute to midnight in Denmark
        ("2026-12-31T23:00:00Z", ("oestdanmark",)),
        ("2030-06-01T12:00:00Z", ("oestdanmark",)),
    ],
)
def test_the_regions_of_the_day(moment, regions):
    with time_machine.travel(moment, tick=False):
        for text in ("2200", "København", "Bornholm"):
            assert find_place(text).regions == regions
            assert find_place(text).base_regions == ("hovedstaden",)
        assert find_place("8000").regions == ("midtjylland",)
        assert len(find_place("2640").regions) == (2 if regions == ("hovedstaden",) else 1)


def test_regions_on_a_day():
    before, after = regions_on(datetime.date(2026, 12, 31)), regions_on(datetime.date(2027, 1, 1))
    assert before == {slug: slug for slug in ("hovedstaden", "sjaelland", "syddanmark", "midtjylland", "nordjylland")}
    assert after["hovedstaden"] == after["sjaelland"] == after["oestdanmark"] == "oestdanmark"
    assert after["midtjylland"] == "midtjylland"
    assert {region.slug for region in Region.objects.on(datetime.date(2027, 1, 1))} == set(after.values())
    assert {region.slug for region in Region.objects.on(datetime.date(2026, 12, 31))} == set(before)


def test_every_place_is_found_again_by_its_name_and_its_slug():
    for slug, name in list(Place.objects.values_list("slug", "name").order_by("slug"))[::15]:
        assert find_place(name).slug == slug
        assert find_place(slug).slug == slug


# --- queries


@pytest.mark.parametrize(
    "text", ["8000", "Nørregade 12, 8000 Aarhus C", "københavn", "Region Hovedstaden", "Viby, Aarhus"]
)
def test_a_found_place_takes_one_query(text, django_assert_num_queries):
    with django_assert_num_queries(1):
        find_place(text)


@pytest.mark.parametrize(
    ("text", "queries"), [("Nykøbing", 1), ("aahrus", 2), ("8888 Aarhus", 2), ("", 0), ("!!", 0), ("800", 0)]
)
def test_the_other_outcomes_take_at_most_two(text, queries, django_assert_num_queries):
    with django_assert_num_queries(queries), pytest.raises(PlaceError):
        find_place(text)


# --- landing addresses and links


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        ("aarhus", "aarhus"),
        ("aarhus-c", "aarhus-c"),
        ("århus", "aarhus"),
        ("arhus", "aarhus"),
        ("Aarhus", "aarhus"),
        ("8000", "aarhus-c"),
        ("åbenrå", "aabenraa"),
        ("oesterbro", "oesterbro"),
        ("osterbro", "oesterbro"),
        ("københavn", "koebenhavn"),
        ("koebenhavn-oe", "oesterbro"),  # the same postcodes under another name
        ("2100", "oesterbro"),
        ("lyngby", "kongens-lyngby"),
        ("nykoebing-f", "nykoebing-f"),
        ("bornholm", "bornholm"),
    ],
)
def test_place_for_slug(slug, expected):
    assert place_for_slug(slug).slug == expected


@pytest.mark.parametrize("slug", ["", "nykoebing", "8888", "findes-ikke", "\0", "x" * 5000])
def test_no_place_for_slug(slug):
    assert place_for_slug(slug) is None


def test_largest_towns(django_assert_num_queries):
    with django_assert_num_queries(1):
        towns = largest_towns(5)
    assert [town.name for town in towns] == ["København", "Aarhus", "Odense", "Aalborg", "Esbjerg"]


def test_a_place_in_an_address():
    assert quoted(find_place("8000")) == "8000"
    assert quoted(find_place("kbh ø")) == "K%C3%B8benhavn%20%C3%98"

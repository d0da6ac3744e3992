"""Reading a place: what people write on the left, the place they mean on the right, on the committed tables."""

import datetime

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from clinics import tags
from clinics.loading.places import load_places
from clinics.models import Place, Region
from clinics.places import (
    AmbiguousPlace,
    FoundPlace,
    InvalidPlace,
    PlaceError,
    UnknownPlace,
    find_place,
    largest_towns,
    place_for_slug,
    quoted,
    regions_on,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def tables(django_db_setup, django_db_blocker):
    """Two thousand rows, loaded once for this file and rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_places()
        yield
        transaction.set_rollback(True)
    tags.forget()


FOUND = {
    # postcodes: digits win, whatever stands around them
    "2200": "2200 København N",
    "2200 Kbh N": "2200 København N",
    "DK-2200": "2200 København N",
    "dk2200": "2200 København N",
    "  8000  ": "8000 Aarhus C",
    "8000 Aarhus": "8000 Aarhus C",
    "8000 Odense": "8000 Aarhus C",
    "Nørregade 12, 8000 Aarhus C": "8000 Aarhus C",
    "Vestergade 12B, 2. tv., 5000 Odense C, Danmark": "5000 Odense C",
    "\uff18\uff10\uff10\uff10": "8000 Aarhus C",  # full-width digits from a phone keyboard
    "80\u200b00 ": "8000 Aarhus C",  # a zero-width space pasted along
    "8000, 8000": "8000 Aarhus C",
    "0999": "0999 København C",
    "1050": "1050 København K",
    "1799": "1799 København V",
    "2000": "2000 Frederiksberg",
    "3700": "3700 Rønne",
    "9990": "9990 Skagen",
    # whole cities
    "københavn": "København",
    "kobenhavn": "København",
    "koebenhavn": "København",
    "KØBENHAVN": "København",
    "Copenhagen": "København",
    "Kopenhagen": "København",
    "kbh": "København",
    "Kbh.": "København",
    "cph": "København",
    "aarhus": "Aarhus",
    "århus": "Aarhus",
    "arhus": "Aarhus",
    "A\u030arhus": "Aarhus",  # a ring as a character of its own
    "Aarhus Kommune": "Aarhus",
    "i Aarhus": "Aarhus",
    "aarhus, danmark": "Aarhus",
    "Ålborg": "Aalborg",
    "aalborg": "Aalborg",
    "alborg": "Aalborg",
    "odense": "Odense",
    "Esbjerg": "Esbjerg",
    "Randers": "Randers",
    # their parts
    "kbh n": "København N",
    "KbhN": "København N",
    "kbh. ø": "København Ø",
    "kbh oe": "København Ø",
    "Copenhagen K": "København K",
    "københavn nv": "København NV",
    "odense c": "Odense C",
    "Odense Nord": "Odense N",
    "århus c": "Aarhus C",
    "Aarhus midtby": "Aarhus C",
    "aalborg øst": "Aalborg Øst",
    "frb": "Frederiksberg",
    "Frederiksberg": "Frederiksberg",
    "frb c": "Frederiksberg C",
    "østerbro": "Østerbro",
    "oesterbro": "Østerbro",
    "osterbro": "Østerbro",
    "Nørrebro": "Nørrebro",
    "Vesterbro": "Vesterbro",
    "amager": "Amager",
    "sydhavn": "Sydhavnen",
    "Bispebjerg": "Nordvest",
    "indre by": "Indre By",
    "Nørrebro, København": "Nørrebro",
    "Viby, Aarhus": "Viby J",
    "Nørrebro København": "Nørrebro",
    "kbh nørrebro": "Nørrebro",
    "brabrand": "Brabrand",
    # towns
    "Lyngby": "Kongens Lyngby",
    "Kgs. Lyngby": "Kongens Lyngby",
    "kongens lyngby": "Kongens Lyngby",
    "aabenraa": "Aabenraa",
    "åbenrå": "Aabenraa",
    "abenra": "Aabenraa",
    "ærøskøbing": "Ærøskøbing",
    "aeroskobing": "Ærøskøbing",
    "aeroeskoebing": "Ærøskøbing",
    "naestved": "Næstved",
    "nastved": "Næstved",
    "Nr. Alslev": "Nørre Alslev",
    "nykøbing falster": "Nykøbing F",
    "Nykobing Mors": "Nykøbing M",
    "viby j": "Viby J",
    "Tåstrup": "Taastrup",
    "harlev": "Harlev J",  # as it is spelt, before Hårlev without its ring
    "hårlev": "Hårlev",
    "Storegade 3, Ry": "Ry",
    "Roskilde Kommune": "Roskilde",
    "Fakse": "Faxe",
    "strib": "Strib",  # a town without a postcode of its own
    "Elsinore": "Helsingør",
    # islands, areas, regions, all of it
    "Bornholm": "Bornholm",
    "aero": "Ærø",
    "fanø": "Fanø",
    "på Samsø": "Samsø",
    "Djursland": "Djursland",
    "Thurø By": "Thurø",
    "Gribskov": "Gribskov Kommune",
    "region midtjylland": "Region Midtjylland",
    "hele Danmark": "Danmark",
}


@pytest.mark.parametrize(("text", "label"), FOUND.items())
def test_finds(text, label):
    assert find_place(text).label == label


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("Nykøbing", ["Nykøbing F", "Nykøbing M", "Nykøbing Sj"]),
        ("nykobing", ["Nykøbing F", "Nykøbing M", "Nykøbing Sj"]),
        ("Viby", ["Viby J", "Viby Sjælland"]),
        ("8000, 8200", ["8000 Aarhus C", "8200 Aarhus N"]),
        ("8200 eller 8000", ["8200 Aarhus N", "8000 Aarhus C"]),
        ("Odense, Aarhus", ["Aarhus", "Odense"]),
        ("Nordby", ["Fanø", "Samsø"]),
    ],
)
def test_asks_which_with_the_largest_first(text, labels):
    with pytest.raises(AmbiguousPlace) as raised:
        find_place(text)
    assert [choice.label for choice in raised.value.choices] == labels
    assert raised.value.message.endswith("?")
    for choice in raised.value.choices:
        assert find_place(choice.sted) == choice


@pytest.mark.parametrize(
    ("text", "guess"),
    [
        ("aahrus", "Aarhus"),
        ("Aarhsu", "Aarhus"),
        ("københaven", "København"),
        ("odnese", "Odense"),
        ("fredrikshavn", "Frederikshavn"),
        ("Silkborg", "Silkeborg"),
        ("frederikss", "Frederikssund"),  # not written to the end
        ("Nørregade 12, Aahrus", "Aarhus"),
        ("8888 Aarhus", "Aarhus"),  # the number is wrong, the town is not
    ],
)
def test_asks_about_a_slip_and_never_uses_it(text, guess):
    with pytest.raises(UnknownPlace) as raised:
        find_place(text)
    assert raised.value.suggestion == find_place(guess)
    assert raised.value.question == f"Mente du {guess}?"


@pytest.mark.parametrize(
    "text", ["xyzzyxyzzy", "<script>", "<script>alert(1)</script>", "' OR 1=1 --", "%%%aa%%%", "a", "Paris"]
)
def test_unknown_without_a_guess(text):
    with pytest.raises(UnknownPlace) as raised:
        find_place(text)
    assert (raised.value.suggestion, raised.value.question) == (None, "")
    assert raised.value.message.startswith("Vi kender ikke stedet ")


def test_an_unknown_postcode_is_our_fault():
    with pytest.raises(UnknownPlace) as raised:
        find_place("8888")
    assert raised.value.message == "Vi kender ikke postnummer 8888. Tjek tallene, eller søg på by."


def test_greenland_is_told_so():
    with pytest.raises(UnknownPlace, match="Grønland"):
        find_place("3900 Nuuk")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", "postnummer eller en by"),
        ("   ", "postnummer eller en by"),
        ("\0\0", "postnummer eller en by"),
        ("?!.,-", "postnummer eller en by"),
        ("🦵🩹", "postnummer eller en by"),
        ("800", "fire cifre"),
        ("80000", "fire cifre"),
        ("12 34 56 78 90", "fire cifre"),
    ],
)
def test_invalid(text, hint):
    with pytest.raises(InvalidPlace) as raised:
        find_place(text)
    assert hint in raised.value.message


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


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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

"""Loading the place tables, and what the committed tables must be like."""

import csv
import io
import math
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from clinics import tags
from clinics.loading.places import DATA, PlaceTableError, load_places
from clinics.models import Clinic, Place, Postcode, Region
from clinics.places import find_place
from clinics.text import slugify_da

pytestmark = pytest.mark.django_db


def lines(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(autouse=True)
def forgotten_tags():
    """Loading numbers the land parts; the numbers go back with the test, and so must what was remembered of them."""
    yield
    tags.forget()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the tables, small enough to change: Aarhus C, Brabrand and Roskilde."""
    for name, wanted in {"regions.csv": None, "postcodes.csv": {"8000", "8220", "4000"}, "places.csv": None}.items():
        rows = [row for row in lines(name) if wanted is None or row["code"] in wanted]
        if name == "places.csv":
            rows = [row for row in rows if row["slug"] in {"aarhus", "aarhus-c", "brabrand", "roskilde"}]
        write(tmp_path / name, rows)
    return tmp_path


def write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def change(path: Path, key: str, **values: str) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    row = next(row for row in rows if next(iter(row.values())) == key)
    row |= values
    write(path, rows)


def without(path: Path, key: str) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        write(path, [row for row in csv.DictReader(file) if next(iter(row.values())) != key])


def run() -> str:
    out = io.StringIO()
    call_command("load_places", stdout=out)
    return out.getvalue()


def test_a_second_load_changes_nothing():
    first = run()
    assert f"postcodes: {len(lines('postcodes.csv'))} created, 0 updated, 0 unchanged, 0 deleted" in first
    assert f"places: {len(lines('places.csv'))} created" in first
    second = run()
    assert f"regions: 0 created, 0 updated, {len(lines('regions.csv'))} unchanged, 0 deleted" in second
    assert f"postcodes: 0 created, 0 updated, {len(lines('postcodes.csv'))} unchanged, 0 deleted" in second
    assert f"places: 0 created, 0 updated, {len(lines('places.csv'))} unchanged, 0 deleted" in second


def test_loads_the_rows_and_what_they_point_at(folder):
    load_places(folder=folder)
    aarhus_c = Postcode.objects.get(pk="8000")
    assert (aarhus_c.town, aarhus_c.municipality, aarhus_c.land) == ("Aarhus C", "Aarhus", "jylland")
    assert [region.slug for region in aarhus_c.regions.all()] == ["midtjylland"]
    assert Place.objects.get(slug="brabrand").parent == Place.objects.get(slug="aarhus")
    assert {"aarhus", "arhus"} <= set(Place.objects.get(slug="aarhus").keys)
    assert Region.objects.get(slug="sjaelland").successor == Region.objects.get(slug="oestdanmark")


def test_a_changed_row_is_updated_and_only_that(folder):
    load_places(folder=folder)
    change(folder / "postcodes.csv", "8220", latitude="56.1500", other_regions="Region Nordjylland")
    change(folder / "places.csv", "brabrand", parent="", aliases="Brabrand Sø")
    outcomes = load_places(folder=folder)
    assert (outcomes["postcodes"].updated, len(outcomes["postcodes"].unchanged)) == (["8220"], 2)
    assert (outcomes["places"].updated, len(outcomes["places"].unchanged)) == (["brabrand"], 3)
    assert Postcode.objects.get(pk="8220").latitude == 56.15
    assert {region.slug for region in Postcode.objects.get(pk="8220").regions.all()} == {"midtjylland", "nordjylland"}
    brabrand = Place.objects.get(slug="brabrand")
    assert (brabrand.parent, brabrand.keys) == (None, ["brabrand", "brabrand so", "brabrand soe"])


def test_a_region_taken_from_a_postcode_is_an_update(folder):
    load_places(folder=folder)
    change(folder / "postcodes.csv", "8220", region="Region Nordjylland")
    assert load_places(folder=folder)["postcodes"].updated == ["8220"]
    assert [region.slug for region in Postcode.objects.get(pk="8220").regions.all()] == ["nordjylland"]


def test_what_left_the_table_goes_unless_a_clinic_needs_it(folder):
    load_places(folder=folder)
    Clinic.objects.create(
        name="Klinik Ved Domkirken", slug="klinik", postcode_id="4000", latitude=55.64, longitude=12.08, is_example=True
    )
    for code in ("4000", "8220"):
        without(folder / "postcodes.csv", code)
    without(folder / "places.csv", "brabrand")
    outcomes = load_places(folder=folder)
    assert (outcomes["postcodes"].deleted, outcomes["postcodes"].kept) == (["8220"], ["4000"])
    assert outcomes["places"].deleted == ["brabrand"]
    assert set(Postcode.objects.values_list("code", flat=True)) == {"8000", "4000"}
    assert Postcode.objects.get(pk="4000").regions.exists()


def test_a_region_that_a_kept_postcode_lies_in_stays(folder):
    load_places(folder=folder)
    Clinic.objects.create(
        name="Klinik", slug="klinik", postcode_id="8220", latitude=56.1, longitude=10.1, is_example=True
    )
    without(folder / "postcodes.csv", "8220")
    without(folder / "postcodes.csv", "8000")
    without(folder / "regions.csv", "midtjylland")
    outcomes = load_places(folder=folder)
    assert (outcomes["regions"].deleted, outcomes["regions"].kept) == ([], ["midtjylland"])


@pytest.mark.parametrize(
    ("file", "key", "values", "complaint"),
    [
        ("postcodes.csv", "8000", {"latitude": "nord"}, "postcodes.csv:3: .*nord"),
        ("postcodes.csv", "8000", {"region": "Region Jylland"}, "postcodes.csv:3: there is no region called"),
        ("postcodes.csv", "8000", {"kind": "by"}, "postcodes.csv:3: .*unknown kind"),
        ("postcodes.csv", "8000", {"code": "4000"}, "postcodes.csv:3: 4000 is there twice"),
        ("places.csv", "aarhus-c", {"parent": "aarhsu"}, "places.csv:3: there is no 'aarhsu'"),
        ("places.csv", "aarhus-c", {"population": "mange"}, "places.csv:3: "),
        ("regions.csv", "hovedstaden", {"valid_to": "31.12.2026"}, "regions.csv:2: "),
    ],
)
def test_a_wrong_table_is_named_with_its_line_and_nothing_is_loaded(folder, file, key, values, complaint):
    change(folder / file, key, **values)
    with pytest.raises(PlaceTableError, match=complaint):
        load_places(folder=folder)
    assert not Postcode.objects.exists()


def test_a_missing_or_empty_table_is_an_error_and_not_a_wish_to_delete_everything(folder):
    load_places(folder=folder)
    (folder / "places.csv").write_text("slug,name\n", encoding="utf-8")
    with pytest.raises(PlaceTableError, match="empty"):
        load_places(folder=folder)
    (folder / "places.csv").unlink()
    with pytest.raises(PlaceTableError, match=r"places\.csv"):
        load_places(folder=folder)
    assert Place.objects.count() == 4


def test_the_command_says_it_in_one_line(monkeypatch):
    def fail() -> None:
        raise PlaceTableError("postcodes.csv:7: wrong")

    monkeypatch.setattr("clinics.management.commands.load_places.load_places", fail)
    with pytest.raises(CommandError, match=r"^postcodes\.csv:7: wrong$"):
        run()


# --- the committed tables


def km(one: dict[str, str], other: dict[str, str]) -> float:
    lat1, lat2 = (math.radians(float(row["latitude"])) for row in (one, other))
    lng1, lng2 = (math.radians(float(row["longitude"])) for row in (one, other))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lng2 - lng1) / 2) ** 2
    return 2 * 6371 * math.asin(math.sqrt(h))


POSTCODES = {row["code"]: row for row in lines("postcodes.csv")}


def test_the_postcode_table_is_whole_and_begins_with_the_promised_columns():
    rows = lines("postcodes.csv")
    assert list(rows[0])[:5] == ["code", "town", "region", "latitude", "longitude"]
    assert (DATA / "postcodes.csv").read_bytes()[:4] == b"code"  # no byte order mark
    assert len(POSTCODES) == len(rows) > 1100
    assert all(len(code) == 4 and code.isdigit() for code in POSTCODES)
    assert "0999" in POSTCODES
    assert not [code for code in POSTCODES if code.startswith("39")]  # Greenland


def test_every_point_lies_in_denmark_and_no_two_towns_share_one_by_mistake():
    for row in POSTCODES.values():
        assert 54.5 < float(row["latitude"]) < 57.8, row
        assert 8.0 < float(row["longitude"]) < 15.3, row
    towns: dict[tuple[str, str], set[str]] = {}
    for row in POSTCODES.values():
        if row["kind"] == "area":
            towns.setdefault((row["latitude"], row["longitude"]), set()).add(row["town"])
    assert [names for names in towns.values() if len(names) > 1] == []


# Distances that can be checked on a map, in kilometres as the crow flies.
@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("8000", "5000", 85),  # Aarhus C to Odense C
        ("8000", "9000", 101),  # to Aalborg
        ("8000", "8600", 41),  # to Silkeborg
        ("8000", "4400", 76),  # to Kalundborg, across the Kattegat
        ("1050", "4000", 32),  # København K to Roskilde
        ("1050", "3000", 40),  # to Helsingør
        ("1050", "3700", 148),  # to Rønne
        ("6700", "6720", 4),  # Esbjerg to Nordby on Fanø
        ("5500", "7000", 8),  # Middelfart to Fredericia
        ("6950", "6900", 22),  # Ringkøbing to Skjern
        ("9990", "9900", 34),  # Skagen to Frederikshavn
        ("4800", "4900", 47),  # Nykøbing F to Nakskov
    ],
)
def test_distances_between_towns(one, other, expected):
    assert km(POSTCODES[one], POSTCODES[other]) == pytest.approx(expected, abs=3)


def test_the_west_coast_is_on_land():
    """The middles of the source's polygons lie up to 258 km out in the North Sea."""
    for code in ("6857", "6853", "6854", "6950", "6960", "7650", "7620", "7680", "7700", "7752", "7755", "7770"):
        assert 8.05 < float(POSTCODES[code]["longitude"]) < 8.75, POSTCODES[code]


def test_the_regions_of_known_towns():
    expected = {
        "4000": "Region Sjælland",
        "7160": "Region Midtjylland",
        "7760": "Region Nordjylland",
        "9500": "Region Nordjylland",
        "3700": "Region Hovedstaden",
        "6880": "Region Midtjylland",
        "6070": "Region Syddanmark",
    }
    assert {code: POSTCODES[code]["region"] for code in expected} == expected
    assert {row["region"] for row in POSTCODES.values()} == {
        "Region Hovedstaden",
        "Region Sjælland",
        "Region Syddanmark",
        "Region Midtjylland",
        "Region Nordjylland",
    }
    assert POSTCODES["2640"]["other_regions"] == "Region Sjælland"


def test_the_land_parts_follow_the_bridges():
    expected = {
        "8000": "jylland", "6400": "jylland", "7900": "jylland", "6792": "jylland", "9990": "jylland",
        "5000": "fyn", "5900": "fyn", "5700": "fyn",
        "1050": "sjaelland", "2300": "sjaelland", "4780": "sjaelland", "4800": "sjaelland", "4900": "sjaelland",
        "4793": "sjaelland",
        "3700": "bornholm", "3760": "bornholm", "8305": "samsoe", "9940": "laesoe", "6720": "fanoe", "8592": "anholt",
        "5970": "aeroe", "5985": "aeroe", "5943": "strynoe", "4305": "oroe", "7884": "fur", "8799": "tunoe",
    }  # fmt: skip
    assert {code: POSTCODES[code]["land"] for code in expected} == expected


def test_large_recipients_stand_where_their_post_town_is():
    for code, town in {"0999": "2300", "8100": "8000", "1240": "1218", "9100": "9000"}.items():
        assert POSTCODES[code]["kind"] == "large_recipient"
        assert km(POSTCODES[code], POSTCODES[town]) == 0


def test_every_town_of_a_postcode_is_a_place_that_holds_it():
    places = {row["name"]: row for row in lines("places.csv")}
    assert len(places) == len(lines("places.csv"))
    for code, row in POSTCODES.items():
        assert code in places[row["town"]]["postcodes"].split(), row


def test_places_have_danish_slugs_known_postcodes_and_parents():
    places = {row["slug"]: row for row in lines("places.csv")}
    for slug, row in places.items():
        assert slug == slugify_da(row["name"])
        assert row["preposition"] in ("i", "på")
        assert not row["parent"] or row["parent"] in places
        assert set(row["postcodes"].split()) <= set(POSTCODES)
        assert bool(row["postcodes"]) == (row["kind"] != "country")
        # Its point is on its own ground: an alias or a namesake would put it elsewhere. Regions are wide.
        if row["kind"] not in ("region", "country"):
            assert min(km(row, POSTCODES[code]) for code in row["postcodes"].split()) < 20, row
    assert Counter(row["kind"] for row in places.values())["city"] == 6


def test_parts_of_a_city_lie_in_it():
    places = {row["slug"]: row for row in lines("places.csv")}
    for row in places.values():
        parent = places.get(row["parent"])
        if parent and row["slug"] != "amager":  # reaches beyond the city, to Kastrup and Dragør
            assert set(row["postcodes"].split()) <= set(parent["postcodes"].split()), row["slug"]


def test_on_a_border_the_own_region_stands_first():
    load_places()
    assert find_place("7100").base_regions[0] == "syddanmark"
    assert find_place("7100").base_regions[1:] == ("midtjylland",)
    assert find_place("København").base_regions == ("hovedstaden",)

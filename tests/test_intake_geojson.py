"""GeoJSON from OpenStreetMap: features as exporters write them, shapes as points, and files that go wrong."""

import io
import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinics.intake.reading import geojson_rows
from clinics.intake.reading.files import Raw, UnreadableError, rows_of
from clinics.intake.reading.geometry import centre
from clinics.intake.reading.parsing import Parsed, parsed
from clinics.loading.places import load_places

from .memory import shared_rows

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def tables(django_db_setup, django_db_blocker):
    with shared_rows(django_db_blocker):
        load_places()
        yield


TAGS = {
    "healthcare": "physiotherapist",
    "name": "Ryg og Knæ Fysioterapi",
    "addr:street": "Nørregade",
    "addr:housenumber": "5B",
    "addr:postcode": "8000",
    "addr:city": "Aarhus C",
    "contact:phone": "+45 33 23 25 65;+45 33 23 25 66",
    "website": "https://klinik.dk/",
    "email": "info@klinik.dk",
    "opening_hours": "Mo-Fr 08:00-16:00; PH off",
    "wheelchair": "yes",
    "toilets:wheelchair": "no",
}
AARHUS = {"type": "Point", "coordinates": [10.2107, 56.1572]}


def feature(tags: dict[str, Any] | None = None, geometry: Any = AARHUS, **more: Any) -> dict[str, Any]:
    return {"type": "Feature", "id": "node/4711", "properties": TAGS | (tags or {}), "geometry": geometry} | more


def read(told: Any, columns: dict[str, str] | None = None) -> list[Raw]:
    if isinstance(told, dict | list):
        told = json.dumps(told, ensure_ascii=False)
    content = told.encode() if isinstance(told, str) else told
    return list(rows_of(io.BytesIO(content), format="geojson", columns=columns or {}))


def collection(*features: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "generator": "overpass-ide", "features": list(features)}


def one(*args: Any, **more: Any) -> Parsed:
    (raw,) = read(collection(feature(*args, **more)))
    return parsed(raw)


@pytest.mark.parametrize("tags", [{"disused": "yes"}, {"abandoned": "yes"}, {"end_date": "2024-06"}])
def test_a_place_that_is_closed_makes_no_clinic(tags):
    (raw,) = read(collection(feature(tags)))
    assert (raw.problem, raw.fatal, raw.passed) == (geojson_rows.CLOSED, True, True)
    (raw,) = read(collection(feature(dict.fromkeys(tags, "no"))))
    assert not raw.problem


def test_a_feature_as_overpass_turbo_writes_it():
    told = one()
    assert (told.row, told.external_id, told.name) == (1, "node/4711", "Ryg og Knæ Fysioterapi")
    hours = told.facts.pop("opening_hours")
    assert len(hours) == 5 and hours[0] == {"weekday": 0, "opens": "08:00:00", "closes": "16:00:00"}
    assert told.facts == {
        "name": "Ryg og Knæ Fysioterapi", "street": "Nørregade 5B", "postcode_id": "8000", "town": "Aarhus C",
        "phone": "+4533232565", "website": "https://klinik.dk/", "email": "info@klinik.dk", "step_free": True,
        "accessible_toilet": False, "latitude": 56.1572, "longitude": 10.2107, "osm_id": "node/4711",
    }  # fmt: skip
    assert [problem["field"] for problem in told.problems] == ["phone"]  # the second number


@pytest.mark.parametrize(
    "told",
    [
        {"type": "Feature", "id": "way/12", "properties": TAGS, "geometry": AARHUS},
        {"type": "Feature", "properties": TAGS | {"@id": "way/12"}, "geometry": AARHUS},
        {"type": "Feature", "properties": {"type": "way", "id": 12, "tags": TAGS, "relations": []}, "geometry": AARHUS},
    ],
)
def test_every_exporter_keeps_the_id_somewhere_else(told):
    (raw,) = read(collection(told))
    assert (raw.external_id, raw.cells["osm_id"], raw.cells["name"]) == ("way/12", "way/12", TAGS["name"])


@pytest.mark.parametrize(("word", "value"), [("yes", True), ("designated", True), ("no", False), ("limited", None)])
def test_wheelchair(word, value):
    told = one({"wheelchair": word})
    assert told.facts.get("step_free") is value
    assert any("delvis" in problem["text"] for problem in told.problems) == (word == "limited")


def test_another_trade_is_said_and_left_out():
    rows = read(
        collection(
            feature({"healthcare": "podiatrist"}),
            feature({"healthcare": "doctor; physiotherapist"}),
            {"type": "Feature", "properties": {"amenity": "doctors"}, "geometry": AARHUS},
        )
    )
    assert [raw.problem for raw in rows] == [geojson_rows.OTHER_TRADE, "", geojson_rows.OTHER_TRADE]
    told = parsed(rows[0])
    assert told.name == TAGS["name"] and told.problems[0]["fatal"]


def test_other_properties_by_a_mapping():
    told = {
        "type": "Feature",
        "properties": {"Klinik": "Ryg", "Nr": 7.0, "Post": 8000, "Elevator": True},
        "geometry": None,
    }
    (raw,) = read(collection(told), {"Klinik": "name", "Nr": "external_id", "Post": "postcode_id", "Elevator": "lift"})
    assert (raw.external_id, raw.cells) == ("7", {"name": "Ryg", "postcode_id": "8000", "lift": "ja"})


def test_the_operator_is_the_name_where_there_is_none():
    tags = {name: text for name, text in TAGS.items() if name != "name"} | {"operator": "Mette Hansen"}
    (raw,) = read(collection({"type": "Feature", "properties": tags, "geometry": AARHUS}))
    assert raw.cells["name"] == "Mette Hansen"


def test_hours_that_are_not_the_same_all_year_are_said_and_not_taken():
    told = one({"opening_hours": "Mo-Fr 08:00-16:00; Jul off"})
    assert "opening_hours" not in told.facts and any("Jul off" in problem["text"] for problem in told.problems)


def test_a_missing_postcode_is_guessed_from_the_point():
    told = one({"addr:postcode": "", "addr:city": ""})
    guess = next(problem for problem in told.problems if problem.get("guess"))
    assert told.facts["postcode_id"] in guess["text"] and "punktet" in guess["text"]
    assert not any(problem["fatal"] for problem in told.problems)


@pytest.mark.parametrize(
    ("geometry", "word"),
    [
        ({"type": "Point", "coordinates": [56.1572, 10.2107]}, "byttet om"),
        ({"type": "Point", "coordinates": [18.06, 59.33]}, "ikke i Danmark"),
        ({"type": "Point", "coordinates": [10.80, 56.15]}, "km fra 8000"),
        (None, ""),
        ({"type": "Point", "coordinates": []}, ""),
        ({"type": "Point", "coordinates": ["10.2", "56.1"]}, ""),
        ({"type": "Point"}, ""),
        ({"type": "Sphere", "coordinates": [10.2107, 56.1572]}, ""),
        ("her", ""),
    ],
)
def test_a_row_goes_on_without_a_point(geometry, word):
    told = one(geometry=geometry)
    assert "latitude" not in told.facts and told.facts["postcode_id"] == "8000" and told.facts["street"]
    assert any(word in problem["text"] for problem in told.problems)
    assert not any(problem["fatal"] for problem in told.problems)


# -- shapes

SQUARE = [[10.0, 56.0], [10.2, 56.0], [10.2, 56.1], [10.0, 56.1], [10.0, 56.0]]
FAR = [[[x + 1.0, y] for x, y in SQUARE]]
CORNER = [[10.0, 56.0], [10.4, 56.0], [10.4, 56.1], [10.1, 56.1], [10.1, 56.4], [10.0, 56.4], [10.0, 56.0]]  # an L


@pytest.mark.parametrize(
    ("kind", "coordinates", "point"),
    [
        ("Point", [10.2, 56.1], (10.2, 56.1)),
        ("Point", [10.2, 56.1, 12.5], (10.2, 56.1)),
        ("MultiPoint", [[10.0, 56.0], [10.2, 56.2]], (10.1, 56.1)),
        ("Polygon", [SQUARE], (10.1, 56.05)),
        ("Polygon", [SQUARE[::-1]], (10.1, 56.05)),
        ("Polygon", [[[10.0, 56.0], [10.3, 56.0], [10.0, 56.3], [10.0, 56.0]]], (10.1, 56.1)),
        # (.04·.2 + .03·.05)/.07 east, and the same north: 4×1 and 1×3 tenths
        ("Polygon", [CORNER], (10.0 + (0.04 * 0.2 + 0.03 * 0.05) / 0.07, 56.0 + (0.04 * 0.05 + 0.03 * 0.25) / 0.07)),
        # a square of .2×.1 with a hole in its western half: 3/4 of it are left
        ("Polygon", [SQUARE, [[10.0, 56.0], [10.1, 56.0], [10.1, 56.05], [10.0, 56.05], [10.0, 56.0]]],
         (10.0 + (0.02 * 0.1 - 0.005 * 0.05) / 0.015, 56.0 + (0.02 * 0.05 - 0.005 * 0.025) / 0.015)),
        ("MultiPolygon", [[SQUARE], FAR], (10.6, 56.05)),
        ("LineString", [[10.0, 56.0], [10.2, 56.0]], (10.1, 56.0)),
        ("LineString", SQUARE, (10.1, 56.05)),  # a house drawn as a closed way
        ("MultiLineString", [[[10.0, 56.0], [10.2, 56.0]], [[10.0, 56.1], [10.2, 56.1]]], (10.1, 56.05)),
        ("Polygon", [[[10.0, 56.0]] * 4], (10.0, 56.0)),  # a house of no size
        ("Polygon", [[[10.2107 + x * 1e-7, 56.1572 + y * 1e-7] for x, y in ((0, 0), (2, 0), (2, 2), (0, 2), (0, 0))]],
         (10.2107001, 56.1572001)),
        ("Point", [math.inf, 56.0], None),
        ("Point", [True, 56.0], None),
        ("Polygon", [], None),
        ("Polygon", [[]], None),
        ("MultiPolygon", [], None),
    ],
)  # fmt: skip
def test_the_middle_of_a_shape(kind, coordinates, point):
    assert centre({"type": kind, "coordinates": coordinates}) == (point and pytest.approx(point, abs=1e-9))


def test_the_middle_of_a_collection_is_that_of_its_areas():
    parts = [{"type": "Point", "coordinates": [0, 0]}, {"type": "Polygon", "coordinates": [SQUARE]}]
    assert centre({"type": "GeometryCollection", "geometries": parts}) == pytest.approx((10.1, 56.05))
    deep: dict[str, Any] = {"type": "Point", "coordinates": [10, 56]}
    for _ in range(500):
        deep = {"type": "GeometryCollection", "geometries": [deep]}
    assert centre(deep) is None


# -- files

FEATURE = json.dumps(feature(), ensure_ascii=False)
HEAD = '{"type": "FeatureCollection", "features": ['


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(collection(feature()), indent=2),
        "\ufeff" + json.dumps(collection(feature())),
        json.dumps(collection(feature()) | {"bbox": [8, 54, 16, 58]}),
        '{"meta": {"a": [1, "features"]}, "features" :\n[' + FEATURE + "]}",
        f"{HEAD}{FEATURE}],",
        json.dumps(collection(feature())).encode("utf-16"),
    ],
)
def test_the_same_file_in_other_clothes(content):
    (raw,) = read(content)
    assert raw.cells["name"] == TAGS["name"] and not raw.problem


@pytest.mark.parametrize(
    "content",
    [
        "{}", "[]", "[1, 2]", "navn;by\nA;Ribe\n", "null", '"features"', json.dumps(feature()), '{"features": {}}',
        '{"version": 0.6, "elements": [{"type": "node", "id": 1}]}', "[" * 100_000, '{"a":' * 100_000, "{" + " " * 3_000_000,
    ],
)  # fmt: skip
def test_files_that_are_no_list_of_features(content):
    with pytest.raises(UnreadableError) as raised:
        read(content)
    assert "GeoJSON" in raised.value.text


def test_an_empty_list_and_an_empty_file():
    assert read(collection()) == []
    with pytest.raises(UnreadableError, match="tom"):
        read("")


@pytest.mark.parametrize("cut", [20, 80, len(FEATURE) - 1, len(FEATURE), len(FEATURE) + 2])
def test_a_truncated_file_gives_its_rows_until_there(cut):
    rows = read(f"{HEAD}{FEATURE}, {FEATURE}, {FEATURE}]}}"[: len(HEAD) + len(FEATURE) + 2 + cut])
    assert rows[0].cells["name"] and rows[-1].problem == geojson_rows.CUT_OFF and rows[-1].fatal
    assert len(rows) == (2 if cut < len(FEATURE) else 3)


@pytest.mark.parametrize(
    "broken",
    [
        '{"type": "Feature", "properties": {"name": }}',
        '{"type": "Feature", "properties": {"name": "a"b"}}',
        '{"type": "Feature" "properties": {}}',
        '{"type": "Feature", "properties": ' + '{"a":' * 100_000 + "1" + "}" * 100_000 + "}",
        '{"type": "Feature", "properties": ' + "[" * 100_000,
        "hej",
    ],
)
def test_what_is_broken_in_the_middle_is_passed_over(broken):
    rows = read(f"{HEAD}{FEATURE}, {broken}, {FEATURE}]}}")
    assert [raw.problem for raw in rows] == ["", geojson_rows.BROKEN, ""]
    assert [raw.row for raw in rows] == [1, 2, 3]


@pytest.mark.parametrize("strange", ["1", "null", '"Feature"', "[]", "{}", '{"type": "Polygon"}'])
def test_what_is_no_feature(strange):
    rows = read(f"{HEAD}{FEATURE}, {strange}, {FEATURE}]}}")
    assert [raw.problem for raw in rows] == ["", geojson_rows.NOT_A_FEATURE, ""]


def test_one_feature_larger_than_any():
    rows = read(f'{HEAD}{FEATURE}, {{"type": "Feature", "a": "{"x" * 5_000_000}"}}, {FEATURE}]}}')
    assert [raw.problem for raw in rows] == ["", geojson_rows.TOO_LARGE]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 10_000, "1" * 400 + ".5", "-0"])
def test_numbers_that_are_none(number):
    told = FEATURE.replace("10.2107", number).replace('"no"', number)
    (raw,) = read(f"{HEAD}{told}]}}")
    one = parsed(raw)
    assert "latitude" not in one.facts and one.facts["postcode_id"] == "8000"


def test_a_key_told_twice_and_text_that_cannot_be_stored():
    (raw,) = read(f'{HEAD}{FEATURE.replace(TAGS["name"], "A")[:-1]}, "properties": {{"healthcare": "physiotherapist",'
                  ' "name": "Ryg \\ud800\\u0000 Klinik", "addr:postcode": "8000"}}]}')  # fmt: skip
    assert parsed(raw).name == "Ryg Klinik"


def test_letters_of_another_alphabet_are_said():
    (raw,) = read(json.dumps(collection(feature()), ensure_ascii=False).encode("cp1252"))
    told = parsed(raw)
    assert "name" not in told.facts and any(
        "kan ikke læses" in problem["text"] or "ikke kan læses" in problem["text"] for problem in told.problems
    )


def test_too_many(monkeypatch):
    monkeypatch.setattr(geojson_rows, "MOST_ROWS", 2)
    assert [raw.problem for raw in read(collection(*[feature()] * 4))] == ["", "", geojson_rows.TOO_MANY]


class Pieces(io.RawIOBase):
    def __init__(self, content: bytes, most: int) -> None:
        self.content, self.place, self.most = content, 0, most

    def read(self, size=-1):
        told = self.content[self.place : self.place + min(size, self.most)]
        self.place += len(told)
        return told


@pytest.mark.parametrize("most", [1, 7, 4096])
def test_a_stream_that_comes_in_drops(most):
    content = json.dumps(
        collection(*[feature({"name": f"Klinik Æ{number}"}) for number in range(5)]), ensure_ascii=False
    )
    rows = list(rows_of(Pieces(content.encode(), most), format="geojson", columns={}))
    assert [raw.cells["name"] for raw in rows] == [f"Klinik Æ{number}" for number in range(5)]


def test_features_come_while_the_file_is_still_being_read():
    content = Pieces(json.dumps(collection(*[feature()] * 5000)).encode(), 1 << 16)
    rows = rows_of(content, format="geojson", columns={})
    next(rows)
    assert content.place < len(content.content) / 4
    assert sum(1 for _ in rows) == 4999


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["Polygon", "Point", "Feature"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "coordinates", "geometries", "tags", "id", "healthcare", "name"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=80)
@given(properties=VALUES, geometry=VALUES, identity=VALUES)
def test_no_feature_crashes_it(properties, geometry, identity):
    told = collection(
        {"type": "Feature", "id": identity, "properties": properties, "geometry": geometry},
        feature(properties if isinstance(properties, dict) else {}, geometry),
    )
    rows = read(json.dumps(told))
    assert [raw.row for raw in rows] == [1, 2]
    for raw in rows:
        parsed(raw)

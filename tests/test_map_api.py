"""`/api/v1/clinics.geojson`: the list of a search as places on a map."""

import json
import random
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from clinics import index
from clinics.inquiry import Inquiry
from clinics.map import DEEPEST, MOST_AT_ONE, MOST_CELLS, Net
from clinics.map_area import NOT_FOUR, OUTSIDE, SWAPPED, Box
from clinics.models import Clinic
from clinics.search import PAGE_SIZE

from .people import TOWNS, clinic, condition, indexed_together, places, postcode
from .worlds import kept

pytestmark = pytest.mark.django_db

URL = "/api/v1/clinics.geojson"
DENMARK = "7,54,16,58"


def shown(client, **query) -> dict:
    response = client.get(f"{URL}?{urlencode(query, doseq=True)}")
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/geo+json"
    return response.json()


def clinics_of(answer) -> list[dict]:
    return [one for place in answer["features"] for one in place["properties"]["clinics"]]


def slugs_of(answer) -> set[str]:
    return {one["slug"] for one in clinics_of(answer)}


def town_of(count: int, *, spread: float = 0.05, seed: int = 1, **fields) -> list[Clinic]:
    """So many clinics around the middle of Aarhus."""
    rng = random.Random(seed)
    where = postcode("Aarhus C")
    made = Clinic.objects.bulk_create(
        Clinic(
            name=f"Klinik {seed}-{n}",
            slug=f"klinik-{seed}-{n}",
            postcode=where,
            status="published",
            latitude=where.latitude + rng.uniform(-spread, spread),
            longitude=where.longitude + rng.uniform(-spread, spread),
            **fields,
        )
        for n in range(count)
    )
    index.rebuild([one.pk for one in made])
    return made


def test_one_clinic_is_a_point_with_what_one_needs_to_find_it(client):
    places()
    clinic("Ryggen", "Aarhus C", street="Ryesgade 1", location_precision="address", is_example=True)
    answer = shown(client, bbox=DENMARK, zoom=7, place="8000")
    assert (answer["type"], answer["total"], answer["count"]) == ("FeatureCollection", 1, 1)
    assert answer["bbox"] == [7, 54, 16, 58]
    (place,) = answer["features"]
    assert place["geometry"] == {"type": "Point", "coordinates": [10.2107, 56.1572]}
    assert place["properties"] == {
        "kind": "point",
        "count": 1,
        "bounds": [10.2107, 56.1572, 10.2107, 56.1572],
        "numbers": [1],
        "clinics": [
            {
                "slug": "ryggen",
                "name": "Ryggen",
                "url": "/klinik/ryggen/?sted=8000",
                "number": 1,
                "address": "Ryesgade 1, 8000 Aarhus C",
                "location_precision": "address",
                "is_example": True,
            }
        ],
    }


def test_a_point_that_is_only_the_postcodes_says_so(client):
    clinic("Omtrent her", "Aarhus C", location_precision="postcode")
    assert [one["location_precision"] for one in clinics_of(shown(client))] == ["postcode"]


def test_without_a_box_it_is_where_the_clinics_of_the_page_lie(client):
    places()
    clinic("Ryggen", "Aarhus C")
    clinic("Foden", "Randers")
    west, south, east, north = shown(client, place="8000")["bbox"]
    for town in ("Aarhus C", "Randers"):
        _, latitude, longitude, _, _ = TOWNS[town]
        assert west < longitude < east and south < latitude < north
    assert north - south < 0.5, "not all of Denmark"


def test_nothing_found_is_an_empty_map(client):
    answer = shown(client)
    assert (answer["features"], answer["count"], answer["total"]) == ([], 0, 0)
    assert len(answer["bbox"]) == 4


def test_what_lies_outside_the_box_is_left_out(client):
    clinic("Inde", "Aarhus C")
    clinic("Ude", "Odense C")
    answer = shown(client, bbox="9.9,56,10.4,56.3", zoom=12)
    assert slugs_of(answer) == {"inde"}
    assert (answer["count"], answer["total"]) == (1, 2)


def test_the_numbers_are_those_of_the_list(client):
    places()
    town_of(45)
    for page in (1, 2, 3):
        answer = shown(client, bbox=DENMARK, zoom=DEEPEST, place="8000", page=page)
        hits = Inquiry.read(QueryDict(f"sted=8000&side={page}")).found().hits
        numbered = {one["number"]: one["slug"] for one in clinics_of(answer) if one["number"]}
        numbers = sorted(n for place in answer["features"] for n in place["properties"]["numbers"])
        first = (page - 1) * PAGE_SIZE + 1
        assert numbers == list(range(first, first + len(hits)))
        assert numbered.items() <= {first + n: hit.slug for n, hit in enumerate(hits)}.items()


@pytest.mark.parametrize("zoom", [0, 5, 7, 9, 11, 13, 15, 17, 18])
@pytest.mark.parametrize("box", [DENMARK, "10.15,56.1,10.25,56.2", "10.2,56.1572,10.3,56.3", "-180,-90,180,90"])
def test_places_sum_to_the_clinics_in_the_box(client, zoom, box):
    places()
    made = town_of(120)
    west, south, east, north = map(float, box.split(","))
    inside = sum(Box(west, south, east, north).holds(one.latitude, one.longitude) for one in made)
    assert inside > 10
    answer = shown(client, bbox=box, zoom=zoom, place="8000")
    assert sum(place["properties"]["count"] for place in answer["features"]) == answer["count"] == inside
    for place in answer["features"]:
        longitude, latitude = place["geometry"]["coordinates"]
        w, s, e, n = place["properties"]["bounds"]
        hair = 1e-6
        assert w - hair <= longitude <= e + hair and s - hair <= latitude <= n + hair
        assert (place["properties"]["kind"] == "point") == bool(place["properties"]["clinics"])


def test_every_clinic_is_reached_by_zooming_in(client):
    places()
    made = {one.slug for one in town_of(90, spread=0.003)} | {one.slug for one in town_of(60, spread=0, seed=2)}
    reached, boxes = set(), [(7.0, 54.0, 16.0, 58.0, 6)]
    for _ in range(3_000):
        if not boxes:
            break
        *box, zoom = boxes.pop()
        answer = shown(client, bbox=",".join(f"{side:.7f}" for side in box), zoom=zoom)
        reached |= slugs_of(answer)
        for place in answer["features"]:
            if place["properties"]["kind"] == "cluster":
                assert zoom < DEEPEST, "a cluster that nobody can open"
                w, s, e, n = place["properties"]["bounds"]
                boxes.append((w - 1e-5, s - 1e-5, e + 1e-5, n + 1e-5, min(zoom + 4, DEEPEST)))
    most_at_one = {f"klinik-2-{n}" for n in range(60)}
    assert reached - most_at_one == made - most_at_one
    assert len(reached & most_at_one) >= MOST_AT_ONE


def test_several_at_one_address_are_one_place_that_names_them_all(client):
    places()
    for name in ("Beta", "Alfa", "Gamma"):
        clinic(name, "Aarhus C", street="Samme Vej 1")
    (place,) = shown(client, bbox=DENMARK, zoom=7, place="8000")["features"]
    assert place["properties"]["kind"] == "point" and place["properties"]["count"] == 3
    assert {one["name"] for one in place["properties"]["clinics"]} == {"Alfa", "Beta", "Gamma"}
    assert place["properties"]["numbers"] == [1, 2, 3]


def test_an_address_that_the_page_ends_in_the_middle_of_is_one_place_too(client):
    places()
    made = town_of(25, spread=0)
    (place,) = shown(client, bbox=DENMARK, zoom=12, place="8000")["features"]
    assert place["properties"]["count"] == 25 and place["properties"]["kind"] == "point"
    assert {one["slug"] for one in place["properties"]["clinics"]} == {one.slug for one in made}
    assert [one["number"] for one in place["properties"]["clinics"]][:20] == list(range(1, 21))


def test_so_many_at_one_point_are_counted_but_not_all_named(client):
    town_of(MOST_AT_ONE + 40, spread=0)
    (place,) = shown(client, bbox=DENMARK, zoom=12)["features"]
    assert place["properties"]["count"] == MOST_AT_ONE + 40
    assert len(place["properties"]["clinics"]) == MOST_AT_ONE


@pytest.mark.parametrize("status", ["draft", "closed"])
def test_who_is_hidden_is_never_on_the_map(client, status):
    one = clinic("Skjult", "Aarhus C")
    clinic("Synlig", "Aarhus C")
    Clinic.objects.filter(pk=one.pk).update(status=status)
    index.rebuild([one.pk])
    for zoom in (0, 9, DEEPEST):
        answer = shown(client, bbox=DENMARK, zoom=zoom)
        assert slugs_of(answer) == {"synlig"} and answer["count"] == answer["total"] == 1


SEARCHES = [
    "",
    "sted=8000",
    "sted=8000&radius=10",
    "sted=8000&radius=2&kun_radius=ja",
    "sted=Kalundborg",
    "sted=8000&tilstand=ondt-i-ryggen",
    "tilstand=ondt-i-ryggen",
    "tilstand=ondt-i-ryggen&sted=Kalundborg&pris_max=400",
    "speciale=knae&sted=8000",
    "sted=8000&ydernummer=ja",
    "sted=8000&adgang=niveaufri&tilstand=ondt-i-ryggen",
    "sted=8000&pris_max=300&ventetid_max=7",
]
ENGLISH = {
    "sted": "place",
    "radius": "radius_km",
    "kun_radius": "radius_only",
    "tilstand": "condition",
    "pris_max": "max_price",
    "speciale": "speciality",
    "ydernummer": "has_ydernummer",
    "adgang": "access",
    "ventetid_max": "max_waiting_days",
}


@kept
def seventy() -> None:
    """Clinics around every town, some with and some without what a search may ask for."""
    places()
    condition("Ondt i ryggen", {"Ryg": 3, "Nakke": 2})
    rng = random.Random(3)
    with indexed_together():
        for n in range(70):
            town = rng.choice(list(TOWNS))
            _, latitude, longitude, _, _ = TOWNS[town]
            clinic(
                f"Klinik {n}",
                town,
                latitude=latitude + rng.uniform(-0.08, 0.08),
                longitude=longitude + rng.uniform(-0.08, 0.08),
                specialities=rng.choice([(), (), ("Ryg",), ("Nakke",), ("Knæ",), ("Ryg", "Knæ")]),
                price=rng.choice([None, 250, 350, 450]),
                has_ydernummer=rng.choice([True, False, None]),
                step_free=rng.choice([True, False, None]),
            )


@pytest.mark.parametrize("search", SEARCHES)
def test_the_map_shows_the_very_clinics_of_the_list(client, seventy, search):
    listed, page = [], 1
    while hits := Inquiry.read(QueryDict(f"{search}&side={page}")).found().hits:
        listed += [hit.slug for hit in hits]
        page += 1
    asked = QueryDict(search).dict()
    said = {ENGLISH[name]: "true" if value == "ja" else value for name, value in asked.items()}
    answer = shown(client, bbox=DENMARK, zoom=DEEPEST, **said)
    assert answer["count"] == answer["total"] == len(listed)
    # Denmark at the deepest zoom is told in cells; a small box around each clinic names it.
    named = slugs_of(answer)
    for slug in set(listed) - named:
        one = Clinic.objects.get(slug=slug)
        box = f"{one.longitude - 0.001:.6f},{one.latitude - 0.001:.6f},{one.longitude + 0.001:.6f},{one.latitude + 0.001:.6f}"
        named |= slugs_of(shown(client, bbox=box, zoom=DEEPEST, **said))
    assert named == set(listed)


def test_place_and_condition_go_along_to_the_clinic(client):
    places()
    condition("Ondt i ryggen", {"Ryg": 3})
    clinic("Ryggen", "Aarhus C", specialities=["Ryg"])
    (one,) = clinics_of(shown(client, condition="ondt-i-ryggen", place="8000", radius_km=10))
    assert one["url"] == "/klinik/ryggen/?tilstand=ondt-i-ryggen&sted=8000"


@pytest.mark.parametrize(
    ("query", "field", "why"),
    [
        ("bbox=1,2,3&zoom=3", "bbox", NOT_FOUR),
        ("bbox=1,2,3,4,5", "bbox", NOT_FOUR),
        ("bbox=nan,nan,nan,nan", "bbox", NOT_FOUR),
        ("bbox=" + "1" * 300, "bbox", "for lang"),
        ("bbox=%00", "bbox", "tegn"),
        ("bbox=15,54,8,57", "bbox", SWAPPED),
        ("bbox=8,54,200,57", "bbox", OUTSIDE),
        ("zoom=-1", "zoom", "for lille"),
        ("zoom=19", "zoom", "for stort"),
        ("zoom=1.5", "zoom", "tallet"),
        ("zoom=" + "9" * 5000, "zoom", "tal"),
        ("place=8888", "place", "8888"),
        ("condition=findes-ikke", "condition", "tilstand"),
        ("max_price=-1", "max_price", "for lille"),
        ("access=svaevebane", "access", "svaevebane"),
    ],
)
def test_what_is_not_understood_is_named(client, query, field, why):
    places()
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 400 and response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert set(body["errors"]) == {field} and why in body["detail"]
    assert (body["status"], body["instance"]) == (400, URL)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_taken_in(client, method):
    assert getattr(client, method)(URL).status_code == 405


def test_it_is_kept_by_the_visitors_browser_alone(client):
    clinic("Ryggen", "Aarhus C")
    response = client.get(URL)
    assert "private" in response["Cache-Control"] and "public" not in response["Cache-Control"]
    assert not response.cookies and response["ETag"]


@pytest.mark.parametrize("count", [1, 60])
def test_queries_do_not_grow_with_clinics(client, django_assert_max_num_queries, count):
    places()
    town_of(count)
    client.get(f"{URL}?place=8000")  # what a process reads once
    with django_assert_max_num_queries(6):
        shown(client, bbox=DENMARK, zoom=8, place="8000")


def test_an_answer_is_small_however_deep_the_zoom_of_a_large_box():
    for box in (Box(7, 54, 16, 58), Box(-180, -90, 180, 90), Box(10, 56, 10.001, 57)):
        for zoom in range(DEEPEST + 1):
            net = Net.over(box, zoom, 72)
            west, south, east, north = box.sides
            assert net.width >= Net.at(zoom, 72).width
            cells = max((east - west) / net.width, (north - south) / net.height)
            assert cells <= MOST_CELLS


numbers = st.one_of(
    st.floats(allow_nan=True).map(str),
    st.integers().map(str),
    st.floats(5, 20).map("{:.4f}".format),
    st.sampled_from(["", " ", "NaN", "-0", "١", "1e999", "%", "'", "\0", "180", "-180", "90"]),
)


@settings(max_examples=60)
@given(
    bbox=st.one_of(st.text(max_size=40), st.lists(numbers, max_size=6).map(",".join)),
    zoom=st.one_of(st.text(max_size=12), st.integers(-3, 25).map(str), numbers),
    more=st.lists(st.tuples(st.sampled_from(["bbox", "zoom", "page", "place", "radius_km"]), numbers), max_size=2),
)
def test_whatever_is_asked_is_an_answer_or_a_problem(client, bbox, zoom, more):
    response = client.get(f"{URL}?{urlencode([('bbox', bbox), ('zoom', zoom), *more])}", REMOTE_ADDR="127.0.0.1")
    assert response.status_code in (200, 400, 429)
    body = response.json()
    if response.status_code == 400:
        assert body["detail"] and set(body["errors"]) <= {"bbox", "zoom", "page", "place", "radius_km"}
    elif response.status_code == 200:
        assert body["count"] == sum(place["properties"]["count"] for place in body["features"])


def test_the_schema_says_what_comes(client):
    clinic("Ryggen", "Aarhus C")
    schema = client.get("/api/v1/openapi.json").json()
    operation = schema["paths"][URL]["get"]
    assert {"bbox", "zoom", "condition", "place", "max_price", "page"} <= {
        one["name"] for one in operation["parameters"]
    }
    assert list(operation["responses"]["200"]["content"]) == ["application/geo+json"]
    assert list(operation["responses"]["400"]["content"]) == ["application/problem+json"]
    root = json.loads(json.dumps({"$ref": "#/components/schemas/ClinicMap", "components": schema["components"]}))
    root["components"]["schemas"]["MapClinic"]["properties"]["number"] = {"type": ["integer", "null"]}
    Draft4Validator(root).validate(shown(client))

"""Where a row's clinic is: address, postcode, town and point."""

import timeit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinics.intake.reading.street import taken_apart
from clinics.loading.places import load_places

from .intake_rows import place, said
from .memory import shared_rows

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def tables(django_db_setup, django_db_blocker):
    with shared_rows(django_db_blocker):
        load_places()
        yield


@pytest.mark.parametrize(
    ("text", "street", "extra", "code", "town"),
    [
        ("Nørregade 5, 2. tv., 8000 Aarhus C", "Nørregade 5", "2. tv.", "8000", "Aarhus C"),
        ("Nørregade 5 2. tv", "Nørregade 5", "2. tv", "", ""),
        ("Nørregade 5B, st. th., 8000 Aarhus C, Danmark", "Nørregade 5B", "st. th.", "8000", "Aarhus C"),
        ("Nørregade 5 8000 Aarhus C", "Nørregade 5", "", "8000", "Aarhus C"),
        ("Nørregade 12-14, 1. sal\nDK-8000 Aarhus C", "Nørregade 12-14", "1. sal", "8000", "Aarhus C"),
        ("Nørregade 5, 8000, Aarhus C", "Nørregade 5", "", "8000", "Aarhus C"),
        ("18. Februar Vej 3", "18. Februar Vej 3", "", "", ""),
        ("Christian 4.s Vej 12 A, kl.", "Christian 4.s Vej 12 A", "kl.", "", ""),
        ("c/o Sundhedshuset, Torvet 3b", "Torvet 3b", "c/o Sundhedshuset", "", ""),
        ("Bygning 3, Nørregade 4", "Nørregade 4", "Bygning 3", "", ""),
        ("Sundhedshuset, H.C. Ørsteds Vej 50C, 1. th", "H.C. Ørsteds Vej 50C", "Sundhedshuset, 1. th", "", ""),
        ("Torvet, 8600 Silkeborg", "Torvet", "", "8600", "Silkeborg"),
        ("8000 Aarhus C", "", "", "8000", "Aarhus C"),
        ("2. tv.", "", "2. tv.", "", ""),
        ("Danmark", "", "", "", ""),
    ],
)
def test_an_address_in_one_cell(text, street, extra, code, town):
    assert taken_apart(text) == (street, extra, code, town)


@settings(max_examples=200)
@given(st.text(alphabet="Nørregade 15.,;-\nDK8000ab/", max_size=80))
def test_no_address_crashes_it(text):
    taken_apart(text)


@pytest.mark.parametrize(
    "text", ["Vej 1 " * 50, "a 1 st " * 42, "1 a" * 100, "Vej 1-2" * 40, "8000 " * 60, "a" * 150 + " 1" * 75]
)
def test_no_address_takes_long(text):
    """A hundred of them, against plain work of Python's: no expression here may take the square of a square."""
    assert repetitions(lambda: taken_apart(text[:300])) < 100


def repetitions(work) -> float:
    """How many times as long as going over ten thousand numbers."""
    return min(timeit.repeat(work, number=1, repeat=3)) / min(
        timeit.repeat(lambda: sum(range(10_000)), number=1, repeat=3)
    )


def test_an_address_longer_than_any():
    one = place(address="Nørregade " * 90, town="x" * 61, postcode_id="8000")
    assert "street" not in one.facts and "for langt" in said(one, "street") and "for langt" in said(one, "town")
    assert one.facts["postcode_id"] == "8000"


@pytest.mark.parametrize(
    ("cells", "facts"),
    [
        ({"postcode_id": "8000"}, {"postcode_id": "8000", "town": "Aarhus C"}),
        ({"postcode_id": "DK-8000 Aarhus C"}, {"postcode_id": "8000", "town": "Aarhus C"}),
        ({"postcode_id": '="8000"', "town": "Århus"}, {"postcode_id": "8000", "town": "Århus"}),
        ({"postcode_id": "8000.0"}, {"postcode_id": "8000", "town": "Aarhus C"}),
        ({"town": "8000 Aarhus C"}, {"postcode_id": "8000", "town": "Aarhus C"}),
        (
            {"address": "Nørregade 5, 2. tv., 8000 Aarhus C", "address_extra": "baghuset"},
            {"street": "Nørregade 5", "address_extra": "2. tv., baghuset", "postcode_id": "8000", "town": "Aarhus C"},
        ),
        (
            {"postcode_id": "8000", "latitude": "56,1572", "longitude": "10.2107"},
            {"postcode_id": "8000", "town": "Aarhus C", "latitude": 56.1572, "longitude": 10.2107},
        ),
    ],
)
def test_where_it_is(cells, facts):
    one = place(**cells)
    assert one.facts == {"name": "Ryg og knæ"} | facts and not one.problems


@pytest.mark.parametrize(
    ("cells", "field", "word"),
    [
        ({"postcode_id": "8000", "town": "Odense C"}, "postcode_id", "8000 er Aarhus C, ikke “Odense C”"),
        ({"postcode_id": "8888", "town": "Odense C"}, "postcode_id", "kender ikke postnummer 8888"),
        ({"postcode_id": "800", "town": "Aarhus C"}, "postcode_id", "fire cifre"),
        ({"postcode_id": "8000", "address": "Nørregade 5, 9000 Aalborg"}, "postcode_id", "Adressen siger 9000"),
    ],
)
def test_a_postcode_that_contradicts_the_rest_is_not_taken(cells, field, word):
    one = place(**cells)
    assert word in said(one, field)
    assert "postcode_id" not in one.facts or any(problem.get("guess") for problem in one.problems)


@pytest.mark.parametrize(
    ("latitude", "longitude", "word"),
    [
        ("10.2107", "56.1572", "byttet om"),
        ("59.33", "18.06", "ikke i Danmark"),
        ("55.6050", "13.0038", "ikke i Danmark"),  # Malmö
        ("0", "0", "ikke i Danmark"),
        ("55.40", "10.38", "km fra 8000 Aarhus C"),
        ("561572", "102107", "i grader"),
        ("1e5", "10", "i grader"),
        ("nord", "øst", "i grader"),
        ("91", "181", "findes ikke"),
        ("56.1572", "", "Den ene mangler"),
    ],
)
def test_a_point_that_cannot_be_it_is_left_out(latitude, longitude, word):
    one = place(postcode_id="8000", latitude=latitude, longitude=longitude)
    assert word in said(one, "latitude") and "latitude" not in one.facts and "longitude" not in one.facts
    assert one.facts["postcode_id"] == "8000" and not any(problem["fatal"] for problem in one.problems)


def test_a_point_in_the_sea():
    one = place(postcode_id="8400", latitude="56.15", longitude="10.80")  # off Ebeltoft
    assert "i havet" in said(one, "latitude") and "latitude" not in one.facts


def test_a_postcode_is_guessed_and_that_is_said():
    (problem,) = place(latitude="56.1572", longitude="10.2107").problems
    assert problem["guess"] and problem["field"] == "postcode_id" and "punktet" in problem["text"]
    one = place(town="Ribe")
    assert one.facts["postcode_id"] == "6760" and one.problems[0]["guess"] and "byen" in said(one)
    one = place(town="København K")  # many postcodes
    assert "postcode_id" not in one.facts and one.facts["town"] == "København K" and not one.problems
    one = place(town="Odense C", latitude="56.1572", longitude="10.2107")
    assert one.facts["postcode_id"] == "5000" and "km fra 5000" in said(one, "latitude")

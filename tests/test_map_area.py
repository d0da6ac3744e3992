"""A box out of an address, and the rows that lie in it."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.map_area import NOT_FOUR, OUTSIDE, SWAPPED, Box, BoxError, read_box
from clinics.models import SearchEntry

from .people import clinic


@pytest.mark.parametrize(
    ("text", "box"),
    [
        ("8,54.5,15.2,57.8", Box(8, 54.5, 15.2, 57.8)),
        (" 8.10 , 54 ,15, 57.8 ", Box(8.1, 54, 15, 57.8)),
        ("-180,-90,180,90", Box(-180, -90, 180, 90)),
        ("-0.5,-0.25,0,0.125", Box(-0.5, -0.25, 0, 0.125)),
    ],
)
def test_four_numbers_are_a_box(text, box):
    assert read_box(text) == box
    assert read_box(str(box)) == box


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", NOT_FOUR),
        ("1,2,3", NOT_FOUR),
        ("1,2,3,4,5", NOT_FOUR),
        ("1,2,3,4,", NOT_FOUR),
        ("1;2;3;4", NOT_FOUR),
        ("nan,1,2,3", NOT_FOUR),
        ("-inf,1,2,inf", NOT_FOUR),
        ("1e1,1,20,3", NOT_FOUR),
        ("1_0,1,20,3", NOT_FOUR),
        ("١,1,20,3", NOT_FOUR),
        ("0x1,1,20,3", NOT_FOUR),
        ("1,2,3,4\n5", NOT_FOUR),
        ("9999,1,99999,2", NOT_FOUR),
        ("8,54,181,57", OUTSIDE),
        ("-181,54,9,57", OUTSIDE),
        ("8,-91,9,57", OUTSIDE),
        ("8,54,9,90.0001", OUTSIDE),
        ("15,54,8,57", SWAPPED),
        ("8,57,15,54", SWAPPED),
        ("8,54,8,57", SWAPPED),
        ("8,54,15,54", SWAPPED),
    ],
)
def test_anything_else_is_a_sentence(text, why):
    with pytest.raises(BoxError, match=why):
        read_box(text)


@given(st.text(max_size=60))
def test_no_text_is_a_crash(text):
    try:
        box = read_box(text)
    except BoxError as error:
        assert str(error) in (NOT_FOUR, OUTSIDE, SWAPPED)
    else:
        assert -180 <= box.west < box.east <= 180 and -90 <= box.south < box.north <= 90


@pytest.mark.django_db
def test_the_index_finds_what_the_numbers_say():
    made = clinic("Et sted", "Aarhus C")
    rng = random.Random(5)
    spots = [(rng.uniform(-90, 90), rng.uniform(-180, 180)) for _ in range(400)]
    spots += [(rng.uniform(54, 58), rng.uniform(8, 15)) for _ in range(400)]
    spots += [(0, 0), (90, 10), (-90, 10), (0, 180), (0, -180), (45, 90), (45, -90)]
    SearchEntry.objects.all().delete()
    clinics = [copy_of(made, n) for n in range(len(spots))]
    SearchEntry.objects.bulk_create(
        SearchEntry(clinic=one, latitude=latitude, longitude=longitude, tags=[])
        for one, (latitude, longitude) in zip(clinics, spots, strict=True)
    )
    boxes = [Box(-180, -90, 180, 90), Box(-90, -45, 90, 45), Box(-180, 0, 180, 90), Box(0, 0, 90, 45)]
    for _ in range(60):
        west, east = sorted((rng.uniform(-180, 180), rng.uniform(-180, 180)))
        south, north = sorted((rng.uniform(-90, 90), rng.uniform(-90, 90)))
        boxes += [Box(west, south, east, north), Box(8 + west / 60, 55 + south / 90, 12 + east / 60, 57 + north / 90)]
    for box in boxes:
        found = set(box.of(SearchEntry.objects.all()).values_list("latitude", "longitude"))
        assert found == {spot for spot in spots if box.holds(*spot)}, box


def copy_of(one, number):
    from clinics.models import Clinic

    return Clinic.objects.create(
        name=f"Sted {number}", slug=f"sted-{number}", postcode=one.postcode, latitude=56, longitude=10
    )


@pytest.mark.django_db
def test_what_lies_on_the_edge_lies_inside():
    one = clinic("På kanten", "Aarhus C", latitude=56.1, longitude=10.2)
    for box in (Box(10.2, 56.1, 11, 57), Box(9, 55, 10.2, 56.1)):
        assert [row.clinic_id for row in box.of(SearchEntry.objects.all())] == [one.pk]

"""Distances that can be checked on a map."""

import math

import pytest
from django.db import connection

from clinics.geo import HALF_CIRCUMFERENCE_KM, Point, chord_of, km_of

AARHUS = Point(56.1572, 10.2107)
ODENSE = Point(55.3959, 10.3883)
RONNE = Point(55.1009, 14.7066)


def test_known_distances():
    assert AARHUS.km_to(ODENSE) == pytest.approx(85.4, abs=0.6)
    assert AARHUS.km_to(RONNE) == pytest.approx(304, abs=3)
    assert AARHUS.km_to(AARHUS) == 0


@pytest.mark.parametrize("km", [0, 0.1, 10, 50, 500, 19_000])
def test_a_chord_gives_its_kilometres_back(km):
    assert km_of(chord_of(km)) == pytest.approx(km, rel=1e-6)


def test_nothing_is_further_away_than_the_other_side():
    assert chord_of(10**9) == pytest.approx(2)
    assert km_of(2.0) == pytest.approx(HALF_CIRCUMFERENCE_KM)


def test_sql_and_python_agree(db):
    def cube(point):
        lat, lng = math.radians(point.latitude), math.radians(point.longitude)
        return [math.cos(lat) * math.cos(lng), math.cos(lat) * math.sin(lng), math.sin(lat)]

    with connection.cursor() as cursor:
        cursor.execute("SELECT cube(%s::float8[]) <-> cube(%s::float8[])", [cube(AARHUS), cube(ODENSE)])
        assert km_of(cursor.fetchone()[0]) == pytest.approx(AARHUS.km_to(ODENSE), rel=1e-9)

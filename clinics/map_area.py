"""A box on the map: read from an address, and as a condition that the search index answers.

`?omraade=west,south,east,north` of a results page and `bbox=` of the API are the same four numbers in the same order (that
of GeoJSON, RFC 7946), read by the same function.
"""

import math
import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.db.models import F, FloatField, Func, QuerySet, Value

from .geo import Within
from .models import SearchEntry
from .models.search import CubeField

# Digits as a map writes them: neither NaN nor 1e400 nor the digits of other scripts.
NUMBER = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,17})?", re.ASCII)
HAIR = 1e-9  # of the earth's radius: what Python and PostgreSQL may differ in a cosine

NOT_FOUR = "Et område er fire tal med komma imellem: vest, syd, øst, nord."
OUTSIDE = "Et områdes længdegrader går fra -180 til 180 og dets breddegrader fra -90 til 90."
SWAPPED = "I et område skal vest være mindre end øst og syd mindre end nord."


class BoxError(ValueError):
    """The text is no box; its message is a Danish sentence."""


@dataclass(frozen=True)
class Box:
    """Degrees, WGS 84. A clinic on the edge lies inside."""

    west: float
    south: float
    east: float
    north: float

    def __str__(self) -> str:
        return ",".join(f"{degrees:.5f}".rstrip("0").rstrip(".") for degrees in self.sides)

    @property
    def sides(self) -> tuple[float, float, float, float]:
        return self.west, self.south, self.east, self.north

    def holds(self, latitude: float, longitude: float) -> bool:
        return self.south <= latitude <= self.north and self.west <= longitude <= self.east

    def grown(self, degrees: float) -> "Box":
        """The same with a rim around it, for what lies at one point or on the edge."""
        west, south, east, north = self.sides
        return Box(
            max(west - degrees, -180), max(south - degrees, -90), min(east + degrees, 180), min(north + degrees, 90)
        )

    def of(self, rows: QuerySet[SearchEntry]) -> QuerySet[SearchEntry]:
        """The rows that lie inside. The GiST index answers the cube around the box, the numbers decide."""
        return rows.filter(
            Within(F("loc"), _CubeBox(*self._cube())),
            longitude__range=(self.west, self.east),
            latitude__range=(self.south, self.north),
        )

    def _cube(self) -> "tuple[_Corner, _Corner]":
        """Opposite corners of the smallest cube around the box's part of the unit sphere."""
        south, north = math.radians(self.south), math.radians(self.north)
        west, east = math.radians(self.west), math.radians(self.east)
        ring = (
            min(math.cos(south), math.cos(north)),
            1.0 if south <= 0 <= north else max(map(math.cos, (south, north))),
        )
        x = _product(ring, _turning(math.cos, west, east, (0.0, math.pi, -math.pi)))
        y = _product(ring, _turning(math.sin, west, east, (math.pi / 2, -math.pi / 2)))
        z = (math.sin(south), math.sin(north))
        low, high = ([Value(side[end] + hair) for side in (x, y, z)] for end, hair in ((0, -HAIR), (1, HAIR)))
        return _Corner(*low), _Corner(*high)


class _Corner(Func):
    template = "ARRAY[%(expressions)s]"
    output_field = ArrayField(FloatField())


class _CubeBox(Func):
    """A cube by two opposite corners."""

    function = "cube"
    output_field = CubeField()


def _product(ring: tuple[float, float], turn: tuple[float, float]) -> tuple[float, float]:
    """Least and greatest product of a number in `ring` (never negative) and one in `turn`."""
    return min(r * turn[0] for r in ring), max(r * turn[1] for r in ring)


def _turning(function: Any, first: float, last: float, extremes: tuple[float, ...]) -> tuple[float, float]:
    """Least and greatest value of sine or cosine between two angles."""
    values = [function(angle) for angle in (first, last, *(angle for angle in extremes if first < angle < last))]
    return min(values), max(values)


def read_box(text: str) -> Box:
    """`8.1,54.5,15.2,57.8` → the box. Raises BoxError with a sentence that says what is wrong."""
    parts = [part.strip() for part in text.split(",", 5)]
    if len(parts) != 4 or not all(NUMBER.fullmatch(part) for part in parts):
        raise BoxError(NOT_FOUR)
    west, south, east, north = map(float, parts)
    if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90:
        raise BoxError(OUTSIDE)
    if west >= east or south >= north:
        raise BoxError(SWAPPED)
    return Box(west, south, east, north)


class BoxField(forms.CharField):
    """A box as a field of a form; cleaned to a Box, or None for nothing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=100, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return read_box(text) if text else None
        except BoxError as error:
            raise forms.ValidationError(str(error), code="invalid_box") from error

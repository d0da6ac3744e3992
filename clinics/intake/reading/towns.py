"""Postcodes, their towns and their points, read once: a list of 100 000 rows asks for them row by row."""

import math
import time
from collections import defaultdict
from functools import lru_cache
from typing import NamedTuple

from clinics.geo import Point
from clinics.geocoding.coast import OFF_KM, in_sea
from clinics.models import Place, Postcode
from clinics.pin import MOST_KM
from clinics.text import fold, folds

_SECONDS = 300  # how long a process goes by what it has read
_CELL = 0.1  # degrees
_EAST = 0.56  # of a degree of latitude, as in `clinics.pin.nearest_postcode`
_ACROSS = math.hypot(_CELL, _CELL * _EAST)
_SEA_LATITUDE, _SEA_LONGITUDE = 0.01, 0.02  # a square of 1.1 km by 1.2 km

Cell = tuple[int, int]


class Town(NamedTuple):
    code: str
    town: str
    point: Point
    land: str

    def __str__(self) -> str:
        return f"{self.code} {self.town}"


class Towns:
    def __init__(self) -> None:
        rows = Postcode.objects.values_list("code", "town", "latitude", "longitude", "land", "kind").order_by("pk")
        self.by_code: dict[str, Town] = {}
        self.areas: list[Town] = []
        for code, town, latitude, longitude, land, kind in rows:
            self.by_code[code] = one = Town(code, town, Point(latitude, longitude), land)
            if kind == Postcode.Kind.AREA:
                self.areas.append(one)
        self._called: dict[str, set[str]] = defaultdict(set)  # what people call a place → its postcodes
        for keys, codes in Place.objects.values_list("keys", "postcodes"):
            for key in keys:
                self._called[key].update(codes)
        self._near: dict[Cell, list[Town]] = {}
        self._by_town: dict[str, list[Town]] = defaultdict(list)
        for one in self.areas:
            self._by_town[fold(one.town)].append(one)
        self._is_town_of: dict[tuple[str, str], bool] = {}

    def is_town_of(self, town: str, code: str) -> bool:
        """As the clinic's form asks: `"Aarhus"` is good enough for 8000 Aarhus C, and so is a district or an old spelling."""
        asked = (town, code)
        if asked not in self._is_town_of:
            if len(self._is_town_of) > 20_000:
                self._is_town_of.clear()
            typed, real = f"{fold(town)} ", f"{fold(self.by_code[code].town)} "
            alike = real.startswith(typed) or typed.startswith(real)
            self._is_town_of[asked] = alike or any(code in self._called.get(one, ()) for one in folds(town))
        return self._is_town_of[asked]

    def called(self, town: str) -> list[Town]:
        """The postcodes whose own town has this name: of most one, of large towns several."""
        return self._by_town.get(fold(town), [])

    def nearest(self, point: Point) -> Town | None:
        """As `clinics.pin.nearest_postcode`; None farther off than a clinic of that postcode can lie."""
        if not self.areas or not (54 <= point.latitude <= 58.5 and 7 <= point.longitude <= 16):
            return None
        cell = (math.floor(point.latitude / _CELL), math.floor(point.longitude / _CELL))
        if cell not in self._near:
            middle = Point((cell[0] + 0.5) * _CELL, (cell[1] + 0.5) * _CELL)
            off = [(_off(middle, one.point), one) for one in self.areas]
            least = min(km for km, _ in off)
            self._near[cell] = [one for away, one in off if away <= least + _ACROSS]
        found = min(self._near[cell], key=lambda one: _off(point, one.point))
        return found if point.km_to(found.point) <= MOST_KM else None


def _off(one: Point, other: Point) -> float:
    return math.hypot(one.latitude - other.latitude, (one.longitude - other.longitude) * _EAST)


def is_in_sea(point: Point, nearest: Town | None) -> bool:
    """`coast.in_sea`, which takes a millisecond, of the middle of the point's square kilometre. Nearer to a postcode's point,
    which is on land, than the sea begins nobody needs to ask."""
    if nearest and point.km_to(nearest.point) < OFF_KM:
        return False
    return _square_in_sea(math.floor(point.latitude / _SEA_LATITUDE), math.floor(point.longitude / _SEA_LONGITUDE))


@lru_cache(1 << 16)
def _square_in_sea(north: int, east: int) -> bool:
    return in_sea(Point((north + 0.5) * _SEA_LATITUDE, (east + 0.5) * _SEA_LONGITUDE))


_towns: tuple[float, Towns] | None = None


def towns() -> Towns:
    """Read at most every `_SECONDS` by a process."""
    global _towns
    if _towns is None or time.monotonic() - _towns[0] > _SECONDS:
        _towns = (time.monotonic(), Towns())
    return _towns[1]


def forget() -> None:
    """Read the postcodes anew the next time: for tests."""
    global _towns
    _towns = None

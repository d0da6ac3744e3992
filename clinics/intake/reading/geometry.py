"""Where a shape on the map is: one point for whatever GeoJSON draws."""

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

Pair = tuple[float, float]  # longitude, latitude
Weighed = tuple[float, float, float]  # longitude, latitude, weight

_MOST_PARTS = 10_000
_PARTS_OF = {"MultiPoint": "Point", "MultiLineString": "LineString", "MultiPolygon": "Polygon"}


def centre(geometry: Any) -> Pair | None:
    """Longitude and latitude of the centroid: of the area if there is one, else of the lines, else of the points.

    None for no shape at all, and for one whose numbers are none.
    """
    try:
        weighed = list(_weighed(geometry, 0))
    except (TypeError, ValueError, OverflowError, KeyError, IndexError, AttributeError):
        return None
    for kind in ("area", "line", "point"):
        some = [one for name, one in weighed if name == kind and one[2] > 0]
        if some:
            total = math.fsum(weight for _, _, weight in some)
            east = math.fsum(one[0] * (one[2] / total) for one in some)
            north = math.fsum(one[1] * (one[2] / total) for one in some)
            return (east, north) if math.isfinite(east) and math.isfinite(north) else None
    return None


def _weighed(geometry: Any, depth: int) -> Iterator[tuple[str, Weighed]]:
    kind = geometry["type"]
    if kind == "GeometryCollection" and depth < 2:
        for part in geometry["geometries"][:_MOST_PARTS]:
            yield from _weighed(part, depth + 1)
    elif kind in _PARTS_OF:
        for part in geometry["coordinates"][:_MOST_PARTS]:
            yield from _weighed({"type": _PARTS_OF[kind], "coordinates": part}, depth)
    elif kind == "Point":
        yield "point", (*_pair(geometry["coordinates"]), 1.0)
    elif kind == "LineString":
        line = [_pair(one) for one in geometry["coordinates"]]
        if len(line) > 3 and line[0] == line[-1]:  # a house that was drawn as a closed way
            yield "area", _area(line)
        yield from _line(line)
    elif kind == "Polygon":
        rings = [[_pair(one) for one in ring] for ring in geometry["coordinates"][:_MOST_PARTS]]
        outer, holes = _area(rings[0]), [_area(ring) for ring in rings[1:]]
        left = outer[2] - sum(hole[2] for hole in holes)
        if left > 0:
            east = (outer[0] * outer[2] - sum(hole[0] * hole[2] for hole in holes)) / left
            north = (outer[1] * outer[2] - sum(hole[1] * hole[2] for hole in holes)) / left
            yield "area", (east, north, left)
        yield from _line(rings[0])


def _pair(told: Any) -> Pair:
    east, north = told[0], told[1]
    if isinstance(east, bool) or isinstance(north, bool) or not (math.isfinite(east) and math.isfinite(north)):
        raise ValueError
    return float(east), float(north)


def _area(ring: list[Pair]) -> Weighed:
    """By the shoelace, measured from the first corner: a house is a hundred-thousandth of the numbers it is drawn with."""
    east, north = ring[0]
    twice = x = y = 0.0
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = (x1 - east) * (y2 - north) - (x2 - east) * (y1 - north)
        twice += cross
        x += (x1 + x2 - 2 * east) * cross
        y += (y1 + y2 - 2 * north) * cross
    if not twice:
        return east, north, 0.0
    return east + x / (3 * twice), north + y / (3 * twice), abs(twice) / 2


def _line(line: list[Pair]) -> Iterator[tuple[str, Weighed]]:
    """Each stretch at its middle, by its length; corners count where all lie in one spot."""
    for east, north in line:
        yield "point", (east, north, 1.0)
    for (x1, y1), (x2, y2) in pairwise(line):
        yield "line", ((x1 + x2) / 2, (y1 + y2) / 2, math.hypot((x2 - x1) * 0.56, y2 - y1))

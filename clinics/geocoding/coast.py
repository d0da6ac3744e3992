"""Whether a point lies in the sea, by the outline under our own map (Natural Earth, a point every kilometre or so)."""

import json
import math
from functools import cache

from django.conf import settings

from clinics.geo import Point

OFF_KM = 2  # how far off the outline harbours and small islands lie
Ring = list[tuple[float, float]]  # longitude, latitude


def in_sea(point: Point) -> bool:
    """Farther off every shore than our outline can be wrong. Islands that it leaves out are sea to it: see `judging`."""
    return not any(_inside(point, ring) for ring in rings()) and all(_km(point, ring) > OFF_KM for ring in rings())


@cache
def rings() -> list[Ring]:
    """Outer lines of all parts; the fjords are outside of them."""
    shapes = json.loads((settings.BASE_DIR / "static" / "map" / "denmark.geojson").read_text())["features"]
    found = []
    for shape in shapes:
        geometry = shape["geometry"]
        parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        found += [[(longitude, latitude) for longitude, latitude in part[0]] for part in parts]
    return found


def _inside(point: Point, ring: Ring) -> bool:
    """How often a line to the east crosses the ring: odd from inside."""
    odd = False
    for (west, south), (east, north) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (south > point.latitude) != (north > point.latitude):
            crossing = west + (point.latitude - south) / (north - south) * (east - west)
            odd ^= point.longitude < crossing
    return odd


def _km(point: Point, ring: Ring) -> float:
    """To the nearest point of the line, on a plane around the point: exact enough for a few kilometres."""
    scale = math.cos(math.radians(point.latitude))
    flat = [((x - point.longitude) * scale * 111.2, (y - point.latitude) * 111.2) for x, y in ring]
    nearest = math.inf
    for (x1, y1), (x2, y2) in zip(flat, flat[1:] + flat[:1], strict=True):
        dx, dy = x2 - x1, y2 - y1
        length = dx * dx + dy * dy
        along = max(0.0, min(1.0, -(x1 * dx + y1 * dy) / length)) if length else 0.0
        nearest = min(nearest, math.hypot(x1 + along * dx, y1 + along * dy))
    return nearest

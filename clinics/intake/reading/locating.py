"""Where a row's clinic is: address, postcode, town and point, each held against the others. Nothing is overruled in silence."""

import math
import re
from collections.abc import Callable, Mapping

from clinics.geo import Point
from clinics.geocoding.coast import in_sea
from clinics.pin import MOST_KM

from .raw import shown
from .street import Parts, taken_apart
from .towns import Town, Towns, is_in_sea, towns

Say = Callable[..., None]  # field, text and whatever else the problem has
Values = dict[str, object]

LONGEST_ADDRESS = 300
LONGEST_STREET, LONGEST_EXTRA, LONGEST_TOWN = 160, 120, 60
_POSTCODE = re.compile(r"(?i)(?:dk?)?[ -]*([0-9]{4})(?:\.0)?(?![0-9])[ ,]*(.*)", re.S)
_DEGREES = re.compile(r"-?[0-9]{1,3}(?:[.,][0-9]{1,20})?")


def located(cells: Mapping[str, str], say: Say) -> Values:
    """The facts of the place that a row's cells state."""
    known = towns()
    parts = Parts()
    if len(cells.get("address", "")) > LONGEST_ADDRESS:
        say(
            "street", f"{shown(cells['address'])} er for langt til en adresse: der er plads til {LONGEST_ADDRESS} tegn."
        )
    elif "address" in cells:
        parts = taken_apart(cells["address"])
    facts = _street(parts, cells.get("address_extra", ""), say)
    code, town = _stated(cells, parts, say)
    postcode = _postcode(code, town, known, say)
    point = _point(cells, say)
    if postcode is None and not code:
        postcode = _guessed(town, point, known, say)
    if point and (problem := _misplaced(point, postcode, known)):
        say("latitude", f"Punktet {point.latitude:g}, {point.longitude:g} er ikke taget med: {problem}.")
        point = None
    if postcode:
        facts["postcode_id"] = postcode.code
    if town or postcode:
        facts["town"] = town[:LONGEST_TOWN] or (postcode.town if postcode else "")
    if point:
        facts["latitude"], facts["longitude"] = point.latitude, point.longitude
    return facts


def _street(parts: Parts, beside: str, say: Say) -> Values:
    extra = ", ".join(dict.fromkeys(filter(None, (parts.extra, " ".join(beside.split())))))
    facts: Values = {}
    for name, told, most in (("street", parts.street, LONGEST_STREET), ("address_extra", extra, LONGEST_EXTRA)):
        if len(told) > most:
            say(name, f"{shown(told)} er for langt til en adresse: der er plads til {most} tegn.")
        elif told:
            facts[name] = told
    return facts if "street" in facts or not parts.street else {}


def _stated(cells: Mapping[str, str], parts: Parts, say: Say) -> tuple[str, str]:
    """Postcode and town as the row's cells have them, "" for what it does not say."""
    code, town = parts.code, " ".join(cells.get("town", "").split())
    if told := cells.get("postcode_id", ""):
        found = _POSTCODE.fullmatch(told)
        if not found:
            say("postcode_id", f"{shown(told)} er ikke et postnummer. Det har fire cifre.")
        elif parts.code and found[1] != parts.code:
            say(
                "postcode_id",
                f"Adressen siger {parts.code}, men postnummeret er {found[1]}. Ingen af dem er taget med.",
            )
            return "????", town
        else:
            code, town = found[1], town or " ".join(found[2].split())
    if len(town) > LONGEST_TOWN:
        say("town", f"{shown(town)} er for langt til en by: der er plads til {LONGEST_TOWN} tegn.")
        town = ""
    if not town:
        town = parts.town[:LONGEST_TOWN]
    elif found := _POSTCODE.fullmatch(town):  # "8000 Aarhus C" in the column of towns
        code, town = code or found[1], found[2].strip()
    return code, town


def _postcode(code: str, town: str, known: Towns, say: Say) -> Town | None:
    if not code or code == "????":
        return None
    postcode = known.by_code.get(code)
    if postcode is None:
        say("postcode_id", f"Vi kender ikke postnummer {code}.")
    elif town and not known.is_town_of(town, code):
        say("postcode_id", f"{code} er {postcode.town}, ikke {shown(town)}. Postnummeret er ikke taget med.")
        return None
    return postcode


def _guessed(town: str, point: Point | None, known: Towns, say: Say) -> Town | None:
    """A row without a postcode: the one of its point, or of a town that has but one."""
    named = known.called(town) if town else []
    found, by = (named[0], "byen") if len(named) == 1 else (None, "")
    if found is None and point and not is_in_sea(point, known.nearest(point)):
        near = [one for one in named if point.km_to(one.point) <= MOST_KM]
        found, by = min(near, key=lambda one: point.km_to(one.point)) if near else known.nearest(point), "punktet"
        if found and town and not near and not known.is_town_of(town, found.code):
            found = None
    if found:
        say("postcode_id", f"Postnummeret mangler. {found} er gættet ud fra {by}.", guess=True)
    return found


def _point(cells: Mapping[str, str], say: Say) -> Point | None:
    told = [cells.get(name, "") for name in ("latitude", "longitude")]
    if not any(told):
        return None
    if not all(told):
        say("latitude", "Et punkt har både breddegrad og længdegrad. Den ene mangler.")
        return None
    if not all(_DEGREES.fullmatch(one) for one in told):
        say("latitude", f"{shown(', '.join(told))} er ikke breddegrad og længdegrad i grader, fx 56,1572 og 10,2107.")
        return None
    latitude, longitude = (round(float(one.replace(",", ".")), 6) for one in told)
    if not (math.isfinite(latitude) and abs(latitude) <= 90 and abs(longitude) <= 180):
        say("latitude", f"Punktet {shown(', '.join(told))} findes ikke.")
        return None
    return Point(latitude, longitude)


def _misplaced(point: Point, postcode: Town | None, known: Towns) -> str:
    """Why a clinic of the postcode cannot be there, as `geocoding.judging` says it of a geocoder's answer; "" when it can."""
    nearest = known.nearest(point)
    if nearest is None:
        turned = Point(point.longitude, point.latitude) if abs(point.longitude) <= 90 else None
        swapped = turned and known.nearest(turned)
        return "breddegrad og længdegrad er byttet om" if swapped else "det ligger ikke i Danmark"
    if postcode:
        km = point.km_to(postcode.point)
        if km > MOST_KM:
            return f"det ligger {km:.0f} km fra {postcode}"
        if nearest.land != postcode.land:
            return f"det ligger over vand fra {postcode}"
    return "det ligger i havet" if is_in_sea(point, nearest) and not (postcode and in_sea(postcode.point)) else ""

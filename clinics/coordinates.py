"""A point in a text, as maps copy it: `"55.6761, 12.5683"`, `"55.6761° N, 12.5683° E"`, the address of a map."""

import re

from .geo import Point

_NUMBER = r"([-−]?\d{1,3})([.,])(\d{2,15})"
_BETWEEN = r"\s*°?\s*[NnSs]?(?:\s*[,;/]\s*|\s+)(?:l(?:on|ng)[a-z]*\s*[:=]?\s*)?[EeØøWw]?\s*"
_PAIR = re.compile(rf"(?<![\d.]){_NUMBER}{_BETWEEN}{_NUMBER}(?!\d)")
# As far as Denmark reaches, in degrees. A latitude here is never a longitude here, so either may come first.
_NORTH, _EAST = (54.4, 58.0), (7.5, 15.5)


class NotHereError(Exception):
    """The text is a point, and not one in or near Denmark."""


def point_in(text: str) -> Point | None:
    """The point of a text, rounded to two decimals (about a kilometre: nobody needs to know the house); None without one.

    Raises NotHereError. Commas may be decimal commas, but then only a point in Denmark is one: "Gade 12,8000 Aarhus" is none.
    """
    if not (pair := _PAIR.search(text)):
        return None
    whole, sign, part, other_whole, other_sign, other_part = pair.groups()
    one, other = (float(f"{a}.{b}".replace("−", "-")) for a, b in ((whole, part), (other_whole, other_part)))
    for north, east in ((one, other), (other, one)):
        if _NORTH[0] <= north <= _NORTH[1] and _EAST[0] <= east <= _EAST[1]:
            return Point(round(north, 2), round(east, 2))
    if sign == other_sign == ".":
        raise NotHereError
    return None


def is_point(text: str) -> bool:
    """Whether the text holds a point in or near Denmark."""
    try:
        return point_in(text) is not None
    except NotHereError:
        return False

"""A score for what two descriptions share.

Each thing shared is evidence of its own weight, and what is left of the doubt is multiplied: a number (.8) and a name next
door (.7) leave .06. One thing alone can be shared by honest neighbours: a health centre has one address, a chain one
website, and half the country a "Klinik for Fysioterapi". What speaks against it is `deciding`'s to say.
"""

import math
from dataclasses import dataclass

from clinics.danish import kilometres

from .described import Described, Read, read
from .names import Alike, compare
from .places import one_house

SHOWN = 40  # from here on somebody is asked
SURE = 75  # from here on nobody may overlook it
NEXT_DOOR_KM, IN_TOWN_KM = 5, 25  # many clinics stand at their postcode's point, a few kilometres off
P_NUMBER, SOR = 0.9, 0.9
PHONE, EMAIL, ADDRESS, WEBSITE, CVR = 0.8, 0.7, 0.6, 0.5, 0.4
# By distance: next door, in town, further away (or not known where).
SAME_NAME = (0.7, 0.5, 0.15)
LIKE_NAME = (0.5, 0.3, 0.05)
SAME_SPOT_KM = 0.04


@dataclass(frozen=True)
class Likeness:
    """`score`: 0 (nothing in common) to 100. `reasons`: Danish, the strongest first."""

    score: int = 0
    reasons: tuple[str, ...] = ()
    km: float | None = None


def likeness(one: Described, other: Described) -> Likeness:
    """How much speaks for both being the same clinic. Symmetric; never raises."""
    mine, theirs = read(one), read(other)
    return shared(mine, theirs, compare(mine.name, theirs.name))


def shared(one: Read, other: Read, alike: Alike) -> Likeness:
    km = one.point.km_to(other.point) if one.point and other.point else None
    found: list[tuple[float, str]] = []
    if one.p_number and one.p_number == other.p_number:
        found.append((P_NUMBER, "samme P-nummer"))
    if one.sor and one.sor == other.sor:
        found.append((SOR, "samme SOR-nummer"))
    if one.phone and one.phone == other.phone:
        found.append((PHONE, "samme telefonnummer"))
    if one.email and one.email == other.email:
        found.append((EMAIL, "samme e-mail"))
    if one.postcode and one.postcode == other.postcode and one_house(one.house, other.house):
        found.append((ADDRESS, "samme adresse"))
    elif same_spot(one, other, km):
        found.append((ADDRESS, "samme sted på kortet"))
    if one.site and one.site == other.site:
        found.append((WEBSITE, "samme hjemmeside"))
    if one.cvr and one.cvr == other.cvr:
        found.append((CVR, "samme CVR-nummer"))
    if alike in (Alike.SAME, Alike.TYPO, Alike.MOST, Alike.MORE):
        weights = SAME_NAME if alike is Alike.SAME else LIKE_NAME
        words = "samme navn" if alike is Alike.SAME else "næsten samme navn"
        away = f", {kilometres(km)} derfra" if km is not None and km >= 0.1 else ""
        found.append((weights[_ring(km)], f"{words}{away}"))
    elif alike is Alike.OWNER:
        found.append((LIKE_NAME[_ring(km)], "samme ejer i navnet"))
    doubt = math.prod(1 - weight for weight, _ in found)
    found.sort(key=lambda one: -one[0])
    return Likeness(round(100 * (1 - doubt)), tuple(reason for _, reason in found), km)


def same_spot(one: Read, other: Read, km: float | None) -> bool:
    """Both points are their addresses' own and lie in one house, where one of them says no house."""
    return km is not None and km <= SAME_SPOT_KM and one.exact and other.exact and not (one.house and other.house)


def _ring(km: float | None) -> int:
    return 2 if km is None or km > IN_TOWN_KM else 1 if km > NEXT_DOOR_KM else 0

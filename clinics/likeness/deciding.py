"""Is it the same clinic: yes, no, or a person must say.

Written to be wrong about a merge once in a hundred and no more: two clinics made one show a patient the wrong telephone
number, while a question too many costs a moderator a minute. So a name that fits and a place or a contact that fits make
the same clinic; either alone never does, and whatever contradicts it goes to a person.
"""

from dataclasses import dataclass
from enum import Enum

from .described import Described, Read, read
from .evidence import SHOWN, SURE, Likeness, same_spot, shared
from .names import Alike, compare, owners_differ
from .places import one_house

NEIGHBOUR_KM = 8  # between two points of neighbouring postcodes: one of them may be written for the other
APART_KM = 0.3  # between two addresses' own points: not one house


class Decision(Enum):
    SAME = "same"
    DIFFERENT = "different"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`score` lies in the decision's own part of 0 to 100: same from 75, person from 40. Reasons in Danish."""

    decision: Decision
    score: int
    reasons: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


class _Place(Enum):
    HOUSE = "house"
    POSTCODE = "postcode"  # as far as is told: one of them names no house
    NEARBY = "nearby"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class _Pair:
    """What `_judged` looks at. `p`, `cvr`, `sor`, `phone`: the same, another, or None where one has none."""

    alike: Alike
    place: _Place
    p: bool | None
    sor: bool | None
    cvr: bool | None
    phone: bool | None
    email: bool
    site: bool
    other_owner: bool
    other_trade: bool
    local: bool  # the names tell no more than the town
    two_houses: bool  # both say which house

    @property
    def named(self) -> bool:
        return self.alike in (Alike.SAME, Alike.TYPO)

    @property
    def contact(self) -> bool:
        return bool(self.phone) or self.email or self.site


def decide(one: Described, other: Described) -> Verdict:
    """Symmetric; never raises."""
    return decide_read(read(one), read(other))


def decide_read(one: Read, other: Read) -> Verdict:
    alike = compare(one.name, other.name)
    like = shared(one, other, alike)
    if not like.score:
        return Verdict(Decision.DIFFERENT, 0)
    pair = _pair(one, other, alike, like)
    decision = _judged(pair, like.score)
    return Verdict(decision, _within(decision, like.score), like.reasons, _against(pair))


def _pair(one: Read, other: Read, alike: Alike, like: Likeness) -> _Pair:
    trades, their_trades = one.name.trades, other.name.trades
    return _Pair(
        alike=alike, place=_place(one, other, like.km), p=_equal(one.p_number, other.p_number),
        sor=_equal(one.sor, other.sor), cvr=_equal(one.cvr, other.cvr), phone=_equal(one.phone, other.phone),
        email=bool(one.email) and one.email == other.email, site=bool(one.site) and one.site == other.site,
        other_owner=owners_differ(one.name, other.name), other_trade=trades != their_trades,
        local=one.name.local or other.name.local, two_houses=bool(one.house and other.house),
    )  # fmt: skip


def _judged(pair: _Pair, score: int) -> Decision:
    likely = Decision.PERSON if score >= SHOWN else Decision.DIFFERENT
    if pair.p or pair.sor:
        return _one_number(pair)
    if pair.p is False or pair.sor is False:  # two places, or one that was registered anew
        return Decision.PERSON if pair.named and pair.place is _Place.HOUSE else Decision.DIFFERENT
    if pair.place is _Place.HOUSE:
        return _one_house(pair, likely)
    if pair.place is _Place.POSTCODE:
        return _one_postcode(pair, likely)
    if pair.phone is False or not pair.contact:
        # The same name elsewhere with a number of its own is a branch, or somebody else's.
        return Decision.DIFFERENT if pair.phone is False else _namesake(pair, likely)
    if pair.phone and pair.email and pair.named and pair.place is _Place.NEARBY and not pair.two_houses:
        return likely if pair.other_owner or pair.other_trade or pair.cvr is False else Decision.SAME
    if pair.phone or pair.email:
        return likely  # moved, or a chain with one number
    return Decision.DIFFERENT  # one website, two addresses: a chain


def _one_number(pair: _Pair) -> Decision:
    if pair.p is False or pair.sor is False or pair.cvr is False:
        return Decision.PERSON
    fits = pair.named or pair.alike in (Alike.MOST, Alike.MORE) or pair.phone or pair.place is _Place.HOUSE
    return Decision.SAME if fits and not pair.other_trade else Decision.PERSON


def _one_house(pair: _Pair, likely: Decision) -> Decision:
    """Neighbours share a door, often a telephone, and now and then a website."""
    contradicted = pair.other_owner or pair.other_trade or pair.cvr is False
    if pair.named:
        other_name = pair.alike is Alike.TYPO and pair.phone is False and not pair.contact  # Holm and Holst
        return Decision.PERSON if contradicted or other_name else Decision.SAME
    if not contradicted:
        if pair.alike is Alike.MOST and pair.phone is not False:
            return Decision.SAME
        if pair.alike in (Alike.MOST, Alike.MORE, Alike.OWNER) and pair.contact:
            return Decision.SAME
        if pair.alike is Alike.PLAIN and (pair.contact or pair.cvr):
            return Decision.SAME
        if pair.alike is Alike.UNKNOWN and (pair.cvr or (pair.phone and (pair.email or pair.site))):
            return Decision.SAME
        if pair.cvr and pair.phone:
            return Decision.SAME  # the company has got a new name
    if pair.alike is Alike.OTHER and (pair.phone is False or pair.cvr is False) and not pair.email:
        return Decision.DIFFERENT
    return likely


def _one_postcode(pair: _Pair, likely: Decision) -> Decision:
    contradicted = pair.other_owner or pair.other_trade or pair.cvr is False
    whole_name = pair.alike is Alike.SAME and not pair.local
    if pair.named and not contradicted and (whole_name or pair.contact or pair.cvr) and pair.phone is not False:
        return Decision.SAME
    if pair.alike in (Alike.MOST, Alike.MORE) and not contradicted and pair.phone and (pair.email or pair.site):
        return Decision.SAME
    if pair.alike is Alike.OTHER and pair.phone is False:
        return Decision.DIFFERENT
    return likely


def _namesake(pair: _Pair, likely: Decision) -> Decision:
    """The same name some streets away, and nothing else in common that is known."""
    return likely if pair.named and pair.place is _Place.NEARBY and not pair.other_trade else Decision.DIFFERENT


def _place(one: Read, other: Read, km: float | None) -> _Place:
    near = km is None or km <= NEIGHBOUR_KM
    if one_house(one.house, other.house):
        if one.postcode == other.postcode or not one.postcode or not other.postcode or (km is not None and near):
            return _Place.HOUSE
    elif same_spot(one, other, km):
        return _Place.HOUSE
    apart = one.exact and other.exact and km is not None and km > APART_KM
    if one.postcode == other.postcode and not (one.house and other.house) and not apart:
        return _Place.POSTCODE
    return _Place.NEARBY if near else _Place.ELSEWHERE


def _against(pair: _Pair) -> tuple[str, ...]:
    said = [
        (pair.p is False, "forskelligt P-nummer"),
        (pair.sor is False, "forskelligt SOR-nummer"),
        (pair.cvr is False, "forskelligt CVR-nummer"),
        (pair.alike is Alike.OTHER, "forskelligt navn"),
        (pair.other_owner, "forskellig ejer i navnet"),
        (pair.other_trade, "forskelligt fag i navnet"),
        (pair.place in (_Place.NEARBY, _Place.ELSEWHERE), "forskellig adresse"),
        (pair.phone is False, "forskelligt telefonnummer"),
    ]
    return tuple(text for holds, text in said if holds)


def _equal(one: str, other: str) -> bool | None:
    return one == other if one and other else None


def _within(decision: Decision, score: int) -> int:
    if decision is Decision.SAME:
        return max(score, SURE)
    return min(score, SHOWN - 1) if decision is Decision.DIFFERENT else max(SHOWN, min(score, SURE - 1))

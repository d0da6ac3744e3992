"""Matching a list of any length: whatever may be the same clinic as each row, without holding all against all.

A directory is first read once into keys: whoever could be the same clinic shares at least one of them (a house, a
telephone, a word of the name in one postcode …). A key is 40 bits of a hash with the place of the clinic in 24 more, all in
one sorted array: 8 bytes a key, some 80 a clinic. A row looks up its own keys, and what shares the most is read and
compared. Keys only suggest; `decide` judges, so two keys that hash alike cost a comparison and no more.
"""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from typing import NamedTuple

from django.db.models import QuerySet

from clinics.geo import Point
from clinics.models import Clinic

from .deciding import Decision, decide_read
from .described import Described, Read, read, told

BATCH = 1000
COMPARED = 8  # clinics that are read for one row: those that share the most
CROWD = 60  # a key that more clinics have tells nothing: the website of a chain. With the postcode it tells again.
MOST = 3  # matches told of one row
_CLINICS = 1 << 24
_CELL = (0.12, 0.2)  # degrees, some 13 km each way in Denmark: the same name in this or a neighbouring square
_ORDER = {Decision.SAME: 0, Decision.PERSON: 1, Decision.DIFFERENT: 2}

Key = tuple[str, int]  # what is shared, and how much that says


class Match(NamedTuple):
    """One clinic that may be the row's: its pk, and `decide`'s verdict."""

    pk: int
    decision: Decision
    score: int
    reasons: tuple[str, ...]
    against: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """What becomes of a row: SAME with its match, DIFFERENT (a new clinic) or PERSON. `why` is Danish, "" when plain."""

    decision: Decision
    match: Match | None = None
    why: str = ""


class Directory:
    """Known clinics by their keys.

    `everything`: all of them, with numbers of their own (a pk). `fetch`: some of them again, by these numbers.
    """

    def __init__(
        self,
        everything: Iterable[tuple[int, Described]],
        fetch: Callable[[Collection[int]], Iterable[tuple[int, Described]]],
    ) -> None:
        self._fetch = fetch
        self._pks = array("q")
        keys = array("Q")
        for place, (pk, one) in enumerate(everything):
            if place >= _CLINICS:
                raise OverflowError("more clinics than there is room for")
            self._pks.append(pk)
            keys.extend(_hashed(key) << 24 | place for key, _ in keys_of(read(one)))
        self._keys = array("Q", sorted(keys))

    @classmethod
    def of_clinics(cls, rows: QuerySet[Clinic] | None = None) -> "Directory":
        """All clinics of every status, or `rows`."""
        clinics = Clinic.objects.all() if rows is None else rows
        return cls(told(clinics.order_by("pk")), lambda pks: told(Clinic.objects.filter(pk__in=list(pks))))

    def __len__(self) -> int:
        return len(self._pks)

    def likely(self, one: Read) -> list[int]:
        """Who shares the most with it, at most COMPARED."""
        worth: dict[int, int] = {}
        for key, weight in (*keys_of(one), *_around(one)):
            for place in self._holders(key):
                worth[place] = worth.get(place, 0) + weight
        best = sorted(worth.items(), key=lambda pair: (-pair[1], pair[0]))[:COMPARED]
        return [self._pks[place] for place, weight in best if weight >= 2]

    def read(self, pks: Collection[int]) -> dict[int, Read]:
        return {pk: read(one) for pk, one in self._fetch(pks)} if pks else {}

    def _holders(self, key: str) -> list[int]:
        """Places of those with the key; nobody when it is a crowd."""
        wanted = _hashed(key)
        start = bisect_left(self._keys, wanted << 24)
        if start + CROWD < len(self._keys) and self._keys[start + CROWD] >> 24 == wanted:
            return []
        found = []
        for packed in self._keys[start : start + CROWD]:
            if packed >> 24 != wanted:
                break
            found.append(packed & _CLINICS - 1)
        return found


def candidates_of(
    rows: Iterable[Described], directory: Directory | None = None, *, most: int = MOST
) -> Iterator[list[Match]]:
    """For each row, in order, the clinics that are or may be the same, the surest first; none that are certainly others.

    One statement for a thousand rows, and no more of them in memory; reading the directory first takes one more.
    """
    known = Directory.of_clinics() if directory is None else directory
    waiting = iter(rows)
    while batch := [read(one) for one in islice(waiting, BATCH)]:
        likely = [known.likely(one) for one in batch]
        others = known.read({pk for pks in likely for pk in pks})
        for one, pks in zip(batch, likely, strict=True):
            yield _matches(one, ((pk, others[pk]) for pk in pks if pk in others), most)


def proposal(matches: list[Match]) -> Proposal:
    """What to do with a row, from its matches: two clinics that both are the same are a person's to sort out."""
    if not matches:
        return Proposal(Decision.DIFFERENT)
    best = matches[0]
    if best.decision is Decision.SAME and len(matches) > 1 and matches[1].decision is Decision.SAME:
        return Proposal(Decision.PERSON, best, "Flere klinikker passer lige godt. Er den ene oprettet to gange?")
    return Proposal(best.decision, best)


def keys_of(one: Read) -> list[Key]:
    """What it shares with whoever is the same clinic, and how much that says. `likely` asks for 2 in all."""
    code, name = one.postcode, one.name
    keys: list[Key] = [
        (f"{kind} {number}", 9)
        for kind, number in (("p", one.p_number), ("sor", one.sor), ("tel", one.phone))
        if number
    ]
    for kind, shared in (("mail", one.email), ("cvr", one.cvr), ("site", one.site)):
        if shared:
            keys += [(f"{kind} {shared}", 3), (f"{kind} {shared} {code}", 3)]
    if one.house:
        street, number, _ = one.house
        joined = street.replace(" ", "")
        keys += [(f"at {code} {joined} {number}", 6), (f"near {code} {joined[:2]} {number}", 1)]
    if one.exact and one.point:
        keys.append((f"spot {one.point.latitude:.3f} {one.point.longitude:.3f}", 2))
    if name.words and not name.plain:
        whole = "".join(name.words)
        keys += [(f"name {whole} {code}", 4), (f"head {whole[:4]} {code}", 1), (f"tail {whole[-4:]} {code}", 1)]
        told = dict.fromkeys((*name.words, *name.told, *name.owner))
        keys += [(f"word {word} {code}", 2) for word in told if len(word) > 3]
        if one.point:
            north, east = _cell(one.point)
            keys.append((f"town {whole} {north} {east}", 3))
    return keys


def _around(one: Read) -> list[Key]:
    """The same name and the same spot, asked of the squares around: it may stand across the line."""
    keys: list[Key] = []
    beside = (-1, 0, 1)
    if one.point and one.name.words and not one.name.plain:
        whole, (north, east) = "".join(one.name.words), _cell(one.point)
        keys += [(f"town {whole} {north + up} {east + right}", 3) for up in beside for right in beside if up or right]
    if one.exact and one.point:
        here = one.point
        keys += [
            (f"spot {here.latitude + up / 1000:.3f} {here.longitude + right / 1000:.3f}", 2)
            for up in beside for right in beside if up or right
        ]  # fmt: skip
    return keys


def _matches(one: Read, others: Iterable[tuple[int, Read]], most: int) -> list[Match]:
    found = []
    for pk, other in others:
        verdict = decide_read(one, other)
        if verdict.decision is not Decision.DIFFERENT:
            found.append(Match(pk, verdict.decision, verdict.score, verdict.reasons, verdict.against))
    return sorted(found, key=lambda match: (_ORDER[match.decision], -match.score, match.pk))[:most]


def _cell(point: Point) -> tuple[int, int]:
    return int(point.latitude // _CELL[0]), int(point.longitude // _CELL[1])


def _hashed(key: str) -> int:
    """40 bits, the same in every process."""
    return int.from_bytes(blake2b(key.encode("utf-8", "replace"), digest_size=5).digest())

"""How many clinics a search finds at each distance, and how many each choice of the filters would leave: one statement.

The statement reads every clinic within reach once and groups them by distance, part of the list, and the one filter that they
fail, if any; a clinic that fails two stands in no count. Of each group it gives the number of clinics and their tallies as one
sum (`clinics.tally`). Where the widening ends is seen from that here. Without a place the whole directory is counted; that
answer is kept by the process for `KEPT_SECONDS`, because the database's own cache would be a statement too.
"""

import math
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import Case, Expression, F, FloatField, Func, IntegerField, Q, Value, When
from django.db.models.lookups import GreaterThan, LessThanOrEqual

from . import tally
from .asked import REGION, Asked
from .choices import FILTERS, LIMITS, RADII, limit_key
from .geo import chord_of
from .models import Tag
from .open_times import open_at
from .tags import tag_number
from .without import Without, without_one

if TYPE_CHECKING:
    from .search import Search

KEPT_SECONDS = 20.0  # as the terms: a clinic that another process changed is counted this much later at most
MOST_KEPT = 200  # searches
ALL_OF = frozenset(one.name for one in FILTERS if not one.any_of)


@dataclass(frozen=True)
class FacetCounts:
    """What each choice would leave of the list: as if nothing were chosen in its own group, for one of its choices is enough
    there; in a group of which a clinic must have all (`ALL_OF`), with what is ticked there already."""

    bits: Mapping[str, int] = field(default_factory=dict)  # parameter → its bit among the filters that a clinic fails
    tags: Mapping[int, Mapping[int, int]] = field(default_factory=dict)  # bit that is failed or 0 → number → clinics
    # The same for what is no tag: (parameter, limit) → clinics; the limit is None for all who have stated it, or are open.
    others: Mapping[int, Mapping[tuple[str, Any], int]] = field(default_factory=dict)
    within: Mapping[int, int] = field(default_factory=dict)  # radius in km → clinics, near a place
    # Of an empty list alone: (parameter, number of the tick or None for the whole group) → what the list is without it.
    without: Mapping[tuple[str, int | None], Without] = field(default_factory=dict)

    def of(self, name: str, number: int | None) -> int:
        """The clinics that have the facet value with that number, or, of an official speciality, one of its focus areas."""
        return 0 if number is None else self._left(name, self.tags, number)

    def within_limit(self, name: str, limit: Any) -> int:
        """The clinics that meet the limit (see LIMITS); with None, those that have stated a price."""
        for suggested in LIMITS[name].suggested:
            if suggested == limit:
                return self.of(name, tag_number(Tag.Kind.FACET, limit_key(name, suggested)))
        return self._left(name, self.others, (name, limit))

    def open_now(self, name: str) -> int:
        return self._left(name, self.others, (name, None))

    def _left(self, name: str, counts: Mapping[int, Mapping[Any, int]], what: Any) -> int:
        failing = (0, self.bits[name]) if name in self.bits and name not in ALL_OF else (0,)
        return sum(counts.get(bit, {}).get(what, 0) for bit in failing)


@dataclass(frozen=True)
class Counted:
    """`parts`: by step, the clinics in each part of the list up to there. `reached`: the step at which the list ends."""

    parts: tuple[tuple[int, ...], ...]
    reached: int
    facets: FacetCounts | None = None


class Group(NamedTuple):
    """A row of the statement. `ring`: how many of the distances (`_rings`) are too near; `kind`, `water`: see `Search.parts`."""

    ring: int
    in_region: int
    kind: int
    water: int
    failed: int
    stretch: int
    clinics: int
    tallies: Decimal | None
    others: Sequence[int]


_kept: dict[tuple[Asked, bool], tuple[float, Counted]] = {}


def forget() -> None:
    """Count anew the next time: after a clinic was changed, and in tests."""
    _kept.clear()


def count_clinics(search: "Search", *, facets: bool) -> Counted:
    asked = search.asked
    if asked.point is not None or asked.area:
        return _count(search, facets=facets)
    key, now = (asked, facets), time.monotonic()
    if (kept := _kept.get(key)) and now - kept[0] < KEPT_SECONDS:
        return kept[1]
    counted = _count(search, facets=facets)
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    _kept[key] = (now, counted)
    return counted


class _Place(Func):
    """Where a number stands in an array of intarray, 0 when it does not."""

    function = "idx"
    output_field = IntegerField()


class _Bucket(Func):
    """How many of some sorted numbers are no greater than a value."""

    function = "width_bucket"
    output_field = IntegerField()


def _rings(asked: Asked, *, facets: bool) -> list[int]:
    """The distances (km) at which is counted: the steps of the widening, and what can be chosen."""
    steps = {step for step in asked.steps if isinstance(step, int)}
    return sorted(steps | set(RADII)) if facets and steps else sorted(steps)


def _count(search: "Search", *, facets: bool) -> Counted:
    asked, conditions = search.asked, search.without_one() if facets else {}
    rings = _rings(asked, facets=facets)
    rows = search.countable_for_facets(max(rings, default=0)) if facets else search.countable()
    ring: Expression = Value(0)
    if rings:
        limits = [math.nextafter(chord_of(float(km)), math.inf) for km in rings]  # up to and with the chord
        ring = _Bucket(F("chord"), Value(limits, ArrayField(FloatField())))
    if search.in_city is not None:
        ring = Case(When(_read_out(search.in_city), Value(0)), default=ring)
    failed: Expression = Value(0)
    for number, condition in enumerate(conditions.values()):
        failed = failed + Case(When(_read_out(condition), Value(0)), default=Value(1 << number))
    if len(conditions) > 1:
        failures = sum((Value(1) - _whether(condition) for condition in conditions.values()), Value(0))
        rows = rows.filter(LessThanOrEqual(failures, 1))
    water: Expression = Value(0) if search.same_side is None else Value(1) - _whether(search.same_side)
    kinds = [When(_read_out(one), Value(n)) for n, one in enumerate(search.matching_kinds)]
    if len(kinds) == 1 and search.unstated is not None and not (facets and any(asked.chosen)):
        # Who is listed matches or has stated nothing, so whoever has stated something need not be asked again.
        kinds.insert(0, When(~_read_out(Q(tags__contains=[search.unstated])), Value(0)))
    # Name → its value, and how many it can have. They are packed into one number: a thousand clinics are put into groups by
    # one number in half the time that five take.
    parts: dict[str, tuple[Expression, int]] = {
        "ring": (ring, len(rings) + 1),
        "in_region": (_whether(search._in_region()) if REGION in asked.steps else Value(0), 2),
        "kind": (Case(*kinds, default=Value(len(search.matching_kinds))), len(search.matching_kinds) + 1),
        "water": (water, 2),
        "failed": (failed, 1 << len(conditions)),
    }
    columns = {name: value for name, (value, _) in parts.items()}
    if facets:
        columns["open_now"] = _whether(open_at(search.now))
    names = [*columns, *(("tally", "price", "waiting_days", "average") if facets else ())]
    inner, params = rows.order_by().annotate(**columns).values("clinic_id", *names).query.sql_with_params()
    wanted = _others(asked) if facets else {}
    sums = f"sum(tally), ARRAY[{', '.join(wanted.values())}]" if facets else "NULL, NULL"
    sizes = [size for _, size in parts.values()]
    sql = f"""
        SELECT {_packed([*parts, f"({tally.STRETCH})::bigint"], sizes)} AS place, count(*), {sums} FROM ({inner}) listed
        GROUP BY place"""  # noqa: S608  made of our own queries, values are parameters
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        groups = [Group(*_unpacked(place, sizes), *row) for place, *row in cursor.fetchall()]  # type: ignore[arg-type]
    return _read(search, rings, groups, conditions if facets else None, list(wanted))


def _packed(names: Sequence[str], sizes: Sequence[int]) -> str:
    """SQL for one number out of several: each but the last is less than its size, the last may be any."""
    sql = names[-1]
    for name, size in zip(reversed(names[:-1]), reversed(sizes), strict=True):
        sql = f"({sql} * {size} + {name})"
    return sql


def _unpacked(packed: int, sizes: Sequence[int]) -> Iterator[int]:
    for size in sizes:
        packed, one = divmod(packed, size)
        yield one
    yield packed


def _read_out(condition: Q) -> Q:
    """The same for a row that is read already: whether one number is among its tags is asked with `idx`, which takes a third
    of the time of `@>` and `&&`. Those are what the index answers."""
    return Q(*map(_one_read_out, condition.children), _connector=condition.connector, _negated=condition.negated)


def _one_read_out(one: Any) -> Any:
    if isinstance(one, Q):
        return _read_out(one)
    if isinstance(one, tuple) and one[0] in ("tags__contains", "tags__overlap") and len(one[1]) == 1:
        return GreaterThan(_Place(F("tags"), Value(one[1][0])), 0)
    return one


def _whether(condition: Q) -> Case:
    return Case(When(_read_out(condition), Value(1)), default=Value(0))


def _others(asked: Asked) -> dict[tuple[str, Any], str]:
    """Key in `FacetCounts.others` → SQL. The suggested numbers are in the tallies; one of the visitor's own is not."""
    made: dict[tuple[str, Any], str] = {("aaben", None): "sum(open_now)", ("pris_max", None): "count(price)"}
    own = {"ventetid_max": asked.max_waiting_days, "pris_max": asked.max_price, "bedoemmelse_min": asked.min_average}
    for name, limit in own.items():
        if limit is not None and limit not in LIMITS[name].suggested:
            made[name, limit] = f"count(*) FILTER (WHERE {LIMITS[name].sql(limit)})"
    return made


def _read(
    search: "Search",
    rings: Sequence[int],
    groups: Sequence[Group],
    conditions: Mapping[str, Any] | None,
    wanted: Sequence[tuple[str, Any]],
) -> Counted:
    steps = search.asked.steps
    placed = [(_step(steps, rings, group), group) for group in groups]
    exact: dict[tuple[int, int, int], int] = defaultdict(int)
    for step, group in placed:
        if not group.failed:
            exact[step, group.kind, group.water] += group.clinics
    where = [(part.kind, int(part.over_water)) for part in search.parts]
    parts = tuple(
        tuple(sum(exact.get((nearer, *place), 0) for nearer in range(step + 1)) for place in where)
        for step in range(len(steps))
    )
    # Where the widening ends: the first step with enough matches, or else the last one.
    matches = [sum(n for part, n in zip(search.parts, some, strict=True) if part.matches) for some in parts]
    reached = next((step for step, many in enumerate(matches) if many >= search.enough), len(steps) - 1)
    if conditions is None:
        return Counted(parts, reached)
    listed = [group for step, group in placed if step <= reached]
    within = {
        km: sum(group.clinics for group in groups if not group.failed and group.ring <= ring)
        for ring, km in enumerate(rings)
    }
    bits = {name: 1 << number for number, name in enumerate(conditions)}
    without = {} if any(parts[reached]) else without_one(search, bits, placed)
    return Counted(parts, reached, _facets(bits, listed, wanted, within, without))


def _step(steps: Sequence[Any], rings: Sequence[int], group: Group) -> int:
    """The first step that holds the clinics of the group; as many as there are when none does."""
    if group.ring < len(rings):
        km = rings[group.ring]
        if nearest := [number for number, step in enumerate(steps) if isinstance(step, int) and step >= km]:
            return nearest[0]
    if REGION in steps:
        return steps.index(REGION) + (not group.in_region)
    return len(steps) - (not rings)


def _facets(
    bits: Mapping[str, int],
    groups: Iterable[Group],
    wanted: Sequence[tuple[str, Any]],
    within: Mapping[int, int],
    without: Mapping[tuple[str, int | None], Without],
) -> FacetCounts:
    tallies: dict[tuple[int, int], list[Decimal]] = defaultdict(list)
    others: dict[int, dict[tuple[str, Any], int]] = {}
    for group in groups:
        tallies[group.failed, group.stretch].append(group.tallies or Decimal(0))
        of_failed = others.setdefault(group.failed, dict.fromkeys(wanted, 0))
        for what, many in zip(wanted, group.others, strict=True):
            of_failed[what] += many
    tags: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for (failed, _), some in tallies.items():
        for number, many in tally.counts(tally.added(some)).items():
            tags[failed][number] += many
    return FacetCounts(bits, tags, others, within, without)

"""How many clinics a search finds at each distance, and how many each choice of the filters would leave: one statement.

The statement reads every clinic within reach once (`m`), notes which one filter it fails, if any, and counts from that. A
clinic that fails two filters stands in no count. Without a place the whole directory is counted; that answer is kept by the
process for `KEPT_SECONDS`, because the database's own cache would be a statement too.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Case, Expression, Value, When

from .asked import COUNTRY, Asked

if TYPE_CHECKING:
    from .search import Search

KEPT_SECONDS = 20.0  # as the terms: a clinic that another process changed is counted this much later at most
MOST_KEPT = 200  # searches

# Beside the tags of a clinic, in the same column: its waiting time as -1 - days, and FAMILY - number for a speciality that
# it has by itself or by one of its focus areas.
FAMILY = -1_000_000


@dataclass(frozen=True)
class FacetCounts:
    """What each choice would leave of the list, as if nothing were chosen in its own group."""

    bits: Mapping[str, int] = field(default_factory=dict)  # parameter → its bit among the filters that a clinic fails
    clinics: Mapping[tuple[int, int], int] = field(default_factory=dict)  # (bit that is failed or 0, number) → clinics

    def of(self, name: str, number: int | None) -> int:
        """The clinics that have the facet value with that number."""
        if number is None:
            return 0
        own = self.bits.get(name)
        return self.clinics.get((0, number), 0) + (self.clinics.get((own, number), 0) if own else 0)

    def family(self, name: str, number: int | None) -> int:
        """The clinics that have that speciality or one of its focus areas."""
        return 0 if number is None else self.of(name, FAMILY - number)

    def waiting(self, most: int) -> int:
        """The clinics whose stated waiting time is at most so many days."""
        own = (0, self.bits.get("ventetid_max"))
        return sum(n for (bit, number), n in self.clinics.items() if bit in own and -1 - most <= number < 0)


@dataclass(frozen=True)
class Counted:
    """`parts`: by step, the clinics in each part of the list up to there. `reached`: the step at which the list ends."""

    parts: tuple[tuple[int, ...], ...]
    reached: int
    facets: FacetCounts | None = None


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


def _count(search: "Search", *, facets: bool) -> Counted:
    steps, matching = search.asked.steps, search.matching_kinds
    conditions = search.without_one() if facets else {}
    rows = search._countable(search.fixed, subjects=False) if facets else search._countable()
    step = Case(
        *(When(search._within(s), Value(i)) for i, s in enumerate(steps) if s != COUNTRY), default=Value(len(steps) - 1)
    )
    water: Expression = Value(0)
    if search.same_side is not None:
        water = Case(When(search.same_side, Value(0)), default=Value(1))
    kind = Case(*(When(c, Value(i)) for i, c in enumerate(matching)), default=Value(len(matching)))
    failed: Expression = Value(0)
    for number, condition in enumerate(conditions.values()):
        failed = failed + Case(When(condition, Value(0)), default=Value(1 << number))
    columns = ["step", "kind", "water", "failed", *(["tags", "waiting_days"] if facets else [])]
    inner, params = (
        rows.order_by()
        .annotate(step=step, kind=kind, water=water, failed=failed)
        .values(*columns)
        .query.sql_with_params()
    )
    names = ", ".join(f'"{name}"' for name in columns)
    sql = f"""
        WITH a ({names}) AS (SELECT {names} FROM ({inner}) a),
        m AS MATERIALIZED (SELECT * FROM a WHERE failed & (failed - 1) = 0),
        n AS (SELECT step, kind, water, count(*) AS clinics FROM m WHERE failed = 0 GROUP BY step, kind, water),
        -- Where the widening ends: the first step with enough matches, or else the last one.
        r AS (SELECT coalesce(min(step), %s) AS step FROM (
            SELECT step, sum(sum(clinics) FILTER (WHERE kind < %s)) OVER (ORDER BY step) AS matches FROM n GROUP BY step
        ) s WHERE matches >= %s)
        SELECT NULL::int, NULL::int, NULL::int, NULL::int, step FROM r
        UNION ALL SELECT step, kind, water, NULL, clinics FROM n"""  # noqa: S608  made of our own queries, values are parameters
    values = [*params, len(steps) - 1, len(matching), search.enough]
    if facets:
        extra, extra_values = _beside_tags()
        sql += f"""
        UNION ALL SELECT NULL, failed, NULL, tag, count(*) FROM m JOIN r ON m.step <= r.step,
            unnest(m.tags || {extra}) AS tag WHERE tag IS NOT NULL GROUP BY failed, tag"""  # noqa: S608  likewise
        values += extra_values
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return _read(search, cursor.fetchall(), conditions if facets else None)


def _beside_tags() -> tuple[str, list[Any]]:
    """SQL for what is counted beside the tags of a row: see FAMILY."""
    from .matching import families

    made, values = ["-1 - waiting_days"], []
    for number, members in families().items():
        made.append("CASE WHEN tags && %s::int[] THEN %s::int END")
        values += [sorted(members), FAMILY - number]
    return f"ARRAY[{', '.join(made)}]::int[]", values


def _read(search: "Search", rows: Iterable[tuple[Any, ...]], conditions: Mapping[str, Any] | None) -> Counted:
    reached, exact, clinics = 0, {}, {}
    for step, second, water, tag, count in rows:
        if tag is not None:
            clinics[second, tag] = count
        elif second is None:
            reached = count
        else:
            exact[step, second, water] = count
    where = [(part.kind, int(part.over_water)) for part in search.parts]
    parts = tuple(
        tuple(sum(exact.get((nearer, *place), 0) for nearer in range(step + 1)) for place in where)
        for step in range(len(search.asked.steps))
    )
    facets = None
    if conditions is not None:
        facets = FacetCounts({name: 1 << number for number, name in enumerate(conditions)}, clinics)
    return Counted(parts, reached, facets)

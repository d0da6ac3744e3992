"""The one search rule: which clinics, in which groups, in which order, how far away. Page, box, landing and API call it.

Two statements a search: the first counts (`clinics.counting`), the second fetches one page. Both are made of the same
conditions, so they cannot disagree. Measured in docs/decisions/0001-search-index.md, docs/benchmarks.md, docs/measurements.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any

from django.db.models import Case, Expression, F, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from .asked import CITY_KM, COUNTRY, REGION, Asked, Step
from .card_rows import read_hits
from .clock import now
from .counting import Counted, count_clinics
from .found import MATCH, UNSTATED, Found, Hit
from .geo import Chord, Enlarge, Once, Within, chord_of, km_of
from .matching import reason_for
from .models import ConditionMatch, SearchEntry, Tag
from .open_times import open_at
from .reviews import mean
from .tags import NO_SPECIALITIES, region_numbers, tag_number

ENOUGH = 3  # matches that end the widening
PAGE_SIZE = 20

EVERYWHERE = 2.0  # the longest chord there is
EVERYBODY = Q(pk__isnull=False)
READ_AS = {"price": "price_first", "waiting_days": "waiting_now"}  # columns of the index that a hit has by another name


@dataclass(frozen=True)
class Part:
    """A stretch of the list. `kind`: which of the matching conditions, or the number after them for "has stated nothing"."""

    kind: int
    over_water: bool
    matches: bool
    condition: Q

    @property
    def group(self) -> int:
        return (MATCH if self.matches else UNSTATED) + self.over_water


class Search:
    """A search in progress; `found(page)` is its answer."""

    enough = ENOUGH

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.now = now()
        rows: QuerySet[SearchEntry] = SearchEntry.objects.all()
        if asked.area:
            rows = rows.filter(clinic__postcode__in=asked.area)
        if asked.box is not None:
            rows = asked.box.of(rows)
        if asked.point is not None:
            rows = rows.annotate(chord=Chord(F("loc"), asked.point.cube()))
        self.fixed = rows
        # By parameter: what each filter asks, so that the counts of its choices can be made without it.
        self.narrowing = {one.name: _has(one.numbers, any_of=one.any_of) for one in asked.ticked}
        if asked.open_now:
            self.narrowing["aaben"] = open_at(self.now) & self.narrowing.get("aaben", Q())
        if asked.max_waiting_days is not None:
            self.narrowing["ventetid_max"] = Q(waiting_days__lte=asked.max_waiting_days)
        if asked.max_price is not None:
            self.narrowing["pris_max"] = Q(price__lte=asked.max_price)
        if asked.min_average is not None:
            self.narrowing["bedoemmelse_min"] = Q(average__gte=float(asked.min_average))
        self.rows = rows
        for condition in self.narrowing.values():
            self.rows = self.rows.filter(condition)
        each = [_has((w.number for w in subject), any_of=True) for subject in asked.subjects]
        self.match = reduce(and_, each) if each else EVERYBODY
        self.unstated = tag_number(*NO_SPECIALITIES) if asked.subjects and all(asked.subjects) else None
        here = tag_number(Tag.Kind.LAND, asked.land) if asked.land else None
        self.in_city = None if asked.city is None else Q(tags__contains=[asked.city], chord__lte=chord_of(CITY_KM))
        self.same_side = None if here is None else Q(tags__contains=[here])
        self.matching_kinds = [self.match]
        if asked.order.primary_first and asked.wanted:
            primary = _has((w.number for w in asked.wanted if w.weight >= ConditionMatch.PRIMARY), any_of=True)
            self.matching_kinds = [self.match & primary, self.match & ~primary]
        self.parts = self._parts()

    def found(self, page: int = 1, size: int = PAGE_SIZE, *, facets: bool = False) -> Found:
        """Page `page` (from 1) of `size` clinics; a page past the end has no hits. `facets`: count the filters' choices too."""
        return self.of_counted(self.counted(facets=facets), page, size)

    def of_counted(self, counted: Counted, page: int, size: int) -> Found:
        step = self.asked.steps[counted.reached]
        parts = counted.parts[counted.reached]
        groups = [0, 0, 0, 0]
        for part, count in zip(self.parts, parts, strict=True):
            groups[part.group] += count
        at_first = sum(n for part, n in zip(self.parts, counted.parts[0], strict=True) if part.group < UNSTATED)
        hits = self._hits(step, parts, (page - 1) * size, size)
        return Found(self.asked, step, tuple(groups), at_first, page, size, hits, counted.facets)

    def matching_of(self, counted: Counted) -> int:
        """The matches as far as the widening went."""
        parts = counted.parts[counted.reached]
        return sum(clinics for part, clinics in zip(self.parts, parts, strict=True) if part.matches)

    def nearest(self, size: int) -> list[Hit]:
        """The first clinics of the list, wherever they are, uncounted: one statement."""
        return self._hits(COUNTRY, [size] * len(self.parts), 0, size * len(self.parts))[:size]

    def listed(self, step: Step) -> QuerySet[SearchEntry]:
        """Every clinic of the list when it looks as far as the step, in no order."""
        return self.countable().filter(self._within(step))

    def counted(self, *, facets: bool = False) -> Counted:
        return count_clinics(self, facets=facets)

    def _parts(self) -> list[Part]:
        """The list from its first clinic to its last, as stretches that are each one walk through the index. No two of them
        hold one clinic."""
        matching = list(enumerate(self.matching_kinds))
        # Unknown is not no: who has stated nothing follows after those that match, and only when something was asked for.
        unstated = [] if self.unstated is None else [(len(matching), _has([self.unstated]) & ~self.match)]
        sides = [(False, EVERYBODY)] if self.same_side is None else [(False, self.same_side), (True, ~self.same_side)]
        return [
            Part(kind, over_water, kinds is matching, condition if side is EVERYBODY else condition & side)
            for kinds in (matching, unstated)
            for over_water, side in sides
            for kind, condition in kinds
        ]

    def _within(self, step: Step) -> Q:
        """The condition of lying no further away than a step. Each step holds all of the one before."""
        if step == COUNTRY or self.asked.point is None:
            return EVERYBODY
        if step == REGION:
            return self._within(max(km for km in self.asked.steps if isinstance(km, int))) | self._in_region()
        near = Q(chord__lte=chord_of(float(step)))
        return near if self.in_city is None else near | self.in_city

    def _in_region(self) -> Q:
        return Q(tags__overlap=sorted(region_numbers(self.asked.regions)))

    def countable(self) -> QuerySet[SearchEntry]:
        """The rows of all groups, no further away than the step at which the widening ends: to count a large directory
        whole takes longer than all else together. So the steps after that one are counted short; nobody asks for them.
        """
        rows = self.rows
        for subject in self.asked.subjects:
            rows = rows.filter(self._listed(subject))
        rows = self._within_reach(rows)
        last = self.asked.steps[-1]
        return rows.filter(self._within(last)) if isinstance(last, int) else rows

    def countable_for_facets(self, furthest: int) -> QuerySet[SearchEntry]:
        """The same without any filter that has choices to count, and at least as far as so many kilometres."""
        rows = self.fixed
        for number, subject in enumerate(self.asked.subjects):
            if not self._is_chosen(number):
                rows = rows.filter(self._listed(subject))
        return self._within_reach(rows, furthest)

    def _within_reach(self, rows: QuerySet[SearchEntry], furthest: int = 0) -> QuerySet[SearchEntry]:
        """Those in the box around the place that holds all within the step where the widening ends, and within `furthest`."""
        if self.asked.point is None:
            return rows
        at_least = chord_of(max(furthest, CITY_KM if self.in_city is not None else 0))
        kilometres = [step for step in self.asked.steps if isinstance(step, int)]
        if self.asked.steps[-1] != COUNTRY:
            return rows.filter(self._in_box(Value(max(chord_of(kilometres[-1]), at_least))))
        reach = Case(
            *(When(self._within(km), Value(max(chord_of(km), at_least))) for km in kilometres),
            default=Value(EVERYWHERE),
        )
        last_needed = self.rows.filter(self.match).order_by(F("chord")).annotate(reach=reach).values("reach")
        return rows.filter(self._in_box(Coalesce(Subquery(last_needed[ENOUGH - 1 : ENOUGH]), Value(EVERYWHERE))))

    def _listed(self, subject: Iterable[Any]) -> Q:
        """(A and B) or unstated, said as (A or unstated) and (B or unstated): the index answers each in one condition."""
        numbers = {w.number for w in subject} | ({self.unstated} if self.unstated is not None else set())
        return _has(numbers, any_of=True)

    def _is_chosen(self, number: int) -> bool:
        return number < len(self.asked.chosen) and bool(self.asked.chosen[number])

    def without_one(self) -> dict[str, Q]:
        """By parameter: the condition of each filter that has choices to count, as it decides who stands in the list."""
        subjects = {
            self.asked.chosen[number]: self._listed(subject)
            for number, subject in enumerate(self.asked.subjects)
            if self._is_chosen(number)
        }
        return subjects | self.narrowing

    def _in_box(self, chord: Expression) -> Within:
        """Whether a row lies in the box around the place that holds all within the chord; the index skips what does not."""
        assert self.asked.point is not None  # noqa: S101
        box = Enlarge(self.asked.point.cube(), chord, Value(3))
        return Within(F("loc"), box if isinstance(chord, Value) else Once(box, output_field=box.output_field))

    def _hits(self, step: Step, counts: Sequence[int], first: int, size: int) -> list[Hit]:
        """One page of the parts laid end to end. Whole KNN queries over the index, never bands of distance."""
        pieces, start = [], 0
        for part, count in enumerate(counts):
            begin, end = max(first - start, 0), min(first + size - start, count)
            if begin < end:
                pieces.append(self._nearest(step, part)[begin:end])
            start += count
        rows = read_hits(pieces, self.asked.wanted, has_place=self.asked.point is not None) if pieces else []
        return [self._hit(row) for row in sorted(rows, key=self._position)]

    def _position(self, row: dict[str, Any]) -> tuple[Any, ...]:
        order = self.asked.order
        by = row[READ_AS.get(order.column, order.column)] if order.column else 0
        where = row["sort_name"] if self.asked.point is None else row["chord"]
        return row["part"], by is None, -(by or 0) if order.largest else by or 0, where, row["clinic_id"]

    def _nearest(self, step: Step, part: int) -> QuerySet[SearchEntry, dict[str, Any]]:
        rows = self.rows.filter(self.parts[part].condition)
        order: list[Any] = ["clinic__sort_name", "clinic_id"]
        if self.asked.point is not None:
            # A second key, or clinics at one point would change places from page to page. PostgreSQL walks the index all the
            # same from version 17 on; before, a large directory is sorted.
            order = ["chord", "clinic_id"]
            if step == REGION or self.asked.order.column or self.in_city is not None:
                rows = rows.filter(self._within(step))
            if self.asked.order.column and isinstance(step, int):
                furthest = step if self.in_city is None else max(step, CITY_KM)
                rows = rows.filter(self._in_box(Value(chord_of(furthest))))
            # In order of distance alone kilometres need no condition: as many of the nearest as were counted are those within.
            # With one, PostgreSQL expects next to nothing to be left, and sorts everything instead of walking the index.
        if self.asked.order.column:
            by = F(self.asked.order.column)
            order.insert(0, by.desc(nulls_last=True) if self.asked.order.largest else by.asc(nulls_last=True))
        columns = ("clinic_id", "part", "tags", "price", "waiting_days", "latitude", "longitude", "open_until")
        return (
            rows.annotate(part=Value(part))
            .order_by(*order)
            .values(*columns, *mean.COLUMNS, *(["chord"] if self.asked.point is not None else []))
        )

    def _hit(self, row: dict[str, Any]) -> Hit:
        order_only = ("part", "chord", "sort_name", "waiting_now", "rating")
        taken = {name: value for name, value in row.items() if name not in order_only}
        return Hit(
            group=self.parts[row["part"]].group,
            distance_km=km_of(row["chord"]) if self.asked.point else None,
            reason=reason_for(row["tags"], self.asked.wanted),
            **taken,
        )


def _has(numbers: Iterable[int], *, any_of: bool = False) -> Q:
    return Q(tags__overlap=sorted(set(numbers))) if any_of else Q(tags__contains=sorted(set(numbers)))

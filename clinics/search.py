"""The one search rule: which clinics, in which groups, in which order, how far away. Page, box, landing and API call it.

Two statements a search: the first counts the clinics of each group at each step of distance, the second fetches one page.
Both are made of the same conditions, so they cannot disagree. Measurements: docs/decisions/0001-search-index.md and
docs/benchmarks.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, Expression, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from .asked import COUNTRY, REGION, Asked, Step
from .card_facts import CardRows, rows_of_clinic
from .geo import Chord, Enlarge, Within, chord_of, km_of
from .matching import Reason, reason_for
from .models import Price, SearchEntry, Tag
from .tags import NO_SPECIALITIES, region_numbers, tag_number

ENOUGH = 3  # matches that end the widening
PAGE_SIZE = 20

# The groups of a list, in order: what matches before what has stated nothing, this side of the water before the other.
MATCH, MATCH_OVER_WATER, UNSTATED, UNSTATED_OVER_WATER = range(4)

EVERYWHERE = 2.0  # the longest chord there is
EVERYBODY, NOBODY = Q(pk__isnull=False), Q(pk__in=[])

# Field of a Hit → column that it is read from.
CLINIC_COLUMNS = {
    "clinic_id": "clinic_id",
    "name": "clinic__name",
    "slug": "clinic__slug",
    "street": "clinic__street",
    "postcode": "clinic__postcode_id",
    "town": "clinic__postcode__town",
    "latitude": "latitude",
    "longitude": "longitude",
    "precision": "clinic__location_precision",
    "phone": "clinic__phone",
    "is_example": "clinic__is_example",
    "confirmed_at": "clinic__confirmed_at",
    "has_ydernummer": "clinic__has_ydernummer",
    "waiting_days": "clinic__waiting_days",
    "waiting_stated_on": "clinic__waiting_stated_on",
    "closed_on_holidays": "clinic__closed_on_holidays",
    "sort_name": "clinic__sort_name",
}


@dataclass(frozen=True)
class Hit:
    """One clinic of a list. `distance_km` is None when no place is known."""

    group: int
    order: float | str
    clinic_id: int
    name: str
    slug: str
    street: str
    postcode: str
    town: str
    latitude: float
    longitude: float
    precision: str
    phone: str
    is_example: bool
    confirmed_at: date | None
    has_ydernummer: bool | None
    waiting_days: int | None
    waiting_stated_on: date | None
    closed_on_holidays: bool | None
    card_rows: CardRows
    tags: Sequence[int]
    price_first: Decimal | None
    price_follow_up: Decimal | None
    distance_km: float | None
    reason: Reason

    @property
    def over_water(self) -> bool:
        return self.group in (MATCH_OVER_WATER, UNSTATED_OVER_WATER)


@dataclass(frozen=True)
class Found:
    """What a search found. `step` is how far it looked; `counts` the clinics in each of the four groups."""

    asked: Asked
    step: Step
    counts: tuple[int, ...]
    counts_at_first: int  # matches within the first step
    page: int
    size: int
    hits: list[Hit]

    @property
    def total(self) -> int:
        return sum(self.counts)

    @property
    def matching(self) -> int:
        return self.counts[MATCH] + self.counts[MATCH_OVER_WATER]

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def widened(self) -> bool:
        """Whether a radius that the visitor chose was too narrow."""
        return self.asked.radius_km is not None and self.step != self.asked.radius_km


class Search:
    """A search in progress; `found(page)` is its answer."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.rows: QuerySet[SearchEntry] = SearchEntry.objects.all()
        if asked.required:
            self.rows = self.rows.filter(tags__contains=sorted(asked.required))
        for numbers in asked.any_of:
            self.rows = self.rows.filter(tags__overlap=sorted(numbers))
        if asked.max_price is not None:
            self.rows = self.rows.filter(price__lte=asked.max_price)
        if asked.max_waiting_days is not None:
            self.rows = self.rows.filter(waiting_days__lte=asked.max_waiting_days)
        if asked.area:
            self.rows = self.rows.filter(clinic__postcode__in=asked.area)
        if asked.point is not None:
            self.rows = self.rows.annotate(chord=Chord(F("loc"), asked.point.cube()))
        self.match = _all_of(Q(tags__overlap=sorted(w.number for w in subject)) for subject in asked.subjects)
        self.unstated = tag_number(*NO_SPECIALITIES) if asked.subjects and all(asked.subjects) else None
        here = tag_number(Tag.Kind.LAND, asked.land) if asked.land else None
        self.same_side = None if here is None else Q(tags__contains=[here])
        self.groups = self._groups()

    def found(self, page: int = 1, size: int = PAGE_SIZE) -> Found:
        """Page `page` (from 1) of `size` clinics; a page past the end has no hits."""
        counts = self._counts()
        steps = self.asked.steps if self.asked.point else (COUNTRY,)
        step = next((step for step in steps if sum(counts[step][:UNSTATED]) >= ENOUGH), steps[-1])
        hits = self._hits(step, counts[step], (page - 1) * size, size)
        return Found(self.asked, step, counts[step], sum(counts[steps[0]][:UNSTATED]), page, size, hits)

    def _groups(self) -> list[Q]:
        """The condition of each of the four groups. No two of them hold for one clinic."""
        # Unknown is not no: who has stated nothing follows after those that match, and only when something was asked for.
        unstated = Q(tags__contains=[self.unstated]) & ~self.match if self.unstated is not None else NOBODY
        if self.same_side is None:
            return [self.match, NOBODY, unstated, NOBODY]
        here = self.same_side
        return [self.match & here, self.match & ~here, unstated & here, unstated & ~here]

    def _within(self, step: Step) -> Q:
        """The condition of lying no further away than a step. Each step holds all of the one before."""
        if step == COUNTRY or self.asked.point is None:
            return EVERYBODY
        if step == REGION:
            return self._within(max(km for km in self.asked.steps if isinstance(km, int))) | self._in_region()
        return Q(chord__lte=chord_of(float(step)))

    def _in_region(self) -> Q:
        return Q(tags__overlap=sorted(region_numbers(self.asked.regions)))

    def _counts(self) -> dict[Step, tuple[int, ...]]:
        """How many clinics each group has at each step: one statement, whatever is asked."""
        steps = self.asked.steps if self.asked.point else (COUNTRY,)
        # The groups once more, by their number: every row that is counted matches or has stated nothing.
        group: Expression = Case(When(self.match, Value(MATCH)), default=Value(UNSTATED))
        if self.same_side is not None:
            group = group + Case(When(self.same_side, Value(MATCH)), default=Value(MATCH_OVER_WATER))
        step = Case(
            *(When(self._within(s), Value(i)) for i, s in enumerate(steps) if s != COUNTRY),
            default=Value(len(steps) - 1),
        )
        counted = (
            self._countable().annotate(group=group, step=step).values("step", "group").annotate(clinics=Count("pk"))
        )
        exact = {(row["step"], row["group"]): row["clinics"] for row in counted}
        return {
            s: tuple(sum(exact.get((nearer, g), 0) for nearer in range(i + 1)) for g in range(4))
            for i, s in enumerate(steps)
        }

    def _countable(self) -> QuerySet[SearchEntry]:
        """The rows of all groups, no further away than the step at which the widening ends: to count a large directory
        whole takes longer than all else together. So the steps after that one are counted short; nobody asks for them."""
        rows = self.rows
        for subject in self.asked.subjects:
            # (A and B) or unstated, said as (A or unstated) and (B or unstated): the index answers each in one condition.
            numbers = {w.number for w in subject} | ({self.unstated} if self.unstated is not None else set())
            rows = rows.filter(tags__overlap=sorted(numbers))
        if self.asked.point is None:
            return rows
        kilometres = [step for step in self.asked.steps if isinstance(step, int)]
        if self.asked.steps[-1] != COUNTRY:
            furthest = kilometres[-1]
            return rows.filter(self._within(furthest), self._in_box(Value(chord_of(furthest))))
        reach = Case(*(When(self._within(km), Value(chord_of(km))) for km in kilometres), default=Value(EVERYWHERE))
        last_needed = self.rows.filter(self.match).order_by(F("chord")).annotate(reach=reach).values("reach")
        return rows.filter(self._in_box(Coalesce(Subquery(last_needed[ENOUGH - 1 : ENOUGH]), Value(EVERYWHERE))))

    def _in_box(self, chord: Expression) -> Within:
        """Whether a row lies in the box around the place that holds all within the chord; the index skips what does not."""
        assert self.asked.point is not None  # noqa: S101
        return Within(F("loc"), Enlarge(self.asked.point.cube(), chord, Value(3)))

    def _hits(self, step: Step, counts: Sequence[int], first: int, size: int) -> list[Hit]:
        """One page of the groups laid end to end. Whole KNN queries over the index, never bands of distance."""
        parts, start = [], 0
        for group, count in enumerate(counts):
            begin, end = max(first - start, 0), min(first + size - start, count)
            if begin < end:
                parts.append(self._nearest(step, group)[begin:end])
            start += count
        if not parts:
            return []
        rows = parts[0] if len(parts) == 1 else parts[0].union(*parts[1:], all=True)
        return sorted((self._hit(row) for row in rows), key=lambda hit: (hit.group, hit.order, hit.clinic_id))

    def _nearest(self, step: Step, group: int) -> QuerySet[SearchEntry, dict[str, Any]]:
        rows = self.rows.filter(self.groups[group])
        order: tuple[str, ...] = ("clinic__sort_name", "clinic_id")
        if self.asked.point is not None:
            # A second key, or clinics at one point would change places from page to page. PostgreSQL walks the index all the
            # same from version 17 on; before, a large directory is sorted.
            order = ("chord", "clinic_id")
            if step == REGION:
                rows = rows.filter(self._within(step))
            # Kilometres need no condition: as many of the nearest as were counted are those within. With one, PostgreSQL
            # expects next to nothing to be left, and fetches and sorts everything within instead of walking the index.
        follow_up = Price.objects.filter(clinic=OuterRef("clinic_id"), kind=Price.Kind.FOLLOW_UP).order_by("amount")
        return (
            rows.annotate(
                group=Value(group),
                price_follow_up=Subquery(follow_up.values("amount")[:1]),
                card_rows=rows_of_clinic(self.asked.wanted),
            )
            .order_by(*order)
            .values(
                "group",
                "price_follow_up",
                "tags",
                "price",
                "card_rows",
                *(["chord"] if self.asked.point else []),
                *CLINIC_COLUMNS.values(),
            )
        )

    def _hit(self, row: dict[str, Any]) -> Hit:
        distance = km_of(row["chord"]) if self.asked.point else None
        return Hit(
            group=row["group"],
            order=distance if distance is not None else row["clinic__sort_name"],
            distance_km=distance,
            tags=row["tags"],
            price_first=row["price"],
            price_follow_up=row["price_follow_up"],
            card_rows=CardRows(*row["card_rows"]),
            reason=reason_for(row["tags"], self.asked.wanted),
            **{field: row[column] for field, column in CLINIC_COLUMNS.items() if field != "sort_name"},
        )


def _all_of(conditions: Iterable[Q]) -> Q:
    together = EVERYBODY
    for condition in conditions:
        together &= condition
    return together

"""What a search found: the clinics of one page, in their groups, and how many there are. Made by `clinics.search`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from .asked import Asked, Step
from .card_rows import CardRows
from .counting import FacetCounts
from .matching import Reason

# The groups of a list, in order: what matches before what has stated nothing, this side of the water before the other.
MATCH, MATCH_OVER_WATER, UNSTATED, UNSTATED_OVER_WATER = range(4)


@dataclass(frozen=True)
class Hit:
    """One clinic of a list. `distance_km` is None when no place is known."""

    group: int
    clinic_id: int
    name: str
    slug: str
    street: str
    postcode: str
    town: str
    latitude: float
    longitude: float
    open_until: datetime | None  # up to which the index knows its hours
    average: float | None  # of the reviews that count, with one decimal
    review_count: int
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
    """What a search found. `step` is how far it looked; `counts` the clinics in each of the four groups; `facets` what each
    choice would leave, when that was asked for; `relaxed` the filters that were set aside because nobody met them."""

    asked: Asked
    step: Step
    counts: tuple[int, ...]
    counts_at_first: int  # matches within the first step
    page: int
    size: int
    hits: list[Hit]
    facets: FacetCounts | None = None
    relaxed: tuple[str, ...] = ()

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

"""What the directory says of a place: how many clinics, what they ask, who has a ydernummer, who has time first.

One statement a place, whatever it holds. A place's clinics are those in its postcodes; a whole city's also those within
`NEAR_KM` of its point, as in a search. What only has the postcode of the town next to it (Thurø: 5700 Svendborg) is told the
facts of the postcode, and the page says so (`PlaceFacts.scope`). Real clinics alone are counted; where there are only
invented ones the facts are of those and say so (`is_example`), and nobody may index the page.
"""

import datetime
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection

from . import danish
from .asked import STEPS_KM
from .clock import today
from .freshness import waiting_counts_from
from .geo import chord_of
from .models import Place
from .places import FoundPlace

NEAR_KM = STEPS_KM[0]
ENOUGH_PRICES = 3  # fewer are no picture of a place: they are three clinics' price lists
INDEXABLE_FROM = 3  # clinics; fewer is a thin page, which search engines are asked to leave out
OWN_FACTS = 2  # of prices, ydernummer and waiting time: what an indexable page must know
BIN = 50  # kroner

# Each place of `chosen` (SQL of rows of clinics_place) with its clinics, and of each what a fact is made of. %(numbers)s:
# the index numbers of a speciality, NULL for all clinics. A clinic is once in a place, however it got there.
HERE = """
    WITH chosen AS (SELECT p.*, cube(ARRAY[cos(radians(latitude)) * cos(radians(longitude)),
            cos(radians(latitude)) * sin(radians(longitude)), sin(radians(latitude))]) AS point
        FROM clinics_place p {chosen}),
    codes AS MATERIALIZED (SELECT id, unnest(postcodes) AS code FROM chosen),
    of_place AS (
        SELECT p.id AS place_id, c.id AS clinic_id FROM codes p JOIN clinics_clinic c ON c.postcode_id = p.code
        UNION SELECT p.id, e.clinic_id FROM chosen p JOIN clinics_searchentry e
            ON e.loc <@ cube_enlarge(p.point, %(chord)s, 3) AND (e.loc <-> p.point) <= %(chord)s WHERE p.kind = 'city'
        UNION SELECT p.id, c.id FROM chosen p JOIN clinics_clinic c ON p.kind = 'country' WHERE %(country)s),
    here AS MATERIALIZED (
        SELECT x.place_id, c.id, c.postcode_id, c.name, c.slug, c.is_example, c.has_ydernummer, c.updated_at, c.waiting_stated_on,
            e.tags, e.price, CASE WHEN c.waiting_stated_on >= %(waiting_from)s THEN c.waiting_days END AS waiting
        FROM of_place x JOIN clinics_searchentry e ON e.clinic_id = x.clinic_id JOIN clinics_clinic c ON c.id = x.clinic_id
        WHERE c.status = 'published' AND (%(numbers)s::int[] IS NULL OR e.tags && %(numbers)s::int[]))
"""
COUNTS = "count(*), count(price), count(has_ydernummer), count(waiting)"

_FACTS = f"""
    SELECT is_example, {COUNTS}, count(*) FILTER (WHERE has_ydernummer), min(price), max(price),
        percentile_cont(0.5) WITHIN GROUP (ORDER BY price),
        (SELECT jsonb_object_agg(bin, clinics) FROM (
            SELECT (floor(price / {BIN}) * {BIN})::int AS bin, count(*) AS clinics FROM here x
            WHERE x.is_example = here.is_example AND price IS NOT NULL GROUP BY 1) b),
        (array_agg(jsonb_build_array(waiting, waiting_stated_on, name, slug) ORDER BY waiting, waiting_stated_on DESC, id)
            FILTER (WHERE waiting IS NOT NULL))[1],
        (SELECT jsonb_object_agg(tag, clinics) FROM (
            SELECT unnest(tags) AS tag, count(*) AS clinics FROM here x WHERE x.is_example = here.is_example GROUP BY 1) t),
        array_agg(DISTINCT postcode_id)
    FROM here GROUP BY is_example ORDER BY is_example LIMIT 1
"""  # noqa: S608  constants of our own


@dataclass(frozen=True)
class Counts:
    """How many clinics there are, and how many of them have stated a price, yes or no to ydernummer, a waiting time."""

    clinics: int = 0
    priced: int = 0
    ydernummer_stated: int = 0
    waits: int = 0

    @property
    def is_indexable(self) -> bool:
        """Whether a page about these, all of them real, is worth a search engine's while."""
        own = (self.priced >= ENOUGH_PRICES, self.ydernummer_stated > 0, self.waits > 0)
        return self.clinics >= INDEXABLE_FROM and sum(own) >= OWN_FACTS


@dataclass(frozen=True)
class Waiting:
    """The shortest waiting time that was stated lately enough to count, and who stated it."""

    days: int
    stated_on: datetime.date
    clinic: str
    slug: str

    @property
    def text(self) -> str:
        return "Ingen ventetid" if self.days == 0 else danish.count(self.days, "dag", "dage")


@dataclass(frozen=True)
class PlaceFacts:
    """`lowest`, `median` and `highest` are the first visit's without referral, in kroner, None with fewer than
    `ENOUGH_PRICES`; `bins` then has the number of clinics by the lower end of each `BIN` that holds any. `by_tag`: how
    many clinics have each number of the index. `postcodes`: those of the clinics, no others."""

    place: FoundPlace
    day: datetime.date
    counts: Counts = Counts()
    is_example: bool = False
    with_ydernummer: int = 0
    lowest: Decimal | None = None
    median: Decimal | None = None
    highest: Decimal | None = None
    bins: Mapping[int, int] = field(default_factory=dict)
    waiting: Waiting | None = None
    by_tag: Mapping[int, int] = field(default_factory=dict)
    postcodes: tuple[str, ...] = ()

    @property
    def is_indexable(self) -> bool:
        return self.counts.is_indexable and not self.is_example

    @property
    def ydernummer_text(self) -> str:
        """`"Ja hos 6 af de 11, der har oplyst det"`."""
        stated, having = self.counts.ydernummer_stated, self.with_ydernummer
        if not stated:
            return "Ikke oplyst"
        if stated == 1:
            return f"{'Ja' if having else 'Nej'} hos den ene, der har oplyst det"
        if having in (0, stated):
            every = "begge" if stated == 2 else f"alle {stated}"
            return f"{'Ja' if having else 'Nej'} hos {every}, der har oplyst det"
        return f"Ja hos {having} af de {stated}, der har oplyst det"

    @property
    def ydernummer_not_stated(self) -> int:
        return self.counts.clinics - self.counts.ydernummer_stated

    @property
    def scope(self) -> str:
        """Where the clinics lie: `"i Viby J"`, `"i Aarhus eller højst 10 km fra midten"`, `"med postnummer 5700 Svendborg"`."""
        if self.place.post_town:
            return f"med postnummer {self.place.postcodes[0]} {self.place.post_town}"
        around = f" eller højst {NEAR_KM} km fra midten" if self.place.kind == Place.Kind.CITY else ""
        return f"{self.place.in_place}{around}"


def place_facts(
    place: FoundPlace, numbers: Collection[int] | None = None, day: datetime.date | None = None
) -> PlaceFacts:
    """The facts of a place on `day` (today when left out), of the clinics that have one of these numbers of the index.

    `None` is every clinic, no numbers at all is none. One query.
    """
    day = day or today()
    params = parameters(numbers, day, country=place.kind == Place.Kind.COUNTRY) | {"slug": place.slug}
    with connection.cursor() as cursor:
        cursor.execute(HERE.format(chosen="WHERE slug = %(slug)s") + _FACTS, params)
        row = cursor.fetchone()
    return _facts(place, day, row) if row else PlaceFacts(place, day)


def parameters(
    numbers: Collection[int] | None, day: datetime.date | None = None, *, country: bool = False
) -> dict[str, Any]:
    """What `HERE` is filled with."""
    return {
        "chord": chord_of(NEAR_KM),
        "waiting_from": waiting_counts_from(day or today()),
        "numbers": None if numbers is None else sorted(numbers),
        "country": country,
    }


def _facts(place: FoundPlace, day: datetime.date, row: tuple[Any, ...]) -> PlaceFacts:
    is_example, clinics, priced, stated, waits, having, lowest, highest, median, bins, waiting, by_tag, codes = row
    known = priced >= ENOUGH_PRICES
    return PlaceFacts(
        place=place,
        day=day,
        counts=Counts(clinics, priced, stated, waits),
        is_example=is_example,
        with_ydernummer=having,
        lowest=lowest if known else None,
        median=Decimal(f"{median:.2f}") if known else None,
        highest=highest if known else None,
        bins=_by_number(bins) if known else {},
        waiting=_waiting(*json.loads(waiting)) if waiting else None,
        by_tag=_by_number(by_tag),
        postcodes=tuple(codes),
    )


def _waiting(days: int, stated_on: str, clinic: str, slug: str) -> Waiting:
    return Waiting(days, datetime.date.fromisoformat(stated_on), clinic, slug)


def _by_number(text: str | None) -> dict[int, int]:
    """A JSON object with numbers for names; in the order of the names."""
    return {int(name): many for name, many in sorted(json.loads(text or "{}").items(), key=lambda pair: int(pair[0]))}

"""The figures as a clinic and moderators see them: by month, and never so fine that one person shows.

Every number is rounded down to a multiple of five, and "under 5" is what is less. A number that is shown therefore stands for
five true ones at least, and so does the difference of any two, whether of months, of kinds, or of the same month seen
yesterday and today. Sums are never shown. The month that runs is counted until yesterday: nobody can watch a single visit
come in.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Sum
from django.db.models.functions import TruncMonth
from django.utils.dateformat import format as date_format

from clinics import clock
from clinics.freshness import months_before
from clinics.models import Clinic, DailyStatistic

from .keeping import first_day

STEP = 5
FEW = f"under {STEP}"

Event = DailyStatistic.Event
SAID = {
    Event.APPEARANCE: "blev klinikken vist {} gange i søgeresultater",
    Event.VIEW: "blev profilen åbnet {} gange",
    Event.PHONE: "var der {} tryk på telefonnummeret",
    Event.WEBSITE: "var der {} tryk på hjemmesiden",
    Event.BOOKING: "var der {} tryk på online booking",
    Event.DIRECTIONS: "var der {} tryk på “Find vej”",
}
# In the order of a patient's way: found, opened, contacted.
EVENTS = (Event.APPEARANCE, Event.VIEW, Event.PHONE, Event.WEBSITE, Event.BOOKING, Event.DIRECTIONS)


@dataclass(frozen=True)
class Shown:
    """A number as it may be shown: `value` is a multiple of five, 0 for fewer than five."""

    value: int

    @property
    def text(self) -> str:
        return f"{self.value:,}".replace(",", ".") if self.value else FEW


def shown(count: int) -> Shown:
    return Shown(max(count, 0) // STEP * STEP)


@dataclass(frozen=True)
class Cell:
    label: str
    shown: Shown


@dataclass(frozen=True)
class Month:
    """`counts` by event, in the order of `EVENTS`. `until`: the last day that is counted of the month that runs, else None."""

    first: datetime.date
    counts: Mapping[str, Shown]
    until: datetime.date | None

    @property
    def name(self) -> str:
        return date_format(self.first, "F Y")

    @property
    def short(self) -> str:
        return date_format(self.first, "b")[:3]

    @property
    def named(self) -> list[Cell]:
        return [Cell(Event(event).label, self.counts[event]) for event in EVENTS]

    @property
    def cells(self) -> list[Shown]:
        return [self.counts[event] for event in EVENTS]


@dataclass(frozen=True)
class Figures:
    """The months of one clinic, the newest first and without a gap; empty where nothing was counted yet."""

    months: Sequence[Month]

    def __bool__(self) -> bool:
        return bool(self.months)

    @property
    def running(self) -> Month | None:
        """The month that runs, once a day of it is over."""
        return self.months[0] if self.months and self.months[0].until else None

    @property
    def whole(self) -> Sequence[Month]:
        """The months that are over."""
        return self.months[1:] if self.running else self.months

    def in_words(self, event: str = Event.VIEW) -> str:
        """The last whole month held against the one before: `"I oktober blev profilen åbnet 120 gange, …"`."""
        if not self.whole:
            return ""
        last = self.whole[0]
        said = f"I {date_format(last.first, 'F')} {SAID[Event(event)].format(last.counts[event].text)}"
        if len(self.whole) < 2:
            return f"{said}."
        before = self.whole[1]
        change = last.counts[event].value - before.counts[event].value
        than = date_format(before.first, "F")
        # Both were rounded, so a step more may be one more.
        if abs(change) <= STEP:
            return f"{said}, omtrent som i {than}."
        return f"{said}, omkring {abs(change)} {'flere' if change > 0 else 'færre'} end i {than}."


def months(clinic: Clinic) -> Figures:
    """One statement."""
    return figures_of([clinic.pk])[clinic.pk]


def figures_of(clinic_ids: Iterable[int]) -> dict[int, Figures]:
    """The figures of each clinic; one statement for all."""
    keys, today = list(clinic_ids), clock.today()
    # Until yesterday: today's day is left out before anything is added up.
    rows = (
        DailyStatistic.objects.filter(clinic__in=keys, day__gte=first_day(), day__lt=today)
        .order_by()
        .annotate(month=TruncMonth("day"))
        .values("clinic", "month", "event")
        .annotate(sum=Sum("count"))
    )
    sums: dict[int, dict[tuple[datetime.date, str], int]] = {key: {} for key in keys}
    for row in rows:
        sums[row["clinic"]][row["month"], row["event"]] = row["sum"]
    return {key: _figures(found, today) for key, found in sums.items()}


def _figures(sums: Mapping[tuple[datetime.date, str], int], today: datetime.date) -> Figures:
    if not sums:
        return Figures(())
    first, yesterday = min(month for month, _ in sums), today - datetime.timedelta(days=1)
    made, month = [], yesterday.replace(day=1)
    while month >= first:
        counts: dict[str, Shown] = {event: shown(sums.get((month, event), 0)) for event in EVENTS}
        runs = (month.year, month.month) == (today.year, today.month)
        made.append(Month(month, counts, yesterday if runs else None))
        month = months_before(month, 1)
    return Figures(tuple(made))

"""What is true of a day: a dated exception before a holiday before the week. Times become instants through both clock changes.

Why this is not an expression of opening-hours-py: docs/decisions/0003-opening-hours.md.
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from clinics.clock import COPENHAGEN
from clinics.models import Clinic, HoursKind

from .holidays import Holiday, holiday

ONE_DAY = datetime.timedelta(days=1)
MIDNIGHT = datetime.time(0)
Times = tuple[datetime.time, datetime.time]  # opens, closes; at or before `opens` is on the next morning
Span = tuple[datetime.datetime, datetime.datetime]  # UTC: aware times of one zone compare by the clock on the wall


class HoursRow(Protocol):
    """What is read of an `OpeningHours`; any row with these will do."""

    kind: str
    weekday: int
    opens: datetime.time
    closes: datetime.time


class ExceptionRow(Protocol):
    """What is read of an `OpeningException`."""

    kind: str
    first_day: datetime.date
    last_day: datetime.date
    opens: datetime.time | None
    closes: datetime.time | None


class Certainty(Enum):
    KNOWN = "known"
    HOLIDAY = "holiday"  # the week has hours, but nobody has said whether they hold on this day
    UNKNOWN = "unknown"  # no week, and nothing said about this day


@dataclass(frozen=True, slots=True)
class Day:
    date: datetime.date
    certainty: Certainty
    times: Sequence[Times] = ()
    holiday: Holiday | None = None
    closed_through: datetime.date | None = None  # the last day of the closed period that this day is in

    def spans(self) -> Iterator[Span]:
        """The hours that begin on this day, in order. One that the clock jumps over in March is left out."""
        for opens, closes in self.times:
            last = self.date if closes > opens else self.date + ONE_DAY
            start, end = instant(self.date, opens), instant(last, closes)
            if start < end:
                yield start, end


class Schedule:
    """The hours of one kind at one clinic."""

    def __init__(
        self, hours: Iterable[HoursRow], exceptions: Iterable[ExceptionRow], closed_on_holidays: bool | None = None
    ) -> None:
        self.week: dict[int, list[Times]] = {}
        for row in hours:
            if _has_length(row.opens, row.closes):
                self.week.setdefault(row.weekday, []).append((row.opens, row.closes))
        for times in self.week.values():
            times.sort()
        self.exceptions = list(exceptions)
        self.closed_on_holidays = closed_on_holidays

    def changes_of(self, date: datetime.date) -> list[ExceptionRow]:
        return [row for row in self.exceptions if row.first_day <= date <= row.last_day]

    def day(self, date: datetime.date) -> Day:
        if changed := self.changes_of(date):
            # Closed wins where rows contradict each other: a call in vain is better than a walk in vain.
            if closed := [row.last_day for row in changed if row.opens is None or row.closes is None]:
                return Day(date, Certainty.KNOWN, closed_through=max(closed))
            return Day(date, Certainty.KNOWN, _times(changed))
        if not self.week:
            return Day(date, Certainty.UNKNOWN)
        times = self.week.get(date.weekday(), ())
        special = holiday(date) if times else None
        if special is None or (special.is_public and self.closed_on_holidays is False):
            return Day(date, Certainty.KNOWN, times)
        if special.is_public and self.closed_on_holidays:
            return Day(date, Certainty.KNOWN)
        return Day(date, Certainty.HOLIDAY, holiday=special)


def schedule_of(clinic: Clinic, kind: HoursKind = HoursKind.TREATMENT) -> Schedule:
    """The schedule of a clinic filled by `clinics.whole.fill`; asks nothing."""
    return Schedule(
        [row for row in clinic.opening_hours.all() if row.kind == kind],
        [row for row in clinic.opening_exceptions.all() if row.kind == kind],
        clinic.closed_on_holidays,
    )


def _times(rows: list[ExceptionRow]) -> list[Times]:
    times = [(row.opens, row.closes) for row in rows if row.opens is not None and row.closes is not None]
    return sorted((opens, closes) for opens, closes in times if _has_length(opens, closes))


def _has_length(opens: datetime.time, closes: datetime.time) -> bool:
    """Hours without length are refused in the admin, and left out when they came from elsewhere. 00.00–00.00 is a whole day."""
    return opens != closes or opens == MIDNIGHT


def instant(day: datetime.date, at: datetime.time) -> datetime.datetime:
    """The first moment at which a clock in Denmark shows `at`, or has passed it; in UTC.

    In October 02.30 comes twice, and the first counts. In March 02.30 does not come: it is the moment the clock jumps to 03.00.
    """
    utc = datetime.datetime.combine(day, at, COPENHAGEN).astimezone(datetime.UTC)
    if at.hour == 2 and utc.astimezone(COPENHAGEN).time() != at:
        return datetime.datetime.combine(day, datetime.time(1), datetime.UTC)  # the whole EU changes at 01.00 UTC
    return utc

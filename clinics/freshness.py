"""How old a clinic's facts may be: when they are due to be confirmed again, when they are stale, when a waiting time lapses.

Pages, admin, filters and the reminder to the clinic all ask here. Months are calendar months, counted back from today: a
day that the earlier month does not have becomes its last. Age never changes the order of a list; it is said in words.
"""

import calendar
import datetime
from dataclasses import dataclass
from enum import StrEnum

from . import clock, danish

DUE_MONTHS = 6
STALE_MONTHS = 12
WAITING_DAYS = 60  # a waiting time that was stated longer ago than this is history

NEVER_TEXT = "Ikke bekræftet af klinikken"
STALE_TEXT = "Oplysningerne er over et år gamle"


class Age(StrEnum):
    FRESH = "fresh"  # less than six months
    DUE = "due"  # six to twelve: the clinic is asked to confirm
    STALE = "stale"  # more than twelve: every visitor is told
    NEVER = "never"  # the clinic has never confirmed anything


@dataclass(frozen=True)
class Freshness:
    """`text` is a Danish sentence without a full stop, `mark` the short one of a list, "" when there is nothing to warn of."""

    age: Age
    confirmed_at: datetime.date | None
    text: str
    mark: str


def freshness(confirmed_at: datetime.date | None, day: datetime.date | None = None) -> Freshness:
    """How fresh facts are that were last confirmed then (None: never), seen on `day` (today when left out)."""
    if confirmed_at is None:
        return Freshness(Age.NEVER, None, NEVER_TEXT, NEVER_TEXT)
    day = day or clock.today()
    on = danish.day(confirmed_at)
    if confirmed_at < stale_before(day):
        return Freshness(Age.STALE, confirmed_at, f"{STALE_TEXT}: bekræftet af klinikken {on}", STALE_TEXT)
    age = Age.FRESH if confirmed_at > due_until(day) else Age.DUE
    return Freshness(age, confirmed_at, f"Bekræftet af klinikken {on}", "")


def due_until(day: datetime.date) -> datetime.date:
    """What was confirmed on this day or before is due to be confirmed again."""
    return months_before(day, DUE_MONTHS)


def stale_before(day: datetime.date) -> datetime.date:
    """What was confirmed before this day is stale."""
    return months_before(day, STALE_MONTHS)


def months_before(day: datetime.date, months: int) -> datetime.date:
    """The same day of the month so many months earlier, or that month's last: 31 August less six is 28 or 29 February."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class WaitingTime:
    """`counts`: recent enough to be searched and sorted by. `text` has the day on which it was stated."""

    days: int
    stated_on: datetime.date | None
    counts: bool
    text: str


def waiting_time(
    days: int | None, stated_on: datetime.date | None, day: datetime.date | None = None
) -> WaitingTime | None:
    """A clinic's waiting time as it may be told on `day` (today when left out); None when it has stated none."""
    if days is None:
        return None
    day = day or clock.today()
    counts = stated_on is not None and stated_on >= waiting_counts_from(day)
    told = "Ingen ventetid" if days == 0 else f"Ventetid {danish.count(days, 'dag', 'dage')}"
    since = f"oplyst {danish.day(stated_on, day.year)}" if stated_on else "dato ikke oplyst"
    return WaitingTime(days, stated_on, counts, f"{told} ({since})" if counts else f"{told} ({since}, kan være ændret)")


def waiting_counts_from(day: datetime.date) -> datetime.date:
    """A waiting time that was stated before this day counts nowhere."""
    return day - datetime.timedelta(days=WAITING_DAYS)

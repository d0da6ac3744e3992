"""Danish public holidays, and the days on which many clinics close though the law does not ask them to.

The dates are those of opening-hours-py (2000–2076, Store Bededag until 2023), which gives no names; the names are ours.
"""

import datetime
from dataclasses import dataclass
from functools import lru_cache

from opening_hours import OpeningHours

FIXED = {(1, 1): "nytårsdag", (12, 25): "juledag", (12, 26): "2. juledag"}
# The others in the order of the year. Every one is counted from Easter, so the order never changes.
MOVABLE = (
    "skærtorsdag",
    "langfredag",
    "påskedag",
    "2. påskedag",
    "store bededag",
    "Kristi himmelfartsdag",
    "pinsedag",
    "2. pinsedag",
)
LAST_BEDEDAG = 2023
OBSERVED = {(6, 5): "grundlovsdag", (12, 24): "juleaften", (12, 31): "nytårsaften"}


@dataclass(frozen=True, slots=True)
class Holiday:
    name: str
    is_public: bool  # False: a day that is only observed

    @property
    def word(self) -> str:
        """What the day is called in an open state: every public holiday is "helligdag", the others have their name."""
        return "helligdag" if self.is_public else self.name


def holiday(day: datetime.date) -> Holiday | None:
    """What is special about the day, if anything. A day that is both (2. pinsedag on 5 June) is a public holiday."""
    if name := _public(day.year).get(day):
        return Holiday(name, is_public=True)
    if name := OBSERVED.get((day.month, day.day)):
        return Holiday(name, is_public=False)
    return None


@lru_cache(16)
def _public(year: int) -> dict[datetime.date, str]:
    days = _calendar(year)
    movable = (name for name in MOVABLE if name != "store bededag" or year <= LAST_BEDEDAG)
    return {day: FIXED.get((day.month, day.day)) or next(movable) for day in days}


def _calendar(year: int) -> list[datetime.date]:
    """The public holidays of a year in order; none outside the years that the library knows."""
    start = datetime.datetime(year, 1, 1)
    days = []
    for first, after, state, _ in OpeningHours("PH", country="DK").intervals(
        start, start.replace(month=12, day=31, hour=23)
    ):
        day = first.date()
        while str(state) == "open" and datetime.datetime.combine(day, datetime.time()) < after:
            days.append(day)
            day += datetime.timedelta(days=1)
    return days

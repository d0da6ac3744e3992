"""What is true at one moment, and until when. No words: those are in `state`."""

import datetime
from dataclasses import dataclass
from enum import Enum

from clinics.clock import COPENHAGEN

from .schedule import MIDNIGHT, ONE_DAY, Certainty, Day, Schedule, instant

# A closed period lasts at most 366 days; an opening further away than this is "indtil videre".
HORIZON = datetime.timedelta(days=400)
ALWAYS = datetime.timedelta(days=8)  # open for longer than this: a week that never closes


class Is(Enum):
    OPEN = "open"
    CLOSED = "closed"
    UNCERTAIN = "uncertain"  # a holiday that the clinic has not spoken of, or a day of which nothing is known


@dataclass(frozen=True, slots=True)
class Moment:
    """`until` (Danish time) is the next moment at which `now` changes; None when that is not known or never comes."""

    now: Is
    until: datetime.datetime | None = None
    uncertain: Day | None = None  # the uncertain day: today, or when closed the one that begins at `until`


def look(schedule: Schedule, at: datetime.datetime) -> Moment:
    """What holds at `at` (aware, otherwise ValueError) and when that changes. Hours that touch or overlap are one."""
    if at.tzinfo is None:
        raise ValueError("An opening state needs an aware time.")
    now = at.astimezone(datetime.UTC)
    today = now.astimezone(COPENHAGEN).date()
    closes: datetime.datetime | None = None
    date, horizon = today - ONE_DAY, today + HORIZON  # the night before may still be open
    while date < horizon:
        if closes and date > today + ALWAYS:
            return Moment(Is.OPEN)
        day = schedule.day(date)
        if date >= today and day.certainty is not Certainty.KNOWN:
            return Moment(Is.OPEN, _danish(closes)) if closes else _uncertain(schedule, day, today)
        for opens, end in day.spans():
            if end <= now:
                continue
            if opens > (closes or now):
                return Moment(Is.OPEN, _danish(closes)) if closes else Moment(Is.CLOSED, _danish(opens))
            closes = max(end, closes or end)
        if closes and closes < instant(date + ONE_DAY, MIDNIGHT):
            return Moment(Is.OPEN, _danish(closes))
        date = min(day.closed_through or date, horizon) + ONE_DAY
    return Moment(Is.CLOSED)


def _uncertain(schedule: Schedule, day: Day, today: datetime.date) -> Moment:
    if day.date > today:
        return Moment(Is.CLOSED, _danish(instant(day.date, MIDNIGHT)), day)
    if day.certainty is Certainty.UNKNOWN:
        return Moment(Is.UNCERTAIN, None, day)
    after = day
    while after.certainty is Certainty.HOLIDAY:  # skærtorsdag, langfredag: two at most, or three at Christmas
        after = schedule.day(after.date + ONE_DAY)
    return Moment(Is.UNCERTAIN, _danish(instant(after.date, MIDNIGHT)), day)


def _danish(utc: datetime.datetime) -> datetime.datetime:
    return utc.astimezone(COPENHAGEN)

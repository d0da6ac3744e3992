"""When it is open over some days, as stretches of time: the same answer as `moment.look` gives for each of their moments."""

import datetime

from .schedule import MIDNIGHT, ONE_DAY, Schedule, Span, instant


def spans(schedule: Schedule, first: datetime.date, after: datetime.date) -> list[Span]:
    """The hours (UTC) from the beginning of `first` to the beginning of `after`; they may touch and overlap.

    A day of which nothing is known, or that asks to ring first, has none. The night before `first` may go on into it.
    """
    start, end = instant(first, MIDNIGHT), instant(after, MIDNIGHT)
    made, date = [], first - ONE_DAY
    while date < after:
        for opens, closes in schedule.day(date).spans():
            if closes > start and opens < end:
                made.append((max(opens, start), min(closes, end)))
        date += ONE_DAY
    return made

"""What is wrong with opening hours that somebody typed in. One Danish sentence per row, for the form to show there."""

import datetime
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from . import words
from .schedule import MIDNIGHT, ExceptionRow, HoursRow, Times

LATEST_NIGHT = datetime.time(6)  # a later closing time before the opening time is two times the wrong way round
MOST_INTERVALS = 6
MOST_DAYS = 366
DAY = 24 * 60 * 60
WEEK = 7 * DAY


class Problem(NamedTuple):
    row: int  # index in what was checked
    text: str


def check_hours(intervals: Sequence[HoursRow]) -> list[Problem]:
    """The problems of a week, at most one per row, in the order of the rows; rows without both times are passed over.

    Each kind is a week of its own. Of two rows that do not go together the later one in the list has the problem.
    """
    problems: dict[int, str] = {}
    good: list[int] = []
    for index, row in enumerate(intervals):
        if row.opens is None or row.closes is None or row.weekday is None:
            continue
        if text := _times_problem((row.opens, row.closes)) or _clash(row, [intervals[other] for other in good]):
            problems[index] = text
        else:
            good.append(index)
    return [Problem(index, problems[index]) for index in sorted(problems)]


def check_exceptions(rows: Sequence[ExceptionRow]) -> list[Problem]:
    """The problems of dated exceptions, as `check_hours`; rows without both days are passed over."""
    problems: list[Problem] = []
    good: list[ExceptionRow] = []
    for index, row in enumerate(rows):
        if row.first_day is None or row.last_day is None:
            continue
        if text := _period_problem(row) or _exception_clash(row, good):
            problems.append(Problem(index, text))
        else:
            good.append(row)
    return problems


def _times_problem(times: Times) -> str:
    opens, closes = times
    if opens == closes != MIDNIGHT:
        return "Åbner og lukker på samme tid. Ret en af dem, eller slet dem."
    if MIDNIGHT < closes < opens and closes > LATEST_NIGHT:
        return (
            f"Lukker kl. {words.clock(closes)}, før der åbnes kl. {words.clock(opens)}. Er tiderne byttet om? "
            "Kun kl. 6.00 eller tidligere regnes som næste morgen."
        )
    return ""


def _clash(row: HoursRow, others: list[HoursRow]) -> str:
    same_kind = [other for other in others if other.kind == row.kind]
    day = words.WEEKDAYS[row.weekday]
    for other in same_kind:
        there = f"{words.WEEKDAYS[other.weekday]} {words.interval((other.opens, other.closes))}"
        if (other.weekday, other.opens, other.closes) == (row.weekday, row.opens, row.closes):
            return f"{there.capitalize()} står der to gange. Slet den ene."
        if _overlap_in_week(row, other):
            return f"Overlapper {there}. Ret tiderne, eller skriv dem som ét tidsrum."
    if sum(other.weekday == row.weekday for other in same_kind) >= MOST_INTERVALS:
        return f"Der kan højst være {MOST_INTERVALS} tidsrum på samme dag. Saml nogle af dem ({day})."
    return ""


def _second(at: datetime.time) -> int:
    return (at.hour * 60 + at.minute) * 60 + at.second


def _length(times: Times) -> int:
    """Seconds; a whole day from midnight to midnight."""
    return (_second(times[1]) - _second(times[0])) % DAY or DAY


def _overlap_in_week(one: HoursRow, other: HoursRow) -> bool:
    """Whether they share a second, Sunday night and Monday morning included."""
    apart = other.weekday * DAY + _second(other.opens) - one.weekday * DAY - _second(one.opens)
    return apart % WEEK < _length((one.opens, one.closes)) or -apart % WEEK < _length((other.opens, other.closes))


def _period_problem(row: ExceptionRow) -> str:
    days = (row.last_day - row.first_day).days + 1
    if days < 1:
        return "Sidste dag ligger før første dag. Byt om på dem."
    if days > MOST_DAYS:
        return f"Perioden er på {days} dage. Den kan højst være på {MOST_DAYS}: tjek årstallet."
    if (row.opens is None) != (row.closes is None):
        return "Skriv både åbner og lukker, eller lad begge stå tomme: så er der lukket."
    return _times_problem((row.opens, row.closes)) if row.opens is not None and row.closes is not None else ""


def _exception_clash(row: ExceptionRow, others: list[ExceptionRow]) -> str:
    same_kind = [other for other in others if other.kind == row.kind]
    for other in same_kind:
        there = words.days(other.first_day, other.last_day, row.first_day)
        same_days = other.first_day <= row.last_day and row.first_day <= other.last_day
        if same_days and (other.opens is None) != (row.opens is None):
            return f"Overlapper {there}: en dag kan ikke være både lukket og åben. Ret dagene et af stederne."
        if same_days and other.opens is None:
            return f"Overlapper {there}, hvor der allerede er lukket. Ret dagene, eller slet det ene."
        if _overlap_in_days(row, other):
            return f"Overlapper {there} {words.interval(_times(other))}. Ret tiderne, eller slet det ene."
    if row.opens is not None and any(
        sum(other.first_day <= day <= other.last_day for other in same_kind) >= MOST_INTERVALS
        for day in _busiest(row, same_kind)
    ):
        return f"Der kan højst være {MOST_INTERVALS} tidsrum på samme dag. Saml nogle af dem."
    return ""


def _busiest(row: ExceptionRow, others: list[ExceptionRow]) -> Iterator[datetime.date]:
    """Days of `row` among which is the one with the most rows: one on which a row begins."""
    yield row.first_day
    yield from (other.first_day for other in others if row.first_day <= other.first_day <= row.last_day)


def _times(row: ExceptionRow) -> Times:
    assert row.opens is not None and row.closes is not None  # noqa: S101
    return row.opens, row.closes


def _overlap_in_days(one: ExceptionRow, other: ExceptionRow) -> bool:
    """Whether two open periods share a second on some day, the nights they begin included."""
    if one.opens is None or other.opens is None:
        return False
    first, second = _times(one), _times(other)
    latest = other.last_day.toordinal() - one.first_day.toordinal()  # ordinals: a day before year 1 is no date
    earliest = other.first_day.toordinal() - one.last_day.toordinal()
    for shift in (-1, 0, 1):  # `other` begins the day before, on the same day, the day after
        if earliest <= shift <= latest:
            apart = shift * DAY + _second(second[0]) - _second(first[0])
            if -_length(second) < apart < _length(first):
                return True
    return False

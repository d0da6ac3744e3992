"""Times and days as Danes write them on a door: `8.00–16.00`, `i morgen`, `13.–26. juli`."""

import datetime
from collections.abc import Iterable

from clinics import danish
from clinics.models import Weekday

from .schedule import MIDNIGHT, Times

WEEKDAYS = [str(day.label) for day in Weekday]
MONTHS = [
    "januar",
    "februar",
    "marts",
    "april",
    "maj",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "december",
]
FAR_DAYS = 300  # from here on a date without its year could be taken for the one that is nearer


def clock(at: datetime.time | datetime.datetime) -> str:
    """`8.00`."""
    return f"{at.hour}.{at.minute:02}"


def closing(at: datetime.time | datetime.datetime) -> str:
    """As `clock`; midnight ends a day: `24.00`."""
    return clock(at) if at.hour or at.minute else "24.00"


def ends_next_morning(times: Times) -> bool:
    opens, closes = times
    return MIDNIGHT < closes <= opens


def span(times: Times) -> str:
    """`8.00–16.00`, `18.00–24.00`, `hele døgnet`."""
    opens, closes = times
    return "hele døgnet" if opens == closes == MIDNIGHT else f"{clock(opens)}–{closing(closes)}"


def interval(times: Times) -> str:
    """As `span`; `22.00–2.00 (næste morgen)`."""
    return f"{span(times)} (næste morgen)" if ends_next_morning(times) else span(times)


def intervals(times: Iterable[Times]) -> str:
    """`8.00–12.00 og 13.00–16.00`."""
    return danish.listing([interval(one) for one in times])


def weekday(day: datetime.date) -> str:
    return WEEKDAYS[day.weekday()]


def date(day: datetime.date, today: datetime.date) -> str:
    """`4. januar`; with its year when it is far from today."""
    far = abs((day - today).days) > FAR_DAYS
    return f"{day.day}. {MONTHS[day.month - 1]}{f' {day.year}' if far else ''}"


def relative(day: datetime.date, today: datetime.date) -> str:
    """`i dag`, `i morgen`, `mandag` within a week, otherwise `4. januar`."""
    away = (day - today).days
    if away < 2:
        return "i morgen" if away else "i dag"
    return weekday(day) if away < 7 else date(day, today)


def days(first: datetime.date, last: datetime.date, today: datetime.date) -> str:
    """`fredag 15. maj`, `13.–26. juli`, `29. juni–10. juli`."""
    if first == last:
        return f"{weekday(first)} {date(first, today)}"
    end = date(last, today)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}.–{end}"
    return f"{date(first, today)}–{end}"


def weekdays(numbers: list[int]) -> str:
    """`mandag`, `mandag og tirsdag`, `mandag–fredag`, `mandag, onsdag og fredag`; numbers in order, Monday 0."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = []
    for run in runs:
        names = [WEEKDAYS[number] for number in run]
        parts += [f"{names[0]}–{names[-1]}"] if len(run) > 2 else names
    return danish.listing(parts)

"""Opening hours in a test, and a slow second opinion on them that shares nothing with `clinics.opening`."""

import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from clinics.opening.schedule import Schedule

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
MINUTE = datetime.timedelta(minutes=1)
DAY = datetime.timedelta(days=1)
SHORT = ["ma", "ti", "on", "to", "fr", "lø", "sø"]


class Hours(NamedTuple):
    weekday: int
    opens: datetime.time
    closes: datetime.time
    kind: str = "treatment"
    clinic_id: int = 1


class Change(NamedTuple):
    first_day: datetime.date
    last_day: datetime.date
    opens: datetime.time | None = None
    closes: datetime.time | None = None
    kind: str = "treatment"
    note: str = ""
    clinic_id: int = 1


def time(text: str) -> datetime.time:
    """`"8.00"`."""
    hour, minute = text.split(".")
    return datetime.time(int(hour), int(minute))


def week(*lines: str, kind: str = "treatment") -> list[Hours]:
    """`week("ma-fr 8.00-12.00 13.00-16.00", "lø 22.00-2.00")`."""
    rows = []
    for line in lines:
        days, *times = line.split()
        first, _, last = days.partition("-")
        for day in range(SHORT.index(first), SHORT.index(last or first) + 1):
            rows += [Hours(day, *map(time, one.split("-")), kind) for one in times]
    return rows


def change(first: str, last: str = "", times: str = "", kind: str = "treatment", note: str = "") -> Change:
    """`change("2026-07-13", "2026-07-26")` is closed, `change("2026-12-23", times="9.00-12.00")` is open only then."""
    opens, closes = map(time, times.split("-")) if times else (None, None)
    return Change(date(first), date(last or first), opens, closes, kind, note)


def date(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def at(text: str, fold: int = 0) -> datetime.datetime:
    """`"2026-11-20 7.59"` or `"2026-11-20 7.59.59"`, Danish time; `fold=1` is the second time the clock shows it."""
    day, clock = text.split()
    return datetime.datetime.combine(date(day), datetime.time(*map(int, clock.split("."))), COPENHAGEN).replace(
        fold=fold
    )


def easter(year: int) -> datetime.date:
    """The Gregorian rule as Meeus gives it (Astronomical Algorithms, chapter 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (b - (b + 8) // 25 + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return datetime.date(year, month, day + 1)


def public_holidays(year: int) -> dict[datetime.date, str]:
    days = {datetime.date(year, 1, 1): "nytårsdag"}
    days |= {datetime.date(year, 12, 25): "juledag", datetime.date(year, 12, 26): "2. juledag"}
    from_easter = {
        -3: "skærtorsdag",
        -2: "langfredag",
        0: "påskedag",
        1: "2. påskedag",
        39: "Kristi himmelfartsdag",
        49: "pinsedag",
        50: "2. pinsedag",
    }
    if year < 2024:
        from_easter[26] = "store bededag"
    return days | {easter(year) + number * DAY: name for number, name in from_easter.items()}


def nature(schedule: Schedule, day: datetime.date):
    """What the second opinion says of a day: "holiday", "unknown", or its times."""
    changed = [one for one in schedule.exceptions if one.first_day <= day <= one.last_day]
    if changed:
        return [] if any(one.opens is None for one in changed) else [(one.opens, one.closes) for one in changed]
    if not schedule.week:
        return "unknown"
    times = schedule.week.get(day.weekday(), [])
    if times and (day.month, day.day) in [(12, 24), (12, 31), (6, 5)] and day not in public_holidays(day.year):
        return "holiday"
    if times and day in public_holidays(day.year) and schedule.closed_on_holidays is not False:
        return [] if schedule.closed_on_holidays else "holiday"
    return times


def timeline(schedule: Schedule, first: datetime.date, days: int) -> tuple[list[datetime.datetime], list[str]]:
    """Each minute of the days in UTC, and what holds in it: open, closed, holiday or unknown.

    A clock on the wall is read minute by minute. What counts is the latest time it has shown that day: hours that have
    ended in the night when it is put back do not begin again.
    """
    moments, what = [], []
    now = datetime.datetime.combine(first, datetime.time(), COPENHAGEN).astimezone(datetime.UTC)
    end = datetime.datetime.combine(first + days * DAY, datetime.time(), COPENHAGEN).astimezone(datetime.UTC)
    day, latest, today, night = None, datetime.time(), [], []
    while now < end:
        wall = now.astimezone(COPENHAGEN)
        if wall.date() != day:
            day, latest = wall.date(), datetime.time()
            today, before = nature(schedule, day), nature(schedule, day - DAY)
            night = [] if isinstance(before, str) else [closes for opens, closes in before if closes < opens]
        latest = max(latest, wall.time())
        if any(latest < closes for closes in night):
            what.append("open")
        elif isinstance(today, str):
            what.append(today)
        else:
            whole = datetime.time()
            inside = (
                opens <= latest and (latest < closes or closes < opens or opens == closes == whole)
                for opens, closes in today
                if opens != closes or opens == whole
            )
            what.append("open" if any(inside) else "closed")
        moments.append(now)
        now += MINUTE
    return moments, what

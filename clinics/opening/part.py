"""The opening hours of a profile: the week, what will be different soon, and what holds now."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from clinics import danish
from clinics.clock import COPENHAGEN
from clinics.models import Clinic, HoursKind, OpeningException

from . import words
from .holidays import holiday
from .schedule import ONE_DAY, Certainty, Day, Schedule, Times, schedule_of
from .state import OpenState, phone_state, state
from .week import lines

EXCEPTION_DAYS = 60
HOLIDAY_DAYS = 14

# What stands before the days of an exception, when closed and when open.
CLOSED = {
    HoursKind.TREATMENT: "Lukket",
    HoursKind.PHONE: "Ingen telefontid",
    HoursKind.TRAINING: "Ingen træning på egen hånd",
}
OPEN = {HoursKind.TREATMENT: "Åbent", HoursKind.PHONE: "Telefontid", HoursKind.TRAINING: "Træning på egen hånd"}


class Interval(NamedTuple):
    text: str  # "8.00–12.00"
    ends_next_morning: bool


@dataclass(frozen=True, slots=True)
class WeekRow:
    name: str  # "Mandag"
    today: str  # "", "i dag", or why the row does not hold today: "i dag lukket", "i dag, helligdag"
    treatment: tuple[Interval, ...]  # () is closed
    phone: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class HoursPart:
    """What `_profile_hours.html` shows. Without anything stated `is_stated` is False and the lists are empty."""

    state: OpenState
    phone_state: OpenState | None
    has_treatment: bool
    has_phone: bool
    week: tuple[WeekRow, ...]  # Monday first; () without treatment and telephone hours
    training: tuple[str, ...]  # ("Mandag–fredag 6.00–22.00",)
    changes: tuple[str, ...]  # exceptions of the next 60 days: "Lukket 13.–26. juli: sommerferie"
    holidays: tuple[str, ...]  # of the next 14 days: "Torsdag 24. december, juleaften: ring først"
    note: str

    @property
    def is_stated(self) -> bool:
        return bool(self.week or self.training or self.changes or self.note)


def hours_part(clinic: Clinic, at: datetime.datetime) -> HoursPart:
    """The hours of a filled clinic as they are to be read at `at` (aware). Asks nothing; must never be stored."""
    today = at.astimezone(COPENHAGEN).date()
    treatment, phone = schedule_of(clinic), schedule_of(clinic, HoursKind.PHONE)
    return HoursPart(
        state=state(clinic, at),
        phone_state=phone_state(clinic, at),
        has_treatment=bool(treatment.week),
        has_phone=bool(phone.week),
        week=_week(treatment, phone, today),
        training=tuple(line.capitalize() for line in lines(schedule_of(clinic, HoursKind.TRAINING))),
        changes=_changes(clinic.opening_exceptions.all(), today),
        holidays=_holidays(treatment, today),
        note=clinic.hours_note,
    )


def _week(treatment: Schedule, phone: Schedule, today: datetime.date) -> tuple[WeekRow, ...]:
    if not treatment.week and not phone.week:
        return ()
    return tuple(
        WeekRow(
            name=name.capitalize(),
            today=_today_mark((treatment, phone), today) if number == today.weekday() else "",
            treatment=_intervals(treatment.week.get(number, ())),
            phone=_intervals(phone.week.get(number, ())),
        )
        for number, name in enumerate(words.WEEKDAYS)
    )


def _intervals(several: Iterable[Times]) -> tuple[Interval, ...]:
    return tuple(Interval(words.span(times), words.ends_next_morning(times)) for times in several)


def _today_mark(schedules: tuple[Schedule, ...], today: datetime.date) -> str:
    for schedule in schedules:
        day, usual = schedule.day(today), schedule.week.get(today.weekday(), [])
        if not schedule.week or (day.certainty is Certainty.KNOWN and list(day.times) == usual):
            continue
        special = holiday(today)
        if special and not schedule.changes_of(today):
            return f"i dag, {special.word}"
        return "i dag lukket" if schedule is schedules[0] and not day.times else "i dag, andre tider"
    return "i dag"


def _changes(rows: Iterable[OpeningException], today: datetime.date) -> tuple[str, ...]:
    """One line for all intervals of the same days and note, the soonest first; those that are going on are among them."""
    until = today + EXCEPTION_DAYS * ONE_DAY
    times: dict[tuple[datetime.date, datetime.date, str, str], list[Times]] = defaultdict(list)
    for row in rows:
        if today <= row.last_day and row.first_day <= until:
            period = times[row.first_day, row.last_day, row.kind, row.note]
            if row.opens is not None and row.closes is not None:
                period.append((row.opens, row.closes))
    texts = []
    for (first, last, kind, note), intervals in sorted(times.items()):
        what = OPEN[HoursKind(kind)] if intervals else CLOSED[HoursKind(kind)]
        hours = f" kl. {words.intervals(sorted(intervals))}" if intervals else ""
        said = f": {danish.in_sentence(note.strip())}" if note.strip() else ""
        texts.append(f"{what} {words.days(first, last, today)}{hours}{said}")
    return tuple(texts)


def _holidays(schedule: Schedule, today: datetime.date) -> tuple[str, ...]:
    """Holidays on weekdays with hours, unless an exception has said what holds: that stands among the changes."""
    texts = []
    for number in range(HOLIDAY_DAYS + 1):
        date = today + number * ONE_DAY
        special = holiday(date)
        if special is None or date.weekday() not in schedule.week or schedule.changes_of(date):
            continue
        texts.append(f"{words.days(date, date, today).capitalize()}, {special.name}: {_what_holds(schedule.day(date))}")
    return tuple(texts)


def _what_holds(day: Day) -> str:
    if day.certainty is Certainty.HOLIDAY:
        return "ring først"
    return "åbent som normalt" if day.times else "lukket"

"""The plain week of a filled clinic, without exceptions: for lists, comparisons and structured data."""

from clinics.models import Clinic, HoursKind

from . import words
from .schedule import Schedule, schedule_of


def hours_text(clinic: Clinic, kind: HoursKind = HoursKind.TREATMENT) -> dict[int, tuple[tuple[str, str], ...]]:
    """Weekday (Monday 0) → its intervals, `{0: (("08:00", "12:00"), ("13:00", "16:00"))}`; weekdays without are left out.

    A closing time at or before the opening time is on the next morning, as schema.org reads it too.
    """
    week = schedule_of(clinic, kind).week
    return {day: tuple((f"{opens:%H:%M}", f"{closes:%H:%M}") for opens, closes in week[day]) for day in sorted(week)}


def week_lines(clinic: Clinic, kind: HoursKind = HoursKind.TREATMENT) -> list[str]:
    """Weekdays with the same hours together: `["mandag–torsdag 8.00–16.00", "fredag 8.00–14.00"]`; `[]` is not stated."""
    return lines(schedule_of(clinic, kind))


def lines(schedule: Schedule) -> list[str]:
    days_with: dict[str, list[int]] = {}
    for day in sorted(schedule.week):
        days_with.setdefault(words.intervals(schedule.week[day]), []).append(day)
    return [f"{words.weekdays(days)} {times}" for times, days in days_with.items()]

"""A row's week: seven cells, or one for all days."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.core.exceptions import ValidationError

from clinics.models import HoursKind, Weekday
from clinics.opening import check_hours

from .locating import Say
from .osm_hours import Week, read_week
from .raw import shown

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
UNKNOWN = frozenset({"?", "??", "ukendt", "ved ikke", "vides ikke", "ikke oplyst", "uoplyst", "unknown"})
NOT_TAKEN = "Ugens åbningstider er ikke taget med"
Row = dict[str, object]


@dataclass(slots=True)
class _Hours:
    kind: str
    weekday: int
    opens: datetime.time
    closes: datetime.time


def stated_week(cells: Mapping[str, str], say: Say) -> list[Row] | None:
    """The week as rows, or None where it is not told. A week of which one day is not understood is not taken: what is left
    out is closed to a patient."""
    told = tuple(cells.get(day, "") for day in DAYS)
    if any(told):
        rows, problem = _of_days(told)
    elif "opening_hours" in cells:
        rows, problem = _of_text(cells["opening_hours"])
    else:
        return None
    if problem:
        say("opening_hours", f"{NOT_TAKEN}: {problem}")
    return rows and [dict(row) for row in rows]


@lru_cache(4096)
def _of_days(told: tuple[str, ...]) -> tuple[list[Row] | None, str]:
    # The same words mean the same in the clinic's own form. Not read with this module: the admin reads ours.
    from clinics.admin.clinic.hours import read_intervals

    if not any(any(letter.isdigit() for letter in text) for text in told):
        # Dashes and nothing: not told. Seven times closed is what nobody means.
        closed = any("luk" in text.casefold() for text in told)
        return None, "alle dage er lukket." if closed else ""
    week = []
    for day, text in zip(Weekday, told, strict=True):
        if text.casefold() in UNKNOWN:
            return None, f"{day.label} er ikke oplyst."
        try:
            week.append(read_intervals(text.replace("\n", ", ").replace("døgnåben", "0-24")))
        except ValidationError as error:
            return None, f"{day.label}: {error.messages[0]}"
    return _checked(tuple(week))


@lru_cache(4096)
def _of_text(text: str) -> tuple[list[Row] | None, str]:
    week = read_week(text)
    if week is None:
        return None, f"{shown(text, 80)} kan ikke læses som en uge, der er ens hele året."
    if not any(week):
        return None, "alle dage er lukket."
    return _checked(week)


def _checked(week: Week) -> tuple[list[Row] | None, str]:
    rows = [_Hours(HoursKind.TREATMENT, day, *times) for day, intervals in enumerate(week) for times in intervals]
    for problem in check_hours(rows):
        return None, f"{Weekday(rows[problem.row].weekday).label}: {problem.text}"
    return [
        {"weekday": row.weekday, "opens": row.opens.isoformat(), "closes": row.closes.isoformat()} for row in rows
    ], ""

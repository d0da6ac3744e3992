"""The week as an owner writes it on the door: one line a weekday, "8-12, 13-17". And the days that are different."""

import datetime
import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from clinics.models import Clinic, HoursKind, OpeningHours, Weekday
from clinics.opening import Problem, check_hours

from .fields import Templated

Interval = tuple[datetime.time, datetime.time]  # opens, closes
Week = tuple[tuple[Interval, ...], ...]  # for each weekday from Monday its (opens, closes)

WORKDAYS = 5
COPY = "copy"
PAUSE = "pause "
TOOLS_FOR = "hours_treatment"  # the week that every clinic has
MOST_TEXT = 120  # characters of one weekday
_TIME = r"(\d{1,2})(?:[.:]?(\d{2}))?"
_INTERVAL = re.compile(rf"(?:fra +)?(?:kl\.? *)?{_TIME} *(?:-|–|—|−|til) *(?:kl\.? *)?{_TIME}")
_BETWEEN = re.compile(r",|;|/|\+|&|\bog\b|\bsamt\b")
_BREAK = re.compile(
    r"[,;(]?\s*\b(?:med\s+)?(?:middagspause|frokostpause|frokost|pause|lukket|undtagen)\s+(?=(?:fra |kl|\d))"
)
_CLOSED = frozenset({"", "-", "–", "lukket", "lukker", "ingen"})


class WeekWidget(Templated, forms.Widget):
    template_name = "admin/clinics/clinic/_week_widget.html"
    use_fieldset = True

    class Media:
        js = ("js/week.js",)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """Seven texts; those of Tuesday to Friday are Monday's when its tick says so."""
        texts = [str(data.get(f"{name}_{day}") or "") for day in Weekday.values]
        return [texts[0]] * WORKDAYS + texts[WORKDAYS:] if data.get(f"{name}_{COPY}") else texts

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(f"{name}_{day}" in data for day in Weekday.values)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        texts = value if isinstance(value, list) else [""] * 7
        context["days"] = [
            {
                "name": f"{name}_{day}",
                "label": day.label.capitalize(),
                "text": texts[day],
                "help": "8-17" if day < 5 else "",
            }
            for day in Weekday
        ]
        context |= {"copy": f"{name}_{COPY}", "tools": name == TOOLS_FOR}
        return context


class WeekField(forms.Field):
    """Seven texts → `Week`. Closing at or before opening is the next morning; 24 is midnight."""

    widget = WeekWidget

    def prepare_value(self, value: Any) -> Any:
        return [_text(intervals) for intervals in value] if isinstance(value, tuple) else value

    def clean(self, value: Any) -> Week:
        week: list[tuple[tuple[datetime.time, datetime.time], ...]] = []
        problems = []
        for day in Weekday:
            try:
                week.append(read_intervals(value[day]))
            except ValidationError as error:
                week.append(())
                problems.append(f"{day.label.capitalize()}: {error.messages[0]}")
        if not problems:
            rows = list(rows_of(tuple(week)))
            problems = [_said(rows, problem) for problem in check_hours(rows)]
        if problems:
            raise ValidationError(problems)
        return tuple(week)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.clean(data) != (initial or ((),) * 7)
        except ValidationError:
            return True


def read_intervals(text: str) -> tuple[tuple[datetime.time, datetime.time], ...]:
    """`"8-12, 13.30-17"`, `"8-17, pause 12-13.30"` → pairs of times in order; nothing and "lukket" are no interval.

    Raises ValidationError.
    """
    text = " ".join(text.casefold().split())
    if text.strip(". ") in _CLOSED:
        return ()
    if len(text) > MOST_TEXT:
        raise ValidationError("Teksten er for lang. Skriv tiderne sådan: 8-12, 13-17.")
    found: list[Interval] = []
    pauses: list[Interval] = []
    for part in _BETWEEN.split(_BREAK.sub(f",{PAUSE}", text).strip(", ")):
        match = _INTERVAL.fullmatch(part.strip(". )").removeprefix(PAUSE))
        if not match:
            raise ValidationError(f"“{part.strip()[:40]}” er ikke en tid. Skriv sådan: 8-17 eller 8.30-12, 13-17.")
        opens, closes = _time(match[1], match[2]), _time(match[3], match[4])
        if opens is None or closes is None or match[1] == "24":
            raise ValidationError(f"“{part.strip()[:40]}” er ikke et klokkeslæt. Timerne går fra 0 til 24.")
        (pauses if part.strip().startswith(PAUSE) else found).append((opens, closes))
    for pause in pauses:
        found = _without_pause(found, pause)
    return tuple(sorted(found))


def _without_pause(intervals: list[Interval], pause: Interval) -> list[Interval]:
    """The interval around the pause as the two beside it. Raises ValidationError when there is none."""
    for opens, closes in intervals:
        # A closing time at or before opening is the next morning: no pause at noon is meant there.
        if opens < pause[0] < pause[1] < closes:
            return [one for one in intervals if one != (opens, closes)] + [(opens, pause[0]), (pause[1], closes)]
    raise ValidationError(f"Pausen {_text([pause])} ligger ikke i åbningstiden. Skriv fx 8-17, pause 12-13.")


def rows_of(week: Week, kind: str = HoursKind.TREATMENT) -> Iterable[OpeningHours]:
    """The week as unsaved rows, in order."""
    for day, intervals in zip(Weekday, week, strict=True):
        for opens, closes in intervals:
            yield OpeningHours(kind=kind, weekday=day, opens=opens, closes=closes)


def week_of(clinic: Clinic, kind: str) -> Week:
    rows = [row for row in clinic.opening_hours.all() if row.kind == kind] if clinic.pk else []
    return tuple(tuple((row.opens, row.closes) for row in rows if row.weekday == day) for day in Weekday)


@transaction.atomic
def save_week(*, clinic: Clinic, kind: str, week: Week, day: datetime.date) -> None:
    """Make this the clinic's week of that kind. A week that was changed was stated on `day`, whole."""
    clinic.opening_hours.filter(kind=kind).delete()
    rows = list(rows_of(week, kind))
    for row in rows:
        row.clinic, row.confirmed_at = clinic, day
    OpeningHours.objects.bulk_create(rows)


def _time(hour: str, minute: str | None) -> datetime.time | None:
    hours, minutes = int(hour), int(minute or 0)
    if hours > 24 or minutes > 59 or (hours == 24 and minutes):
        return None
    return datetime.time(hours % 24, minutes)


def _text(intervals: Sequence[tuple[datetime.time, datetime.time]]) -> str:
    return ", ".join(f"{opens:%H.%M}–{closes:%H.%M}" for opens, closes in intervals)


def _said(rows: Sequence[OpeningHours], problem: Problem) -> str:
    return f"{Weekday(rows[problem.row].weekday).label.capitalize()}: {problem.text}"

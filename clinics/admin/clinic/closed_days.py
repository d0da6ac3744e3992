"""Holidays as an owner says them: "uge 29-30", "24/12", "1.7.-14.7." → the days on which it is closed."""

import datetime
import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from clinics import clock
from clinics.freshness import months_before
from clinics.models import Clinic, HoursKind, OpeningException
from clinics.opening import check_exceptions, words

from .days import YEARS_AHEAD

Period = tuple[datetime.date, datetime.date]  # first and last day, both closed

MOST_TEXT = 200  # characters
MOST_PERIODS = 20
LONGEST_OVER_NEW_YEAR = 120  # days; more is two days the wrong way round
BACKWARDS = "Sidste dag ligger før første dag. Byt om på dem."
EXAMPLE = "Skriv fx uge 29-30, 24/12 eller 1.7.-14.7."
_ONE_DAY = datetime.timedelta(days=1)
_MONTHS = {name[:3]: number for number, name in enumerate(words.MONTHS, 1)}
_MONTH = rf"(?:{'|'.join(_MONTHS)})[a-zæøå]*\.?"
_YEAR = r"\d{4}|\d{2}"
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_DASH = re.compile(r"\s*(?:–|—|−|-|\btil og med\b|\btil\b)\s*")
_BETWEEN = re.compile(r"[,;\n]|\bog\b|\bsamt\b|&|\+")
_FILLER = re.compile(
    r"\b(?:vi|hele|holder|har|er|ferie|sommerferie|juleferie|efterårsferie|vinterferie|ferielukket|lukket|i|den|d\.|fra)(?=[\s:])[:\s]*"
)
_WEEKS = re.compile(r"uge(?:rne|r)?\.?\s*(\d{1,2})(?:\s*[-/](?:uge\s*)?(\d{1,2})(?!\d))?(?:[\s/.]+(?:i\s+)?(\d{4}))?")
_DAY = re.compile(
    rf"(?P<day>\d{{1,2}})\.?(?:\s*(?:(?<=\.)|/)\s*(?P<month>\d{{1,2}})\.?|\s*(?P<name>{_MONTH}))?(?:[\s./]*(?P<year>{_YEAR}))?"
)


class ClosedDaysField(forms.CharField):
    """Text → periods in order that do not touch each other; nothing typed is none."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"class": "vTextField", "placeholder": "fx uge 29-30", "autocomplete": "off"})
        defaults: dict[str, Any] = {"required": False, "widget": widget}
        super().__init__(**defaults | options)

    def clean(self, value: Any) -> tuple[Period, ...]:
        return read_closed_days(str(super().clean(value) or ""))


def read_closed_days(text: str) -> tuple[Period, ...]:
    """Without a year it is the next time that is not over. Raises ValidationError with one sentence."""
    text = _DASH.sub("-", _ISO.sub(r"\3.\2.\1", " ".join(text.casefold().split())))
    if len(text) > MOST_TEXT:
        raise ValidationError(f"Teksten er for lang. {EXAMPLE}")
    found: list[Period] = []
    before = ""
    for part in (_FILLER.sub("", f"{one.strip()} ").strip(" .") for one in _BETWEEN.split(text)):
        if not part:
            continue
        # "uge 29 og 31": what follows a week is one too.
        weeks = _WEEKS.fullmatch(f"uge {part}" if before == "uge" and part.isdecimal() else part)
        found.append(_of_weeks(weeks) if weeks else _of_days(part))
        before = "uge" if weeks else ""
    if len(found) > MOST_PERIODS:
        raise ValidationError(f"Skriv højst {MOST_PERIODS} perioder ad gangen.")
    if problems := [one for period in found for one in check_exceptions(_rows([period]))]:
        raise ValidationError(problems[0].text)
    last = months_before(clock.today(), -12 * YEARS_AHEAD)
    for period in found:
        if period[1] < clock.today():
            raise ValidationError(f"{_said(period)} er forbi. Skriv årstallet, hvis det er et andet år.")
        if period[1] > last:
            raise ValidationError(f"{_said(period)} ligger mere end tre år fremme. Tjek årstallet.")
    return _joined(found)


def check_closed(clinic: Clinic, periods: Iterable[Period], going: Iterable[str]) -> None:
    """Raises ValidationError where the clinic is open at other times on one of the days; `going`: keys that are deleted."""
    stored = clinic.opening_exceptions.filter(kind=HoursKind.TREATMENT, opens__isnull=False)
    rows = [*stored.exclude(pk__in=[key for key in going if key.isascii() and key.isdecimal()]), *_rows(periods)]
    if problems := check_exceptions(rows):
        raise ValidationError(problems[0].text)


def close(*, clinic: Clinic, periods: Iterable[Period]) -> list[str]:
    """Store what is not closed already. Returns what was stored, in words."""
    rows = _rows(_without(periods, clinic))
    for row in rows:
        row.clinic = clinic
    OpeningException.objects.bulk_create(rows)
    return [_said((row.first_day, row.last_day)) for row in rows]


def _of_weeks(match: re.Match[str]) -> Period:
    first, last, year = int(match[1]), int(match[2] or match[1]), _year(match[3])

    def days(year: int) -> Period:
        try:
            monday = datetime.date.fromisocalendar(year, first, 1)
            sunday = datetime.date.fromisocalendar(year + (last < first), last, 7)
        except ValueError as error:
            raise ValidationError(f"Uge {max(first, last)} findes ikke i {year}.") from error
        return monday, sunday

    return days(year) if year else _next(days)


def _of_days(part: str) -> Period:
    sides = [_DAY.fullmatch(side.strip()) for side in part.split("-")]
    if not 1 <= len(sides) <= 2 or not all(sides):
        raise ValidationError(f"“{part[:40]}” forstår vi ikke. {EXAMPLE}")
    one, two = sides[0], sides[-1]
    assert one and two  # noqa: S101
    # "1.-14. juli": the month stands once, at either end.
    end_month = _month(two) or _month(one)
    month = _month(one) or end_month
    if not (month and end_month):
        raise ValidationError(f"“{part[:40]}” mangler en måned. {EXAMPLE}")
    year, end_year = _year(one["year"]), _year(two["year"])
    day, end_day = int(one["day"]), int(two["day"])
    over = (end_month, end_day) < (month, day)

    def days(first_year: int) -> Period:
        last_year = end_year or first_year + over
        return _date(first_year, month, day), _date(last_year, end_month, end_day)

    if year or end_year:
        return days(year or end_year - over)
    return _next(days)


def _next(days: Any) -> Period:
    """The first time that is not over, from last year's on: Christmas may have begun then."""
    this = clock.today().year
    for year in (this - 1, this, this + 1):
        try:
            period: Period = days(year)
        except ValidationError:
            if year == this + 1:
                raise
            continue
        if period[1] >= clock.today():
            break
    if period[0].year < period[1].year and (period[1] - period[0]).days > LONGEST_OVER_NEW_YEAR:
        raise ValidationError(BACKWARDS)
    return period


def _month(match: re.Match[str]) -> int:
    return int(match["month"]) if match["month"] else _MONTHS[match["name"][:3]] if match["name"] else 0


def _year(text: str | None) -> int:
    return (2000 + int(text) if len(text) == 2 else int(text)) if text else 0


def _date(year: int, month: int, day: int) -> datetime.date:
    try:
        return datetime.date(year, month, day)
    except ValueError as error:
        raise ValidationError(f"{day}/{month} findes ikke i {year}.") from error


def _rows(periods: Iterable[Period]) -> list[OpeningException]:
    return [OpeningException(first_day=first, last_day=last) for first, last in periods]


def _joined(periods: Iterable[Period]) -> tuple[Period, ...]:
    joined: list[Period] = []
    for first, last in sorted(periods):
        if joined and first <= joined[-1][1] + _ONE_DAY:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return tuple(joined)


def _without(periods: Iterable[Period], clinic: Clinic) -> list[Period]:
    """The parts of the periods on which the clinic is not closed yet."""
    closed = clinic.opening_exceptions.filter(kind=HoursKind.TREATMENT, opens=None)
    there: Sequence[Period] = _joined(closed.values_list("first_day", "last_day"))
    left = []
    for first, last in periods:
        for begins, ends in there:
            if ends < first or begins > last:
                continue
            if begins > first:
                left.append((first, begins - _ONE_DAY))
            first = ends + _ONE_DAY
        if first <= last:
            left.append((first, last))
    return left


def _said(period: Period) -> str:
    return words.days(*period, clock.today())

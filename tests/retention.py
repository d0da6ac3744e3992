"""Rows of reviews, cases and codes at a time, and what a purge leaves of them. Times are Danish."""

import datetime

import time_machine

from clinics import clock
from clinics.models import Appeal, CodeSheet, Report, Review, VisitCode
from clinics.reviews.retention import purge

from .reviews import review

MINUTE = datetime.timedelta(minutes=1)
HOUR, DAY = 60 * MINUTE, 24 * 60 * MINUTE
SOME = {"email": "pia@example.org", "source": "a" * 64, "suspicions": [{"kind": "burst", "text": "Mange på én dag."}]}
# The end of a year, the day before spring takes an hour away, and the one before autumn gives it back.
STARTS = ("2026-12-31 23:30", "2027-03-27 12:00", "2026-10-24 12:00")


def danish(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=clock.COPENHAGEN)


def after(start: datetime.datetime, span: datetime.timedelta) -> datetime.datetime:
    """So much real time later, whatever the clocks do."""
    return start.astimezone(datetime.UTC) + span


def at(moment: datetime.datetime) -> time_machine.travel:
    return time_machine.travel(moment, tick=False)


def written(here, start, status=Review.Status.PENDING, **fields) -> Review:
    with at(start):
        return review(here, status=status, created_at=start, **SOME | fields)


def sheet_of(here, start, **fields) -> CodeSheet:
    sheet = CodeSheet.objects.create(clinic=here, size=2, created_at=start, source="b" * 64, **fields)
    VisitCode.objects.create(clinic=here, sheet=sheet, digest="1" * 64)
    VisitCode.objects.create(clinic=here, sheet=sheet, digest="2" * 64, is_used=True)
    return sheet


def report_of(here, start, **fields) -> Report:
    fields = {
        "number": "A-1",
        "secret": "3" * 64,
        "name": "Rie",
        "email": "rie@example.org",
        "source": "c" * 64,
    } | fields
    return Report.objects.create(clinic=here, created_at=start, kind="false", text="Det er ikke sandt.", **fields)


def case(model, here, start, status="waiting", **fields):
    fields = {"text": "Vi er ikke enige.", "created_at": start, "clinic": here, "status": status} | fields
    if status != "waiting":
        fields |= {"decided_at": start}
    if model is Appeal:
        fields |= {"side": fields.get("side", Appeal.Side.AUTHOR)}
    return model.objects.create(**fields)


def goes(look, start, span) -> None:
    """`look` is true until `span` is over, and false after it."""
    with at(after(start, span - MINUTE)):
        purge()
        assert look(), "too early"
    with at(after(start, span + MINUTE)):
        purge()
        assert not look(), "too late"


def there(row) -> bool:
    return type(row).objects.filter(pk=row.pk).exists()


def held(row, field):
    return lambda: getattr(type(row).objects.get(pk=row.pk), field)

"""When clinics are open, for the search index: the hours of the next days, so that "open now" is one comparison.

The hours are those of `clinics.opening`, which the cards ask too; nobody else knows holidays, nights and clock changes. They
are worked out when a clinic changes and anew every night (`clinics.tasks.lapse`). A search that comes after the last known
moment, because nothing ran for days, hides nobody: unknown is not closed, and the page says so (`clinics.views.notices`).
"""

import datetime
import json
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection
from django.db.models import BooleanField, DateTimeField, F, Func, Q, Value

from .card_facts import exception_row, hours_row
from .clock import COPENHAGEN, today
from .opening import Schedule, Span, spans

DAYS = 4  # known in advance, today included: so many nights the worker may be down
ANY_CLINIC = 0  # whose hours they are makes no difference to them


@dataclass(frozen=True)
class OpenTimes:
    """`by_clinic`: a `tstzmultirange` as text. What comes from `until` on is not known."""

    by_clinic: dict[int, str]
    until: datetime.datetime


class _Holds(Func):
    """Whether stretches of time hold a moment."""

    template = "(%(expressions)s)"
    arg_joiner = " @> "
    output_field = BooleanField()


def open_at(moment: datetime.datetime) -> Q:
    """Index rows of clinics that are open at the moment, or of which that is not known."""
    return Q(_Holds(F("open_times"), Value(moment, DateTimeField()))) | Q(open_until__lte=moment) | Q(open_until=None)


def known_from() -> datetime.datetime:
    """The moment from which on the rows that are made today know the hours: midnight in Denmark."""
    return midnight(today())


def known_until() -> datetime.datetime:
    """The moment up to which they know them."""
    return midnight(today() + datetime.timedelta(days=DAYS))


def midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), COPENHAGEN)


def open_times(clinic_ids: Collection[int]) -> OpenTimes:
    """The hours of treatment of these clinics, from today on. One statement."""
    first = today()
    after = first + datetime.timedelta(days=DAYS)
    sql = """
        SELECT c.id, c.closed_on_holidays,
            (SELECT jsonb_agg(jsonb_build_array(x.weekday, x.opens, x.closes))
                FROM clinics_openinghours x WHERE x.clinic_id = c.id AND x.kind = 'treatment'),
            (SELECT jsonb_agg(jsonb_build_array(x.first_day, x.last_day, x.opens, x.closes))
                FROM clinics_openingexception x WHERE x.clinic_id = c.id AND x.kind = 'treatment' AND x.last_day >= %s)
        FROM clinics_clinic c WHERE c.id = ANY(%s)"""
    made = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, [first - datetime.timedelta(days=1), list(clinic_ids)])  # the night before may go on
        for key, *said in cursor.fetchall():
            made[key] = _times(first, after, *said)
    return OpenTimes(made, midnight(after))


@lru_cache(maxsize=4096)  # many clinics keep the same week, and none has exceptions most of the year
def _times(
    first: datetime.date,
    after: datetime.date,
    closed_on_holidays: bool | None,
    hours: str | None,
    exceptions: str | None,
) -> str:
    schedule = Schedule(
        [hours_row(ANY_CLINIC, *row) for row in json.loads(hours or "[]")],
        [exception_row(ANY_CLINIC, *row) for row in json.loads(exceptions or "[]")],
        closed_on_holidays,
    )
    return _text(spans(schedule, first, after))


def _text(some: list[Span]) -> str:
    """PostgreSQL joins what touches or overlaps."""
    return f"{{{','.join(f'[{opens.isoformat()},{closes.isoformat()})' for opens, closes in some)}}}"

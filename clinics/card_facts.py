"""What a card shows beside the index: open state and people. Its rows come along in the statement that finds the clinics.

One statement more for each list would have been the fifth and sixth of a page. PostgreSQL reads these rows for the clinics
of the page only: after the LIMIT.
"""

import datetime
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from .clock import now
from .matching import Wanted
from .models import HoursKind
from .opening import OpenState, states_of
from .reasons import people_reasons

# What a page with an open state may say about keeping it: nobody is sent to a door that closed an hour ago.
OPEN_STATE_CACHE: dict[str, Any] = {"private": True, "max_age": 60}


# Field of a Hit → column of the outer statement: h is the row of the index, c the clinic, p its postcode.
COLUMNS = {
    "part": "h.part",
    "clinic_id": "h.clinic_id",
    "tags": "h.tags",
    "price_first": "h.price",
    "waiting_now": "h.waiting_days",
    "latitude": "h.latitude",
    "longitude": "h.longitude",
    "open_until": "h.open_until",
    "rating": "h.rating",
    "average": "h.average",
    "review_count": "h.review_count",
    "name": "c.name",
    "slug": "c.slug",
    "street": "c.street",
    "postcode": "c.postcode_id",
    "town": "p.town",
    "precision": "c.location_precision",
    "phone": "c.phone",
    "is_example": "c.is_example",
    "confirmed_at": "c.confirmed_at",
    "has_ydernummer": "c.has_ydernummer",
    "waiting_days": "c.waiting_days",
    "waiting_stated_on": "c.waiting_stated_on",
    "closed_on_holidays": "c.closed_on_holidays",
    "sort_name": "c.sort_name",
    "price_follow_up": "(SELECT min(x.amount) FROM clinics_price x WHERE x.clinic_id = c.id AND x.kind = 'follow_up')",
    "hours": """(SELECT jsonb_agg(jsonb_build_array(x.weekday, x.opens, x.closes))
        FROM clinics_openinghours x WHERE x.clinic_id = c.id AND x.kind = 'treatment')""",
    "exceptions": """(SELECT jsonb_agg(jsonb_build_array(x.first_day, x.last_day, x.opens, x.closes))
        FROM clinics_openingexception x WHERE x.clinic_id = c.id AND x.kind = 'treatment' AND x.last_day >= %s)""",
}
# Who is under restriction stands on the profile, with the notice that the law asks for, and recommends nobody here.
PEOPLE = """(SELECT jsonb_agg(jsonb_build_array(p.name, o.kind, o.term, o.grade, o.basis) ORDER BY p.position, p.id)
        FROM ({stated}) o JOIN clinics_practitioner p ON p.id = o.practitioner_id AND p.is_restricted IS NOT TRUE)"""
# What they do, by the field of Wanted that has its keys.
STATED = {
    "speciality": """SELECT x.practitioner_id, 'speciality' AS kind, x.speciality_id AS term, x.grade, x.basis
        FROM clinics_clinicspeciality x WHERE x.clinic_id = c.id AND x.speciality_id = ANY(%s) AND x.basis <> 'suggested'""",
    "treatment": """SELECT x.practitioner_id, 'treatment' AS kind, x.treatment_id AS term, x.grade, x.basis
        FROM clinics_clinictreatment x WHERE x.clinic_id = c.id AND x.treatment_id = ANY(%s) AND x.basis <> 'suggested'""",
}


def read_hits(
    pieces: Sequence[QuerySet[Any, Any]], wanted: Iterable[Wanted], *, has_place: bool
) -> list[dict[str, Any]]:
    """The rows of the index in these pieces of a list, with what a card shows of each clinic; in no order. One statement.

    The pieces are cut to the page first, so everything else is read for its clinics alone. `people` are those who do what
    is wanted; when nothing is, nobody looks for them. Written by hand: Django takes longer to put this together than
    PostgreSQL to answer it (8 ms against 1.5).
    """
    parts = [piece.query.sql_with_params() for piece in pieces]
    index_rows = " UNION ALL ".join(f"({sql})" for sql, _ in parts)
    yesterday = now().date() - datetime.timedelta(days=1)  # its night may go on past midnight
    names = {(kind, key): one.name for one in wanted for kind in STATED if (key := getattr(one, kind))}
    keys = {
        kind: sorted(key for of, key in names if of == kind) for kind in STATED if any(of == kind for of, _ in names)
    }
    people = PEOPLE.format(stated=" UNION ALL ".join(STATED[kind] for kind in keys)) if keys else "NULL::jsonb"
    columns = COLUMNS | {"people": people} | ({"chord": "h.chord"} if has_place else {})
    sql = (
        f"SELECT {', '.join(columns.values())} FROM ({index_rows}) h"  # noqa: S608  constants of our own, values are parameters
        " JOIN clinics_clinic c ON c.id = h.clinic_id JOIN clinics_postcode p ON p.code = c.postcode_id"
    )
    params = [yesterday, *keys.values(), *(value for _, values in parts for value in values)]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    for row in rows:
        hours, exceptions, people = (_json(row.pop(name)) for name in ("hours", "exceptions", "people"))
        row["card_rows"] = CardRows(
            hours, exceptions, people and [(name, names[kind, key], *said) for name, kind, key, *said in people]
        )
    return rows


def _json(value: str | None) -> Any:
    return None if value is None else json.loads(value)


class CardRows(NamedTuple):
    """The rows of one clinic as they came out of the database; None where there are none. `people` in the clinic's order."""

    hours: list[tuple[int, str, str]] | None
    exceptions: list[tuple[str, str, str | None, str | None]] | None
    people: list[tuple[str, str, str, str]] | None


@dataclass(slots=True)
class HoursRow:
    clinic_id: int
    kind: str
    weekday: int
    opens: datetime.time
    closes: datetime.time


@dataclass(slots=True)
class ExceptionRow:
    clinic_id: int
    kind: str
    first_day: datetime.date
    last_day: datetime.date
    opens: datetime.time | None
    closes: datetime.time | None


@dataclass(frozen=True)
class CardFacts:
    """`open_state` is true at the moment of asking and must not be kept; `people`: "Mette: certificeret i knæ"."""

    open_state: OpenState
    people: tuple[str, ...]


def facts_of(
    rows: Mapping[int, CardRows],
    closed_on_holidays: Mapping[int, bool | None],
    wanted: Sequence[Wanted],
    at: datetime.datetime | None = None,
) -> dict[int, CardFacts]:
    """By clinic, for each that has rows; `at` is now when left out. Asks nothing."""
    states = states_of(
        [hours_row(key, *hours) for key, one in rows.items() for hours in one.hours or ()],
        [exception_row(key, *change) for key, one in rows.items() for change in one.exceptions or ()],
        closed_on_holidays,
        at or now(),
    )
    return {
        key: CardFacts(states[key], people_reasons(_by_first_name(one.people or ()), wanted))
        for key, one in rows.items()
    }


def hours_row(clinic_id: int, weekday: int, opens: str, closes: str) -> HoursRow:
    return HoursRow(clinic_id, HoursKind.TREATMENT, weekday, _time(opens), _time(closes))


def exception_row(clinic_id: int, first: str, last: str, opens: str | None, closes: str | None) -> ExceptionRow:
    return ExceptionRow(
        clinic_id,
        HoursKind.TREATMENT,
        _date(first),
        _date(last),
        _time(opens) if opens else None,
        _time(closes) if closes else None,
    )


_date = datetime.date.fromisoformat
_time = lru_cache(maxsize=1024)(datetime.time.fromisoformat)


def _by_first_name(people: Sequence[tuple[str, str, str, str]]) -> list[tuple[str, str, str, str]]:
    """First names; whole names where two of the clinic's people share the first one."""
    firsts = Counter(_first(name) for name in {person[0] for person in people})
    return [
        (_first(name) if firsts[_first(name)] == 1 else name, term, grade, basis) for name, term, grade, basis in people
    ]


def _first(name: str) -> str:
    return name.split(" ", 1)[0]

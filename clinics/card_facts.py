"""What a card says of this moment and this search, out of its rows (`clinics.card_rows`): open state and people."""

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .card_rows import CardRows
from .clock import now
from .matching import Wanted
from .models import HoursKind
from .opening import OpenState, states_of
from .reasons import people_reasons

# What a page with an open state may say about keeping it: nobody is sent to a door that closed an hour ago.
OPEN_STATE_CACHE: dict[str, Any] = {"private": True, "max_age": 60}


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

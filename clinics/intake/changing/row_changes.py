"""Treatment hours and prices by a list: the week, and each price that it states, are replaced whole or not at all."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError

from clinics import danish
from clinics.models import Clinic, HoursKind, OpeningHours, Price, Weekday
from clinics.opening import check_hours

from .changes import Change, Said, verdict

KINDS = (Price.Kind.FIRST, Price.Kind.FOLLOW_UP)
HOURS, PRICES = "opening_hours", "prices"
UNKNOWN = "Ikke oplyst"
UNREADABLE = "Det kan ikke stå der: tiderne kan ikke læses."


def hours(facts: Mapping[str, Any], clinic: Clinic, said: Said) -> list[Change]:
    week = facts.get(HOURS)
    if not week:
        return []
    mine = [row for row in clinic.opening_hours.all() if row.kind == HoursKind.TREATMENT]
    try:
        rows = hours_rows(week, said)
    except (ValueError, TypeError, KeyError):
        return [Change(HOURS, "Åbningstider", week_in_words(mine), UNKNOWN, UNREADABLE)]
    if {_times(row) for row in rows} == {_times(row) for row in mine}:
        return []
    kept = verdict(HOURS, clinic, said, is_empty=not clinic.opening_hours.all())
    if not kept and (problem := next(iter(check_hours(rows)), None)):
        day = Weekday(rows[problem.row].weekday).label
        kept = f"Det kan ikke stå der: {day}: {danish.in_sentence(problem.text)}"
    return [Change(HOURS, "Åbningstider", week_in_words(mine), week_in_words(rows), kept, {HOURS: week})]


def prices(facts: Mapping[str, Any], clinic: Clinic, said: Said) -> list[Change]:
    told = facts.get(PRICES)
    if not isinstance(told, Mapping) or not told:
        return []
    mine = [row for row in clinic.prices.all() if row.kind in told]
    rows = price_rows(told, said)
    if {_price(row) for row in mine} == {_price(row) for row in rows}:
        return []
    kept = verdict(PRICES, clinic, said, is_empty=not clinic.prices.all()) or price_problem(rows)
    return [Change(PRICES, "Priser", prices_in_words(mine), prices_in_words(rows), kept, {PRICES: dict(told)})]


def hours_rows(week: Iterable[Mapping[str, Any]], said: Said) -> list[OpeningHours]:
    """Unsaved, in order. Raises ValueError, TypeError, KeyError for what is no week."""
    rows = [
        OpeningHours(
            weekday=Weekday(one["weekday"]).value, opens=datetime.time.fromisoformat(one["opens"]),
            closes=datetime.time.fromisoformat(one["closes"]), source=said.source, confirmed_at=said.stated_on,
        )
        for one in week
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row.weekday, row.opens))


def price_rows(told: Mapping[str, Any], said: Said) -> list[Price]:
    """Unsaved; an amount that cannot be read is 0, which no price may be."""
    return [
        Price(
            kind=kind, amount=_amount(told[kind].get("amount")), terms=told[kind].get("terms") or "",
            source=said.source, confirmed_at=said.stated_on,
        )
        for kind in KINDS
        if isinstance(told.get(kind), Mapping)
    ]  # fmt: skip


def price_problem(rows: Sequence[Price]) -> str:
    """Why these cannot stand: a price without its terms would be another price, so none is taken without them."""
    for row in rows:
        try:
            row.clean_fields(exclude=["clinic", "treatment"])
            row.clean()
        except ValidationError as error:
            return f"Det kan ikke stå der: {' '.join(error.messages)}"
    return ""


def week_in_words(rows: Iterable[OpeningHours]) -> str:
    days: dict[int, list[str]] = {}
    for row in rows:
        days.setdefault(row.weekday, []).append(f"{row.opens:%H.%M}–{row.closes:%H.%M}")
    return "; ".join(f"{Weekday(day).label} {', '.join(times)}" for day, times in sorted(days.items())) or UNKNOWN


def prices_in_words(rows: Iterable[Price]) -> str:
    said = [
        f"{row.get_kind_display()} {danish.kroner(row.amount)}{f' ({row.terms})' if row.terms else ''}" for row in rows
    ]
    return "; ".join(said) or UNKNOWN


def _times(row: OpeningHours) -> tuple[Any, ...]:
    return row.weekday, row.opens, row.closes


def _price(row: Price) -> tuple[Any, ...]:
    return row.kind, f"{Decimal(row.amount):.2f}", " ".join(row.terms.split())


def _amount(text: Any) -> Decimal:
    try:
        amount = Decimal(str(text))
    except InvalidOperation:
        return Decimal(0)
    return amount if amount.is_finite() else Decimal(0)

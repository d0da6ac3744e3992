"""Who stated each group of a clinic's facts, and when: the line that ends every part of a profile.

The first that knows: a `Provenance` row of the group; the group's own rows, of which the newest speaks; the clinic as a
whole. Works on a clinic that was read with `whole.fill`, and asks nothing.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from . import danish
from .freshness import stale_before
from .models import Clinic, Provenance
from .models.clinic import Source
from .models.offer import Stated

Group = Provenance.Group

# How the day is told: only what a clinic says of itself was "oplyst".
STATED = {
    Source.CLINIC: "oplyst",
    Source.REGISTER: "slået op",
    Source.IMPORT: "hentet",
    Source.EXAMPLE: "lavet",
    Source.HAND: "slået op",
}
NAMES = {Source.EXAMPLE: "opdigtet eksempel"}


@dataclass(frozen=True)
class SourceLine:
    """`text`: `"Kilde: klinikken, oplyst 3. november 2026"`; `stated_on` None is unknown; `is_stale`: over twelve months old."""

    text: str
    source: str
    stated_on: datetime.date | None
    is_stale: bool


def _offers(clinic: Clinic) -> list[Any]:
    rows = [*clinic.specialities.all(), *clinic.treatments.all()]
    return [row for row in rows if row.basis != Stated.Basis.SUGGESTED]


# The rows of a group that say themselves where they come from.
ROWS: dict[str, Callable[[Clinic], Iterable[Any]]] = {
    Group.OFFERS: _offers,
    Group.PRICES: lambda clinic: clinic.prices.all(),
    Group.PEOPLE: lambda clinic: clinic.practitioners.all(),
    Group.HOURS: lambda clinic: clinic.opening_hours.all(),
}


def source_lines(clinic: Clinic, day: datetime.date) -> dict[str, SourceLine]:
    """The line of every group, by `Provenance.Group` value, as it is told on `day`. No query on a filled clinic."""
    written = {row.group: row for row in clinic.provenance.all()}
    return {group: _line(clinic, group, written.get(group), day) for group in Group.values}


def _line(clinic: Clinic, group: str, row: Provenance | None, day: datetime.date) -> SourceLine:
    if group == Group.WAITING and clinic.waiting_days is not None:
        # It has a day of its own, and none is none. What stands beside it is as old as the clinic's other facts.
        beside = clinic.confirmed_at if clinic.acute_appointments is not None else None
        source, note = (row.source, row.note) if row else (clinic.source, "")
        return _said(source, clinic.waiting_stated_on, day, note, oldest=beside)
    if row:
        return _said(row.source, row.stated_on, day, row.note)
    dated = [one for one in ROWS[group](clinic) if one.confirmed_at] if group in ROWS else []
    if dated:
        newest = max(dated, key=lambda one: one.confirmed_at)
        return _said(newest.source, newest.confirmed_at, day, oldest=min(one.confirmed_at for one in dated))
    return _said(clinic.source, clinic.confirmed_at, day)


def _said(
    source: str,
    stated_on: datetime.date | None,
    day: datetime.date,
    note: str = "",
    oldest: datetime.date | None = None,
) -> SourceLine:
    name = note.strip() or NAMES.get(Source(source)) or Source(source).label
    if stated_on is None:
        return SourceLine(f"Kilde: {name}. Dato ikke oplyst", source, None, False)
    text = f"Kilde: {name}, {STATED[Source(source)]} {danish.day(stated_on)}"
    limit = stale_before(day)
    if oldest and oldest < limit <= stated_on:
        text += f"; det ældste er fra {danish.day(oldest)}"
    return SourceLine(text, source, stated_on, stated_on < limit)

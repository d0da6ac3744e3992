"""Who stated each group of a clinic's facts, and when: the line that ends every part of a profile.

The first that knows: a `Provenance` row of the group; the group's own rows, of which the newest speaks; the clinic as a
whole. A fact with a source of its own (`clinics.field_sources`) is told beside it.
Works on a clinic that was read with `whole.fill`, and asks nothing.
"""

import datetime
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from . import danish, field_sources
from .field_sources import GROUP_OF, Origin
from .freshness import stale_before
from .models import Clinic, Provenance
from .models.clinic import Source
from .models.offer import Stated
from .versions.words import label_of

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
# What a fact is called among others; one of the clinic's own fields has its name of the form.
LABELS = {
    **dict.fromkeys(field_sources.ADDRESS, "adresse"),
    **{"latitude": "punktet på kortet", "opening_hours": "åbningstider", "prices": "priser"},
}


@dataclass(frozen=True)
class SourceLine:
    """`text`: `"Kilde: klinikken, oplyst 3. november 2026"`; `stated_on` None is unknown; `is_stale`: over twelve months old.

    `note`: the name of the source as it is written, "" for none.
    """

    text: str
    source: str
    stated_on: datetime.date | None
    is_stale: bool
    note: str = ""


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
    """The line of every group, by `Provenance.Group` value, as it is told on `day`. No query on a filled clinic.

    Facts of the group that somebody else stated are named at its end; where that is all of them, they are the line.
    """
    written = {row.group: row for row in clinic.provenance.all()}
    others = _others(clinic)
    return {group: _line(clinic, group, written.get(group), others.get(group, {}), day) for group in Group.values}


def _others(clinic: Clinic) -> dict[str, dict[str, Origin]]:
    """Group → fact → who stated it, where that is somebody else than who stated the group."""
    found: dict[str, dict[str, Origin]] = {}
    for name, row in field_sources.own_words(clinic).items():
        if name in GROUP_OF:
            found.setdefault(GROUP_OF[name], {})[name] = Origin(row.source, row.note, row.stated_on)
    return found


def _line(
    clinic: Clinic, group: str, row: Provenance | None, others: dict[str, Origin], day: datetime.date
) -> SourceLine:
    if group == Group.WAITING and clinic.waiting_days is not None:
        # It has a day of its own, and none is none. What stands beside it is as old as the clinic's other facts.
        beside = clinic.confirmed_at if clinic.acute_appointments is not None else None
        who = others.get("waiting_days") or row
        source, note = (who.source, who.note) if who else (clinic.source, "")
        return _said(source, clinic.waiting_stated_on, day, note, oldest=beside)
    if others:
        there = field_sources.stated(clinic, group)
        others = {name: origin for name, origin in others.items() if name in there or name == "latitude"}
        if others and set(there) <= set(others):
            return _line_of_others(others, day)
    line = _line_of_group(clinic, group, row, day)
    return replace(line, text=line.text + _beside(others)) if others else line


def _line_of_group(clinic: Clinic, group: str, row: Provenance | None, day: datetime.date) -> SourceLine:
    if row:
        return _said(row.source, row.stated_on, day, row.note)
    dated = [one for one in ROWS[group](clinic) if one.confirmed_at] if group in ROWS else []
    if dated:
        newest = max(dated, key=lambda one: one.confirmed_at)
        return _said(newest.source, newest.confirmed_at, day, oldest=min(one.confirmed_at for one in dated))
    return _said(clinic.source, clinic.confirmed_at, day)


def _line_of_others(others: dict[str, Origin], day: datetime.date) -> SourceLine:
    """Nothing is left of who stated the group: whoever stated most facts speaks first."""
    most, _ = Counter(others.values()).most_common(1)[0]
    line = _said(most.source, most.stated_on, day, most.note)
    rest = {name: origin for name, origin in others.items() if origin != most}
    return replace(line, text=line.text + _beside(rest)) if rest else line


def _beside(others: dict[str, Origin]) -> str:
    """`"; telefon og hjemmeside: Sundhedslisten, hentet 1. maj 2026"`."""
    names: dict[Origin, list[str]] = {}
    for name in GROUP_OF:  # in the order of the form
        if origin := others.get(name):
            label = LABELS.get(name) or danish.in_sentence(label_of(name))
            if label not in names.setdefault(origin, []):
                names[origin].append(label)
    return "".join(f"; {danish.listing(labels)}: {_who(origin)}" for origin, labels in names.items())


def _who(origin: Origin) -> str:
    name = _name(origin.source, origin.note)
    return f"{name}, {STATED[Source(origin.source)]} {danish.day(origin.stated_on)}" if origin.stated_on else name


def _name(source: str, note: str) -> str:
    return note.strip() or NAMES.get(Source(source)) or str(Source(source).label)


def _said(
    source: str,
    stated_on: datetime.date | None,
    day: datetime.date,
    note: str = "",
    oldest: datetime.date | None = None,
) -> SourceLine:
    name = _name(source, note)
    if stated_on is None:
        return SourceLine(f"Kilde: {name}. Dato ikke oplyst", source, None, False, note)
    text = f"Kilde: {name}, {STATED[Source(source)]} {danish.day(stated_on)}"
    limit = stale_before(day)
    if oldest and oldest < limit <= stated_on:
        text += f"; det ældste er fra {danish.day(oldest)}"
    return SourceLine(text, source, stated_on, stated_on < limit, note)

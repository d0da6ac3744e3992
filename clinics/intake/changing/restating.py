"""Who said it last: after a list's row has spoken, the sources of the facts that it states, and the way back."""

import datetime
from collections.abc import Collection
from typing import Any

from clinics import field_sources
from clinics.field_sources import GROUP_OF, Origin
from clinics.models import Clinic, Provenance
from clinics.versions.facts import as_json

from .changes import Said

Written = dict[str, Any]  # fact or group → as JSON keeps it, None for no row


def restate(
    *, clinic: Clinic, said: Said, written: Collection[str], agreed: Collection[str]
) -> tuple[dict[str, Written], dict[str, Written]]:
    """Make the list the source of what it wrote, and move its day on where it says the same again.

    `written`: facts that changed by it; `agreed`: facts on which list and clinic are one now, the written among them. The
    clinic was filled before the change. Returns what stood there and what stands there now: "sources" by fact,
    "provenance" by group. Three statements at most.
    """
    had = {row.field: Origin(row.source, row.note, row.stated_on) for row in clinic.field_sources.all()}
    groups = {row.group: row for row in clinic.provenance.all()}
    wanted: dict[str, Origin | None] = {}
    moved: dict[str, Provenance] = {}
    before, after = {}, {}
    for group in sorted({GROUP_OF[name] for name in {*written, *agreed}}):
        mine = [name for name in GROUP_OF if GROUP_OF[name] == group]
        row = groups.get(group)
        if row and said.is_same(row.source, row.note) and is_later(said.stated_on, row.stated_on):
            # The day of the group goes on; what the list says no more keeps the day on which it did.
            left = Origin(row.source, row.note, row.stated_on)
            there = {*field_sources.stated(clinic, group)} & {*mine}
            wanted |= {name: left for name in there if name not in had and name not in agreed}
            before[group], after[group] = as_json(row.stated_on), as_json(said.stated_on)
            row.stated_on, moved[group] = said.stated_on, row
        follows = row is not None and said.is_same(row.source, row.note) and row.stated_on == said.stated_on
        for name in mine:
            old = had.get(name)
            if name in written:
                wanted[name] = None if follows else said.origin
            elif name in agreed and old and said.is_same(old.source, old.note):
                if follows:
                    wanted[name] = None
                elif is_later(said.stated_on, old.stated_on):
                    wanted[name] = said.origin
    wanted = {name: origin for name, origin in wanted.items() if had.get(name) != origin}
    field_sources.write(clinic, wanted)
    if moved:
        Provenance.objects.bulk_update(moved.values(), ["stated_on"])
    return (
        {"sources": {name: packed(had.get(name)) for name in wanted}, "provenance": before},
        {"sources": {name: packed(origin) for name, origin in wanted.items()}, "provenance": after},
    )


def is_later(one: datetime.date | None, other: datetime.date | None) -> bool:
    return one is not None and (other is None or one > other)


def packed(origin: Origin | None) -> list[Any] | None:
    return None if origin is None else [origin.source, origin.note, as_json(origin.stated_on)]


def unpacked(written: list[Any] | None) -> Origin | None:
    if written is None:
        return None
    source, note, day = written
    return Origin(source, note, datetime.date.fromisoformat(day) if day else None)

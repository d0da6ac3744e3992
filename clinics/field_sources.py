"""Who stated one fact of a clinic, and when, where that is somebody else than who stated its group. docs/field-sources.md

The source of a fact is its `FieldSource` row; without one its group's `Provenance` row, or the rows of prices and hours
themselves; without any the clinic as a whole. Reading works on a clinic that `whole.fill` has filled, and asks nothing.
"""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from . import clock
from .models import Clinic, FieldSource, Provenance
from .models.clinic import Source
from .versions.words import OF_FIELD, STATUS
from .whole import fill

Group = Provenance.Group

ADDRESS = ("street", "address_extra", "postcode_id")
POINT = ("latitude", "longitude", "location_source", "location_precision", "geocoded_for")
# Rows count as one fact: the treatment hours of a week, and the prices.
ROWS: dict[str, str] = {"opening_hours": Group.HOURS, "prices": Group.PRICES}
# What may have a source of its own → its group. Of a point only the latitude: it speaks for all of it, and only while it is a
# list's. A waiting time's day goes with it. Register numbers and the like stand in no group.
GROUP_OF: dict[str, str] = {
    name: group for name, group in OF_FIELD.items() if group != STATUS and name not in {*POINT[1:], "waiting_stated_on"}
} | ROWS
OF_FORM = {"postcode": "postcode_id", "waiting_stated_on": "waiting_days"}  # as a form calls them


@dataclass(frozen=True)
class Origin:
    """`note`: what the source is called, "" for only its kind. `stated_on` None: nobody knows."""

    source: str
    note: str = ""
    stated_on: datetime.date | None = None


def own_words(clinic: Clinic) -> dict[str, FieldSource]:
    """The rows that count now, by fact. The point of a list that has given way to another point says nothing any more."""
    by_list = clinic.location_source == Clinic.LocationSource.LIST
    return {row.field: row for row in clinic.field_sources.all() if row.field != "latitude" or by_list}


def of_field(clinic: Clinic, field: str) -> Origin:
    """Who stated the fact `field`, a key of `GROUP_OF`."""
    row = own_words(clinic).get(field)
    if row is None:
        return of_group(clinic, GROUP_OF[field])
    if field not in ROWS:
        return Origin(row.source, row.note, row.stated_on)
    days = [one.confirmed_at for one in getattr(clinic, field).all() if one.confirmed_at]
    return Origin(row.source, row.note, max([*days, row.stated_on] if row.stated_on else days, default=None))


def of_group(clinic: Clinic, group: str) -> Origin:
    """Who stated the group as a whole. Prices or hours of which one row is the clinic's word are its own: it saw the others."""
    row = next((one for one in clinic.provenance.all() if one.group == group), None)
    rows = [one for name, of in ROWS.items() if of == group for one in getattr(clinic, name).all()]
    days = [one.confirmed_at for one in rows if one.confirmed_at]
    if any(one.source == Source.CLINIC for one in rows):
        return Origin(Source.CLINIC, "", max(days, default=None))
    if row:
        newest = max([*days, row.stated_on] if row.stated_on else days, default=None)
        return Origin(row.source, row.note, newest)
    if rows:
        newest_row = max(rows, key=lambda one: one.confirmed_at or datetime.date.min)
        return Origin(newest_row.source, "", newest_row.confirmed_at)
    return Origin(clinic.source, "", clinic.confirmed_at)


def is_own(clinic: Clinic, field: str) -> bool:
    """Whether the fact is the clinic's own word. A group that is the clinic's own stays so in what it left empty."""
    return of_field(clinic, field).source == Source.CLINIC


def own_groups(clinic: Clinic) -> set[str]:
    """The groups that are the clinic's own word, as they are stored. One statement."""
    read = Clinic(pk=clinic.pk, source=clinic.source, confirmed_at=clinic.confirmed_at)
    fill([read])
    return {group for group in set(GROUP_OF.values()) if of_group(read, group).source == Source.CLINIC}


def forget(*, clinic: Clinic, groups: Collection[str]) -> None:
    """Somebody has stated these groups whole: no fact of them has a source of its own any more."""
    clinic.field_sources.filter(field__in=[name for name, group in GROUP_OF.items() if group in groups]).delete()


def forget_fields(*, clinic: Clinic, fields: Iterable[str]) -> None:
    clinic.field_sources.filter(field__in=list(fields)).delete()


def by_hand(*, clinic: Clinic, fields: Iterable[str], own: Collection[str]) -> None:
    """A moderator has written these facts: our own word, from today, until a newer one comes.

    `own`: `own_groups` of before. There a moderator writes for the clinic, which stays the source.
    """
    if clinic.is_example:
        return
    known = {OF_FORM.get(name, name) for name in fields} & set(GROUP_OF) - {"latitude"}  # a pin says itself who set it
    ours = [name for name in known if GROUP_OF[name] not in own]
    write(clinic, {name: Origin(Source.HAND, "", clock.today()) for name in ours})
    for name in set(ours) & set(ROWS):
        # No row here was the clinic's word: those that say so now were written in this save, and a row says so by default.
        getattr(clinic, name).filter(source=Source.CLINIC).update(source=Source.HAND)
    if theirs := [name for name in known if GROUP_OF[name] in own]:
        forget_fields(clinic=clinic, fields=theirs)


def write(clinic: Clinic, origins: dict[str, Origin | None]) -> None:
    """Make these the sources of facts; None takes the row away, and the fact is of its group again. Two statements at most."""
    if gone := [name for name, origin in origins.items() if origin is None]:
        forget_fields(clinic=clinic, fields=gone)
    rows = [
        FieldSource(clinic=clinic, field=name, source=origin.source, note=origin.note, stated_on=origin.stated_on)
        for name, origin in sorted(origins.items())
        if origin is not None
    ]
    if rows:
        FieldSource.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["clinic", "field"],
            update_fields=["source", "note", "stated_on"],
        )


def stated(clinic: Clinic, group: str) -> list[str]:
    """The facts of the group that anybody has stated, in the order of the form; rows that have no source here as "rows"."""
    found = [
        name
        for name, of in GROUP_OF.items()
        if of == group and name not in ROWS and name not in POINT and getattr(clinic, name) not in (None, "")
    ]
    for name, parts in _PARTS.get(group, {}).items():
        if any(getattr(clinic, part).all() for part in parts):
            found.append(name)
    return found


# What the rows of a group are called here.
_PARTS: dict[str, dict[str, tuple[str, ...]]] = {
    Group.HOURS: {"opening_hours": ("opening_hours",), "rows": ("opening_exceptions",)},
    Group.PRICES: {"prices": ("prices",)},
    Group.OFFERS: {"rows": ("specialities", "treatments")},
    Group.PEOPLE: {"rows": ("practitioners",)},
    Group.PHOTOS: {"rows": ("photos",)},
}


def changed_in(form: Any, formsets: Iterable[Any]) -> set[str]:
    """The facts that a form has changed: fields by their names, weeks and prices as what they are."""
    names = {
        "opening_hours" if name.startswith("hours_") and name != "hours_note" else name for name in form.changed_data
    }
    return names | {"prices" for one in formsets if one.has_changed() and getattr(one, "section", "") == Group.PRICES}

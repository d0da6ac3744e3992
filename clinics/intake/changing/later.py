"""Lists that came after the one that is rolled back. What they say too stays, and they take its place: whoever rolls them back
as well finds what was there before either, in whatever order.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from clinics import field_sources
from clinics.field_sources import ADDRESS, POINT
from clinics.models import Clinic, ImportRecord
from clinics.versions.facts import as_json

from .changes import changes
from .restating import packed
from .writing import said_by

Kept = dict[str, Any]
WITH_STREET = {*ADDRESS, *POINT}
ALONG = {"slug": "name", "waiting_stated_on": "waiting_days"}  # goes where the other goes


@dataclass
class Later:
    """`says`: the facts that it states as they stand there now: without the earlier list it had written them."""

    record: ImportRecord
    says: set[str] = field(default_factory=set)


def later_than(record: ImportRecord, clinic: Clinic, rows: Iterable[ImportRecord]) -> list[Later]:
    """Of rows of other lists for the clinic those that were applied after this one, the next first. The clinic is filled."""
    if record.applied_at is None:
        return []
    after = [one for one in rows if one.applied_at and one.applied_at > record.applied_at]
    return [Later(one, _says(one, clinic, record)) for one in sorted(after, key=lambda one: (one.applied_at, one.pk))]


def _says(later: ImportRecord, clinic: Clinic, record: ImportRecord) -> set[str]:
    differ = changes(later.facts, clinic, said_by(later.batch))
    others = {name for one in differ for name in (one.field, *one.values)}
    found = {name for name, value in later.facts.items() if value not in ("", None)} - others
    was, now = _part(record.before, "fields"), _part(record.after, "fields")
    told = "street" in found or ("postcode_id" in found and was.get("postcode_id") != now.get("postcode_id"))
    return found | {*ADDRESS} if told else found - {*ADDRESS}


def hand_on(record: ImportRecord, clinic: Clinic, later: Sequence[Later], *, back: set[str]) -> None:
    """What did not go `back` is the next list's to bring back. In the transaction that rolls the row back."""
    fields = {name for name in _part(record.before, "fields") if name not in back}
    parts = {name for name in _part(record.before, "rows") if name not in back}
    groups, sources = set(_part(record.before, "provenance")), set(_part(record.before, "sources"))
    for one in later:
        heir = one.record
        given = {name for name in fields if _give_field(record, heir, name, one.says)}
        given |= {name for name in parts if _give_rows(record, heir, name, one.says)}
        sources -= _give_sources(record, one, clinic, sources, given)
        for group in groups & set(_part(heir.before, "provenance")):
            if heir.before["provenance"][group] == record.after["provenance"][group]:
                heir.before["provenance"][group] = record.before["provenance"][group]
        fields, parts = fields - given, parts - given
        groups -= set(_part(heir.before, "provenance"))
        heir.save(update_fields=["before", "after"])


def hand_on_clinic(record: ImportRecord, rows: Iterable[ImportRecord]) -> None:
    """The clinic that this row made is the next list's, which says so too, and goes with the last of them."""
    after = [one for one in rows if one.applied_at and record.applied_at and one.applied_at > record.applied_at]
    if not after:
        return
    heir = min(after, key=lambda one: (one.applied_at, one.pk))
    heir.made_clinic, record.made_clinic = True, False
    heir.before["clinic"] = record.before.get("clinic")
    heir.save(update_fields=["made_clinic", "before"])


def _give_field(record: ImportRecord, heir: ImportRecord, name: str, says: set[str]) -> bool:
    before, after = heir.before.setdefault("fields", {}), heir.after.setdefault("fields", {})
    if name in before:
        if before[name] == record.after["fields"].get(name):
            before[name] = record.before["fields"][name]
        return True
    fact = "street" if name in WITH_STREET and "street" in _part(record.before, "fields") else ALONG.get(name, name)
    if fact not in says and not (fact in POINT and "latitude" in says):
        return False
    before[name], after[name] = record.before["fields"][name], record.after["fields"][name]
    return True


def _give_rows(record: ImportRecord, heir: ImportRecord, part: str, says: set[str]) -> bool:
    before, after = heir.before.setdefault("rows", {}), heir.after.setdefault("rows", {})
    was, now = record.before["rows"][part], record.after["rows"][part]
    kinds = {row["kind"] for row in (*was, *now)}
    if part in before:
        if kinds <= {row["kind"] for row in after[part]}:
            before[part] = [row for row in before[part] if row["kind"] not in kinds] + was
        return True
    if part not in says:
        return False
    before[part], after[part] = was, now
    return True


def _give_sources(
    record: ImportRecord, one: Later, clinic: Clinic, names: Collection[str], given: Collection[str]
) -> set[str]:
    was, now = record.before["sources"] if names else {}, _part(record.after, "sources")
    before, after = one.record.before.setdefault("sources", {}), one.record.after.setdefault("sources", {})
    there = {row.field: [row.source, row.note, as_json(row.stated_on)] for row in clinic.field_sources.all()}
    done = set()
    for name in names:
        if name in before:
            if before[name] == now[name]:
                before[name] = was[name]
            done.add(name)
        elif name in given and name in one.says and there.get(name) == now[name]:
            origin = said_by(one.record.batch).origin
            field_sources.write(clinic, {name: origin})
            before[name], after[name] = was[name], packed(origin)
            done.add(name)
    return done


def _part(kept: Mapping[str, Any], name: str) -> Kept:
    return kept.get(name) or {}

"""Rolling a list back: what it changed is as it was, unless somebody has changed it since. The last applied row first.

The clinic is locked first and the record after it; each row is a transaction of its own, so whoever is killed goes on there.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.utils import OperationalError
from psycopg.errors import DeadlockDetected

from clinics import actions, danish, field_sources, suggestions, versions
from clinics.claiming import channels
from clinics.field_sources import ADDRESS, GROUP_OF, POINT
from clinics.geocoding import left_to_beat
from clinics.models import Clinic, ImportBatch, ImportRecord, Postcode, Provenance
from clinics.models.clinic import Source
from clinics.versions.facts import as_json, row_facts
from clinics.versions.words import label_of
from clinics.versions.writing import update
from clinics.whole import fill

from .applying import TRIES
from .changing.changes import python
from .changing.restating import unpacked
from .changing.touched import touched
from .changing.writing import MODELS, OFFERS, rename
from .working import PASSING, TimeUpError

Progress = Callable[[int, int | None], None]
State = ImportRecord.State
Where = Clinic.LocationSource

logger = logging.getLogger(__name__)

AT_ONCE = 500
DELETED = "Klinikken er slettet siden, så der var intet at rulle tilbage."
KEPT = "Ændret siden, og derfor som den er nu: {what}."
KEPT_CLINIC = "Klinikken blev, for der er sket noget med den siden: {what}."
OUR_FAULT = "Rækken kunne ikke rulles tilbage på grund af en fejl hos os. Klinikken er, som den var."
PEOPLE = (Source.CLINIC, Source.HAND)
# Fields that go back together, by the facts that decide whether they do.
UNITS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (ADDRESS, POINT),
    (("name",), ("slug",)),
    (("waiting_days", "waiting_stated_on"), ()),
)


def undo(batch_pk: int, *, progress: Progress | None = None) -> None:
    """Roll back every row that was applied, from wherever an earlier try stopped. Doing it twice does it once.

    `progress`: rows done and rows in all, called where everything so far is stored.
    """
    batch = ImportBatch.objects.filter(pk=batch_pk, status=ImportBatch.Status.UNDOING).first()
    if batch is None:
        return
    applied = batch.records.filter(state=State.APPLIED).order_by("-applied_at", "-pk")
    total, done = applied.count(), 0
    with left_to_beat():
        while some := list(applied.values_list("pk", flat=True)[:AT_ONCE]):
            for pk in some:
                undo_record(pk)
                done += 1
                if progress:
                    progress(done, max(total, done))


def undo_record(pk: int) -> None:
    """Roll one row back, if it is applied. Whatever goes wrong, it is applied no more: it says what stayed."""
    for attempt in range(1, TRIES + 1):
        try:
            _undo(pk)
            return
        except OperationalError as error:
            if not isinstance(error.__cause__, DeadlockDetected) or attempt == TRIES:
                raise
        except (*PASSING, TimeUpError):
            raise
        except Exception:
            logger.exception("row %d of a list was not rolled back", pk)
            ImportRecord.objects.filter(pk=pk, state=State.APPLIED).update(state=State.KEPT, note=OUR_FAULT)
            return


@transaction.atomic
def _undo(pk: int) -> None:
    clinic_pk = ImportRecord.objects.filter(pk=pk).values_list("clinic", flat=True).first()
    rows = Clinic.objects.select_for_update(of=("self",)).select_related("postcode")
    clinic = rows.filter(pk=clinic_pk).first() if clinic_pk else None
    records = ImportRecord.objects.select_for_update(of=("self",)).select_related("batch")
    record = records.filter(pk=pk, state=State.APPLIED).first()
    if record is None:
        return
    if clinic is None:
        _close(record, State.UNDONE, DELETED)
    elif record.made_clinic:
        _unmake(clinic, record)
    else:
        _restore(clinic, record)


def _unmake(clinic: Clinic, record: ImportRecord) -> None:
    if done := touched(clinic, record):
        _close(record, State.KEPT, KEPT_CLINIC.format(what=danish.listing(done)))
        return
    actions.delete_clinic(clinic=clinic)
    earlier = record.before.get("clinic")
    record.clinic = Clinic.objects.filter(pk=earlier).first() if earlier else None
    _close(record, State.UNDONE, "")


def _restore(clinic: Clinic, record: ImportRecord) -> None:
    fill([clinic])
    before, after = record.before, record.after
    fields, stay = _fields_back(clinic, before.get("fields") or {}, after.get("fields") or {})
    parts: list[str] = []
    for part in before.get("rows") or {}:
        (parts if _holds_rows(clinic, part, after["rows"][part]) else stay).append(part)
    suggested = _suggestions(clinic, after.get("suggestions") or {})
    changed = bool(fields or parts or suggested)
    if changed:
        versions.begin(clinic=clinic)
    was = {name: getattr(clinic, name) for name in channels.CHANNELS}
    _write_fields(clinic, fields)
    for part in parts:
        _write_rows(clinic, part, before["rows"][part], after["rows"][part])
    for model, pks in suggested:
        model.objects.filter(suggestions.OPEN, pk__in=pks).delete()
    _sources_back(clinic, before, after, stay)
    if changed:
        by = record.batch.created_by
        if by and {*fields} & {*channels.CHANNELS}:
            channels.changed(clinic=clinic, by=by, before=was)
        actions.clinic_changed(clinic=clinic)
        versions.record(clinic=clinic, by=None, note=f"Rullet tilbage: “{record.batch.name}”")
    if stay:
        labels = dict.fromkeys(danish.in_sentence(_label(name)) for name in stay)
        _close(record, State.KEPT, KEPT.format(what=danish.listing(list(labels))))
    else:
        _close(record, State.UNDONE, "")


# --- fields


def _fields_back(
    clinic: Clinic, before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """What to write, and the facts that stay because they are somebody else's by now."""
    wanted: dict[str, Any] = {}
    stay: list[str] = []
    for names in _units(before):
        facts = [name for name in names if name not in (*POINT, "slug")] or ["latitude", "longitude", "location_source"]
        holds = all(as_json(getattr(clinic, name)) == after[name] for name in facts if name in after)
        pinned = (
            set(names) & set(POINT) and clinic.location_source == Where.HAND and after["location_source"] != Where.HAND
        )
        if not holds or pinned or any(_is_theirs(clinic, name) for name in facts):
            stay.append(facts[0])
        else:
            wanted |= {name: before[name] for name in names}
    if wanted.get("slug") is not None and clinic.slug != after.get("slug"):
        del wanted["slug"]  # somebody has chosen another one since
    code = wanted.get("postcode_id")
    if code is not None and code != clinic.postcode_id and not Postcode.objects.filter(pk=code).exists():
        wanted = {name: value for name, value in wanted.items() if name not in (*ADDRESS, *POINT)}
        stay.append("street")
    return _valid(clinic, wanted, stay), stay


def _units(before: Mapping[str, Any]) -> list[list[str]]:
    """The fields that were changed, in bundles that go back whole."""
    left = list(before)
    units = []
    for facts, along in UNITS:
        if mine := [name for name in left if name in (*facts, *along)]:
            units.append(mine)
            left = [name for name in left if name not in mine]
    return [*units, *([name] for name in left)]


def _is_theirs(clinic: Clinic, name: str) -> bool:
    """Whether the clinic or a moderator stands for it by now, whatever it says: a list never wrote on the word of either."""
    return name in GROUP_OF and name not in POINT and field_sources.of_field(clinic, name).source in PEOPLE


def _valid(clinic: Clinic, wanted: dict[str, Any], stay: list[str]) -> dict[str, Any]:
    """Without what contradicts something that was stated since."""
    while wanted:
        trial = Clinic(has_ydernummer=clinic.has_ydernummer, free_physiotherapy=clinic.free_physiotherapy)
        for name in ("has_ydernummer", "free_physiotherapy"):
            if name in wanted:
                setattr(trial, name, wanted[name])
        try:
            trial.clean()
        except ValidationError:
            wrong = [name for name in ("free_physiotherapy", "has_ydernummer") if name in wanted]
            if not wrong:
                return wanted  # it was so before
            wanted = {name: value for name, value in wanted.items() if name != wrong[0]}
            stay.append(wrong[0])
            continue
        return wanted
    return wanted


def _write_fields(clinic: Clinic, wanted: Mapping[str, Any]) -> None:
    if not wanted:
        return
    old = clinic.slug
    for name, value in wanted.items():
        if name != "slug":
            setattr(clinic, name, python(name, value))
    if "slug" in wanted:
        clinic.slug = wanted["slug"]
        if Clinic.objects.exclude(pk=clinic.pk).filter(slug=clinic.slug).exists():
            rename(clinic)  # a person has given the old address to another clinic
    clinic.save(update_fields=[*(Clinic._meta.get_field(name).name for name in wanted), "updated_at"])
    if clinic.slug != old:
        actions.clinic_moved(clinic=clinic, old=old)


# --- rows, suggestions, sources


def _holds_rows(clinic: Clinic, part: str, after: list[dict[str, Any]]) -> bool:
    """Whether each row that the list wrote is there as it was written, and no other of its kind."""
    kinds = {row["kind"] for row in after}
    now = [row_facts(row, {}) for row in getattr(clinic, part).all() if row.kind in kinds]
    return sorted(map(repr, map(_sorted, now))) == sorted(map(repr, map(_sorted, after))) and not _is_theirs(
        clinic, part
    )


def _sorted(row: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return sorted(row.items())


def _write_rows(clinic: Clinic, part: str, before: list[dict[str, Any]], after: list[dict[str, Any]]) -> None:
    model, kinds = MODELS[part], {row["kind"] for row in after}
    getattr(clinic, part).filter(kind__in=kinds).delete()
    rows = []
    for facts in before:
        row = model(clinic=clinic)
        update(row, {name: value for name, value in facts.items() if name != "treatment"})
        for name in ("source", "confirmed_at"):
            setattr(row, name, model._meta.get_field(name).to_python(facts[name]))
        if facts.get("treatment"):
            row.treatment = _treatment(facts["treatment"])
        rows.append(row)
    model.objects.bulk_create(rows)


def _treatment(slug: str) -> Any:
    from clinics.filters import terms

    return terms().treatments.get(slug)


def _suggestions(clinic: Clinic, made: Mapping[str, Mapping[str, int]]) -> list[tuple[type[Any], list[int]]]:
    found = []
    for kind, rows in made.items():
        relation, model = OFFERS[kind]
        there = {row.pk for row in getattr(clinic, relation).all() if suggestions.is_open(row)}  # a no stays
        if mine := [pk for pk in rows.values() if pk in there]:
            found.append((model, mine))
    return found


def _sources_back(clinic: Clinic, before: Mapping[str, Any], after: Mapping[str, Any], stay: list[str]) -> None:
    """Where the source is still what the list made it, it is what it was; but for facts that stay."""
    had = {row.field: [row.source, row.note, as_json(row.stated_on)] for row in clinic.field_sources.all()}
    stays = {*stay, *(ADDRESS if "street" in stay else ())}
    was, now = before.get("sources") or {}, after.get("sources") or {}
    back = {
        name: unpacked(was[name])
        for name in was
        if name not in stays and had.get(name) == now.get(name) and not _is_theirs(clinic, name)
    }
    field_sources.write(clinic, back)
    days, moved = before.get("provenance") or {}, []
    for row in clinic.provenance.all():
        if row.group in days and as_json(row.stated_on) == after["provenance"][row.group] and row.source not in PEOPLE:
            row.stated_on = Provenance._meta.get_field("stated_on").to_python(days[row.group])
            moved.append(row)
    if moved:
        Provenance.objects.bulk_update(moved, ["stated_on"])


def _label(name: str) -> str:
    named = {"street": "adresse", "latitude": "punktet på kortet", "opening_hours": "åbningstider", "prices": "priser"}
    return named.get(name) or label_of(name)


def _close(record: ImportRecord, state: str, note: str) -> None:
    record.state, record.note = state, note[:500]
    record.save(update_fields=["state", "note", "clinic"])

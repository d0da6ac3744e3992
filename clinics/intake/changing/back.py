"""The way back of one clinic that a list changed: what goes back, what stays and why, and writing it. Under the clinic's lock."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from clinics import actions, danish, field_sources, suggestions
from clinics.claiming import channels
from clinics.field_sources import ADDRESS, GROUP_OF, POINT
from clinics.models import Clinic, ImportBatch, ImportRecord, Postcode, Provenance
from clinics.models.clinic import Source
from clinics.versions.facts import as_json, row_facts
from clinics.versions.words import label_of
from clinics.versions.writing import update

from .changes import python
from .later import Later, hand_on, later_than
from .restating import unpacked
from .writing import MODELS, OFFERS, rename

State = ImportRecord.State
Where = Clinic.LocationSource

KEPT = "Ændret siden, og derfor som den er nu: {what}."
SAID_AGAIN = "En senere liste siger det, der står der nu: {what}."
PEOPLE = (Source.CLINIC, Source.HAND)
# Fields that go back together, by the facts that decide whether they do.
UNITS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (ADDRESS, POINT),
    (("name",), ("slug",)),
    (("waiting_days", "waiting_stated_on"), ()),
)


@dataclass(frozen=True)
class Way:
    """What goes back of a clinic, and what stays: `again` because a later list says it."""

    clinic: Clinic
    record: ImportRecord
    later: Sequence[Later]
    again: Collection[str]
    fields: Mapping[str, Any]
    parts: Sequence[str]
    suggested: Sequence[tuple[type[Any], list[int]]]
    stay: list[str]

    @property
    def changes(self) -> bool:
        return bool(self.fields or self.parts or self.suggested)


def way_back(clinic: Clinic, record: ImportRecord, later: Iterable[ImportRecord]) -> Way:
    before, after = record.before, record.after
    lists = later_than(record, clinic, later)
    again = {name for one in lists for name in one.says}
    fields, stay = _fields_back(clinic, before.get("fields") or {}, after.get("fields") or {}, again)
    parts: list[str] = []
    for part in before.get("rows") or {}:
        holds = part not in again and _holds_rows(clinic, part, after["rows"][part])
        (parts if holds else stay).append(part)
    suggested = _suggestions(clinic, after.get("suggestions") or {})
    return Way(clinic, record, lists, again, fields, parts, suggested, stay)


def go(way: Way) -> str:
    """Between `versions.begin_all` and `clinics_changed`. Says what stayed and why, "" when nothing did."""
    clinic, before, after = way.clinic, way.record.before, way.record.after
    was = {name: getattr(clinic, name) for name in channels.CHANNELS}
    _write_fields(clinic, way.fields)
    for part in way.parts:
        _write_rows(clinic, part, before["rows"][part], after["rows"][part])
    for model, pks in way.suggested:
        model.objects.filter(suggestions.OPEN, pk__in=pks).delete()
    _sources_back(clinic, before, after, way.stay)
    hand_on(way.record, clinic, way.later, back={*way.fields, *way.parts})
    by = way.record.batch.created_by
    if by and {*way.fields} & {*channels.CHANNELS}:
        channels.changed(clinic=clinic, by=by, before=was)
    told = []
    for text in (KEPT, SAID_AGAIN):
        mine = [name for name in way.stay if (name in way.again) == (text is SAID_AGAIN)]
        labels = dict.fromkeys(danish.in_sentence(_label(name)) for name in mine)
        told += [text.format(what=danish.listing(list(labels)))] if labels else []
    return " ".join(told)


def later_lists(clinics: Sequence[Clinic], batch: ImportBatch) -> Mapping[int, list[ImportRecord]]:
    """What other lists say of the clinics, by key of the clinic. One statement."""
    rows = ImportRecord.objects.filter(clinic__in=clinics, state=State.APPLIED).exclude(batch=batch)
    found: dict[int, list[ImportRecord]] = defaultdict(list)
    for row in rows.select_related("batch").order_by("pk"):
        found[row.clinic_id or 0].append(row)
    return found


# --- fields


def _fields_back(
    clinic: Clinic, before: Mapping[str, Any], after: Mapping[str, Any], again: Collection[str] = ()
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
        if not holds or pinned or any(name in again or _is_theirs(clinic, name) for name in facts):
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

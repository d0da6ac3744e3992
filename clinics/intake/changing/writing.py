"""A row of a list onto a clinic that is there, or as a new one. Under the clinic's lock, in the caller's transaction.

What stood there and what stands there now come back as JSON, for `undoing`: {"fields": attname → value, "rows": part → rows,
"sources" and "provenance" as `restating` gives them, "suggestions": kind → keys, "version": key}.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from clinics import actions, field_sources
from clinics.claiming import channels
from clinics.field_sources import GROUP_OF
from clinics.filters import terms
from clinics.models import (
    Clinic,
    ClinicSpeciality,
    ClinicTreatment,
    HoursKind,
    ImportBatch,
    ImportRecord,
    OpeningHours,
    Price,
)
from clinics.models.offer import Stated
from clinics.suggestions import evidence_of
from clinics.versions.facts import as_json, row_facts

from ..suggesting.finding import suggested
from .changes import Change, Said, changes, python
from .restating import is_later, restate
from .row_changes import HOURS, PRICES, hours_rows, price_rows

Kept = dict[str, Any]
MODELS: dict[str, type[Any]] = {HOURS: OpeningHours, PRICES: Price}
OFFERS: dict[str, tuple[str, type[Any]]] = {
    "speciality": ("specialities", ClinicSpeciality),
    "treatment": ("treatments", ClinicTreatment),
}


@dataclass
class Done:
    """`written` and `kept`: labels in Danish, the second with the reason."""

    before: Kept = field(default_factory=dict)
    after: Kept = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    doubt: str = ""


def said_by(batch: ImportBatch) -> Said:
    return Said(batch.source, batch.name, batch.stated_on, batch.licence)


def note_of(batch: ImportBatch) -> str:
    return f"Fra listen “{batch.name}”"


@dataclass(frozen=True)
class Plan:
    """What a row will write on its clinic: `values` as `Change.values`, `new` unsaved suggestions."""

    clinic: Clinic
    facts: Mapping[str, Any]
    found: list[Change]
    values: Mapping[str, Any]
    new: list[Any]

    @property
    def changes(self) -> bool:
        """Whether the clinic says something else afterwards; otherwise nothing but days goes on."""
        return bool(self.values or self.new)


def planned(*, clinic: Clinic, facts: Mapping[str, Any], batch: ImportBatch) -> Plan:
    """What the list may write. The clinic is locked and filled."""
    said = said_by(batch)
    found = changes(facts, clinic, said)
    values = {name: value for one in found if not one.kept for name, value in one.values.items()}
    return Plan(clinic, facts, found, values, suggestions_for(clinic, facts, said))


def write(plan: Plan, batch: ImportBatch) -> Done:
    """Write it, between `versions.begin` and `finish`."""
    clinic, facts, found, values, said = plan.clinic, plan.facts, plan.found, plan.values, said_by(batch)
    done = Done(
        written=[one.label for one in found if not one.kept], kept=[_sentence(one) for one in found if one.kept]
    )
    was = {name: getattr(clinic, name) for name in channels.CHANNELS}
    _set_fields(clinic, values, done)
    done.before["rows"], done.after["rows"] = _set_rows(clinic, values, facts, said, found)
    stated = {name for name in facts if name in GROUP_OF and facts[name] not in (None, "", [], {})}
    kept = {name for one in found if one.kept for name in (one.field, *one.values)}
    written = {name for name in values if name in GROUP_OF}
    agreed = (stated - kept - {"latitude"}) | written
    if values.get("location_source") != Clinic.LocationSource.LIST:
        written.discard("latitude")  # the postcode's point is nobody's statement
    was_said, is_said = restate(clinic=clinic, said=said, written=written, agreed=agreed)
    done.before |= was_said
    done.after |= is_said
    done.after["suggestions"] = store_suggestions(plan.new)
    if batch.created_by and {*values} & {*channels.CHANNELS}:
        done.doubt = channels.changed(clinic=clinic, by=batch.created_by, before=was)
    return done


def finish(done: Iterable[tuple[Clinic, Done]]) -> None:
    """After `actions.clinics_changed`, which may have moved the point: how the fields stand now."""
    for clinic, one in done:
        one.after["fields"] = {name: as_json(getattr(clinic, name)) for name in one.before["fields"]}


def _set_fields(clinic: Clinic, values: Mapping[str, Any], done: Done) -> None:
    """The address on the site goes with the name."""
    names = [name for name in values if name not in MODELS]
    if "name" in names:
        names.append("slug")
    done.before["fields"] = {name: as_json(getattr(clinic, name)) for name in names}
    if not names:
        return
    old = clinic.slug
    for name in names:
        if name != "slug":
            setattr(clinic, name, python(name, values[name]))
    if "name" in names:
        rename(clinic)
    clinic.save(update_fields=[*(_saved(name) for name in names), "updated_at"])
    if clinic.slug != old:
        actions.clinic_moved(clinic=clinic, old=old)


def rename(clinic: Clinic) -> None:
    """The address on the site that goes with the clinic's new name: not saved, and the old one does not lead there yet."""
    from clinics import addresses

    clinic.slug = addresses.free_for_clinic(clinic.name, clinic.postcode.town, but=clinic.pk)


def _saved(name: str) -> str:
    return Clinic._meta.get_field(name).name


def _set_rows(
    clinic: Clinic, values: Mapping[str, Any], facts: Mapping[str, Any], said: Said, found: Sequence[Change]
) -> tuple[Kept, Kept]:
    before: Kept = {}
    after: Kept = {}
    for part in MODELS:
        if part in values:
            mine = _replaced(clinic, part, values[part])
            before[part] = [row_facts(row, {}) for row in mine]
            rows = _made(clinic, part, values[part], said)
            MODELS[part].objects.filter(pk__in=[row.pk for row in mine]).delete()
            MODELS[part].objects.bulk_create(rows)
            after[part] = [row_facts(row, {}) for row in rows]
        elif facts.get(part) and not any(one.field == part for one in found):
            same = _same_again(clinic, part, facts[part], said)
            if same:
                before[part] = [row_facts(row, {}) for row in same]
                MODELS[part].objects.filter(pk__in=[row.pk for row in same]).update(confirmed_at=said.stated_on)
                after[part] = [one | {"confirmed_at": as_json(said.stated_on)} for one in before[part]]
    return before, after


def _replaced(clinic: Clinic, part: str, value: Any) -> list[Any]:
    if part == HOURS:
        return [row for row in clinic.opening_hours.all() if row.kind == HoursKind.TREATMENT]
    return [row for row in clinic.prices.all() if row.kind in value]


def _made(clinic: Clinic, part: str, value: Any, said: Said) -> list[Any]:
    rows: list[Any] = [*hours_rows(value, said)] if part == HOURS else [*price_rows(value, said)]
    for row in rows:
        row.clinic = clinic
    return rows


def _same_again(clinic: Clinic, part: str, value: Any, said: Said) -> list[Any]:
    """Rows of an earlier day of this same list, which says the same again."""
    origin = field_sources.of_field(clinic, part)
    if not said.is_same(origin.source, origin.note):
        return []
    rows = _replaced(clinic, part, value)
    follow = all(row.source == origin.source and is_later(said.stated_on, row.confirmed_at) for row in rows)
    return rows if follow else []


# --- suggestions


def suggestions_for(clinic: Clinic, facts: Mapping[str, Any], said: Said, *, is_new: bool = False) -> list[Any]:
    """Unsaved rows of what the list's words suggest, and nobody has said of the clinic or of a person there yet."""
    new = []
    for one in suggested(facts):
        relation, model = OFFERS[one.kind]
        known = terms().specialities if one.kind == "speciality" else terms().treatments
        term = known.get(one.slug)
        there = () if is_new else getattr(clinic, relation).all()
        if term is None or any(getattr(row, f"{one.kind}_id") == term.pk for row in there):
            continue
        new.append(
            model(
                clinic=clinic, basis=Stated.Basis.SUGGESTED, source=said.source,
                evidence=evidence_of(said.name, one.evidence),
                **{one.kind: term},
            )
        )  # fmt: skip
    return new if is_new else _without_refused(clinic, new)


def store_suggestions(rows: Iterable[Any]) -> dict[str, dict[str, int]]:
    """Kind → slug of the term → key of the row made."""
    rows = list(rows)
    made = {}
    for kind, (_, model) in OFFERS.items():
        if mine := [row for row in rows if isinstance(row, model)]:
            made[kind] = {getattr(row, kind).slug: row.pk for row in model.objects.bulk_create(mine)}
    return made


def _without_refused(clinic: Clinic, new: list[Any]) -> list[Any]:
    """Without what another list suggested, and is there no more: somebody has said no."""
    if not new:
        return new
    rows = clinic.import_records.filter(state=ImportRecord.State.APPLIED).exclude(after__suggestions=None)
    before = [one for one in rows.values_list("after__suggestions", flat=True) if one]
    refused = {(kind, slug) for one in before for kind, slugs in one.items() for slug in slugs}
    return [row for row in new if not any((kind, _slug(row, kind)) in refused for kind in OFFERS)]


def _slug(row: Any, kind: str) -> str:
    return str(getattr(row, kind).slug) if isinstance(row, OFFERS[kind][1]) else ""


def _sentence(one: Change) -> str:
    return f"{one.label}: {one.kept}"

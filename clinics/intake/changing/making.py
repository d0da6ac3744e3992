"""A row of a list as a new clinic: public at once, with the list as the source of everything it says."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError

from clinics import actions, addresses, clock, likeness, versions
from clinics.field_sources import GROUP_OF, POINT
from clinics.geo import Point
from clinics.likeness import Described, described
from clinics.models import Clinic, ImportBatch, ImportRecord, Postcode, Provenance
from clinics.opening import check_hours
from clinics.versions.facts import as_json, row_facts
from clinics.versions.words import label_of

from . import place_changes
from .changes import NUMBERS, SIMPLE, UNKNOWN, Said, python
from .row_changes import HOURS, PRICES, hours_rows, price_problem, price_rows
from .writing import Done, note_of, said_by, store_suggestions, suggestions_for

NAMELESS = "Der mangler et navn, som en ny klinik ikke kan være uden."
GROUP = Provenance.Group
FIELDS = ("name", "street", "address_extra", *SIMPLE, *NUMBERS)


class UnmakeableError(Exception):
    """No clinic can be made of the row; one Danish sentence."""


class AlreadyThereError(Exception):
    """Another list or a person has made the clinic meanwhile; one Danish sentence."""


def make(*, record: ImportRecord, batch: ImportBatch) -> tuple[Clinic, Done]:
    """The new clinic. The record is locked. Raises UnmakeableError and AlreadyThereError; nothing is made then."""
    facts, said = record.facts, said_by(batch)
    postcode = Postcode.objects.filter(pk=facts.get("postcode_id") or "").first()
    if postcode is None:
        raise UnmakeableError(place_changes.NO_POSTCODE.format(code=facts.get("postcode_id") or "uden nummer"))
    clinic, done = _unsaved(facts, said, postcode)
    # From here on whoever makes a clinic waits for us, and has made it where we waited for them.
    clinic.slug = addresses.free_for_clinic(clinic.name, postcode.town)
    if record.decided_by_id is None and (other := _made_meanwhile(clinic, batch)):
        raise AlreadyThereError(f"Klinikken ligner “{other.name}”, som er kommet til imens. Er det den samme?")
    clinic.save(force_insert=True)
    Provenance.objects.bulk_create(
        Provenance(clinic=clinic, group=group, source=said.source, note=said.note, stated_on=said.stated_on)
        for group in _groups(clinic, facts)
    )
    rows = _rows(facts, said, done)
    for mine in rows.values():
        for row in mine:
            row.clinic = clinic
        type(mine[0]).objects.bulk_create(mine)
    done.after["suggestions"] = store_suggestions(suggestions_for(clinic, facts, said, is_new=True))
    actions.clinic_changed(clinic=clinic)
    version = versions.record(clinic=clinic, by=None, note=note_of(batch))
    done.after |= {
        "version": version and version.pk,
        "fields": {name: as_json(getattr(clinic, name)) for name in (*FIELDS, "postcode_id")},
        "rows": {part: [row_facts(row, {}) for row in mine] for part, mine in rows.items()},
    }
    return clinic, done


def _unsaved(facts: Mapping[str, Any], said: Said, postcode: Postcode) -> tuple[Clinic, Done]:
    """Without what no form would take, which `kept` names. Raises UnmakeableError."""
    values = {name: facts[name] for name in FIELDS if facts.get(name) not in UNKNOWN}
    if not values.get("name"):
        raise UnmakeableError(NAMELESS)
    done = Done()
    while True:
        clinic = Clinic(
            postcode=postcode, status=Clinic.Status.PUBLISHED, source=said.source, slug="-",
            **{name: python(name, value) for name, value in values.items()},
        )  # fmt: skip
        if problem := _problem(clinic):
            name, text = next(((one, text) for one, text in problem.items() if one in values), ("", ""))
            if name in ("", "name"):
                raise UnmakeableError(
                    f"{label_of('name')}: {problem.get('name', text) or next(iter(problem.values()))}"
                )
            done.kept.append(f"{label_of(name)}: {text}")
            del values[name]
            continue
        break
    if clinic.waiting_days is not None:
        clinic.waiting_stated_on = said.stated_on
    place = place_changes.postcode_point(postcode)
    if facts.get("latitude") is not None and facts.get("longitude") is not None:
        point = Point(round(float(facts["latitude"]), 6), round(float(facts["longitude"]), 6))
        if text := place_changes.problem_with(point, clinic.street, postcode):
            done.kept.append(f"{place_changes.POINT_LABEL}: {text}")
        else:
            place = place_changes.list_point(point, clinic.street, postcode)
    for name, value in place.items():
        setattr(clinic, name, value)
    return clinic, done


def _problem(clinic: Clinic) -> dict[str, str]:
    """Field → what is wrong with it. Nothing is asked of the database: the address on the site comes later."""
    try:
        clinic.clean_fields(exclude=["slug", "postcode", *POINT])
        clinic.clean()
    except ValidationError as error:
        return {name: messages[0] for name, messages in error.message_dict.items()}
    return {}


def _rows(facts: Mapping[str, Any], said: Said, done: Done) -> dict[str, list[Any]]:
    """Hours and prices, unsaved; none where they cannot stand."""
    found: dict[str, list[Any]] = {}
    try:
        week = hours_rows(facts.get(HOURS) or (), said)
        problem = next((one.text for one in check_hours(week)), "")
    except (ValueError, TypeError, KeyError):
        week, problem = [], "tiderne kan ikke læses."
    if problem:
        done.kept.append(f"Åbningstider: {problem}")
    elif week:
        found[HOURS] = week
    told = facts.get(PRICES)
    rows = price_rows(told, said) if isinstance(told, Mapping) else []
    if problem := price_problem(rows):
        done.kept.append(f"Priser: {problem}")
    elif rows:
        found[PRICES] = rows
    return found


def _groups(clinic: Clinic, facts: Mapping[str, Any]) -> list[str]:
    stated = {name for name in FIELDS if getattr(clinic, name) not in UNKNOWN}
    stated |= {part for part in (HOURS, PRICES) if facts.get(part)}
    groups = {GROUP_OF[name] for name in stated if name in GROUP_OF} | {GROUP.CONTACT}
    return [group for group in GROUP.values if group in groups]


def _made_meanwhile(clinic: Clinic, batch: ImportBatch) -> Clinic | None:
    """A clinic that came since applying began, but not from this list, and is this one. One statement.

    What came before that was looked at as the list was (`staging.look_again`).
    """
    since = batch.started_at or clock.now()
    rows = Clinic.objects.filter(postcode=clinic.postcode, created_at__gte=since, is_example=False)
    rows = rows.exclude(import_records__batch=batch).select_related("postcode")
    mine: Described = described(clinic)
    return next((one for one in rows if likeness.decide(mine, described(one)).decision == likeness.Decision.SAME), None)

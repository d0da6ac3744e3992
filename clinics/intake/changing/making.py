"""A row of a list as a new clinic: public at once, with the list as the source of everything it says."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError

from clinics import addresses, clock, likeness
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
from .writing import Done, said_by, store_suggestions, suggestions_for

NAMELESS = "Der mangler et navn, som en ny klinik ikke kan være uden."
GROUP = Provenance.Group
FIELDS = ("name", "street", "address_extra", *SIMPLE, *NUMBERS)


class UnmakeableError(Exception):
    """No clinic can be made of the row; one Danish sentence."""


class AlreadyThereError(Exception):
    """Another list or a person has made the clinic meanwhile; one Danish sentence."""


Made = tuple[Clinic, Done]


def make(records: Sequence[ImportRecord], batch: ImportBatch) -> list[Made | UnmakeableError | AlreadyThereError]:
    """The new clinic of each record, or why none was made of it. The records are locked. About ten statements, however many."""
    if not records:
        return []
    said, made = said_by(batch), _all_unsaved(records, batch)
    clinics = [one[0] for one in made if isinstance(one, tuple)]
    named = [(clinic.name, clinic.postcode.town) for clinic in clinics]
    for clinic, slug in zip(clinics, addresses.free_for_clinics(named), strict=True):
        clinic.slug = slug
    Clinic.objects.bulk_create(clinics)
    whole = [(record.facts, *one) for record, one in zip(records, made, strict=True) if isinstance(one, tuple)]
    Provenance.objects.bulk_create(
        Provenance(clinic=clinic, group=group, source=said.source, note=said.note, stated_on=said.stated_on)
        for facts, clinic, _ in whole
        for group in _groups(clinic, facts)
    )
    rows: dict[str, list[Any]] = defaultdict(list)
    for facts, clinic, done in whole:
        mine = _rows(facts, said, done)
        for part, some in mine.items():
            for row in some:
                row.clinic = clinic
            rows[part] += some
        done.after |= {
            "fields": {name: as_json(getattr(clinic, name)) for name in (*FIELDS, "postcode_id")},
            "rows": {part: [row_facts(row, {}) for row in some] for part, some in mine.items()},
            "suggestions": store_suggestions(suggestions_for(clinic, facts, said, is_new=True)),
        }
    for some in rows.values():
        type(some[0]).objects.bulk_create(some)
    return made


def _all_unsaved(
    records: Sequence[ImportRecord], batch: ImportBatch
) -> list[Made | UnmakeableError | AlreadyThereError]:
    """Nothing is written. From here on whoever makes a clinic waits for us, and has made it where we waited for them."""
    said = said_by(batch)
    codes = [record.facts.get("postcode_id") or "" for record in records]
    postcodes = Postcode.objects.in_bulk(codes)
    addresses.lock_clinics()
    since = _came_meanwhile(codes, batch)
    found: list[Made | UnmakeableError | AlreadyThereError] = []
    for record, code in zip(records, codes, strict=True):
        try:
            if code not in postcodes:
                raise UnmakeableError(place_changes.NO_POSTCODE.format(code=code or "uden nummer"))
            clinic, done = _unsaved(record.facts, said, postcodes[code])
            if record.decided_by_id is None and (other := _made_meanwhile(clinic, since)):
                raise AlreadyThereError(f"Klinikken ligner “{other.name}”, som er kommet til imens. Er det den samme?")
            found.append((clinic, done))
        except (UnmakeableError, AlreadyThereError) as error:
            found.append(error)
    return found


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


def _came_meanwhile(codes: Iterable[str], batch: ImportBatch) -> list[Clinic]:
    """Clinics at these postcodes that came since applying began, but not from this list. One statement.

    What came before that was looked at as the list was (`staging.look_again`).
    """
    since = batch.started_at or clock.now()
    rows = Clinic.objects.filter(postcode__in=codes, created_at__gte=since, is_example=False)
    return list(rows.exclude(import_records__batch=batch).select_related("postcode"))


def _made_meanwhile(clinic: Clinic, since: Iterable[Clinic]) -> Clinic | None:
    """One that came meanwhile, and is this one."""
    near = [one for one in since if one.postcode_id == clinic.postcode_id]
    mine: Described | None = described(clinic) if near else None
    same = (one for one in near if mine and likeness.decide(mine, described(one)).decision == likeness.Decision.SAME)
    return next(same, None)

"""Everything that a clinic states, as JSON: its own fields, and its rows without keys.

Terms stand by their slugs and a person by the place in the list of practitioners, so that nothing depends on keys of the
database, and a vocabulary that is loaded anew is still understood. Pictures are not in it: a file may be gone.
"""

import datetime
import json
from collections.abc import Sequence
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from clinics.models import (
    Clinic,
    ClinicSpeciality,
    ClinicTreatment,
    OpeningException,
    OpeningHours,
    Practitioner,
    Price,
    Provenance,
)
from clinics.whole import fill

Facts = dict[str, Any]
Row = dict[str, Any]

# Of the clinic's own fields, what is not a fact that anybody states.
NOT_STATED = frozenset({"id", "sort_name", "created_at", "updated_at", "geocoded_for"})
SCALARS = tuple(field.attname for field in Clinic._meta.concrete_fields if field.name not in NOT_STATED)

PARTS: dict[str, type[Any]] = {
    "practitioners": Practitioner,
    "specialities": ClinicSpeciality,
    "treatments": ClinicTreatment,
    "prices": Price,
    "opening_hours": OpeningHours,
    "opening_exceptions": OpeningException,
    "provenance": Provenance,
}
TERMS = ("speciality", "treatment", "group_topic")
# When and by whom a row was said: kept, and no difference between two versions by itself.
STANDING = frozenset({"confirmed_at", "source"})


def facts_of(clinic: Clinic) -> Facts:
    """What it states now. One statement for all rows."""
    return facts_of_all([clinic])[0]


def facts_of_all(clinics: Sequence[Clinic]) -> list[Facts]:
    """The same of several, in their order. One statement."""
    if clinics:
        fill(clinics)
    return [_facts(clinic) for clinic in clinics]


def _facts(clinic: Clinic) -> Facts:
    order = {person.pk: number for number, person in enumerate(clinic.practitioners.all())}
    facts: Facts = {name: as_json(getattr(clinic, name)) for name in SCALARS}
    for part in PARTS:
        facts[part] = [row_facts(row, order) for row in getattr(clinic, part).all()]
    return facts


def row_facts(row: Any, order: dict[int, int]) -> Row:
    """`order`: key of a practitioner → place in the list."""
    facts: Row = {}
    for field in row._meta.concrete_fields:
        if field.name in ("id", "clinic"):
            continue
        if field.name == "practitioner":
            facts["practitioner"] = order.get(row.practitioner_id)
        elif field.name in TERMS:
            facts[field.name] = getattr(row, field.name).slug if getattr(row, field.attname) else None
        else:
            facts[field.attname] = as_json(getattr(row, field.attname))
    return facts


def as_json(value: Any) -> Any:
    """As a version keeps it; the same for a value that was typed and one that was read."""
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return value


def mark(facts: Facts) -> str:
    """A short word that differs when anything does: what a page has shown."""
    return blake2b(json.dumps(facts, sort_keys=True).encode(), digest_size=8).hexdigest()

"""Everything about some clinics in one statement, however many prices, people and hours they have.

A profile, a comparison and a visit sheet show a dozen tables of a clinic; one `prefetch_related` each would be as many
statements. Specialities and treatment types come from the terms that a process remembers (`clinics.filters.terms`).
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Model

from .filters import terms
from .models import (
    Clinic,
    ClinicSpeciality,
    ClinicTreatment,
    FieldSource,
    OpeningException,
    OpeningHours,
    Photo,
    Practitioner,
    Price,
    Provenance,
)
from .together import read_together

# Name at the clinic → what is read. `clinic.prices.all()` and the like ask nothing after `fill`.
PARTS: dict[str, type[Model]] = {
    "prices": Price,
    "specialities": ClinicSpeciality,
    "treatments": ClinicTreatment,
    "practitioners": Practitioner,
    "opening_hours": OpeningHours,
    "opening_exceptions": OpeningException,
    "photos": Photo,
    "provenance": Provenance,
    "field_sources": FieldSource,
}


def fill(clinics: Sequence[Clinic]) -> None:
    """Read all parts of the clinics at once, in the order of each model, with their terms and practitioners set."""
    keys = [clinic.pk for clinic in clinics]
    rows = read_together(*(model._base_manager.filter(clinic__in=keys) for model in PARTS.values()))
    by_name = dict(zip(PARTS, rows, strict=True))
    people = {person.pk: person for person in by_name["practitioners"]}
    specialities, treatments = _by_key(terms().specialities), _by_key(terms().treatments)
    for row in by_name["specialities"]:
        _set(row, "speciality", specialities)
    for row in by_name["treatments"]:
        _set(row, "treatment", treatments)
        _set(row, "group_topic", specialities)
    for row in by_name["prices"]:
        _set(row, "treatment", treatments)
    for row in (*by_name["specialities"], *by_name["treatments"]):
        row.practitioner = people.get(row.practitioner_id)
    for name, model in PARTS.items():
        _hand_out(name, model, by_name[name], clinics)


def _by_key(by_slug: dict[str, Any]) -> dict[int, Any]:
    return {term.pk: term for term in by_slug.values()}


def _set(row: Any, field: str, known: dict[int, Any]) -> None:
    key = getattr(row, f"{field}_id")
    if key in known or key is None:
        setattr(row, field, known.get(key))
    # One that is newer than what the process remembers is fetched when it is asked for.


def _hand_out(name: str, model: type[Model], rows: list[Any], clinics: Sequence[Clinic]) -> None:
    of_clinic = defaultdict(list)
    for row in rows:
        of_clinic[row.clinic_id].append(row)
    for clinic in clinics:
        mine = of_clinic[clinic.pk]
        for row in mine:
            row.clinic = clinic
        for field in reversed([str(field) for field in model._meta.ordering or ()]):
            mine.sort(key=lambda row: _last_when_empty(getattr(row, field)))
        query = getattr(clinic, name).all()
        query._result_cache, query._prefetch_done = mine, True
        cached: dict[str, Any] = clinic.__dict__.setdefault("_prefetched_objects_cache", {})
        cached[name] = query


def _last_when_empty(value: Any) -> tuple[bool, Any]:
    """As PostgreSQL sorts."""
    return value is None, 0 if value is None else value

"""Writing facts back: the clinic's own fields and its rows, as far as they differ. Called under the clinic's lock."""

from collections.abc import Callable
from typing import Any

from clinics import clock
from clinics.filters import terms
from clinics.models import Clinic

from .facts import PARTS, SCALARS, STANDING, TERMS, Facts, Row, as_json, row_facts

OFFERS = ("specialities", "treatments")


def write_scalars(clinic: Clinic, facts: Facts) -> None:
    """Set and not saved."""
    for name in SCALARS:
        field: Any = Clinic._meta.get_field(name)
        setattr(clinic, name, field.to_python(facts[name]))


def write_rows(clinic: Clinic, facts: Facts, source: str | None) -> None:
    """Rows that say the same are left alone. `clinic` was filled by the plan: its people are in the order of the facts."""
    people = list(clinic.practitioners.all())
    order = {person.pk: number for number, person in enumerate(people)}
    for person, row in zip(people, facts["practitioners"], strict=True):
        if update(person, row):
            _stated(person, row, source)
            person.save()
    for part in (*OFFERS, "prices", "opening_hours", "opening_exceptions"):
        _write_part(clinic, part, facts[part], people, order, source)


def _write_part(
    clinic: Clinic, part: str, wanted: list[Row], people: list[Any], order: dict[int, int], source: str | None
) -> None:
    left = [dict(row) for row in wanted]
    gone = []
    for row in getattr(clinic, part).all():
        said = _said(row_facts(row, order))
        same = next((number for number, one in enumerate(left) if _said(one) == said), None)
        if same is None:
            gone.append(row.pk)
        else:
            left.pop(same)
    model = PARTS[part]
    model._base_manager.filter(pk__in=gone).delete()
    for one in left:
        made = model(clinic=clinic)
        update(made, {name: value for name, value in one.items() if name != "practitioner" and name not in TERMS})
        if part in OFFERS and one["practitioner"] is not None:
            made.practitioner = people[one["practitioner"]]
        for name in TERMS:
            if name in one:
                setattr(made, name, _vocabulary(name)(one[name]))
        _stated(made, one, source)
        made.save()


def _said(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in STANDING}


def update(row: Any, facts: Row) -> bool:
    """Set what differs. True when anything did."""
    differs = False
    for name, value in facts.items():
        if name in STANDING or as_json(getattr(row, name)) == value:
            continue
        setattr(row, name, row._meta.get_field(name).to_python(value))
        differs = True
    return differs


def _stated(row: Any, facts: Row, source: str | None) -> None:
    """A member states it anew today; by a moderator's hand it is as old, and from whom, as it was."""
    if not hasattr(row, "confirmed_at"):
        return
    if source:
        row.source, row.confirmed_at = source, clock.today()
    else:
        for name in STANDING & set(facts):
            setattr(row, name, row._meta.get_field(name).to_python(facts[name]))


def _vocabulary(name: str) -> Callable[[str | None], Any]:
    known = terms().treatments if name == "treatment" else terms().specialities
    return lambda slug: known[slug] if slug is not None else None

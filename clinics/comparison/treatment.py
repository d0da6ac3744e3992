"""What a clinic treats, how, and who there does it."""

from collections.abc import Iterable
from typing import Any

from clinics import danish
from clinics.models import Clinic, Practitioner, Price
from clinics.offers import Format, Offer, in_group, short_names, shown
from clinics.people import role
from clinics.reasons import people_reasons

from .cell import FITS, STRONG, Cell, Facts, Line, cell

MOST_PEOPLE = 6  # names in a cell


def official(facts: Facts) -> Cell:
    return _offers(facts, facts.offers.official)


def focus(facts: Facts) -> Cell:
    return _offers(facts, facts.offers.focus)


def treatments(facts: Facts) -> Cell:
    """Not in groups, those have a row of their own; "online" and the like only where it is not by oneself at the clinic."""
    forms: dict[str, list[str]] = {}
    for row in shown(facts.clinic.treatments.all()):
        if not in_group(row):
            forms.setdefault(row.treatment.name, []).append(row.format)
    wanted = {one.name for one in facts.wanted}
    return _listed(facts, [(name in wanted, danish.in_sentence(name) + _elsewhere(of)) for name, of in forms.items()])


def _elsewhere(formats: list[str]) -> str:
    """`" (online)"`; "" where it is also given at the clinic."""
    if Format.INDIVIDUAL in formats:
        return ""
    return f" ({' og '.join(dict.fromkeys(Format(one).label for one in formats))})"


def groups(facts: Facts) -> Cell:
    """A price for a group says that there is one, where no row says which."""
    offers = facts.training.offers
    if not offers and any(one.kind == Price.Kind.GROUP for one in facts.clinic.prices.all()):
        return cell("Har hold. Hvilke og hvornår: ikke oplyst")
    return _listed(
        facts, [(one.fits, danish.in_sentence(one.name) + (f": {one.topic}" if one.topic else "")) for one in offers]
    )


def people(facts: Facts) -> Cell:
    """Who does what is looked for, then the others by name. Who is under restriction is told, and recommends nobody (R14)."""
    everybody = list(facts.clinic.practitioners.all())
    short = short_names(everybody)
    free = {one.pk: short[one.pk] for one in everybody if not one.is_restricted}
    said = [(row, name) for row, name in _said(facts.clinic) if row.practitioner_id in free]
    reasons = people_reasons(
        [(free[row.practitioner_id], name, row.grade, row.basis) for row, name in said], facts.wanted
    )
    names = {one.name for one in facts.wanted}
    fitting = {row.practitioner_id for row, name in said if name in names}
    return Cell(
        (
            *(Line(text, FITS) for text in reasons),
            *_names([one for one in everybody if one.pk not in fitting and not one.is_restricted]),
            *(
                Line(f"{one.name} er under skærpet tilsyn eller har begrænset autorisation.", STRONG)
                for one in everybody
                if one.is_restricted
            ),
        )
    )


def _names(people: list[Practitioner]) -> Iterable[Line]:
    for one in people[:MOST_PEOPLE]:
        yield Line(f"{one.name}, {danish.in_sentence(role(one.profession, one.title))}")
    if more := len(people[MOST_PEOPLE:]):
        yield Line(f"og {danish.count(more, 'behandler', 'behandlere')} mere")


def _said(clinic: Clinic) -> Iterable[tuple[Any, str]]:
    """Each row that somebody has stated, with the name of its term."""
    yield from ((row, row.speciality.name) for row in shown(clinic.specialities.all()))
    yield from ((row, row.treatment.name) for row in shown(clinic.treatments.all()))


def _offers(facts: Facts, offers: Iterable[Offer]) -> Cell:
    return _listed(facts, [(offer.fits, danish.in_sentence(offer.name)) for offer in offers])


def _listed(facts: Facts, named: list[tuple[bool, str]]) -> Cell:
    """What fits stands first and says so in words."""
    fitting = ", ".join(dict.fromkeys(name for fits, name in named if fits))
    others = ", ".join(dict.fromkeys(name for fits, name in named if not fits))
    lines = (Line(f"{facts.fits}: {fitting}", FITS) if fitting else None, Line(_sentence(others)) if others else None)
    return Cell(tuple(line for line in lines if line))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]

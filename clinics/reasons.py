"""Who at a clinic makes it a match, in a line that a card has room for: `"Mette: certificeret i GLA:D Ryg"`."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from . import danish
from .matching import Wanted
from .models.offer import Stated

MOST_LINES = 2
# How strong a word is, strongest first; what a grade adds is only said when somebody has documented it.
SAID = {
    Stated.Grade.SPECIALIST: "specialist i",
    Stated.Grade.CERTIFIED: "certificeret i",
    "": "arbejder med",
}


class PersonRow(NamedTuple):
    """One row of `ClinicSpeciality` or `ClinicTreatment` with a practitioner, as a query of many clinics reads it."""

    person: str  # the name as it is to be shown: first name, or all of it
    term: str
    grade: str
    basis: str


def people_reasons(rows: Iterable[Sequence[str]], wanted: Iterable[Wanted]) -> tuple[str, ...]:
    """One line for each person who does what is wanted, at most two and then `"og 3 behandlere mere"`; () for nobody.

    `rows` are as in `PersonRow`. Each person's strongest word: what matches most (`Wanted.weight`), then a title before a
    stated focus. In the order of that strength; equal ones as they come.
    """
    weights: dict[str, int] = {}
    for one in wanted:
        weights[one.name] = max(one.weight, weights.get(one.name, 0))
    best: dict[str, tuple[tuple[int, int], str]] = {}
    for row in map(PersonRow._make, rows):
        if row.term not in weights or row.basis == Stated.Basis.SUGGESTED:
            continue
        grade = row.grade if row.basis == Stated.Basis.DOCUMENTED else ""
        strength = (-weights[row.term], list(SAID).index(grade))
        said = f"{row.person}: {SAID[grade]} {danish.in_sentence(row.term)}"
        if row.person not in best or strength < best[row.person][0]:
            best[row.person] = strength, said
    lines = [said for _, said in sorted(best.values(), key=lambda one: one[0])]
    more = len(lines) - MOST_LINES
    if more > 0:
        lines[MOST_LINES:] = [f"og {danish.count(more, 'behandler', 'behandlere')} mere"]
    return tuple(lines)

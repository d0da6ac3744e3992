"""Two to four clinics side by side: the same facts, by the same definition, for each of them (domain.md §6.d, R15).

No clinic wins here and nothing is added up to a score. A fact that a clinic has not stated is unknown, never a no; two
unknown facts are not "the same" to a reader, so the rows that nobody has stated are named apart.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from clinics import danish
from clinics.matching import Wanted
from clinics.models import Clinic
from clinics.places import FoundPlace

from .cell import Cell, Facts
from .chosen import Chosen, chosen_clinics
from .rows import GROUPS, WITH_VISITS, Kind

__all__ = ["Chosen", "Comparison", "Group", "Row", "chosen_clinics", "column_names", "compare"]


@dataclass(frozen=True)
class Row:
    """One fact: `label` is its name, `note` a few words of definition below it, `cells` one for each clinic in order.

    `clinics` are the names of these. `of_the_moment`: true for a minute, so not on paper.
    """

    label: str
    cells: tuple[Cell, ...]
    clinics: tuple[str, ...]
    note: str = ""
    of_the_moment: bool = False

    @property
    def name(self) -> str:
        """The label with its words of definition: "første gang (uden henvisning)"."""
        label = danish.in_sentence(self.label)
        return f"{label} ({self.note})" if self.note else label

    @property
    def named_cells(self) -> list[tuple[str, Cell]]:
        return list(zip(self.clinics, self.cells, strict=True))

    @property
    def is_same(self) -> bool:
        """Whether all clinics have stated the same. The day on which they did is no difference."""
        return len({cell.fact for cell in self.cells}) == 1

    @property
    def is_unknown(self) -> bool:
        """Whether none of them has stated it."""
        return not any(cell.lines for cell in self.cells)


@dataclass(frozen=True)
class Group:
    label: str
    rows: tuple[Row, ...]

    @property
    def asks_visits(self) -> bool:
        """Whether it is the one where the visitor says how many visits to reckon with."""
        return self.label == WITH_VISITS


@dataclass(frozen=True)
class Comparison:
    """`groups` in the order of the page, without empty ones."""

    groups: tuple[Group, ...]

    @property
    def asks_visits(self) -> bool:
        return any(group.asks_visits for group in self.groups)

    @property
    def rows(self) -> list[Row]:
        return [row for group in self.groups for row in group.rows]

    @cached_property
    def same(self) -> tuple[str, ...]:
        """The names of what is stated, and the same, for all."""
        return tuple(row.name for row in self.rows if row.is_same and not row.is_unknown)

    @cached_property
    def unknown(self) -> tuple[str, ...]:
        """The names of what none of them has stated."""
        return tuple(row.name for row in self.rows if row.is_unknown)

    def differences(self) -> "Comparison":
        """Without the rows in `same` and `unknown`."""
        left = (Group(group.label, tuple(row for row in group.rows if not row.is_same)) for group in self.groups)
        return Comparison(tuple(group for group in left if group.rows))


def compare(
    clinics: Sequence[Clinic],
    *,
    place: FoundPlace | None,
    wanted: Iterable[Wanted],
    fits: str,
    visits: int,
    now: datetime.datetime,
) -> Comparison:
    """The comparison of clinics that `whole.fill` has filled; the columns are in their order. No query of its own.

    `wanted` is what the visitor looks for and `fits` the words that mark it ("passer til iskias"); `visits` are those
    after the first.
    """
    wanted = list(wanted)
    facts = [Facts.of(clinic, place, wanted, fits, visits, now) for clinic in clinics]
    names = column_names(clinics)
    groups = (Group(label, tuple(_rows(kinds, facts, names))) for label, kinds in GROUPS)
    return Comparison(tuple(group for group in groups if group.rows))


def column_names(clinics: Sequence[Clinic]) -> tuple[str, ...]:
    """What each is called here: its name, with town and then street where two share it."""
    names = [(one.name, f"{one.name}, {one.postcode.town}", f"{one.name}, {one.address}") for one in clinics]
    counts = [Counter(of_all) for of_all in zip(*names, strict=True)]
    return tuple(
        next((name for name, count in zip(several, counts, strict=True) if count[name] == 1), several[-1])
        for several in names
    )


def _rows(kinds: Iterable[Kind], facts: Sequence[Facts], names: tuple[str, ...]) -> Iterable[Row]:
    for kind in kinds:
        row = Row(
            kind.label.format(visits=facts[0].course.visits) if facts else kind.label,
            tuple(kind.cell(one) for one in facts),
            names,
            kind.note,
            kind.of_the_moment,
        )
        if not (kind.is_seldom and row.is_unknown):
            yield row

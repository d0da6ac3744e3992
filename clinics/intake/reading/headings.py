"""Which column of a file is which fact."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clinics import danish

from .columns import FACTS, IGNORED, SYNONYMS, key
from .raw import shown

WORKING_DAYS = frozenset({"monday", "tuesday", "wednesday", "thursday", "friday"})
NOT_TOLD = "ikke oplyst"  # as `hours.UNKNOWN` has it
_MOST_NAMED = 8  # headings in one sentence


@dataclass(frozen=True)
class Heads:
    """`places`: fact → its columns, in the order of the file. `problem`: what is said once about the headings.

    `joined`: facts that the mapping gives several columns. Without one, “adresse” beside “vej” is the same told twice.
    """

    cells: list[str]
    places: dict[str, list[int]]
    joined: frozenset[str] = frozenset()
    problem: str = ""

    @property
    def width(self) -> int:
        return len(self.cells)

    def are(self, cells: Sequence[str]) -> bool:
        """The headings once more: two files that were put behind one another."""
        return cells[0] == self.cells[0] and list(cells) == self.cells

    def facts(self, cells: Sequence[str]) -> dict[str, str]:
        """What a row says, fact by fact. Of several columns the first that says something counts, or all are joined."""
        found: dict[str, str] = {}
        for fact, places in self.places.items():
            if len(places) == 1:
                text = cells[places[0]].strip() if places[0] < len(cells) else ""
            else:
                texts = [text for place in places if place < len(cells) and (text := cells[place].strip())]
                join = FACTS[fact].join if fact in self.joined else ""
                text = join.join(texts) if join else next(iter(texts), "")
            if text:
                found[fact] = text
        if found and self.has_no_week:
            found.update(dict.fromkeys(WORKING_DAYS - self.places.keys(), NOT_TOLD))
        return found

    @property
    def has_no_week(self) -> bool:
        """A week of which a working day has no column at all is not told: to a patient what is left out is closed."""
        return bool(WORKING_DAYS & self.places.keys()) and not self.places.keys() >= WORKING_DAYS


def heads_of(cells: Sequence[str], columns: Mapping[str, str]) -> Heads:
    """What the mapping says of a column holds; of the other columns, headings that we know ourselves."""
    mapped = {key(heading): fact for heading, fact in columns.items()}
    keys = [key(cell) for cell in cells]
    places: dict[str, list[int]] = {}
    unknown: list[str] = []
    twice: list[str] = []
    spoken_for = {mapped[one] for one in keys if one in mapped}
    for place, (one, cell) in enumerate(zip(keys, cells, strict=True)):
        fact = mapped.get(one) or SYNONYMS.get(one, "")
        if not one or fact == IGNORED:
            continue
        if one in keys[:place]:
            twice.append(cell)
        elif not fact or fact not in FACTS:
            unknown.append(cell)
        elif one in mapped or fact not in spoken_for:
            places.setdefault(fact, []).append(place)
    missing = [heading for heading, fact in columns.items() if key(heading) not in keys and fact != IGNORED]
    said = [
        _said("Disse kolonner kendes ikke og er ikke læst", unknown),
        _said("Disse overskrifter står der mere end én gang, og kun den første kolonne er læst", twice),
        _said("Disse kolonner findes ikke i filen, selv om de er valgt", missing),
    ]
    return Heads(list(cells), places, frozenset(spoken_for), " ".join(filter(None, said)))


def _said(text: str, headings: Sequence[str]) -> str:
    names = [shown(one) for one in dict.fromkeys(headings)]
    if len(names) > _MOST_NAMED:
        names = [*names[:_MOST_NAMED], f"{len(names) - _MOST_NAMED} til"]
    return f"{text}: {danish.listing(names)}." if names else ""

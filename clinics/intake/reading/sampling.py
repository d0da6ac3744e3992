"""The headings of a CSV with the first thing that each column says: for a person who says which column is which fact."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO

from .columns import FACTS, IGNORED, SYNONYMS, key
from .lines import lines
from .raw import UnreadableError

MOST = 150  # columns that a person is asked about
_LINES = 200  # that are looked at for values
_LONGEST = 100_000
_DELIMITERS = ";,\t"
_EXAMPLES = 2
_SHOWN = 80


@dataclass
class Column:
    """`place`: from 0; `fact`: what it is taken for, "" when nobody knows, `IGNORED` when it is passed over."""

    place: int
    heading: str
    fact: str = ""
    examples: list[str] = field(default_factory=list)


def columns_of(content: BinaryIO, mapping: Mapping[str, str]) -> list[Column]:
    """At most `MOST`, without those that have no heading. Raises UnreadableError.

    `mapping`: heading → fact, what has been said already; of other headings what we know ourselves.
    """
    told = [one.text for one in islice(lines(content, _LONGEST), _LINES)]
    while told and not told[0].strip(' ,;\t"'):
        del told[0]
    if told and told[0].replace(" ", "").lower().startswith("sep="):
        del told[0]
    if not told:
        raise UnreadableError("Filen er tom.")
    said = {key(heading): fact for heading, fact in mapping.items()}
    found = [_read(told, delimiter, said) for delimiter in _DELIMITERS]
    # As the reader chooses: what makes most of them known, then what makes most of them.
    columns = max(found, key=lambda some: (sum(one.fact in FACTS for one in some), len(some)))
    if not columns:
        raise UnreadableError("Filens første linje er ikke overskrifter. Er det en CSV-fil med klinikker?")
    return columns[:MOST]


def _read(told: list[str], delimiter: str, said: Mapping[str, str]) -> list[Column]:
    rows = _rows(told, delimiter)
    columns: dict[str, Column] = {}
    heads = next(rows, [])
    for place, heading in enumerate(heads):
        name = key(heading)
        if name and name not in columns:  # of two with one heading the first is read
            fact = said.get(name, SYNONYMS.get(name, ""))
            columns[name] = Column(place, heading.strip()[:200], fact if fact in FACTS or fact == IGNORED else "")
    for cells in rows:
        for one in columns.values():
            text = cells[one.place].strip() if one.place < len(cells) else ""
            if text and len(one.examples) < _EXAMPLES and text[:_SHOWN] not in one.examples:
                one.examples.append(text if len(text) <= _SHOWN else f"{text[:_SHOWN]} …")
    return list(columns.values())


def _rows(told: list[str], delimiter: str) -> Iterator[list[str]]:
    """As far as they can be read: what comes after is the reader's to complain of."""
    try:
        yield from csv.reader((f"{one}\n" for one in told), delimiter=delimiter, skipinitialspace=True)
    except csv.Error:
        return

"""A CSV → its rows. Comma, semicolon or tab; a row that goes wrong is said, and the rows after it are read all the same."""

import csv
import io
from collections import deque
from collections.abc import Iterator, Mapping
from itertools import count
from typing import BinaryIO

from .headings import Heads, heads_of
from .lines import Line, lines
from .raw import MOST_ROWS, Raw, UnreadableError

LONGEST_ROW = 100_000  # characters; below the 131 072 of a cell at which Python's own reader gives up
SHORTEST_LIMIT = 5_000  # what is left of LONGEST_ROW after several quotation marks that nobody closed
MOST_COLUMNS = 1_000
_DELIMITERS = ";,\t"
_BEFORE_HEADINGS = 20  # empty lines
_LINES_OF_HEADINGS = 20

TOO_LONG = f"Rækken er længere end {LONGEST_ROW:,} tegn og er ikke læst.".replace(",", ".")
UNCLOSED = "Et anførselstegn i rækken bliver aldrig lukket, så den er ikke læst. De næste rækker er læst for sig."
MISQUOTED = "Anførselstegnene i rækken passer ikke sammen. Inde i et felt skrives et anførselstegn to gange."
CUT_OFF = "Filen slutter midt i rækken: den ser ud til at være skåret over her."
TOO_MANY = f"Listen har flere end {MOST_ROWS:,} rækker. Resten er ikke læst: del filen i flere.".replace(",", ".")


class _TooLongError(Exception):
    pass


class _Source:
    """Lines for Python's reader, which asks for as many as a row has: those of the present row can be given back."""

    def __init__(self, told: Iterator[Line]) -> None:
        self._told = told
        self._again: deque[Line] = deque()
        self.longest = LONGEST_ROW
        self.number = 0  # of the line that was given last, from 1
        self.row: list[Line] = []  # lines of the present row
        self._length = 0
        self.is_over = False

    def begin(self) -> None:
        self.row, self._length = [], 0

    def __iter__(self) -> "_Source":
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._told, None)
        if line is None:
            self.is_over = True
            raise StopIteration
        self.number += 1
        self.row.append(line)
        self._length += len(line.text)
        if line.cut or self._length > self.longest:
            raise _TooLongError
        return f"{line.text}\n"

    def give_back(self) -> None:
        """All lines of the present row but its first will come once more. With every long one the next may be shorter, or a
        hundred thousand of them would be read over and over."""
        self._again.extendleft(reversed(self.row[1:]))
        self.number -= len(self.row) - 1
        if self._length > self.longest:
            self.longest = max(self.longest // 2, SHORTEST_LIMIT)
        self.is_over = False


def csv_rows(content: BinaryIO, columns: Mapping[str, str]) -> Iterator[Raw]:
    """As `reading.rows_of`. `columns`: heading → fact, for headings that the template and its synonyms do not know."""
    source = _Source(lines(content, LONGEST_ROW))
    heads, delimiter = _read_headings(source, columns)
    if heads.problem:
        yield Raw(source.number, problem=heads.problem, fatal=True, passed=True)  # an extra column is no fault
    reader = csv.reader(source, delimiter=delimiter, skipinitialspace=True, strict=True)
    some_are_short = False
    for number in count(1):
        source.begin()
        first = source.number + 1
        if number > MOST_ROWS:
            if next(source, None) is not None:
                yield Raw(first, problem=TOO_MANY, fatal=True)
            return
        cells, problem = _row(reader, source, heads.width, delimiter)
        if cells is None:
            return
        if problem:
            yield Raw(first, problem=problem, fatal=True)
        elif not any(cells) or heads.are(cells):
            continue
        elif len(cells) > heads.width and any(cell.strip() for cell in cells[heads.width :]):
            yield Raw(first, problem=_shifted(len(cells), heads.width, delimiter), fatal=True)
        elif len(cells) < heads.width and not source.row[-1].ended and not some_are_short:
            yield Raw(first, problem=CUT_OFF, fatal=True)
        else:
            some_are_short |= len(cells) < heads.width
            facts = heads.facts(cells)
            if facts:
                yield Raw(first, facts.pop("external_id", ""), facts)


def _row(reader: Iterator[list[str]], source: _Source, width: int, delimiter: str) -> tuple[list[str] | None, str]:
    """The next row's cells, None after the last; or what is wrong with it: then the lines behind it come once more."""
    try:
        cells = next(reader, None)
        problem = UNCLOSED if cells and len(source.row) > 1 and len(cells) > width else ""
    except _TooLongError:
        cells, problem = [], UNCLOSED if len(source.row) > 1 else TOO_LONG
    except csv.Error:
        cells, problem = [], UNCLOSED
        if len(source.row) == 1:
            cells = _leniently(source.row[0].text, width, delimiter)
            problem = "" if cells else CUT_OFF if source.is_over else MISQUOTED
    if problem == UNCLOSED:
        source.give_back()
    return cells, problem


def _leniently(line: str, width: int, delimiter: str) -> list[str]:
    """A line with something between a quotation mark and the next cell, where no other way to read it can be meant; else []."""
    if line.count('"') % 2:
        return []
    cells = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    return cells if len(cells) == width and not any('"' in cell for cell in cells) else []


def _read_headings(source: _Source, columns: Mapping[str, str]) -> tuple[Heads, str]:
    """The headings, and what parts the cells: whatever makes most of them known. Raises UnreadableError."""
    try:
        line = ""
        while not line.strip(' ,;\t"') and source.number < _BEFORE_HEADINGS:
            source.begin()
            line = next(source, "").rstrip("\n")
            if source.is_over:
                break
        told = line.replace(" ", "").lower()
        if told.startswith("sep=") and len(told) == 5:  # Excel's own
            source.begin()
            line = next(source, "").rstrip("\n")
        while line.count('"') % 2 and len(source.row) < _LINES_OF_HEADINGS and (more := next(source, "")):
            line = f"{line}\n{more.rstrip()}"  # a heading with a line end in it
        found: list[tuple[int, int, Heads, str]] = []
        for delimiter in _DELIMITERS:
            cells = next(csv.reader(io.StringIO(f"{line}\n"), delimiter=delimiter, skipinitialspace=True), [])
            if len(cells) > MOST_COLUMNS:
                raise UnreadableError(f"Første linje har {len(cells)} kolonner. Der er plads til {MOST_COLUMNS}.")
            heads = heads_of(cells, columns)
            found.append((len(heads.places), len(cells), heads, delimiter))
    except (_TooLongError, csv.Error):
        found = []
    if not found:
        raise UnreadableError("Første linje er for lang til at være overskrifter. Er det en CSV-fil med klinikker?")
    known, _, heads, delimiter = max(found, key=lambda one: one[:2])
    if not known:
        raise UnreadableError(
            "Ingen af overskrifterne i første linje kendes. Brug overskrifterne fra skabelonen, eller skriv, hvad kolonnerne er."
        )
    return heads, delimiter


def _shifted(cells: int, width: int, delimiter: str) -> str:
    name = {";": "semikolon", ",": "komma", "\t": "tabulator"}[delimiter]
    return f"Rækken har {cells} felter, men der er {width} overskrifter. Sæt anførselstegn om de felter, der har {name} i sig."

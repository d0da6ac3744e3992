"""What a file says in each column: its name for machines, what it holds in Danish for people, and how it is read of a row.

The page, the CSV files, the GeoJSON and the vocabulary's JSON all go by these tables, so that none can say another thing.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from clinics.clock import COPENHAGEN

Value = str | int | float | bool | None | list[Any]
Record = dict[str, Value]  # column → what it says of one row


@dataclass(frozen=True)
class Column:
    """`read` gives None for what nobody has stated. `group` is the `Provenance.Group` that a clinic's fact belongs to."""

    name: str
    label: str
    read: Callable[[Any], Value]
    group: str = ""


def field(name: str, label: str, group: str = "", of: str = "") -> Column:
    """A field as it is stored; empty text is None. `of` is the attribute when it has another name."""
    attribute = of or name

    def read(row: Any) -> Value:
        value = getattr(row, attribute)
        return None if value == "" else value

    return Column(name, label, read, group)


def day(name: str, label: str, attribute: str, group: str = "") -> Column:
    """A date or a moment, as the day `"2026-11-22"` it was in Denmark."""

    def read(row: Any) -> Value:
        value = getattr(row, attribute)
        if hasattr(value, "astimezone"):
            value = value.astimezone(COPENHAGEN).date()
        return None if value is None else value.isoformat()

    return Column(name, label, read, group)


def record(columns: Iterable[Column], row: Any) -> Record:
    return {column.name: column.read(row) for column in columns}

"""A list in either format → its rows, one at a time: a file of any length is never held whole."""

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from clinics.models import ImportBatch

from .csv_rows import csv_rows
from .geojson_rows import geojson_rows
from .raw import MOST_BYTES, MOST_ROWS, Raw, UnreadableError

__all__ = ["MOST_BYTES", "MOST_ROWS", "Raw", "UnreadableError", "rows_of"]


def rows_of(content: BinaryIO, *, format: str, columns: Mapping[str, str]) -> Iterator[Raw]:
    """The rows in order, each number once and upwards. `format`: one of `ImportBatch.Format`; `columns`: heading → fact.

    Raises UnreadableError when nothing of the file can be read. A file that goes wrong later gives its rows until there, and
    one more whose `problem` says what happened.
    """
    read = geojson_rows if format == ImportBatch.Format.GEOJSON else csv_rows
    some = False
    try:
        for raw in read(content, columns):
            some = True
            yield raw
    except UnreadableError as error:
        if not some:
            raise
        yield Raw(raw.row + 1, problem=f"{error.text} Rækkerne før er læst.", fatal=True)

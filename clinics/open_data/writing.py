"""How rows become bytes: CSV that no spreadsheet runs, GeoJSON and JSON, each with its digest and a compressed twin."""

import csv
import gzip
import hashlib
import json
import os
import re
import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from .columns import Column, Record, Value

GZIP_LEVEL = 6
BETWEEN = "|"  # the values of a list in a cell
NONE_AT_ALL = "none"  # an empty list is a statement: there are none; an empty cell is that nobody has said

# A cell that begins so is run as a formula. So is what follows a sign that a spreadsheet of another country cuts cells at.
_FORMULA = re.compile(r"(^|[,;\t|])(\s*[\"']?\s*)(?=[=+\-@＝＋－＠])")
_BREAKS = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")


class Output:
    """One file that is being written, with its twin `<name>.gz`. Use as a context; it is on the disk afterwards."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.rows = 0
        self.size = 0
        self.gz_size = 0
        self._digest = hashlib.sha256()
        self._gz_path = folder / f"{name}.gz"
        self._plain = (folder / name).open("xb")
        self._packed = self._gz_path.open("xb")
        self._gzip = gzip.GzipFile("", "wb", GZIP_LEVEL, self._packed, mtime=0)

    def __enter__(self) -> "Output":
        return self

    def __exit__(self, *_: object) -> None:
        self._gzip.close()
        for file in (self._plain, self._packed):
            file.flush()
            os.fsync(file.fileno())
            file.close()
        self.gz_size = self._gz_path.stat().st_size

    def write(self, text: str) -> None:
        data = text.encode(
            "utf-8", "replace"
        )  # a lone surrogate is in no database; should one be, it is a question mark
        self._digest.update(data)
        self.size += len(data)
        self._plain.write(data)
        self._gzip.write(data)

    @property
    def facts(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "rows": self.rows,
            "bytes": self.size,
            "gz_bytes": self.gz_size,
            "sha256": self._digest.hexdigest(),
        }


class Csv:
    """RFC 4180: commas, UTF-8, a line of names first."""

    def __init__(self, output: Output, columns: Sequence[Column]) -> None:
        self.output = output
        self._names = [column.name for column in columns]
        self._writer = csv.writer(output, lineterminator="\r\n")
        self._writer.writerow(self._names)

    def add(self, row: Record) -> None:
        self._writer.writerow([cell(row[name]) for name in self._names])
        self.output.rows += 1

    def close(self) -> None:
        pass


class GeoJson:
    """RFC 7946: a `FeatureCollection` with a feature on each line, so that it can be read line by line too."""

    def __init__(self, output: Output, about: dict[str, Any]) -> None:
        self.output = output
        head = json.dumps({"type": "FeatureCollection", **about}, ensure_ascii=False)
        output.write(f'{head.removesuffix("}")}, "features": [')

    def add(self, row: Record) -> None:
        feature = {
            "type": "Feature",
            "id": row["slug"],
            "geometry": {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]},
            "properties": {name: value for name, value in row.items() if name not in ("longitude", "latitude")},
        }
        text = json.dumps(feature, ensure_ascii=False, separators=(",", ":"))
        self.output.write(f"{',' if self.output.rows else ''}\n{text}")
        self.output.rows += 1

    def close(self) -> None:
        self.output.write("\n]}\n")


def cell(value: Value) -> str:
    """One cell of a CSV file. Yes and no are `true` and `false`; what is not stated is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return BETWEEN.join(safe(_item(one)) for one in value) or NONE_AT_ALL
    return safe(value) if isinstance(value, str) else str(value)


def _item(item: Any) -> str:
    """One of a list: `"ryg:3"`, `"Blodprop i benet <https://…>"`; never with the sign that stands between two."""
    if isinstance(item, dict) and "weight" in item:
        item = f"{item['slug']}:{item['weight']}"
    elif isinstance(item, dict):
        item = f"{item.get('title', '')} <{item.get('url', '')}>"
    return str(item).replace(BETWEEN, "/")


def safe(text: str) -> str:
    """On one line, and with `'` before whatever a spreadsheet would run."""
    return _FORMULA.sub(r"\1\2'", _BREAKS.sub(" ", text).strip())


def dump(output: Output, document: Any, rows: int) -> None:
    output.write(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    output.rows = rows


def sync_folder(folder: Path) -> None:
    """A rename is on the disk when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace(path: Path, text: str) -> None:
    """Put a small file in the place of another: whoever reads it has the old one or the new one, whole."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.draft")
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync_folder(path.parent)


def close_all(writers: Iterable[Csv | GeoJson]) -> None:
    for writer in writers:
        writer.close()

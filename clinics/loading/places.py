"""Regions, postcodes and places from the committed tables into the database (docs/places.md tells how they are made).

For production too: safe to run at every deployment, a second run changes nothing. The tables are the truth, so what is
no longer in them goes away, except a row that something still refers to: a clinic keeps its postcode.
"""

import csv
import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import models, transaction
from django.db.models import ProtectedError

from clinics import index
from clinics.models import Place, Postcode, Region
from clinics.places import keys_for

DATA = Path(__file__).parents[1] / "data"


class PlaceTableError(Exception):
    """A table is wrong; the message names file, line and what is wrong, and nothing was loaded."""


@dataclass
class Outcome:
    """What became of the rows of one table, by slug or postcode. `kept` are no longer in it, but still needed."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


@transaction.atomic
def load_places(*, folder: Path = DATA) -> dict[str, Outcome]:
    """Load `regions.csv`, `postcodes.csv` and `places.csv`. Returns an outcome by file name without `.csv`.

    Raises PlaceTableError, and then nothing was loaded.
    """
    regions = _Table(Region, "slug", folder / "regions.csv", _region)
    regions.load()
    regions.link("successor", {row["slug"]: row["successor"] for row in regions.lines})
    postcodes = _Table(Postcode, "code", folder / "postcodes.csv", _postcode)
    postcodes.load()
    _link_regions(postcodes, {region.name: region.pk for region in regions.rows.values()})
    places = _Table(Place, "slug", folder / "places.csv", _place)
    places.load()
    places.link("parent", {row["slug"]: row["parent"] for row in places.lines})
    tables = {"regions": regions, "postcodes": postcodes, "places": places}
    for table in reversed(tables.values()):
        table.delete_the_rest()
    outcomes = {name: table.outcome() for name, table in tables.items()}
    if outcomes["postcodes"].created or outcomes["postcodes"].updated:
        index.rebuild()  # a clinic is found by the land part and the regions of its postcode
    return outcomes


class _Table:
    """One file and its model. `rows` are the wanted rows by key, saved in bulk: there are two thousand of them."""

    def __init__(
        self, model: type[Any], key: str, path: Path, values: Callable[[dict[str, str]], dict[str, Any]]
    ) -> None:
        self.model = model
        self.key = key
        self.path = path
        self.values = values
        self.lines = _lines(path, key)
        self.rows: dict[str, Any] = {}
        self.rest: list[models.Model] = []
        self.created: set[str] = set()
        self.updated: set[str] = set()
        self.deleted: list[str] = []
        self.kept: list[str] = []

    def load(self) -> None:
        stored = {getattr(row, self.key): row for row in self.model.objects.select_for_update()}
        fields: Iterable[str] = ()
        for number, line in enumerate(self.lines, start=2):
            try:
                values = self.values(line)
            except (ValueError, KeyError) as error:
                raise PlaceTableError(f"{self.path}:{number}: {error!r}") from error
            fields = values.keys()
            key = line[self.key]
            row = stored.pop(key, None)
            if row is None:
                row = self.model(**{self.key: key}, **values)
                self.created.add(key)
            elif any(getattr(row, name) != value for name, value in values.items()):
                for name, value in values.items():
                    setattr(row, name, value)
                self.updated.add(key)
            self.rows[key] = row
        self.rest = list(stored.values())
        self.model.objects.bulk_create([self.rows[key] for key in sorted(self.created)])
        if self.updated:
            self.model.objects.bulk_update([self.rows[key] for key in sorted(self.updated)], list(fields))

    def link(self, name: str, wanted: dict[str, str]) -> None:
        """Point each row's foreign key `name` at the row of the given key ("" is none)."""
        moved = []
        for number, (key, target) in enumerate(wanted.items(), start=2):
            if target and target not in self.rows:
                raise PlaceTableError(f"{self.path}:{number}: there is no {target!r}")
            pk = self.rows[target].pk if target else None
            if getattr(self.rows[key], f"{name}_id") != pk:
                setattr(self.rows[key], f"{name}_id", pk)
                moved.append(self.rows[key])
                self.touched(key)
        if moved:
            self.model.objects.bulk_update(moved, [name])

    def touched(self, key: str) -> None:
        if key not in self.created:
            self.updated.add(key)

    def delete_the_rest(self) -> None:
        for row in self.rest:
            key = getattr(row, self.key)
            try:
                with transaction.atomic():
                    if isinstance(row, Region) and row.postcodes.exists():
                        raise ProtectedError("deleting it would take the region from these postcodes", {row})
                    row.delete()
            except ProtectedError:
                self.kept.append(key)
            else:
                self.deleted.append(key)

    def outcome(self) -> Outcome:
        unchanged = set(self.rows) - self.created - self.updated
        return Outcome(sorted(self.created), sorted(self.updated), sorted(unchanged), self.deleted, self.kept)


def _lines(path: Path, key: str) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            lines = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise PlaceTableError(f"{path}: {error}") from error
    seen: set[str] = set()
    for number, line in enumerate(lines, start=2):
        if None in line or None in line.values() or not line.get(key):
            raise PlaceTableError(f"{path}:{number}: wrong number of columns, or no {key}")
        if line[key] in seen:
            raise PlaceTableError(f"{path}:{number}: {line[key]} is there twice")
        seen.add(line[key])
    if not lines:
        raise PlaceTableError(f"{path}: the table is empty")
    return lines


def _region(line: dict[str, str]) -> dict[str, Any]:
    return {
        "name": line["name"],
        "valid_from": _date(line["valid_from"]),
        "valid_to": _date(line["valid_to"]),
        "source": line["source"],
    }


def _postcode(line: dict[str, str]) -> dict[str, Any]:
    if line["kind"] not in Postcode.Kind.values:
        raise ValueError(f"unknown kind {line['kind']!r}")
    return _point(line) | {name: line[name] for name in ("town", "municipality", "land", "kind")}


def _place(line: dict[str, str]) -> dict[str, Any]:
    if line["kind"] not in Place.Kind.values:
        raise ValueError(f"unknown kind {line['kind']!r}")
    aliases = line["aliases"].split(";") if line["aliases"] else []
    return _point(line) | {
        "name": line["name"],
        "kind": line["kind"],
        "preposition": line["preposition"],
        "aliases": aliases,
        "keys": keys_for([line["name"], *aliases]),
        "population": int(line["population"]) if line["population"] else None,
        "land": line["land"],
        "postcodes": line["postcodes"].split(),
    }


def _point(line: dict[str, str]) -> dict[str, float]:
    return {"latitude": float(line["latitude"]), "longitude": float(line["longitude"])}


def _date(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def _link_regions(postcodes: _Table, region_pks: dict[str, int]) -> None:
    """The regions of each postcode, by name in the columns `region` and `other_regions` (separated by semicolons).

    The main one is stored first: whoever lives on a border reads the number of his own region first.
    """
    through = Postcode.regions.through
    stored = {(code, region): pk for pk, code, region in through.objects.values_list("pk", "postcode_id", "region_id")}
    wanted: dict[tuple[str, int], None] = {}
    for number, line in enumerate(postcodes.lines, start=2):
        for name in filter(None, [line["region"], *line["other_regions"].split(";")]):
            if name not in region_pks:
                raise PlaceTableError(f"{postcodes.path}:{number}: there is no region called {name!r}")
            wanted[line["code"], region_pks[name]] = None
    mine = {pair for pair in stored if pair[0] in postcodes.rows}
    new = [pair for pair in wanted if pair not in mine]
    through.objects.bulk_create([through(postcode_id=code, region_id=region) for code, region in new])
    through.objects.filter(pk__in=[stored[pair] for pair in mine - wanted.keys()]).delete()
    for code, _ in wanted.keys() ^ mine:
        postcodes.touched(code)

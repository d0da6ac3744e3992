"""The list of places that the place field suggests from, shipped with the page: `static/places.json`.

Made from the committed tables by `manage.py write_place_list`; a test holds the file against them. The browser folds names
itself (`static/js/places.js`), so no spelling is listed that folding gives. What was typed is still read by
`places.find_place` alone: the list only helps to type it.
"""

import csv
import json
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from .text import folds

DATA = Path(__file__).parent / "data"
# Postcodes of large recipients are no place that anybody is at.
SHOWN = ("area", "street")
KINDS = {"city": "hele byen", "island": "ø", "region": "område", "country": "hele landet"}


def path() -> Path:
    return Path(settings.BASE_DIR) / "static" / "places.json"


def place_list() -> str:
    """JSON: `places` of [name, what it is, inhabitants, other names…], `postcodes` of [code, town, latitude, longitude] with
    both in hundredths of a degree (about a kilometre)."""
    places, postcodes = _rows("places.csv"), _rows("postcodes.csv")
    names = {row["slug"]: row["name"] for row in places}
    listed = {
        "places": [[row["name"], _about(row, names), int(row["population"] or 0), *_others(row)] for row in places],
        "postcodes": [
            [row["code"], row["town"], round(float(row["latitude"]) * 100), round(float(row["longitude"]) * 100)]
            for row in postcodes
            if row["kind"] in SHOWN
        ],
    }
    return json.dumps(listed, ensure_ascii=False, separators=(",", ":")) + "\n"


def _rows(name: str) -> Iterable[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _about(row: dict[str, str], names: dict[str, str]) -> str:
    """What tells it from its neighbours in the list: `"bydel i Aarhus"`, `"8900"`."""
    if row["kind"] in KINDS:
        return KINDS[row["kind"]]
    if parent := names.get(row["parent"]):
        return f"bydel i {parent}"
    codes = row["postcodes"].split()
    return codes[0] if len(codes) == 1 else ""


def _others(row: dict[str, str]) -> list[str]:
    """The aliases that are not the name, or each other, in another spelling."""
    known, others = set(folds(row["name"])), []
    for alias in filter(None, row["aliases"].split(";")):
        if not known.issuperset(folds(alias)):
            others.append(alias)
            known.update(folds(alias))
    return others

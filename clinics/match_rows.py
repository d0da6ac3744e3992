"""The matches of a condition as part of the statement that reads something else: they spare a page a query."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import DEFAULT_DB_ALIAS
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from .models import Condition, ConditionMatch, Speciality, TreatmentType

_TERMS: dict[str, type[Speciality] | type[TreatmentType]] = {"speciality": Speciality, "treatment": TreatmentType}
# What lists and boxes show of a term; any other field is fetched when it is asked for.
_FIELDS = {
    "speciality": ("id", "slug", "name", "kind", "parent_id", "care_gate"),
    "treatment": ("id", "slug", "name"),
}


def match_rows(condition: str) -> ArraySubquery:
    """The matches of the condition in that column, strongest first, as JSON. They belong in `condition.match_rows`."""
    rows = ConditionMatch.objects.filter(condition=OuterRef(condition)).order_by("-weight", "pk")
    terms = {name: JSONObject(**{field: f"{name}__{field}" for field in fields}) for name, fields in _FIELDS.items()}
    return ArraySubquery(rows.values(row=JSONObject(id="id", weight="weight", origin="origin", **terms)))


def matches_along(condition: Condition) -> list[ConditionMatch] | None:
    """The matches that came along with the condition; None when none did."""
    rows: list[dict[str, Any]] | None = vars(condition).get("match_rows")
    return None if rows is None else [_match(condition, row) for row in rows]


def _match(condition: Condition, row: dict[str, Any]) -> ConditionMatch:
    stated = {
        name: _TERMS[name].from_db(DEFAULT_DB_ALIAS, fields, [row[name][field] for field in fields])
        for name, fields in _FIELDS.items()
        if row[name]["id"] is not None
    }
    return ConditionMatch(id=row["id"], condition=condition, weight=row["weight"], origin=row["origin"], **stated)

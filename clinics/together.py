"""Rows of several small tables in one statement. A page that needs six of them would otherwise ask six times."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model, QuerySet, Value
from django.db.models.functions import JSONObject

Rows = list[Any]


def read_together(*queries: QuerySet[Any]) -> list[Rows]:
    """The instances of each query, in one statement (`UNION ALL` of JSON); annotations become attributes.

    For tables of at most a few hundred rows. The order of a query is lost, `select_related` and `defer` are not followed.
    Fields that the database makes are fetched when they are asked for.
    """
    parts = [_as_json(number, query) for number, query in enumerate(queries)]
    answer: list[Rows] = [[] for _ in queries]
    for number, row in parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]:
        answer[number].append(_instance(queries[number], row))
    return answer


def _as_json(number: int, query: QuerySet[Any]) -> Any:
    names = [*(field.attname for field in _fields(query)), *query.query.annotations]
    row = JSONObject(**{name: name for name in names})
    return query.order_by().annotate(part=Value(number), row=row).values_list("part", "row")


def _fields(query: QuerySet[Any]) -> Sequence[Any]:
    return [field for field in query.model._meta.concrete_fields if not field.generated]


def _instance(query: QuerySet[Any], row: dict[str, Any]) -> Model:
    fields = _fields(query)
    made = query.model.from_db(
        query.db, [field.attname for field in fields], [field.to_python(row[field.attname]) for field in fields]
    )
    for name in query.query.annotations:
        setattr(made, name, row[name])
    return made

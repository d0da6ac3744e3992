"""Rows of several small tables in one statement. A page that needs six of them would otherwise ask six times."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

from django.db.models import Expression, Func, JSONField, Model, QuerySet, Value
from django.db.models.functions import JSONArray, JSONObject
from django.db.models.query import ModelIterable

Rows = list[Any]


class _WholeRow(Expression):
    """The row of the query's own table as JSON. Naming every column took Django longer than all else on a clinic's page."""

    output_field = JSONField()

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return f"to_jsonb({compiler.quote_name_unless_alias(compiler.query.get_initial_alias())})", []


def read_together(*queries: QuerySet[Any, Any]) -> list[Rows]:
    """The instances of each query, in one statement (`UNION ALL` of JSON); annotations become attributes.

    For at most a few hundred rows. The order of a query is lost, `select_related` and `defer` are not followed. Fields
    that the database makes are fetched when they are asked for. Of a query made with `values_list`, which may be a slice, a
    row is a list of what JSON knows: numbers, texts, truth values and None.
    """
    parts = [_as_json(number, query) for number, query in enumerate(queries)]
    answer: list[Rows] = [[] for _ in queries]
    for number, row in parts[0].union(*parts[1:], all=True) if len(parts) > 1 else chain(*parts):
        answer[number].append(_instance(queries[number], row) if _is_of_instances(queries[number]) else row)
    return answer


def _is_of_instances(query: QuerySet[Any, Any]) -> bool:
    return query._iterable_class is ModelIterable


def _as_json(number: int, query: QuerySet[Any, Any]) -> Any:
    if not _is_of_instances(query):
        row: Any = JSONArray(*(query.query.selected or ()))
        return query.annotate(part=Value(number), row=row).values_list("part", "row")
    row = _WholeRow()
    if names := list(query.query.annotations):
        row = Func(row, JSONObject(**{name: name for name in names}), template="%(expressions)s", arg_joiner=" || ")
    return query.order_by().annotate(part=Value(number), row=row).values_list("part", "row")


def _fields(query: QuerySet[Any, Any]) -> Sequence[Any]:
    return [field for field in query.model._meta.concrete_fields if not field.generated]


def _instance(query: QuerySet[Any, Any], row: dict[str, Any]) -> Model:
    fields = _fields(query)
    made = query.model.from_db(
        query.db, [field.attname for field in fields], [field.to_python(row[field.column]) for field in fields]
    )
    for name in query.query.annotations:
        setattr(made, name, row[name])
    return made

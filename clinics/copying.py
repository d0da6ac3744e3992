"""Many rows at once: a large directory is a million rows, which `bulk_create` takes minutes for, and a long list of clinics."""

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any

from django.db import connection
from django.db.models import Field, JSONField, Model
from psycopg.types.json import Jsonb

Row = dict[str, Any]  # value by the name of the attribute: "clinic_id"


def next_keys(model: type[Model], count: int) -> list[int]:
    """Keys for that many new rows, from the table's own sequence."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]


def copy_rows(rows: Sequence[Model]) -> None:
    """Insert through PostgreSQL's COPY. Rows without a key get one from the table's sequence, and are not told which."""
    if not rows:
        return
    fields = _fields(type(rows[0]), with_key=rows[0].pk is not None)
    _copy(type(rows[0]), fields, ([field.pre_save(row, add=True) for field in fields] for row in rows))


def copy_values(model: type[Model], rows: Sequence[Row]) -> None:
    """As `copy_rows`, of plain values: what a row leaves out is the field's default, the same for all of them.

    To make a model's instance takes longer than all else that is done with a row. All rows have a key, or none has.
    Raises TypeError for a name that is no field of the model.
    """
    if not rows:
        return
    fields = _fields(model, with_key=model._meta.pk.attname in rows[0])
    blank = model()
    usual = {field.attname: field.pre_save(blank, add=True) for field in fields}
    values = itemgetter(*usual)

    def filled() -> Iterable[Sequence[Any]]:
        for row in rows:
            whole = usual | row
            if len(whole) > len(fields):
                raise TypeError(f"{model.__name__} has no {', '.join(whole.keys() - usual.keys())}")
            yield values(whole)

    _copy(model, fields, filled())


def _fields(model: type[Model], *, with_key: bool) -> list[Field]:
    return [
        field for field in model._meta.concrete_fields if not field.generated and (with_key or not field.primary_key)
    ]


def _copy(model: type[Model], fields: Sequence[Field], rows: Iterable[Sequence[Any]]) -> None:
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    into = f"COPY {connection.ops.quote_name(model._meta.db_table)} ({columns}) FROM STDIN"
    is_json = [isinstance(field, JSONField) for field in fields]
    if any(is_json):
        rows = ([Jsonb(one) if json else one for one, json in zip(row, is_json, strict=True)] for row in rows)
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(into) as copy:
        for row in rows:
            copy.write_row(row)

"""Many rows at once: a large directory is a million rows, which `bulk_create` takes minutes for, and a long list of clinics."""

from collections.abc import Sequence

from django.db import connection
from django.db.models import JSONField, Model
from psycopg.types.json import Jsonb


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
    fields = [field for field in rows[0]._meta.concrete_fields if not field.generated]
    if rows[0].pk is None:
        fields = [field for field in fields if not field.primary_key]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(rows[0]._meta.db_table)
    is_json = [isinstance(field, JSONField) for field in fields]
    into = f"COPY {table} ({columns}) FROM STDIN"
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(into) as copy:
        for row in rows:
            values = [field.pre_save(row, add=True) for field in fields]
            copy.write_row([Jsonb(one) if json else one for one, json in zip(values, is_json, strict=True)])

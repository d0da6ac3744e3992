"""Some rows of a list in one transaction: what each costs alone, locks, versions and the index row, they pay for together.

Whose clinic waits for us waits for a fraction of a second, and nothing is lost where one of them fails: the transaction is
rolled back as a whole, and each is then done alone, so that only the one that fails does.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence

from django.db import connection
from django.db.utils import OperationalError
from psycopg.errors import DeadlockDetected

from clinics.models import ImportRecord

from .working import PASSING, TimeUpError

TOGETHER = 25  # rows of one transaction; twice as many are no faster, and hold their clinics twice as long

STORE = """
    UPDATE clinics_importrecord record SET state = told.state, clinic_id = told.clinic_id, made_clinic = told.made_clinic,
      before = told.before, after = told.after, note = told.note, applied_at = told.applied_at
    FROM jsonb_to_recordset(%s::jsonb) told (id bigint, state text, clinic_id bigint, made_clinic boolean,
      before jsonb, after jsonb, note text, applied_at timestamptz)
    WHERE record.id = told.id"""


def in_turns(rows: Iterable[tuple[int, int | None]]) -> Iterator[list[int]]:
    """Keys of records that go together, in their order, out of (record, clinic): no clinic is twice among them."""
    turn: list[int] = []
    clinics: set[int] = set()
    for pk, clinic in rows:
        if len(turn) == TOGETHER or clinic in clinics:
            yield turn
            turn, clinics = [], set()
        turn.append(pk)
        if clinic:
            clinics.add(clinic)
    if turn:
        yield turn


def together(pks: Sequence[int], all_of_them: Callable[[Sequence[int]], None], one: Callable[[int], None]) -> None:
    """`all_of_them` in one transaction, or where that fails each alone. What passes by itself is raised, as ever."""
    if len(pks) > 1:
        try:
            all_of_them(pks)
            return
        except TimeUpError:
            raise
        except Exception as error:
            met = isinstance(error, OperationalError) and isinstance(error.__cause__, DeadlockDetected)
            if isinstance(error, PASSING) and not met:
                raise
    for pk in pks:
        one(pk)


def stored(records: Sequence[ImportRecord]) -> None:
    """Save what became of them, which the caller has locked: one statement."""
    told = [
        {
            "id": record.pk, "state": record.state, "clinic_id": record.clinic_id, "made_clinic": record.made_clinic,
            "before": record.before, "after": record.after, "note": record.note,
            "applied_at": record.applied_at and record.applied_at.isoformat(),
        }
        for record in records
    ]  # fmt: skip
    if told:
        with connection.cursor() as cursor:
            cursor.execute(STORE, [json.dumps(told)])

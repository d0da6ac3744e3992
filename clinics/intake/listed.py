"""Rows of one list held against each other, and against clinics that came while it waited.

Of rows that are one clinic the likest counts, the first of equals, and the rest are repetitions. Two rows with one id that
say different things are a person's to sort out, and so are two that are merely like each other.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from itertools import islice

from django.db import connection, transaction
from django.db.models import QuerySet

from clinics.likeness import Decision as Like
from clinics.likeness import Described, Directory, Match, candidates_of
from clinics.likeness.directory import COMPARED
from clinics.models import ImportBatch, ImportRecord, Postcode

from .proposing import as_other, described, reasons_of
from .working import Progress, TimeUpError

Decision, State = ImportRecord.Decision, ImportRecord.State

_BATCH = 1000
_COLUMNS = ("pk", "batch", "row", "name", "facts", "problems")
CAME = "En klinik som denne er kommet til, siden listen blev læst."

SAME_ID = """
WITH shared AS (
  SELECT external_id FROM clinics_importrecord
  WHERE batch_id = %(batch)s AND external_id <> '' AND proposed <> 'skip' GROUP BY external_id HAVING count(*) > 1
), told AS (
  SELECT id, row, facts, first_value(row) OVER first AS first_row, first_value(facts) OVER first AS first_facts
  FROM clinics_importrecord JOIN shared USING (external_id)
  WHERE batch_id = %(batch)s AND proposed <> 'skip' WINDOW first AS (PARTITION BY external_id ORDER BY row)
), decided AS (
  SELECT id, CASE WHEN facts = first_facts THEN 'duplicate' ELSE 'person' END AS what,
    CASE WHEN facts = first_facts THEN 'Samme række som række ' || first_row || '.'
      ELSE 'Samme id som række ' || first_row || ', men andre oplysninger.' END AS why
  FROM told WHERE row <> first_row
)
UPDATE clinics_importrecord record SET proposed = what, decision = what, note = why FROM decided WHERE decided.id = record.id
"""
SAME_CLINIC = """
WITH told AS (
  SELECT id, row, first_value(row) OVER (PARTITION BY clinic_id ORDER BY score DESC, row) AS first_row
  FROM clinics_importrecord WHERE batch_id = %(batch)s AND proposed = 'update'
)
UPDATE clinics_importrecord record SET proposed = 'duplicate', decision = 'duplicate',
  note = 'Samme klinik som række ' || first_row || '.'
FROM told WHERE told.id = record.id AND told.row <> first_row
"""


def settle(batch: ImportBatch, *, progress: Progress | None = None) -> None:
    """Find the repetitions, in the caller's transaction, once: it looks at what was proposed when each row stood alone."""
    with connection.cursor() as cursor:
        cursor.execute(SAME_ID, {"batch": batch.pk})
        cursor.execute(SAME_CLINIC, {"batch": batch.pk})
    new = batch.records.filter(proposed=Decision.NEW)
    count = new.count()
    if count < 2:
        return
    postcodes = Postcode.objects.in_bulk()

    def told(rows: QuerySet[ImportRecord]) -> Iterator[tuple[int, Described]]:
        for one in _streamed(rows):
            yield one.row, described(one, postcodes)

    directory = Directory(told(new), lambda rows: told(batch.records.filter(row__in=list(rows))))
    asked: dict[int, str] = {}  # row → what became of it, where that is no longer NEW

    def judge(record: ImportRecord, matches: list[Match]) -> bool:
        earlier = [match for match in matches if match.pk < record.row]
        if not earlier:
            return False
        best = earlier[0]
        same = best.decision is Like.SAME and asked.get(best.pk) != Decision.PERSON
        record.proposed = record.decision = asked[record.row] = Decision.DUPLICATE if same else Decision.PERSON
        record.note = f"{'Samme klinik som' if same else 'Ligner'} række {best.pk}: {', '.join(best.reasons)}."[:500]
        return True

    _judged(new, directory, postcodes, judge, ["proposed", "decision", "note"], _quiet(progress, count))


@transaction.atomic
def hold_against(batch: ImportBatch, directory: Directory) -> int:
    """Rows that are to be new and resemble somebody of the directory go to a person. Returns how many."""

    def judge(record: ImportRecord, matches: list[Match]) -> bool:
        if not matches:
            return False
        record.decision, record.note = Decision.PERSON, CAME
        best = matches[0]
        record.clinic_id, record.score, record.reasons = best.pk, best.score, reasons_of(best)
        record.others = [as_other(match) for match in matches[1:]]
        return True

    new = batch.records.filter(decision=Decision.NEW, state=State.STAGED, decided_by=None).select_for_update(
        of=("self",)
    )
    fields = ["decision", "note", "clinic", "score", "reasons", "others"]
    return _judged(new, directory, Postcode.objects.in_bulk(), judge, fields, lambda done: None)


def _judged(
    rows: QuerySet[ImportRecord],
    directory: Directory,
    postcodes: dict[str, Postcode],
    judge: Callable[[ImportRecord, list[Match]], bool],
    fields: Collection[str],
    tell: Callable[[int], None],
) -> int:
    """Each row with its matches; those that `judge` changed are stored. Returns how many."""
    changed = done = 0
    waiting = _streamed(rows)
    while some := list(islice(waiting, _BATCH)):
        told = (described(one, postcodes) for one in some)
        found = zip(some, candidates_of(told, directory, most=COMPARED), strict=True)
        other = [record for record, matches in found if judge(record, matches)]
        ImportRecord.objects.bulk_update(other, fields, batch_size=200)
        changed, done = changed + len(other), done + len(some)
        tell(done)
    return changed


def _streamed(rows: QuerySet[ImportRecord]) -> Iterator[ImportRecord]:
    return rows.order_by("row").only(*_COLUMNS).iterator(chunk_size=_BATCH)


def _quiet(progress: Progress | None, total: int) -> Callable[[int], None]:
    """Told, but not stopped: half of this is nothing."""

    def tell(done: int) -> None:
        if progress:
            with suppress(TimeUpError):
                progress(done, total)

    return tell

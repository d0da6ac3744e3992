"""Reading a list: a record per row with what was read, whom it resembles and what is proposed. No clinic is touched.

A thousand rows at a time, in one transaction with the count of rows read: who is killed is taken up after the last stored
row. Then the rows are held against each other (`listed`), in one transaction with the new state.
"""

import gc
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import BinaryIO

from django.db import IntegrityError, transaction
from django.db.models import F, Max

from clinics import clock
from clinics.copying import copy_rows
from clinics.likeness import Directory, candidates_of
from clinics.models import Clinic, ImportBatch, ImportRecord, Postcode

from . import listed, receiving
from .proposing import Known, Proposed, described, proposal_for
from .reading.files import UnreadableError, rows_of
from .reading.parsing import Parsed, parsed
from .reading.raw import Raw
from .working import Progress, fail

BATCH = 1000
TRIES = 3  # a clinic may be deleted between its being read and being named
NO_ROWS = "Der er ingen rækker i filen."
GONE = "Filen er slettet, så den kan ikke læses. Læg den op igen."
_PIECE = 1 << 20


def stage(batch_pk: int, *, progress: Progress | None = None) -> None:
    """Read, match and propose, from wherever an earlier try stopped; nothing when the batch is past it already.

    `progress`: rows done and rows in all (None while nobody knows), called where everything so far is stored; it begins
    again from 0 for rows held against each other. For one process at a time (`working.alone`).
    """
    batch = ImportBatch.objects.filter(pk=batch_pk, status=ImportBatch.Status.STAGING).first()
    if batch is None:
        return
    try:
        with receiving.opened(batch.pk) as content:
            total = batch.total if batch.total is not None else _estimate(batch)
            _read(batch, content, total, progress)
    except UnreadableError as error:
        fail(batch.pk, error.text)
        return
    except receiving.ImportFile.DoesNotExist:
        fail(batch.pk, GONE)
        return
    rows = batch.records.count()
    if not rows:
        fail(batch.pk, NO_ROWS)
        return
    gc.collect()  # the directory of clinics, before the next one is made
    with transaction.atomic():
        listed.settle(batch, progress=progress)
        ImportBatch.objects.filter(pk=batch.pk, status=ImportBatch.Status.STAGING).update(
            status=ImportBatch.Status.STAGED, rows=rows, total=rows, finished_at=clock.now()
        )


def look_again(batch_pk: int) -> int:
    """Before new clinics are made: whether one of them has come here since the list was read, from another list or a form.

    Such rows go back to a person, unless a person has said that they are new. Returns how many. All or nothing.
    """
    batch = ImportBatch.objects.get(pk=batch_pk)
    since = Clinic.objects.filter(is_example=False, created_at__gte=batch.created_at)
    mine = batch.records.filter(made_clinic=True, clinic__isnull=False)
    since = since.exclude(pk__in=mine.values("clinic"))
    if not since.exists():
        return 0
    return listed.hold_against(batch, Directory.of_clinics(since))


def _read(batch: ImportBatch, content: BinaryIO, total: int | None, progress: Progress | None) -> None:
    last = batch.records.aggregate(last=Max("row"))["last"] or 0
    rows = _after(rows_of(content, format=batch.format, columns=batch.columns), last)
    done, directory, postcodes = batch.rows, None, Postcode.objects.in_bulk()
    while some := list(islice(rows, BATCH)):
        if directory is None:  # not before something is left to read
            directory = Directory.of_clinics(Clinic.objects.filter(is_example=False))
        _store(batch, [parsed(raw) for raw in some], directory, postcodes)
        done += len(some)
        if progress:
            progress(done, max(total, done) if total is not None else None)


def _store(batch: ImportBatch, rows: list[Parsed], directory: Directory, postcodes: Mapping[str, Postcode]) -> None:
    told = [described(row, postcodes) for row in rows]
    for attempt in range(1, TRIES + 1):
        try:
            with transaction.atomic():
                matches = list(candidates_of(told, directory))
                known = Known.of(rows, matches, batch)
                copy_rows(
                    [
                        _record(batch, row, proposal_for(row, some, known, one=one))
                        for row, some, one in zip(rows, matches, told, strict=True)
                    ]
                )
                ImportBatch.objects.filter(pk=batch.pk).update(rows=F("rows") + len(rows))
            return
        except IntegrityError:
            if attempt == TRIES:
                raise


def _record(batch: ImportBatch, row: Parsed, proposed: Proposed) -> ImportRecord:
    return ImportRecord(
        batch=batch, row=row.row, external_id=row.external_id[:80], name=row.name[:160], facts=row.facts,
        problems=row.problems, clinic_id=proposed.clinic, score=proposed.score, reasons=proposed.reasons,
        others=proposed.others, proposed=proposed.decision, decision=proposed.decision, note=proposed.note[:500],
    )  # fmt: skip


def _after(rows: Iterator[Raw], last: int) -> Iterator[Raw]:
    """Those that are not stored yet: each number once, upwards."""
    for raw in rows:
        if raw.row > last:
            last = raw.row
            yield raw


def _estimate(batch: ImportBatch) -> int | None:
    """How many rows there seem to be, for a progress bar: the true number is known at the end."""
    mark, seen, tail = (b"\n", 0, b"") if batch.format == ImportBatch.Format.CSV else (b'"Feature"', 0, b"")
    with receiving.opened(batch.pk) as content:
        while piece := content.read(_PIECE):
            seen += (tail + piece).count(mark)
            tail = (tail + piece)[-(len(mark) - 1) :] if len(mark) > 1 else b""
    total = max(seen - 1, 0) if batch.format == ImportBatch.Format.CSV else seen
    ImportBatch.objects.filter(pk=batch.pk).update(total=total)
    return total

"""Who works on a list: one process at a time, from where the last one stopped, and no longer than a task may.

The state of the batch says what there is to do. So a nudge may come twice, late or never: the second finds somebody at work
or nothing left, and `go_on` asks again for what a killed worker left.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Count
from django.db.utils import DatabaseError, InterfaceError, OperationalError

from clinics import clock, ownership
from clinics.actions import ActionError, log
from clinics.models import ImportBatch, ImportRecord

Status, Decision, State = ImportBatch.Status, ImportRecord.Decision, ImportRecord.State
Progress = Callable[[int, int | None], None]

logger = logging.getLogger(__name__)

LOCK = 0x0F75117  # the first of the two numbers of our advisory locks; the second is the batch
TURN = (
    8 * 60
)  # seconds of one task; what is left is the next one's. Far below the limit of these tasks (task_rules.LONG)
TO_APPLY = (Decision.UPDATE, Decision.NEW)  # the others stay as they are
# What goes by itself: the work is taken up again. Anything else is a fault of ours, and would come again each time.
PASSING = (OperationalError, InterfaceError, OSError, SoftTimeLimitExceeded)
OUR_FAULT = "Listen kunne ikke læses på grund af en fejl hos os. Vi kan se den under mislykket arbejde."

_held: set[tuple[int, int]] = set()  # by this process: PostgreSQL lets one session take a lock twice


class TimeUpError(Exception):
    """This turn is over; everything so far is stored."""


@contextmanager
def alone(batch_pk: int) -> Iterator[bool]:
    """Whether this process may work on the batch: False for the second. The lock goes with the connection, so a killed
    process holds nobody up. (A connection pool in transaction mode, as PgBouncer's, would break it.)
    """
    mine = (threading.get_ident(), batch_pk)
    if mine in _held or not _say("SELECT pg_try_advisory_lock(%s, %s)", batch_pk):
        yield False
        return
    _held.add(mine)
    try:
        yield True
    finally:
        _held.discard(mine)
        try:
            _say("SELECT pg_advisory_unlock(%s, %s)", batch_pk)
        except (DatabaseError, InterfaceError):  # the connection is gone, and the lock with it
            logger.info("the lock of list %d went with its connection", batch_pk)


def work(batch_pk: int, *, progress: Progress | None = None, seconds: float | None = None) -> bool:
    """Do what the state of the batch asks for. False when somebody else is at it; True when nothing is left.

    `seconds`: stop after that many, with TimeUpError. Whoever comes next goes on there.
    """
    with alone(batch_pk) as mine:
        if mine:
            work_alone(batch_pk, progress=_until(seconds, progress))
        return mine


def work_alone(batch_pk: int, *, progress: Progress | None = None) -> None:
    """For whoever holds `alone` already."""
    from . import applying, staging, undoing  # they import this module

    batch = ImportBatch.objects.filter(pk=batch_pk).first()
    match batch and batch.status:
        case Status.STAGING:
            try:
                staging.stage(batch_pk, progress=progress)
            except (TimeUpError, *PASSING):
                raise
            except Exception:
                if not ImportBatch.objects.filter(pk=batch_pk).exists():
                    return  # somebody has deleted it
                fail(batch_pk, OUR_FAULT)
                raise
        case Status.APPLYING:
            staging.look_again(batch_pk)
            applying.apply(batch_pk, progress=progress)
            _ended(batch_pk, Status.APPLYING, Status.APPLIED)
        case Status.UNDOING:
            undoing.undo(batch_pk, progress=progress)
            _ended(batch_pk, Status.UNDOING, Status.UNDONE)


def turn(batch_pk: int) -> bool:
    """One task's worth of work; asks for another one when there is more. True when this turn brought it to its end."""
    try:
        return work(batch_pk, seconds=TURN)
    except TimeUpError:
        nudge(batch_pk)
        return False


def go_on() -> int:
    """For beat: ask again for every batch that somebody began and nobody works on. Returns how many."""
    asked = 0
    for pk in ImportBatch.objects.filter(status__in=ImportBatch.WORKING).values_list("pk", flat=True):
        with alone(pk) as nobody_else:
            free = nobody_else
        if free:
            nudge(pk)
            asked += 1
    return asked


def nudge(batch_pk: int) -> None:
    """Ask the worker for what the state of the batch says. Nothing depends on it: beat comes every few minutes."""
    from clinics import tasks  # it imports this module

    asked: dict[str, Any] = {
        Status.STAGING: tasks.stage_import, Status.APPLYING: tasks.apply_import, Status.UNDOING: tasks.undo_import,
    }  # fmt: skip
    status = ImportBatch.objects.filter(pk=batch_pk).values_list("status", flat=True).first()
    if task := asked.get(status or ""):
        task.apply_async([batch_pk], retry=False)


def nudge_on_commit(batch_pk: int) -> None:
    transaction.on_commit(lambda: nudge(batch_pk), robust=True)


@transaction.atomic
def start_applying(*, batch: ImportBatch, by: User | None, nudge: bool = True) -> None:
    """What is decided shall be done: rows that are an update or new. The worker does it, or without `nudge` the caller.
    Raises ActionError."""
    stored = _locked(batch, by)
    refused = {
        Status.STAGING: "Listen bliver læst. Vent, til det er færdigt.",
        Status.APPLYING: "Listen er ved at blive indført.",
        Status.UNDOING: "Listen er ved at blive rullet tilbage. Læs filen ind igen, hvis den alligevel skal indføres.",
        Status.UNDONE: "Listen er rullet tilbage. Læs filen ind igen, hvis den alligevel skal indføres.",
        Status.FAILED: "Listen kunne ikke læses, så der er intet at indføre.",
    }
    if text := refused.get(Status(stored.status)):
        raise ActionError(text)
    if not stored.records.filter(state=State.STAGED, decision__in=TO_APPLY).exists():
        raise ActionError("Der er ingen rækker at indføre. Afgør først, hvad der skal ske med dem.")
    _begin(stored, batch, Status.APPLYING, by, "Satte i gang: indfør listen.")
    if nudge:
        nudge_on_commit(stored.pk)


@transaction.atomic
def start_undoing(*, batch: ImportBatch, by: User | None, nudge: bool = True) -> None:
    """Everything that the batch changed shall be as it was; otherwise as `start_applying`. Raises ActionError."""
    stored = _locked(batch, by)
    refused = {
        Status.STAGING: "Listen bliver læst. Den har ikke ændret noget endnu.",
        Status.STAGED: "Listen er ikke indført, så der er intet at rulle tilbage.",
        Status.APPLYING: "Listen er ved at blive indført. Vent, til det er færdigt, og rul den så tilbage.",
        Status.UNDOING: "Listen er ved at blive rullet tilbage.",
        Status.UNDONE: "Listen er allerede rullet tilbage.",
        Status.FAILED: "Listen kunne ikke læses, så den har ikke ændret noget.",
    }
    if text := refused.get(Status(stored.status)):
        raise ActionError(text)
    _begin(stored, batch, Status.UNDOING, by, "Satte i gang: rul listen tilbage.")
    if nudge:
        nudge_on_commit(stored.pk)


def counts(batch: ImportBatch) -> dict[tuple[str, str], int]:
    """(decision, state) → how many rows."""
    found = batch.records.order_by().values_list("decision", "state").annotate(number=Count("pk"))
    return {(decision, state): number for decision, state, number in found}


def fail(batch_pk: int, problem: str) -> None:
    """Nothing more comes of this batch. What was read of it stays to be seen."""
    ImportBatch.objects.filter(pk=batch_pk, status=Status.STAGING).update(
        status=Status.FAILED, problem=problem[:500], finished_at=clock.now()
    )


def _begin(stored: ImportBatch, batch: ImportBatch, status: ImportBatch.Status, by: User | None, text: str) -> None:
    stored.status, stored.started_at, stored.finished_at = status, clock.now(), None
    stored.save(update_fields=["status", "started_at", "finished_at"])
    if by:
        log(row=stored, by=by, text=text)
    batch.status, batch.started_at, batch.finished_at = stored.status, stored.started_at, stored.finished_at


def _ended(batch_pk: int, during: ImportBatch.Status, after: ImportBatch.Status) -> None:
    ImportBatch.objects.filter(pk=batch_pk, status=during).update(status=after, finished_at=clock.now())


def _locked(batch: ImportBatch, by: User | None) -> ImportBatch:
    """The batch as it is now, for this transaction alone. `by`: None is whoever has the machine."""
    if by is not None and not ownership.may_moderate(by):
        raise ActionError("Det kan kun en moderator.")
    stored = ImportBatch.objects.select_for_update(of=("self",)).filter(pk=batch.pk).first()
    if stored is None:
        raise ActionError("Listen findes ikke længere.")
    return stored


def _until(seconds: float | None, progress: Progress | None) -> Progress | None:
    """The same progress, and the end of the turn: called where everything so far is stored."""
    if seconds is None:
        return progress
    end = time.monotonic() + seconds

    def tell(done: int, total: int | None) -> None:
        if progress:
            progress(done, total)
        if time.monotonic() > end:
            raise TimeUpError

    return tell


def _say(statement: str, batch_pk: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, [LOCK, batch_pk])
        return bool(cursor.fetchone()[0])

"""A list is read anew: after somebody has said what its columns are, or because it could not be read."""

from collections.abc import Mapping

from django.contrib.auth.models import User
from django.db import transaction

from clinics import clock, ownership
from clinics.actions import ActionError, log
from clinics.models import ImportBatch, ImportFile

from . import working

Status = ImportBatch.Status

ASK = "Sig først, hvad listens kolonner er."  # why nothing is read yet; no fault of the file
READABLE = (Status.FAILED, Status.STAGED)


@transaction.atomic
def wait_for_columns(*, batch: ImportBatch) -> None:
    """Nothing is read before somebody has said what the columns are (`read_again`). In the transaction that received it."""
    batch.status, batch.problem, batch.finished_at = Status.FAILED, ASK, clock.now()
    batch.save(update_fields=["status", "problem", "finished_at"])


def waits_for_columns(batch: ImportBatch) -> bool:
    return batch.status == Status.FAILED and batch.problem == ASK


@transaction.atomic
def read_again(*, batch: ImportBatch, by: User, columns: Mapping[str, str] | None = None) -> None:
    """The worker reads it from the beginning; what was decided of its rows is forgotten. Raises ActionError.

    `columns`: heading → fact from now on; None leaves them as they are.
    """
    if not ownership.may_moderate(by):
        raise ActionError("Det kan kun en moderator.")
    stored = ImportBatch.objects.select_for_update(of=("self",)).filter(pk=batch.pk).first()
    if stored is None:
        raise ActionError("Listen findes ikke længere.")
    if stored.status not in READABLE:
        raise ActionError(f"Listen {stored.get_status_display()}, og kan ikke læses igen.")
    if not ImportFile.objects.filter(batch=stored).exists():
        raise ActionError("Filen er slettet. Læg listen ind på ny.")
    stored.records.all().delete()
    if columns is not None:
        stored.columns = dict(columns)
    stored.status, stored.problem, stored.rows, stored.total = Status.STAGING, "", 0, None
    stored.started_at, stored.finished_at = clock.now(), None
    stored.save()
    log(row=stored, by=by, text="Satte i gang: læs listen igen.")
    working.nudge_on_commit(stored.pk)

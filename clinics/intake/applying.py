"""What was decided is done, a row of a list in a transaction of its own: who is killed leaves nothing half, nothing twice.

The clinic is locked first and the record after it, as everywhere, and the clinic as it is at that moment decides: where it was
closed, deleted or taken off since the list was read, the row goes back to a person.
"""

import logging
from collections.abc import Callable

from django.db import transaction
from django.db.utils import OperationalError
from psycopg.errors import DeadlockDetected

from clinics import addresses, clock, danish
from clinics.geocoding import left_to_beat
from clinics.listing.deciding import removed
from clinics.models import Clinic, ImportBatch, ImportRecord
from clinics.whole import fill

from .changing import making, writing
from .changing.writing import Done
from .working import PASSING, TO_APPLY, TimeUpError

Progress = Callable[[int, int | None], None]
Decision, State = ImportRecord.Decision, ImportRecord.State

logger = logging.getLogger(__name__)

AT_ONCE = 500  # keys of records that are read together
TRIES = 3
SAME = "uændret"
DELETED = "Klinikken er slettet siden. Skal den oprettes på ny, eller er det en anden?"
CLOSED = "Klinikken står som lukket hos os. Er den åbnet igen?"
TAKEN_OFF = "Klinikken er taget af siden, fordi nogen bad om det."
EXAMPLE = "Klinikken er et opdigtet eksempel, som ingen liste retter."
OUR_FAULT = "Rækken kunne ikke indføres på grund af en fejl hos os. Klinikken er, som den var."
MOVED_ON = "Klinikken blev en anden, mens rækken blev indført. Afgør den igen."


def apply(batch_pk: int, *, progress: Progress | None = None) -> None:
    """All rows that are decided as an update or new and wait, from wherever an earlier try stopped. Doing it twice does it once.

    `progress`: rows done and rows in all, called where everything so far is stored.
    """
    batch = ImportBatch.objects.filter(pk=batch_pk, status=ImportBatch.Status.APPLYING).first()
    if batch is None:
        return
    waiting = batch.records.filter(state=State.STAGED, decision__in=TO_APPLY).order_by("row")
    total = batch.records.filter(state=State.STAGED, decision__in=TO_APPLY).count()
    done, last = 0, -1
    with left_to_beat():
        while some := list(waiting.filter(row__gt=last).values_list("pk", "row")[:AT_ONCE]):
            for pk, row in some:
                apply_record(pk)
                done, last = done + 1, row
                if progress:
                    progress(done, max(total, done))


def apply_record(pk: int) -> None:
    """Do what was decided about one row, if it still waits. A row that cannot be applied says why, and is passed over."""
    for attempt in range(1, TRIES + 1):
        try:
            _apply(pk)
            return
        except _AgainError:
            continue
        except OperationalError as error:
            if not isinstance(error.__cause__, DeadlockDetected) or attempt == TRIES:
                raise
        except (*PASSING, TimeUpError):
            raise
        except addresses.AddressError as error:
            _fail(pk, error.text)
            return
        except Exception:
            logger.exception("row %d of a list was not applied", pk)
            _fail(pk, OUR_FAULT)
            return
    ImportRecord.objects.filter(pk=pk, state=State.STAGED).update(decision=Decision.PERSON, note=MOVED_ON)


class _AgainError(Exception):
    """The record names another clinic than the one that was locked for it."""


@transaction.atomic
def _apply(pk: int) -> None:
    clinic_pk = ImportRecord.objects.filter(pk=pk).values_list("clinic", flat=True).first()
    rows = Clinic.objects.select_for_update(of=("self",)).select_related("postcode")
    clinic = rows.filter(pk=clinic_pk).first() if clinic_pk else None
    records = ImportRecord.objects.select_for_update(of=("self",)).select_related("batch")
    record = records.filter(pk=pk, state=State.STAGED, decision__in=TO_APPLY).first()
    if record is None:
        return  # done already, or decided otherwise
    if record.clinic_id != (clinic and clinic.pk):
        raise _AgainError
    if record.decision == Decision.NEW:
        _make(record)
    elif why := _not_now(clinic):
        _back(record, why)
    else:
        assert clinic is not None  # noqa: S101  # `_not_now` says so
        fill([clinic])
        done = writing.update(clinic=clinic, facts=record.facts, batch=record.batch)
        _store(record, done, clinic, _told(done))


def _make(record: ImportRecord) -> None:
    try:
        with transaction.atomic():
            clinic, done = making.make(record=record, batch=record.batch)
    except making.UnmakeableError as error:
        record.state, record.note = State.FAILED, str(error)[:500]
        record.save(update_fields=["state", "note"])
    except making.AlreadyThereError as error:
        _back(record, str(error))
    else:
        done.before["clinic"] = record.clinic_id  # whom it resembled
        record.made_clinic = True
        _store(record, done, clinic, f"Udeladt: {'; '.join(done.kept)}" if done.kept else "")


def _not_now(clinic: Clinic | None) -> str:
    """Why a person must look again, "" when nothing has happened that a list could not know of."""
    if clinic is None:
        return DELETED
    if clinic.is_example:
        return EXAMPLE
    if clinic.status == Clinic.Status.CLOSED:
        return CLOSED
    if clinic.status == Clinic.Status.DRAFT and removed(Clinic.objects.filter(pk=clinic.pk)).exists():
        return TAKEN_OFF
    return ""


def _store(record: ImportRecord, done: Done, clinic: Clinic, note: str) -> None:
    record.clinic, record.state, record.applied_at = clinic, State.APPLIED, clock.now()
    record.before, record.after = done.before, done.after
    record.note = note[:500]
    fields = ["clinic", "state", "applied_at", "before", "after", "note", "made_clinic"]
    record.save(update_fields=fields)


def _told(done: Done) -> str:
    said = [f"Ændret: {danish.listing([danish.in_sentence(one) for one in done.written])}."] if done.written else []
    if done.kept:
        said += [f"Bevaret: {'; '.join(done.kept)}"]
    return " ".join([*said, *filter(None, [done.doubt])]) or SAME


def _back(record: ImportRecord, note: str) -> None:
    record.decision, record.note = Decision.PERSON, note
    record.save(update_fields=["decision", "note"])


def _fail(pk: int, note: str) -> None:
    ImportRecord.objects.filter(pk=pk, state=State.STAGED).update(state=State.FAILED, note=note)

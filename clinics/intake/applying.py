"""What was decided is done, some rows of a list in one transaction: who is killed leaves nothing half, nothing twice.

The clinics are locked first and the records after them, as everywhere, and the clinic as it is at that moment decides: where
it was closed, deleted or taken off since the list was read, the row goes back to a person. Where one row cannot be applied
nothing of its companions is, and each of them is applied alone.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence

from django.db import transaction
from django.db.utils import OperationalError
from psycopg.errors import DeadlockDetected

from clinics import actions, addresses, clock, danish, versions
from clinics.geocoding import left_to_beat
from clinics.listing.deciding import removed
from clinics.models import Clinic, ImportBatch, ImportRecord
from clinics.whole import fill

from .changing import making, writing
from .changing.writing import Done
from .turns import in_turns, stored, together
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
        while some := list(waiting.filter(row__gt=last).values_list("pk", "clinic", "row")[:AT_ONCE]):
            for pks in in_turns((pk, clinic) for pk, clinic, _ in some):
                together(pks, _apply, apply_record)
                done += len(pks)
                if progress:
                    progress(done, max(total, done))
            last = some[-1][2]


def apply_record(pk: int) -> None:
    """Do what was decided about one row, if it still waits. A row that cannot be applied says why, and is passed over."""
    for attempt in range(1, TRIES + 1):
        try:
            _apply([pk])
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
def _apply(pks: Sequence[int]) -> None:
    wanted = {pk for pk in ImportRecord.objects.filter(pk__in=pks).values_list("clinic", flat=True) if pk}
    rows = Clinic.objects.select_for_update(of=("self",)).select_related("postcode")
    clinics = {clinic.pk: clinic for clinic in rows.filter(pk__in=wanted).order_by("pk")} if wanted else {}
    locked = ImportRecord.objects.select_for_update(of=("self",)).select_related("batch__created_by")
    # Not among them: what is done already, or decided otherwise.
    records = list(locked.filter(pk__in=pks, state=State.STAGED, decision__in=TO_APPLY).order_by("row"))
    named = [record.clinic_id for record in records if record.clinic_id]
    if not {*named} <= clinics.keys() or len({*named}) < len(named):
        raise _AgainError
    if records:
        _apply_locked(records, clinics, records[0].batch)


def _apply_locked(records: Iterable[ImportRecord], clinics: Mapping[int, Clinic], batch: ImportBatch) -> None:
    """Of one list, and no clinic twice."""
    new, there = [], []
    for record in records:
        clinic = clinics.get(record.clinic_id or 0)
        if record.decision == Decision.NEW:
            new.append(record)
        elif clinic is None or (why := _not_now(clinic)):
            _back(record, DELETED if clinic is None else why)
        else:
            there.append((record, clinic))
    if there:
        fill([clinic for _, clinic in there])
    plans = [writing.planned(clinic=clinic, facts=record.facts, batch=batch) for record, clinic in there]
    versions.begin_all(clinics=[plan.clinic for plan in plans if plan.changes])
    done = [writing.write(plan, batch) for plan in plans]
    made = _made(new, batch)
    changed = [plan.clinic for plan in plans if plan.values] + [clinic for _, clinic, _ in made]
    actions.clinics_changed(clinics=changed)
    writing.finish((plan.clinic, one) for plan, one in zip(plans, done, strict=True))
    said = changed + [plan.clinic for plan in plans if plan.new and not plan.values]
    kept = versions.record_all(clinics=said, by=None, note=writing.note_of(batch))
    for record, clinic, one in made:
        one.after["version"] = kept[clinic.pk].pk if clinic.pk in kept else None
        _applied(record, one, clinic, f"Udeladt: {'; '.join(one.kept)}" if one.kept else "")
    for (record, clinic), one in zip(there, done, strict=True):
        _applied(record, one, clinic, _told(one))
    stored([*(record for record, _, _ in made), *(record for record, _ in there)])


def _made(records: Sequence[ImportRecord], batch: ImportBatch) -> list[tuple[ImportRecord, Clinic, Done]]:
    found = []
    for record, one in zip(records, making.make(records, batch), strict=True):
        if isinstance(one, making.UnmakeableError):
            record.state, record.note = State.FAILED, str(one)[:500]
            record.save(update_fields=["state", "note"])
        elif isinstance(one, making.AlreadyThereError):
            _back(record, str(one))
        else:
            clinic, done = one
            done.before["clinic"] = record.clinic_id  # whom it resembled
            record.made_clinic = True
            found.append((record, clinic, done))
    return found


def _not_now(clinic: Clinic) -> str:
    """Why a person must look again, "" when nothing has happened that a list could not know of."""
    if clinic.is_example:
        return EXAMPLE
    if clinic.status == Clinic.Status.CLOSED:
        return CLOSED
    if clinic.status == Clinic.Status.DRAFT and removed(Clinic.objects.filter(pk=clinic.pk)).exists():
        return TAKEN_OFF
    return ""


def _applied(record: ImportRecord, done: Done, clinic: Clinic, note: str) -> None:
    """Not saved."""
    record.clinic, record.state, record.applied_at = clinic, State.APPLIED, clock.now()
    record.before, record.after, record.note = done.before, done.after, note[:500]


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

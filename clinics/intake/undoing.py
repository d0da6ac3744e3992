"""Rolling a list back: what it changed is as it was, unless somebody has changed it since. The last applied row first.

The clinics are locked first and the records after them; some rows are one transaction (`turns`), so whoever is killed goes on
there.
"""

import logging
from collections.abc import Callable, Sequence

from django.db import transaction
from django.db.utils import OperationalError
from psycopg.errors import DeadlockDetected

from clinics import actions, danish, versions
from clinics.geocoding import left_to_beat
from clinics.models import Clinic, ImportBatch, ImportRecord
from clinics.whole import fill

from .applying import TRIES
from .changing.back import go, later_lists, way_back
from .changing.later import hand_on_clinic
from .changing.touched import ANOTHER_LIST, touched_all
from .turns import in_turns, stored, together
from .working import PASSING, TimeUpError

Progress = Callable[[int, int | None], None]
State = ImportRecord.State

logger = logging.getLogger(__name__)

AT_ONCE = 500
DELETED = "Klinikken er slettet siden, så der var intet at rulle tilbage."
KEPT_CLINIC = "Klinikken blev, for der er sket noget med den siden: {what}."
OUR_FAULT = "Rækken kunne ikke rulles tilbage på grund af en fejl hos os. Klinikken er, som den var."


def undo(batch_pk: int, *, progress: Progress | None = None) -> None:
    """Roll back every row that was applied, from wherever an earlier try stopped. Doing it twice does it once.

    `progress`: rows done and rows in all, called where everything so far is stored.
    """
    batch = ImportBatch.objects.filter(pk=batch_pk, status=ImportBatch.Status.UNDOING).first()
    if batch is None:
        return
    applied = batch.records.filter(state=State.APPLIED).order_by("-applied_at", "-pk")
    total, done = applied.count(), 0
    with left_to_beat():
        while some := list(applied.values_list("pk", "clinic")[:AT_ONCE]):
            for pks in in_turns(some):
                together(pks, _undo, undo_record)
                done += len(pks)
                if progress:
                    progress(done, max(total, done))


def undo_record(pk: int) -> None:
    """Roll one row back, if it is applied. Whatever goes wrong, it is applied no more: it says what stayed."""
    for attempt in range(1, TRIES + 1):
        try:
            _undo([pk])
            return
        except _AgainError:
            continue
        except OperationalError as error:
            if not isinstance(error.__cause__, DeadlockDetected) or attempt == TRIES:
                raise
        except (*PASSING, TimeUpError):
            raise
        except Exception:
            logger.exception("row %d of a list was not rolled back", pk)
            ImportRecord.objects.filter(pk=pk, state=State.APPLIED).update(state=State.KEPT, note=OUR_FAULT)
            return

    ImportRecord.objects.filter(pk=pk, state=State.APPLIED).update(state=State.KEPT, note=OUR_FAULT)


class _AgainError(Exception):
    """A record names another clinic than the one that was locked for it."""


@transaction.atomic
def _undo(pks: Sequence[int]) -> None:
    wanted = {pk for pk in ImportRecord.objects.filter(pk__in=pks).values_list("clinic", flat=True) if pk}
    rows = Clinic.objects.select_for_update(of=("self",)).select_related("postcode")
    clinics = {clinic.pk: clinic for clinic in rows.filter(pk__in=wanted).order_by("pk")} if wanted else {}
    locked = ImportRecord.objects.select_for_update(of=("self",)).select_related("batch__created_by")
    records = list(locked.filter(pk__in=pks, state=State.APPLIED).order_by("-applied_at", "-pk"))
    named = [record.clinic_id for record in records if record.clinic_id]
    if not {*named} <= clinics.keys() or len({*named}) < len(named):
        raise _AgainError
    there = [(clinics[record.clinic_id], record) for record in records if record.clinic_id]
    for record in records:
        if not record.clinic_id:
            _close(record, State.UNDONE, DELETED)
    changed = [(clinic, record) for clinic, record in there if not record.made_clinic]
    _unmake([(clinic, record) for clinic, record in there if record.made_clinic])
    _restore(changed)
    stored(records)


def _unmake(made: Sequence[tuple[Clinic, ImportRecord]]) -> None:
    if not made:
        return
    gone, done = [], touched_all(made)
    listed = [clinic for clinic, _ in made if done[clinic.pk] == [ANOTHER_LIST]]
    later = later_lists(listed, made[0][1].batch) if listed else {}
    for clinic, record in made:
        if done[clinic.pk]:
            hand_on_clinic(record, later.get(clinic.pk, ()))
            _close(record, State.KEPT, KEPT_CLINIC.format(what=danish.listing(done[clinic.pk])))
        else:
            gone.append((clinic, record))
    actions.delete_clinics(clinics=[clinic for clinic, _ in gone])
    earlier = {pk for _, record in gone if (pk := record.before.get("clinic"))}
    there = {*Clinic.objects.filter(pk__in=earlier).values_list("pk", flat=True)} if earlier else set()
    for _, record in gone:
        before = record.before.get("clinic")
        record.clinic_id = before if before in there else None
        _close(record, State.UNDONE, "")


def _restore(there: Sequence[tuple[Clinic, ImportRecord]]) -> None:
    if not there:
        return
    clinics = [clinic for clinic, _ in there]
    fill(clinics)
    later = later_lists(clinics, there[0][1].batch)
    ways = [way_back(clinic, record, later[clinic.pk]) for clinic, record in there]
    changed = [way.clinic for way in ways if way.changes]
    versions.begin_all(clinics=changed)
    for way in ways:
        kept = go(way)
        _close(way.record, State.KEPT if kept else State.UNDONE, kept)
    actions.clinics_changed(clinics=changed)
    name = there[0][1].batch.name
    versions.record_all(clinics=changed, by=None, note=f"Rullet tilbage: “{name}”")


def _close(record: ImportRecord, state: str, note: str) -> None:
    """Not saved."""
    record.state, record.note = state, note[:500]

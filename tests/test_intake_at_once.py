"""A list is applied and rolled back with real commits: somebody is killed in between, or saves at the same moment."""

import threading

import pytest
from django.db import connection, transaction

from clinics import actions
from clinics.intake import applying, turns, undoing
from clinics.intake.applying import apply
from clinics.intake.undoing import undo
from clinics.models import Clinic, ImportBatch, ImportRecord
from clinics.models.clinic import Source

from .intake import State, Status, applied, batch, record
from .people import clinic, postcode

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = "+4586121212"


class KilledError(BaseException):
    """What no handler of ours takes for a fault of the row."""


def dies_at(number: int):
    def tell(done: int, total: int | None) -> None:
        if done == number:
            raise KilledError

    return tell


def status(of: ImportBatch, now: str) -> None:
    ImportBatch.objects.filter(pk=of.pk).update(status=now)


def test_who_is_killed_between_two_turns_goes_on_there(monkeypatch):
    monkeypatch.setattr(turns, "TOGETHER", 1)
    postcode("Aarhus C")
    of = batch()
    for number in range(4):
        record(of, name=f"Klinik {number}", postcode_id="8000")
    status(of, Status.APPLYING)
    with pytest.raises(KilledError):
        apply(of.pk, progress=dies_at(3))
    names = [f"Klinik {number}" for number in range(4)]
    assert list(Clinic.objects.order_by("pk").values_list("name", flat=True)) == names[:3]
    steps: list[tuple[int, int | None]] = []
    apply(of.pk, progress=lambda done, total: steps.append((done, total)))
    assert steps == [(1, 1)]
    assert list(Clinic.objects.order_by("pk").values_list("name", flat=True)) == names

    status(of, Status.UNDOING)
    with pytest.raises(KilledError):
        undo(of.pk, progress=dies_at(1))
    assert list(Clinic.objects.order_by("pk").values_list("name", flat=True)) == names[:3]  # the last applied first
    undo(of.pk)
    assert not Clinic.objects.exists() and set(of.records.values_list("state", flat=True)) == {State.UNDONE}


def test_who_is_killed_within_a_turn_leaves_nothing_of_it(monkeypatch):
    postcode("Aarhus C")
    of = batch()
    for number in range(4):
        record(of, name=f"Klinik {number}", postcode_id="8000")
    status(of, Status.APPLYING)

    def dies(records):
        raise KilledError

    whole = applying.stored
    for module, work in ((applying, apply), (undoing, undo)):
        monkeypatch.setattr(module, "stored", dies)
        before = Clinic.objects.count(), {*of.records.values_list("state", flat=True)}
        with pytest.raises(KilledError):
            work(of.pk)
        assert (Clinic.objects.count(), {*of.records.values_list("state", flat=True)}) == before
        monkeypatch.setattr(module, "stored", whole)
        work(of.pk)
        status(of, Status.UNDOING)
    assert not Clinic.objects.exists() and set(of.records.values_list("state", flat=True)) == {State.UNDONE}


def test_an_owner_who_saves_at_the_same_time_is_neither_overwritten_nor_held_up():
    made = clinic("Ryggen", "Aarhus C", source="register")
    of = batch()
    row = record(of, made, phone=PHONE, website="https://listen.example")
    status(of, Status.APPLYING)
    has_lock, problems = threading.Event(), []

    def own() -> None:
        try:
            with transaction.atomic():
                stored = Clinic.objects.select_for_update(of=("self",)).get(pk=made.pk)
                has_lock.set()
                stored.phone = "+4587654321"
                stored.save()
                # The record is locked after the clinic by everybody, so nobody has it who waits for the clinic.
                list(ImportRecord.objects.select_for_update(of=("self",)).filter(pk=row.pk))
                actions.facts_stated(clinic=stored, groups={"contact"}, source=Source.CLINIC)
                actions.clinic_changed(clinic=stored)
        except Exception as error:
            problems.append(error)
        finally:
            connection.close()

    owner = threading.Thread(target=own)
    owner.start()
    assert has_lock.wait(60)
    apply(of.pk)
    owner.join(60)
    made.refresh_from_db()
    row.refresh_from_db()
    assert not problems and not owner.is_alive()
    assert (made.phone, made.website, row.state) == ("+4587654321", "", State.APPLIED)


def test_two_workers_with_one_row_make_one_clinic():
    """`working.alone` keeps them apart; should it not, the row's own lock does."""
    from clinics.intake.applying import apply_record

    postcode("Aarhus C")
    row = record(batch(), name="Ryggen", postcode_id="8000")
    problems = []

    def work() -> None:
        try:
            apply_record(row.pk)
        except Exception as error:
            problems.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for one in workers:
        one.start()
    for one in workers:
        one.join(60)
    assert not problems and Clinic.objects.count() == 1
    row.refresh_from_db()
    assert row.state == State.APPLIED
    assert applied(row.batch) and Clinic.objects.count() == 1

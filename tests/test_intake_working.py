"""One process works on a list at a time, whoever was stopped is taken up, and nothing happens in the wrong order."""

import io
import threading

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.db.utils import IntegrityError, OperationalError

from clinics import tasks
from clinics.actions import ActionError
from clinics.intake import applying, staging, undoing, working
from clinics.intake.receiving import receive
from clinics.models import Clinic, ImportBatch, ImportRecord

from .claims import moderator, person
from .people import places
from .test_memberships import together

CSV = b"navn;adresse;postnummer\nNakken;Vestergade 2;8000\nAlbuen;Kystvejen 3;8000\n"


def received(**fields) -> ImportBatch:
    fields = {"file_name": "liste.csv", "by": None, "name": "Listen", "nudge": False} | fields
    return receive(content=io.BytesIO(CSV), **fields)


def standing(status: str, *rows: tuple[str, str]) -> ImportBatch:
    """A batch in a state, with rows of (decision, state)."""
    batch = ImportBatch.objects.create(name="Listen", status=status, digest="x")
    for number, (decision, state) in enumerate(rows, start=2):
        ImportRecord.objects.create(batch=batch, row=number, decision=decision, state=state)
    return batch


@pytest.fixture
def asked(monkeypatch):
    """(task, batch) of what the worker was asked for."""
    sent = []
    for name in ("stage", "apply", "undo"):
        task = getattr(tasks, f"{name}_import")
        monkeypatch.setattr(task, "apply_async", lambda args, name=name, **_: sent.append((name, *args)))
    return sent


class Other:
    """Another process, as far as PostgreSQL can tell: it works on a batch until it is told to go."""

    def __init__(self, batch_pk: int) -> None:
        self.go, self.began = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self.run, args=[batch_pk])

    def run(self, batch_pk: int) -> None:
        try:
            with working.alone(batch_pk) as mine:
                self.mine = mine
                self.began.set()
                self.go.wait(60)
        finally:
            connection.close()

    def __enter__(self) -> "Other":
        self.thread.start()
        assert self.began.wait(60)
        return self

    def __exit__(self, *_) -> None:
        self.go.set()
        self.thread.join(60)


# One at a time


@pytest.mark.django_db
def test_the_second_is_told_so_in_one_process_and_in_two():
    with working.alone(1) as first, working.alone(1) as second, working.alone(2) as another:
        assert (first, second, another) == (True, False, True)
    with Other(1) as other:
        assert other.mine
        with working.alone(1) as mine, working.alone(2) as another:
            assert (mine, another) == (False, True)
    with working.alone(1) as mine:
        assert mine


@pytest.mark.django_db
def test_the_lock_goes_with_an_error_and_with_the_process():
    with pytest.raises(ZeroDivisionError), working.alone(1):
        raise ZeroDivisionError

    def dies():
        assert working._say("SELECT pg_try_advisory_lock(%s, %s)", 1)
        connection.close()  # as when it is killed: nobody says that it is over

    thread = threading.Thread(target=dies)
    thread.start()
    thread.join(60)
    for _ in range(600):
        with working.alone(1) as mine:
            if mine:
                break
        threading.Event().wait(0.05)  # until PostgreSQL has seen it
    assert mine


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_one_list_read_it_once(asked):
    places()
    batch = received()
    assert together(*[lambda: tasks.stage_import(batch.pk)] * 3) == [""] * 3
    batch.refresh_from_db()
    assert batch.status == "staged"
    assert sorted(batch.records.values_list("row", flat=True)) == [2, 3] and batch.rows == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_apply_it_once_and_a_third_rolls_it_back(asked):
    places()
    batch = received()
    tasks.stage_import(batch.pk)
    working.start_applying(batch=batch, by=None)
    assert together(*[lambda: tasks.apply_import(batch.pk)] * 3) == [""] * 3
    assert sorted(Clinic.objects.values_list("name", flat=True)) == ["Albuen", "Nakken"]
    batch.refresh_from_db()
    assert batch.status == "applied" and batch.finished_at
    answers = together(*[lambda: working.start_undoing(batch=batch, by=None)] * 3)
    assert answers.count("") == 1 and answers.count("Listen er ved at blive rullet tilbage.") == 2
    assert together(*[lambda: tasks.undo_import(batch.pk)] * 2) == [""] * 2
    batch.refresh_from_db()
    assert batch.status == "undone" and not Clinic.objects.exists()
    assert {*batch.records.values_list("state", flat=True)} == {"undone"}


@pytest.mark.django_db
def test_whoever_holds_it_is_not_disturbed(asked):
    batch = standing("applying")
    with Other(batch.pk):
        assert working.work(batch.pk) is False
        assert working.go_on() == 0 and asked == []
    assert working.go_on() == 1 and asked == [("apply", batch.pk)]


# From where the last one stopped


@pytest.mark.django_db
def test_beat_asks_again_for_whatever_nobody_works_on(asked):
    here = {status: standing(status).pk for status in ImportBatch.Status.values}
    assert tasks.continue_imports() == 3
    assert sorted(asked) == [("apply", here["applying"]), ("stage", here["staging"]), ("undo", here["undoing"])]


@pytest.mark.django_db
def test_a_turn_ends_in_time_and_asks_for_the_next(asked, monkeypatch):
    batch = standing("applying")

    def long(batch_pk, *, progress=None):
        for done in range(1, 100):
            progress(done, 100)

    monkeypatch.setattr(applying, "apply", long)
    monkeypatch.setattr(working, "TURN", -1)
    assert tasks.apply_import(batch.pk) is False
    assert asked == [("apply", batch.pk)]
    batch.refresh_from_db()
    assert batch.status == "applying"
    with Other(batch.pk) as other:
        assert other.mine, "whoever comes next can have it"
    monkeypatch.setattr(working, "TURN", 600)
    assert tasks.apply_import(batch.pk) is True
    batch.refresh_from_db()
    assert batch.status == "applied" and len(asked) == 1


def test_a_turn_is_far_below_the_limit_of_its_task():
    """And with the second step of reading, which is never stopped half way, too."""
    from fysfinder.task_rules import WORK

    for name in ("stage", "apply", "undo"):
        assert WORK[f"clinics.tasks.{name}_import"].limit > working.TURN * 2


@pytest.mark.django_db
@pytest.mark.parametrize("error", [OperationalError, ConnectionError, SoftTimeLimitExceeded])
def test_what_passes_by_itself_leaves_the_list_to_be_taken_up(monkeypatch, error):
    def away(*_, **__):
        raise error

    monkeypatch.setattr(staging, "stage", away)
    batch = received()
    with pytest.raises(error):
        working.work(batch.pk)
    batch.refresh_from_db()
    assert batch.status == "staging"


@pytest.mark.django_db
def test_a_fault_of_ours_ends_it_and_is_said(monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr(staging, "stage", broken)
    batch = received()
    with pytest.raises(ZeroDivisionError):
        working.work(batch.pk)
    batch.refresh_from_db()
    assert (batch.status, batch.problem) == ("failed", working.OUR_FAULT) and batch.finished_at


@pytest.mark.django_db
def test_a_list_that_is_deleted_while_it_is_read_is_nobodys_fault(monkeypatch):
    batch = received()

    def deleted(*_, **__):
        ImportBatch.objects.all().delete()
        raise IntegrityError

    monkeypatch.setattr(staging, "stage", deleted)
    assert working.work(batch.pk) is True


@pytest.mark.django_db
def test_a_nudge_for_what_is_done_with_or_gone_does_nothing(asked):
    for pk in (standing("applied").pk, standing("staged").pk, 4711):
        working.nudge(pk)
        assert working.work(pk) is True
    assert asked == []


# In the right order


@pytest.mark.django_db
@pytest.mark.parametrize(
    "status, apply, undo",
    [
        ("staging", "bliver læst", "ikke ændret noget endnu"),
        ("staged", "", "ikke indført"),
        ("applying", "ved at blive indført", "Vent"),
        ("applied", "", ""),
        ("undoing", "ved at blive rullet tilbage", "ved at blive rullet tilbage"),
        ("undone", "rullet tilbage", "allerede rullet tilbage"),
        ("failed", "kunne ikke læses", "kunne ikke læses"),
    ],
)
def test_what_may_follow_what(status, apply, undo, asked, django_capture_on_commit_callbacks):
    rita = moderator()
    for start, name, why in ((working.start_applying, "apply", apply), (working.start_undoing, "undo", undo)):
        batch = standing(status, ("new", "staged"))
        del asked[:]
        if why:
            with pytest.raises(ActionError, match=why):
                start(batch=batch, by=rita)
            batch.refresh_from_db()
            assert batch.status == status
            continue
        with django_capture_on_commit_callbacks(execute=True):
            start(batch=batch, by=rita)
            assert asked == []
        assert asked == [(name, batch.pk)] and batch.status == f"{name}ing"
        batch.refresh_from_db()
        assert batch.status in ImportBatch.WORKING and batch.started_at and batch.finished_at is None
        assert LogEntry.objects.filter(user=rita, object_id=str(batch.pk)).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "rows", [[], [("person", "staged"), ("skip", "staged"), ("new", "applied"), ("duplicate", "staged")]]
)
def test_nothing_is_applied_where_nothing_is_decided(rows):
    with pytest.raises(ActionError, match="ingen rækker"):
        working.start_applying(batch=standing("staged", *rows), by=None)


@pytest.mark.django_db
def test_only_moderators_and_a_list_that_is_there():
    batch, olga = standing("applied", ("new", "staged")), person("olga")
    for start in (working.start_applying, working.start_undoing):
        with pytest.raises(ActionError, match="moderator"):
            start(batch=batch, by=olga)
    ImportBatch.objects.all().delete()
    with pytest.raises(ActionError, match="findes ikke"):
        working.start_undoing(batch=batch, by=None)


@pytest.mark.django_db
def test_rows_are_counted(django_assert_num_queries):
    batch = standing("applied", ("new", "applied"), ("new", "applied"), ("new", "staged"), ("person", "staged"))
    with django_assert_num_queries(1):
        assert working.counts(batch) == {("new", "applied"): 2, ("new", "staged"): 1, ("person", "staged"): 1}


@pytest.mark.django_db
def test_a_list_that_was_taken_back_half_way_is_gone_on_with(asked, monkeypatch):
    batch = standing("undoing")
    calls = []
    monkeypatch.setattr(undoing, "undo", lambda pk, *, progress=None: calls.append(pk))
    assert tasks.undo_import(batch.pk) is True and calls == [batch.pk]
    batch.refresh_from_db()
    assert batch.status == "undone"

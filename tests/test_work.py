"""Work that the worker gave up is seen by people and can be tried again; rules for every task stand in one place."""

import datetime

import pytest
import time_machine
from billiard.exceptions import SoftTimeLimitExceeded, TimeLimitExceeded, WorkerLostError
from celery import current_app, shared_task, signals
from celery.exceptions import NotRegistered
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.db.utils import OperationalError

from clinics import failed_work, tasks
from clinics.actions import ActionError
from clinics.models import FailedTask
from clinics.ownership import MODERATOR, OWNER
from fysfinder import task_rules
from fysfinder.roles import EDITOR, sync_roles

from .test_timetable import ours

pytestmark = pytest.mark.django_db
NOON = "2026-11-21 12:00:00+01:00"
URL = "/admin/clinics/failedtask/"
LEAK = "Key (email)=(olga@example.org) already exists, password=hunter2, patient Olga Hansen"


@shared_task(name="tests.stumble")
def stumble(pk, how="leak"):
    if how == "leak":
        raise ValueError(LEAK)
    if how == "away":
        raise ConnectionRefusedError(111, LEAK)
    if how == "database":
        raise OperationalError(LEAK)


def person(name, role):
    sync_roles()
    user = User.objects.create_user(name, f"{name}@example.org", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def rita(client):
    user = person("rita", MODERATOR)
    client.force_login(user)
    return user


@pytest.fixture
def queued(monkeypatch):
    """What was put on the queue: (name, args, kwargs, task id)."""
    sent = []

    def send(name, args, kwargs, *, task_id, **_):
        sent.append((name, args, kwargs, task_id))

    monkeypatch.setattr(current_app, "send_task", send)
    return sent


def failed(number=7, task_id="a", name="clinics.tasks.lapse", error=None):
    return failed_work.record(name=name, task_id=task_id, error=error or ValueError(LEAK), args=[number])


def only():
    return FailedTask.objects.get()


# What is written down


def test_a_failure_is_a_row_without_a_word_that_the_error_quotes():
    stumble.apply([7], task_id="t1")
    row = only()
    assert (row.name, row.task_id, row.status, row.attempts) == ("tests.stumble", "t1", "failed", 1)
    assert row.arguments == {"args": [7], "kwargs": {}}
    assert row.error.startswith("ValueError i tests/test_work.py, linje ")
    assert "olga" not in row.error.lower() and "hunter2" not in row.error


def test_success_writes_nothing():
    stumble.apply([7], {"how": "well"})
    assert not FailedTask.objects.exists()


@pytest.mark.parametrize("how", ["away", "database"])
def test_what_passes_by_itself_is_tried_four_times_and_told_once(how):
    tries = []

    def count(**_):
        tries.append(1)

    signals.task_retry.connect(count)
    try:
        stumble.apply([7], {"how": how}, task_id="t1")
    finally:
        signals.task_retry.disconnect(count)
    assert (len(tries), only().attempts) == (3, 4)


@pytest.mark.parametrize(
    "error, told",
    [
        (SoftTimeLimitExceeded(), "for lang tid"),
        (TimeLimitExceeded(300), "for lang tid"),
        (WorkerLostError("Worker exited prematurely: signal 9 (SIGKILL) Job: 3."), "(signal 9)"),
        (NotRegistered("x"), "kender ikke"),
        (ConnectionRefusedError(111, "olga@example.org"), "ConnectionRefusedError (Connection refused)"),
        (FileNotFoundError(2, "no", "/home/olga@example.org"), "FileNotFoundError (No such file or directory)"),
        (OSError("olga@example.org"), "OSError"),
        (type("Æ" * 900, (Exception,), {})(), "ÆÆÆ"),
    ],
)
def test_every_kind_of_failure_is_told_in_a_line(error, told):
    row = failed(error=error)
    assert told in row.error and "olga" not in row.error and len(row.error) <= 500


@pytest.mark.parametrize(
    "args, kwargs, kept",
    [
        ([1, None, True], {"day": "2026-11-21"}, True),
        (["ondt-i-ryggen", "csv"], {}, True),
        ([], {"to": "olga@example.org"}, False),
        (["Olga Hansen"], {}, False),
        (["x" * 41], {}, False),
        ([[1, 2]], {}, False),
        ([{"email": "a"}], {}, False),
        ([1.5], {}, False),
        ([""], {}, False),
        (["a\n"], {}, False),
    ],
)
def test_arguments_are_numbers_and_short_words_or_nothing(args, kwargs, kept):
    arguments = failed_work.plain_arguments(args, kwargs)
    assert arguments == ({"args": args, "kwargs": kwargs} if kept else {"withheld": True})


def test_the_same_work_is_one_row_however_often_it_fails():
    for number, task_id in ((7, "a"), (7, "b"), (7, "b"), (8, "c")):
        failed(number, task_id)
    assert [*FailedTask.objects.order_by("pk").values_list("task_id", "attempts")] == [("b", 3), ("c", 1)]
    FailedTask.objects.update(attempts=32_767)
    assert failed(7, "d").attempts == 32_000


def test_withheld_work_is_never_taken_for_other_work():
    for task_id in ("a", "b"):
        failed_work.record(name="x", task_id=task_id, error=ValueError(), args=["Olga Hansen"])
    assert FailedTask.objects.count() == 2
    assert failed_work.succeeded(name="x", task_id="a", args=["Olga Hansen"], kwargs={}) == 1
    assert [*FailedTask.objects.order_by("pk").values_list("status", flat=True)] == ["done", "failed"]


def test_it_is_done_with_when_the_same_work_goes_well():
    failed_work.record(name="tests.stumble", task_id="a", error=ValueError(), args=[7], kwargs={"how": "well"})
    failed(7, "b")
    stumble.apply([7], {"how": "well"}, task_id="later")
    assert [*FailedTask.objects.order_by("pk").values_list("status", flat=True)] == ["done", "failed"]


def test_a_message_that_no_task_answers_to_is_told():
    class Message:
        payload = ([7], {}, {})

    signals.task_unknown.send(sender=None, name="clinics.tasks.gone", id="t1", message=Message(), exc=None)
    row = only()
    assert (row.name, row.arguments["args"]) == ("clinics.tasks.gone", [7]) and "kender ikke" in row.error
    signals.task_unknown.send(sender=None, name="clinics.tasks.gone", id="t2", message=None, exc=None)
    assert FailedTask.objects.get(task_id="t2").arguments == {"withheld": True}


def test_a_database_that_is_away_stops_no_task(monkeypatch):
    def away(**_):
        raise OperationalError

    monkeypatch.setattr(failed_work, "record", away)
    assert stumble.apply([7]).state == "FAILURE"


def test_old_failures_go():
    with time_machine.travel(NOON, tick=False) as now:
        failed()
        now.shift(datetime.timedelta(days=90))
        assert tasks.purge_failed_work() == 0
        now.shift(1)
        assert tasks.purge_failed_work() == 1


# Trying again


def test_tried_again_once_with_the_same_words(rita, client, queued):
    row = failed()
    page = client.post(URL, {"action": "retry_chosen", "_selected_action": [row.pk]}, follow=True).content.decode()
    assert "1 stykke arbejde prøves igen." in page
    assert queued == [("clinics.tasks.lapse", [7], {}, "a")] and only().status == "retried"
    page = client.post(URL, {"action": "retry_chosen", "_selected_action": [row.pk]}, follow=True).content.decode()
    assert "prøves allerede igen" in page and len(queued) == 1
    assert LogEntry.objects.filter(user=rita, object_id=str(row.pk)).count() == 1
    assert failed_work.succeeded(name=row.name, task_id="a", args=[7], kwargs={}) == 1
    with pytest.raises(ActionError, match="lykkedes"):
        failed_work.retry(row=row, by=rita)


def test_what_was_tried_again_and_fails_again_waits_again(rita, queued):
    row = failed()
    failed_work.retry(row=row, by=rita)
    failed()
    assert (only().status, only().attempts) == ("failed", 2)
    failed_work.retry(row=row, by=rita)
    assert len(queued) == 2


def test_what_was_never_heard_of_again_may_be_tried_after_an_hour(rita, queued):
    """The broker that is a folder loses what a worker had in hand when it died."""
    with time_machine.travel(NOON, tick=False) as now:
        row = failed()
        failed_work.retry(row=row, by=rita)
        now.shift(datetime.timedelta(minutes=59))
        with pytest.raises(ActionError):
            failed_work.retry(row=row, by=rita)
        now.shift(datetime.timedelta(minutes=1))
        failed_work.retry(row=row, by=rita)
    assert len(queued) == 2


@pytest.mark.parametrize("why", ["withheld", "unknown", "away"])
def test_what_cannot_be_tried_again_stays_as_it_is(rita, monkeypatch, queued, why):
    row = failed(name="clinics.tasks.gone" if why == "unknown" else "clinics.tasks.lapse")
    if why == "withheld":
        FailedTask.objects.update(arguments={"withheld": True})
    if why == "away":

        def away(*_, **__):
            raise ConnectionError("redis://:secret@host")

        monkeypatch.setattr(current_app, "send_task", away)
    with pytest.raises(ActionError) as refused:
        failed_work.retry(row=row, by=rita)
    assert "secret" not in refused.value.text
    assert only().status == "failed" and not queued and not LogEntry.objects.exists()


# The list


def test_moderators_see_it_and_change_nothing_by_hand(rita, client):
    row = failed_work.record(name="clinics.tasks.lapse", task_id="a", error=ValueError(LEAK), args=["Olga Hansen"])
    page = client.get(URL).content.decode()
    assert "Tag forældede oplysninger ud af søgningen" in page and "gemmes ikke" in page and "ValueError" in page
    assert client.get(f"{URL}{row.pk}/change/").status_code == 200
    client.post(f"{URL}{row.pk}/change/", {"status": "done", "error": "intet"})
    assert only().status == "failed" and "ValueError" in only().error
    assert client.get(f"{URL}add/").status_code == client.get(f"{URL}{row.pk}/delete/").status_code == 403
    assert "Arbejde, der mislykkedes" in client.get("/admin/").content.decode()


@pytest.mark.parametrize("role", [OWNER, EDITOR])
def test_nobody_else_does(client, role):
    row = failed()
    client.force_login(person("olga", role))
    for url in (URL, f"{URL}{row.pk}/change/", f"{URL}drift/"):
        assert client.get(url).status_code in (403, 404)
    assert client.post(URL, {"action": "retry_chosen", "_selected_action": [row.pk]}).status_code in (403, 404)
    assert only().status == "failed"


def test_the_list_does_not_grow_in_statements(rita, client, django_assert_max_num_queries):
    for number in range(20):
        failed(number, f"t{number}")
    with django_assert_max_num_queries(12):
        assert client.get(URL).status_code == 200


# Rules


def test_every_task_has_a_name_for_people_and_a_limit():
    assert ours() == task_rules.WORK.keys(), "fysfinder/task_rules.py: one line for each task"
    for name in ours():
        task = current_app.tasks[name]
        assert task.soft_time_limit == task_rules.WORK[name].limit
        assert task.soft_time_limit < task.time_limit <= task_rules.LONGEST
        assert task.acks_late and task.reject_on_worker_lost and task.retry_on_worker_lost
        assert task.max_retries == 3 and OperationalError in task.autoretry_for

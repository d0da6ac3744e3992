"""Several at the same moment, on a real PostgreSQL: one piece of work is one row, and tried again once."""

import pytest
from celery import current_app

from clinics import failed_work
from clinics.models import FailedTask

from .claims import moderator
from .test_memberships import together

pytestmark = pytest.mark.django_db(transaction=True)
LAPSE = "clinics.tasks.lapse"


def fail(task_id):
    return failed_work.record(name=LAPSE, task_id=task_id, error=ValueError(), args=[7])


def test_four_workers_that_fail_at_the_same_work():
    assert together(*[lambda one=one: fail(one) for one in "abcd"]) == [""] * 4
    assert FailedTask.objects.get().attempts == 4


def test_two_moderators_and_one_click_each(monkeypatch):
    sent, row, people = [], fail("a"), (moderator(), moderator("rasmus"))
    monkeypatch.setattr(current_app, "send_task", lambda name, *_, **__: sent.append(name))
    answers = together(*[lambda by=by: failed_work.retry(row=row, by=by) for by in people])
    assert answers.count("") == 1 and sent == [LAPSE]


def test_a_worker_that_is_done_before_the_click_is_stored(monkeypatch):
    """What is queued inside the transaction may succeed at once: it waits for the row, and then it is done with."""
    row, rita = fail("a"), moderator()
    waiting = []

    def run(name, args, kwargs, *, task_id, **_):
        from threading import Thread

        from django.db import connection

        def succeed():
            failed_work.succeeded(name=name, task_id=task_id, args=args, kwargs=kwargs)
            connection.close()

        waiting.append(Thread(target=succeed))
        waiting[0].start()

    monkeypatch.setattr(current_app, "send_task", run)
    failed_work.retry(row=row, by=rita)
    waiting[0].join(60)
    assert FailedTask.objects.get().status == "done"

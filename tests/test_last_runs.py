"""“Drift”: when the worker last did each thing, and what is late."""

import datetime

import pytest
import time_machine
from celery import shared_task
from celery.schedules import crontab, schedule
from django.conf import settings
from django.core.cache import cache

from clinics import clock, last_runs
from clinics.ownership import MODERATOR
from fysfinder import timetable

from .test_work import person

pytestmark = pytest.mark.django_db
NOON = "2026-11-21 12:00:00+01:00"
URL = "/admin/clinics/failedtask/drift/"
MAIL, LAPSE = "clinics.tasks.deliver_mail", "clinics.tasks.lapse"  # every two minutes; every night


@pytest.fixture(autouse=True)
def _empty():
    cache.clear()
    yield
    cache.clear()


def run_of(task):
    return next(run for run in last_runs.runs() if run.task == task)


def note(task=MAIL, went_well=True):
    last_runs.note(task=task, seconds=1.5, went_well=went_well)


def moment(text):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=clock.COPENHAGEN)


@pytest.mark.parametrize(
    "asked, after, then",
    [
        (crontab(minute="*/2"), "2026-11-21 12:00", "2026-11-21 12:02"),
        (crontab(minute="*/2"), "2026-11-21 12:01:59", "2026-11-21 12:02"),
        (crontab(minute=20), "2026-11-21 12:20", "2026-11-21 13:20"),
        (crontab(minute=20), "2026-12-31 23:30", "2027-01-01 00:20"),
        (crontab(hour=0, minute=1), "2026-11-21 00:01:05", "2026-11-22 00:01"),
        (crontab(hour=0, minute=1), "2026-11-21 00:00:05", "2026-11-21 00:01"),
        (crontab(hour=3, minute=30, day_of_week=1), "2026-11-21 12:00", "2026-11-23 03:30"),
        (schedule(datetime.timedelta(minutes=5)), "2026-11-21 12:00", "2026-11-21 12:05"),
    ],
)
def test_when_a_schedule_asks_next(asked, after, then):
    assert last_runs.next_after(asked, moment(after)) == moment(then)


def test_every_line_of_the_timetable_has_a_time():
    with time_machine.travel(NOON, tick=False):
        note()
        assert {run.task for run in last_runs.runs()} == {one["task"] for one in timetable.TIMETABLE.values()}
        assert all(run.due and run.due > clock.now() for run in last_runs.runs())


def test_nothing_was_ever_heard():
    runs = last_runs.runs()
    assert last_runs.is_silent(runs) and not any(run.is_late or run.at for run in runs)


def test_late_is_what_did_not_go_well_in_time():
    with time_machine.travel(NOON, tick=False) as now:
        note()
        note(LAPSE)
        assert not run_of(MAIL).is_late and not last_runs.is_silent(last_runs.runs())
        allowed = datetime.timedelta(minutes=2 + 10 + 25)  # asked for, in the queue, at work
        now.shift(allowed)
        assert not run_of(MAIL).is_late
        now.shift(1)
        assert run_of(MAIL).is_late and not run_of(LAPSE).is_late
        assert last_runs.runs()[0].is_late, "what is late stands first"
        now.shift(datetime.timedelta(hours=11))
        assert not run_of(LAPSE).is_late
        now.shift(datetime.timedelta(hours=1))
        assert run_of(LAPSE).is_late and last_runs.is_silent(last_runs.runs())


def test_what_never_went_well_is_late_counted_from_the_first_sign_of_a_worker():
    with time_machine.travel(NOON, tick=False) as now:
        note(LAPSE)
        now.shift(datetime.timedelta(hours=2))
        note(MAIL, went_well=False)
        run = run_of(MAIL)
        assert (run.at, run.seconds, run.failed_at) == (None, None, clock.now()) and run.is_late


def test_a_failure_leaves_what_went_well_before_and_success_ends_it():
    with time_machine.travel(NOON, tick=False) as now:
        note()
        first = clock.now()
        now.shift(60)
        note(went_well=False)
        assert (run_of(MAIL).at, run_of(MAIL).failed_at) == (first, clock.now())
        note()
        assert (run_of(MAIL).at, run_of(MAIL).failed_at) == (clock.now(), None)


def test_one_that_failed_does_not_make_the_worker_silent():
    """The rest of what is asked for often goes well."""
    with time_machine.travel(NOON, tick=False) as now:
        note()
        now.shift(datetime.timedelta(hours=1))
        note("clinics.tasks.purge_counters")
        assert run_of(MAIL).is_late and not last_runs.is_silent(last_runs.runs())


def test_the_worker_notes_what_it_does(monkeypatch):
    @shared_task(name="tests.noted")
    def noted(fails=False):
        if fails:
            raise ValueError

    entry = {"task": "tests.noted", "schedule": crontab(minute="*/2")}
    monkeypatch.setattr(settings, "CELERY_BEAT_SCHEDULE", {"noted": entry})
    noted.apply()
    assert run_of("tests.noted").at and run_of("tests.noted").seconds is not None
    noted.apply([True])
    assert run_of("tests.noted").failed_at


def test_what_is_not_on_the_timetable_is_not_noted():
    note("tests.other")
    assert cache.get(last_runs.BEGAN) is None and cache.get("last-run:tests.other") is None


def test_the_page(client, django_assert_max_num_queries):
    client.force_login(person("rita", MODERATOR))
    assert "kører ikke" in client.get(URL).content.decode()
    with time_machine.travel(NOON, tick=False) as now:
        note()
        with django_assert_max_num_queries(8):
            page = client.get(URL).content.decode()
        assert "Alt er lykkedes til tiden" in page and "Send mails" in page and "21/11 12.00" in page
        assert "1,5 sek." in page
        now.shift(datetime.timedelta(hours=1))
        note("clinics.tasks.purge_counters")
        page = client.get(URL).content.decode()
        assert "opgaver er ikke lykkedes til tiden" in page and "For sent" in page
    assert URL in client.get("/admin/clinics/failedtask/").content.decode()

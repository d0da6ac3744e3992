"""When the worker last did each thing of the timetable, and whether it is late: what shows that worker and beat run.

Kept in the cache that all processes share. If that is emptied, everything counts as begun anew at the worker's next task.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache

from . import clock

BEGAN = "work-began"  # when a worker was first seen
SLACK = datetime.timedelta(minutes=10)  # a queue, a restart


@dataclass(frozen=True)
class Run:
    """One line of the timetable. `at`: when it last went well; `seconds`: what it took; `failed_at`: when it last did not, since.

    `due`: when it has to have gone well again; None while no worker was ever seen.
    """

    task: str
    label: str
    at: datetime.datetime | None
    seconds: float | None
    failed_at: datetime.datetime | None
    due: datetime.datetime | None

    @property
    def is_late(self) -> bool:
        return self.due is not None and clock.now() > self.due


def note(*, task: str, seconds: float, went_well: bool) -> None:
    """A task has just ended. What is not on the timetable is not noted."""
    if task not in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}:
        return
    now = clock.now()
    cache.add(BEGAN, now, None)
    known: dict[str, Any] = {"at": now, "seconds": seconds, "failed_at": None}
    if not went_well:
        known = {"at": None, "seconds": None} | (cache.get(_key(task)) or {}) | {"failed_at": now}
    cache.set(_key(task), known, None)


def runs() -> list[Run]:
    """Every line of the timetable, those that are late first. One question to the cache."""
    tasks = {entry["task"]: entry["schedule"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    found = cache.get_many([BEGAN, *map(_key, tasks)])
    began = found.get(BEGAN)
    made = [_run(task, schedule, found.get(_key(task)) or {}, began) for task, schedule in tasks.items()]
    return sorted(made, key=lambda run: (not run.is_late, run.label))


def is_silent(lines: Iterable[Run]) -> bool:
    """Whether nothing was heard of any worker for so long that none can be running, or beat asks for nothing."""
    lines = [run for run in lines if run.due]
    return not lines or all(run.is_late for run in lines if _is_frequent(run))


def label(task: str) -> str:
    return settings.WORK[task].label if task in settings.WORK else task


def _run(task: str, schedule: Any, known: dict[str, Any], began: datetime.datetime | None) -> Run:
    since = known.get("at") or began
    due = since and next_after(schedule, since) + _allowed(task)
    return Run(task, label(task), known.get("at"), known.get("seconds"), known.get("failed_at"), due)


def next_after(schedule: Any, moment: datetime.datetime) -> datetime.datetime:
    """When a schedule of Celery asks for its task next, after that moment."""
    if hasattr(schedule, "remaining_delta"):
        start, delta, _ = schedule.remaining_delta(moment)
        return start + delta
    return moment + schedule.run_every


def _is_frequent(run: Run) -> bool:
    """Asked for so often that its silence tells of the worker rather than of itself: at least once an hour."""
    schedule = next(one["schedule"] for one in settings.CELERY_BEAT_SCHEDULE.values() if one["task"] == run.task)
    first = next_after(schedule, clock.now())
    return next_after(schedule, first) - first <= datetime.timedelta(hours=1)


def _allowed(task: str) -> datetime.timedelta:
    limit = settings.WORK[task].limit if task in settings.WORK else settings.CELERY_TASK_SOFT_TIME_LIMIT
    return SLACK + datetime.timedelta(seconds=limit)


def _key(task: str) -> str:
    return f"last-run:{task}"

"""What the worker says about its tasks, written down where people see it: failed work and last runs.

Celery logs whatever goes wrong in here and goes on: a task is not lost because it could not be noted.
"""

import time
from typing import Any

from celery import signals, states
from celery.exceptions import NotRegistered
from django.db import connection

from clinics import failed_work, last_runs


@signals.task_prerun.connect
def began(task: Any, **_: Any) -> None:
    task.request.began = time.monotonic()


@signals.task_postrun.connect
def ended(task: Any, state: str | None = None, **_: Any) -> None:
    if state in (states.SUCCESS, states.FAILURE):
        seconds = round(time.monotonic() - getattr(task.request, "began", time.monotonic()), 1)
        last_runs.note(task=task.name, seconds=seconds, went_well=state == states.SUCCESS)


@signals.task_success.connect
def succeeded(sender: Any, **_: Any) -> None:
    request = sender.request
    failed_work.succeeded(name=sender.name, task_id=request.id, args=request.args, kwargs=request.kwargs)


@signals.task_internal_error.connect
@signals.task_failure.connect
def failed(sender: Any, task_id: str, exception: BaseException, args: Any = (), kwargs: Any = None, **_: Any) -> None:
    """After the last attempt; also of what took too long or killed its process, and then in the worker's main process."""
    _with_a_connection(
        name=sender.name,
        task_id=task_id,
        error=exception,
        args=args,
        kwargs=kwargs,
        attempts=1 + (sender.request.retries or 0),
    )


@signals.task_unknown.connect
def unknown(name: str, id: str, message: Any = None, **_: Any) -> None:
    """A message from another version, which Celery throws away."""
    body = getattr(message, "payload", None)
    args, kwargs = body[:2] if isinstance(body, list | tuple) and len(body) == 3 else ((object(),), {})
    _with_a_connection(name=name, task_id=id, error=NotRegistered(name), args=args, kwargs=kwargs)


def _with_a_connection(**what: Any) -> None:
    """The task may have failed because the connection is gone, and the main process keeps none that children would inherit."""
    if connection.in_atomic_block:  # a test
        failed_work.record(**what)
        return
    connection.close_if_unusable_or_obsolete()
    try:
        failed_work.record(**what)
    finally:
        connection.close()

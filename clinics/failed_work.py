"""Work that the worker gave up: told to people, tried again when one asks for it, and done with when it succeeds.

One row for a piece of work (a task and what it is about), however often it fails. What a row says can be read by every
moderator: neither the message of an error (it quotes addresses, names, passwords) nor an argument that could be a person's.
"""

import datetime
import hashlib
import json
import os
import re
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from celery import current_app
from celery.exceptions import NotRegistered, SoftTimeLimitExceeded, TimeLimitExceeded, WorkerLostError
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Q

from . import clock
from .actions import ActionError, log
from .models import FailedTask

KEPT = datetime.timedelta(days=90)
# Until what was tried again, and was never heard of since, may be tried once more.
PATIENCE = datetime.timedelta(hours=1)
OPEN = (FailedTask.Status.FAILED, FailedTask.Status.RETRIED)
MOST_ATTEMPTS = 32_000  # what the column holds
_WITHHELD = {"withheld": True}
_WORD = re.compile(r"[a-z0-9][a-z0-9_.:-]{0,39}")  # a slug, a day, a short key: no address, no text


@transaction.atomic
def record(
    *,
    name: str,
    task_id: str,
    error: BaseException,
    args: Sequence[Any] | None = None,
    kwargs: Mapping[str, Any] | None = None,
    attempts: int = 1,
) -> FailedTask:
    """A task failed for good. Work that has failed before and waits for a person stays one row, as it failed last."""
    arguments = plain_arguments(args or (), kwargs or {})
    _one_at_a_time(name, arguments)
    row = FailedTask.objects.filter(task_id=task_id).first()
    if row is None and arguments != _WITHHELD:  # what is withheld may be about anything
        row = FailedTask.objects.filter(name=name, arguments=arguments, status__in=OPEN).first()
    row = row or FailedTask(name=name[:120], arguments=arguments, attempts=0)
    row.task_id, row.error, row.failed_at = task_id, told(error), clock.now()
    row.attempts = min(row.attempts + attempts, MOST_ATTEMPTS)
    row.status = FailedTask.Status.FAILED
    row.save()
    return row


def succeeded(*, name: str, task_id: str, args: Sequence[Any] | None, kwargs: Mapping[str, Any] | None) -> int:
    """A task went well, and so did whatever had failed of the same work before. Returns how many rows are done with."""
    arguments = plain_arguments(args or (), kwargs or {})
    same = Q(task_id=task_id)
    if arguments != _WITHHELD:
        same |= Q(name=name, arguments=arguments)
    return FailedTask.objects.filter(same, status__in=OPEN).update(status=FailedTask.Status.DONE)


@transaction.atomic
def retry(*, row: FailedTask, by: User) -> None:
    """Ask the worker once more, with the same words. Raises ActionError."""
    row = FailedTask.objects.select_for_update().get(pk=row.pk)
    if row.status == FailedTask.Status.DONE:
        raise ActionError("Arbejdet er lykkedes siden.")
    if row.status == FailedTask.Status.RETRIED and row.retried_at and row.retried_at > clock.now() - PATIENCE:
        raise ActionError("Arbejdet prøves allerede igen.")
    if row.arguments == _WITHHELD:
        raise ActionError("Vi gemmer ikke, hvad arbejdet handlede om. Det må sættes i gang, hvor det begyndte.")
    if row.name not in settings.WORK:  # a web process may not have loaded every task
        raise ActionError("Arbejdet findes ikke i denne udgave af FysFinder.")
    row.status, row.retried_at = FailedTask.Status.RETRIED, clock.now()
    row.save(update_fields=["status", "retried_at"])
    log(row=row, by=by, text="Bad om, at arbejdet prøves igen.")
    # Before the commit: what cannot be queued is not “tried again”. A worker that is done sooner waits for our row.
    try:
        current_app.send_task(
            row.name, row.arguments["args"], row.arguments["kwargs"], task_id=row.task_id, retry=False
        )
    except Exception as error:  # every transport has its own
        raise ActionError("Køen til arbejderen svarer ikke. Prøv igen om lidt.") from error


def purge() -> int:
    """Delete what failed last 90 days ago. Returns how many rows went."""
    return FailedTask.objects.filter(failed_at__lt=clock.now() - KEPT).delete()[0]


def plain_arguments(args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """`{"args": […], "kwargs": {…}}` of numbers and short words; with anything else in it only `{"withheld": True}`."""
    if all(_is_plain(value) for value in (*args, *kwargs.values())):
        return {"args": list(args), "kwargs": dict(kwargs)}
    return dict(_WITHHELD)


def told(error: BaseException) -> str:
    """What went wrong, and where, without a word that an error quotes: its message stands in the worker's log."""
    if isinstance(error, SoftTimeLimitExceeded | TimeLimitExceeded):
        return "Det tog for lang tid og blev afbrudt."
    if isinstance(error, WorkerLostError):
        signal = re.search(r"signal (\d+)", str(error))
        return f"Processen døde undervejs{f' (signal {signal[1]})' if signal else ''}, gang på gang."
    if isinstance(error, NotRegistered):
        return "Arbejderen kender ikke arbejdet. Er den af en anden udgave end resten?"
    text = type(error).__name__
    if isinstance(error, OSError) and isinstance(error.errno, int):
        text += f" ({os.strerror(error.errno)})"
    return f"{text}{_place(error)}"[:500]


def _place(error: BaseException) -> str:
    """The last line of ours that it came through: `" i clinics/outbox.py, linje 88"`."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_relative_to(settings.BASE_DIR) and not path.is_relative_to(settings.BASE_DIR / ".venv"):
            return f" i {path.relative_to(settings.BASE_DIR)}, linje {frame.lineno}"
    return ""


def _is_plain(value: Any) -> bool:
    if isinstance(value, str):
        return bool(_WORD.fullmatch(value))
    return value is None or isinstance(value, bool | int)


def _one_at_a_time(name: str, arguments: dict[str, Any]) -> None:
    """Two workers that fail at the same work make one row."""
    digest = hashlib.blake2b(f"{name} {json.dumps(arguments, sort_keys=True)}".encode(), digest_size=8).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(digest, signed=True)])

"""The Celery application of web, worker and beat."""

import os

from celery import Celery, signals
from celery.exceptions import WorkerShutdown
from celery.worker import state
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fysfinder.settings")

app = Celery("fysfinder")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# The broker that is a folder does not make it.
if settings.CELERY_BROKER_URL.startswith("filesystem:"):
    (settings.VAR / "broker" / "control").mkdir(parents=True, exist_ok=True)


@signals.worker_shutting_down.connect
def leave_at_once(exitcode: int, **_: object) -> None:
    """An idle worker would first finish its look into the folder, which takes two seconds."""
    if not state.active_requests and settings.CELERY_BROKER_URL.startswith("filesystem:"):
        raise WorkerShutdown(exitcode)

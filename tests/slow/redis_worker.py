"""One process of the real thing on Redis: `python -m tests.slow.redis_worker DATABASE REST`, where REST is

`worker NAME`: `celery worker`; `impatient NAME`: one that takes work over from a dead one after seconds;
`send TASK FIRST LAST …`: a message for each number.

The settings are those of production, with CELERY_BROKER_URL in the environment; only waiting is shorter.
"""

import os
import sys
import time
from contextlib import suppress


def main(database: str, what: str, *more: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fysfinder.settings")
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    assert settings.CELERY_BROKER_URL.startswith("redis:")
    if what == "impatient":  # what a killed worker had in hand goes to the other after seconds rather than an hour
        settings.CELERY_BROKER_TRANSPORT_OPTIONS |= {
            "visibility_timeout": 5,
            "unacked_restore_interval": 0.5,
            "unacked_restore_throttle": 1,
            "unacked_mutex_expire": 5,  # the dead may have held it, and would for 5 minutes
        }
    settings.CELERY_WORKER_LOST_WAIT = 0.5  # seconds until a process that is gone counts as lost
    settings.CELERY_TASK_ANNOTATIONS["*"] |= {"default_retry_delay": 0.1}
    settings.CELERY_TASK_ANNOTATIONS |= {"tests.never_ends": {"soft_time_limit": 1, "time_limit": 2}}
    django.setup()
    from billiard.exceptions import SoftTimeLimitExceeded
    from celery import shared_task

    from fysfinder.celery import app

    @shared_task(name="tests.count")
    def count(pk: int) -> None:
        """As every task of ours: the row knows what was done, and is locked meanwhile. Deliveries are counted for the test."""
        from django.db import connection, transaction

        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO delivery (pk, process) VALUES (%s, %s)", [pk, os.getpid()])
            with transaction.atomic():
                cursor.execute("SELECT done FROM work WHERE pk = %s FOR UPDATE", [pk])
                if not cursor.fetchone()[0]:
                    time.sleep(0.01)  # long enough for a kill to fall into it
                    cursor.execute("UPDATE work SET done = true, effects = effects + 1 WHERE pk = %s", [pk])

    @shared_task(name="tests.dies")
    def dies(pk: int) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO delivery (pk, process) VALUES (%s, %s)", [pk, os.getpid()])
        os.kill(os.getpid(), 9)

    @shared_task(name="tests.never_ends")
    def never_ends(pk: int) -> None:
        with suppress(SoftTimeLimitExceeded):
            time.sleep(600)
        time.sleep(600)

    if what in ("worker", "impatient"):
        app.worker_main(["worker", "--concurrency", "2", "--hostname", more[0], "--loglevel", "WARNING"])
    else:
        for name, first, last in zip(more[::3], more[1::3], more[2::3], strict=True):
            for pk in range(int(first), int(last)):
                app.send_task(name, [pk])


if __name__ == "__main__":
    main(*sys.argv[1:])

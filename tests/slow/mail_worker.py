"""One process of the real thing: `python -m tests.slow.mail_worker DATABASE BROKER_FOLDER SMTP_PORT worker|promise|nudge [N]`.

`worker` is `celery worker`; `promise N` promises N mails in one transaction and nudges on commit; `nudge` is what beat does.
"""

import os
import sys
from pathlib import Path


def main(database: str, folder: str, port: str, what: str, count: str = "0") -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fysfinder.settings")
    import django
    from django.conf import settings

    (Path(folder) / "control").mkdir(parents=True, exist_ok=True)
    settings.DATABASES["default"]["NAME"] = database
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(port)
    settings.CELERY_BROKER_URL = "filesystem://localhost"
    settings.CELERY_BROKER_TRANSPORT_OPTIONS |= {
        "data_folder_in": folder,
        "data_folder_out": folder,
        "control_folder": str(Path(folder) / "control"),
    }
    django.setup()
    from django.db import transaction

    from clinics import outbox
    from clinics.mailing.registry import MAILS
    from fysfinder.celery import app

    if what == "worker":
        app.worker_main(["worker", "--pool", "solo", "--without-gossip", "--without-mingle", "--without-heartbeat"])
    elif what == "promise":
        with transaction.atomic():
            for number in range(int(count)):
                outbox.promise(
                    template="member_removed",
                    to=f"olga{number}@example.org",
                    context=dict(MAILS["member_removed"].example),
                )
    else:
        outbox.nudge()


if __name__ == "__main__":
    main(*sys.argv[1:])

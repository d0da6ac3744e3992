"""One process of the real thing: `python -m tests.slow.intake_process DATABASE BROKER_FOLDER WHAT [FILE|BATCH]`.

WHAT: `worker` is `celery worker`; `beat` asks for what nobody works on; `import` and `rollback` are the commands.
A thousand rows are too many to wait for, so ten are stored at a time, and five applied.
"""

import os
import sys
from pathlib import Path


def main(database: str, folder: str, what: str, *more: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fysfinder.settings")
    import django
    from django.conf import settings

    (Path(folder) / "control").mkdir(parents=True, exist_ok=True)
    settings.DATABASES["default"]["NAME"] = database
    settings.CELERY_BROKER_URL = "filesystem://localhost"
    settings.CELERY_BROKER_TRANSPORT_OPTIONS |= {
        "data_folder_in": folder,
        "data_folder_out": folder,
        "control_folder": str(Path(folder) / "control"),
    }
    django.setup()
    from django.core.management import call_command

    from clinics.intake import staging, turns, working
    from fysfinder.celery import app

    staging.BATCH, turns.TOGETHER = 10, 5
    match what:
        case "worker":
            app.worker_main(["worker", "--pool", "solo", "--without-gossip", "--without-mingle", "--without-heartbeat"])
        case "beat":
            working.go_on()
        case "import":
            call_command("import_clinics", *more, "--format", "csv")
        case "rollback":
            call_command("rollback_import", *more)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""A builder that stops in the middle: `python -m tests.slow.open_data_builder DATABASE MEDIA_ROOT`.

It says "half way" when the first clinics are in its files, and then waits for a line that never comes.
"""

import os
import sys
from collections.abc import Iterator


def main(database: str, media: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fysfinder.settings")
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    settings.MEDIA_ROOT = media
    django.setup()
    from clinics import open_data
    from clinics.open_data import building, clinic_rows

    clinic_rows.BATCH = 1

    def stopping(today) -> Iterator[list[clinic_rows.Record]]:
        for number, batch in enumerate(clinic_rows.batches(today)):
            if number == 1:
                print("half way", flush=True)
                sys.stdin.readline()
            yield batch

    building.batches = stopping
    open_data.build()


if __name__ == "__main__":
    main(*sys.argv[1:])

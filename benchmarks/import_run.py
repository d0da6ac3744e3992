"""One import in a process of its own, so that its memory can be told: `python -m benchmarks.import_run DATABASE FOLDER`.

Prints `{"created", "unchanged", "seconds", "cpu", "ahead_cpu", "again", "again_cpu", "megabytes"}`: twice the same folder,
seconds of the clock, of this process alone and of the one that reads ahead, and the most memory that the two ever held.
"""

import json
import os
import resource
import sys
import time


def main(database: str, folder: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fysfinder.settings")
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    from articles.importer import import_paths

    began = time.process_time()
    first = import_paths([folder], publish=True, ahead=True)
    cpu = time.process_time() - began
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    again = import_paths([folder], publish=True, ahead=True)
    again_cpu = time.process_time() - began - cpu
    print(
        json.dumps(
            {
                "created": first.summary["created"],
                "unchanged": again.summary["unchanged"],
                "seconds": first.seconds,
                "cpu": cpu,
                "ahead_cpu": children.ru_utime + children.ru_stime,
                "again": again.seconds,
                "again_cpu": again_cpu,
                # What they share is counted twice.
                "megabytes": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + children.ru_maxrss) / 1024,
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])

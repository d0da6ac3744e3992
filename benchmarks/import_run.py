"""One import in a process of its own, so that its memory can be told: `python -m benchmarks.import_run DATABASE FOLDER`.

Prints `{"created", "unchanged", "seconds", "cpu", "ahead_cpu", "again", "again_cpu", "megabytes"}`: twice the same folder,
seconds of the clock, of the importing process alone and of the one that reads ahead, and the most memory that the two held
at one time. What they share is counted once (PSS of Linux, looked at 20 times a second by a third process, this one).
"""

import json
import os
import resource
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path


def main(database: str, folder: str) -> None:
    command = [sys.executable, "-m", "benchmarks.import_run", database, folder, "alone"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
        most = 0.0
        while worker.poll() is None:
            most = max(most, megabytes(worker.pid))
            time.sleep(0.05)
        assert worker.stdout
        found = worker.stdout.read()
    if worker.returncode:
        sys.exit(worker.returncode)
    print(json.dumps(json.loads(found) | {"megabytes": most}))


def megabytes(pid: int) -> float:
    """What a process and its children hold now; 0 when it has ended."""
    held = 0.0
    with suppress(OSError):  # one of them ended while it was looked at
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for one in (pid, *children):
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
            held += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    return held


def alone(database: str, folder: str) -> None:
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
            }
        )
    )


if __name__ == "__main__":
    (alone if sys.argv[3:] == ["alone"] else main)(*sys.argv[1:3])

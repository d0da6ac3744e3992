"""One list read, matched and staged in a process of its own: `python -m benchmarks.intake_run DATABASE FILE`.

Prints `{"rows", "clinics", "seconds", "cpu", "steps", "megabytes", "decisions"}`: seconds of the clock and of this process
alone, seconds until the rows were stored, and the most memory it ever held. The progress bar is on standard error.
"""

import json
import os
import sys
import time
from collections import Counter
from pathlib import Path

from benchmarks.matching_run import peak


def main(database: str, path: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fysfinder.settings")
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    from clinics.intake import staging
    from clinics.intake.progress import Progress
    from clinics.intake.receiving import receive
    from clinics.models import Clinic, ImportBatch

    began, cpu = time.perf_counter(), time.process_time()
    with Path(path).open("rb") as content:
        batch = receive(content=content, file_name=path, by=None, name="Benchmark", nudge=False)
    stored, before = 0.0, 0
    shown = Progress(sys.stderr.write, "reading", "repetitions", is_tty=False)

    def tell(done: int, total: int | None) -> None:
        nonlocal stored, before
        if done >= before:
            stored = stored if before < 0 else time.perf_counter() - began
        before = done if done >= before >= 0 else -1
        shown(done, total)

    staging.stage(batch.pk, progress=tell)
    seconds, own = time.perf_counter() - began, time.process_time() - cpu
    batch.refresh_from_db()
    assert batch.status == ImportBatch.Status.STAGED, batch.problem
    print(
        json.dumps(
            {
                "rows": batch.rows,
                "clinics": Clinic.objects.count(),
                "seconds": seconds,
                "cpu": own,
                "stored": stored,
                "megabytes": peak(),
                "decisions": Counter(batch.records.values_list("decision", flat=True)),
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])

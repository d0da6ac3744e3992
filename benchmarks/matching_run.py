"""A list against the directory in a process of its own: `python -m benchmarks.matching_run DATABASE`.

The rows are the directory's own clinics as another list would write them, each spoilt, and one of ten is new. Prints
`{"rows", "clinics", "reading", "seconds", "cpu", "statements", "megabytes", "right", "wrong", "person", "new", "missed"}`: what
became of the rows; `new` were rightly taken for new, `missed` wrongly.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any


def main(database: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fysfinder.settings")
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    from django.db import connection

    from clinics.likeness import Decision, Directory, candidates_of, proposal

    sent = 0

    def count(execute: Any, *args: Any) -> Any:
        nonlocal sent
        sent += 1
        return execute(*args)

    found = dict.fromkeys(("right", "wrong", "person", "new", "missed"), 0)
    expected: list[int | None] = []
    with connection.execute_wrapper(count):
        began, cpu = time.perf_counter(), time.process_time()
        directory = Directory.of_clinics()
        reading = time.perf_counter() - began
        for number, matches in enumerate(candidates_of(rows(expected), directory)):
            asked, meant = proposal(matches), expected[number]
            if asked.decision is Decision.PERSON:
                found["person"] += 1
            elif asked.decision is Decision.SAME:
                found["right" if asked.match and asked.match.pk == meant else "wrong"] += 1
            else:
                found["missed" if meant else "new"] += 1
    told = {
        "rows": sum(found.values()),
        "clinics": len(directory),
        "reading": reading,
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - cpu,
        "statements": sent,
        "megabytes": peak(),
    }
    print(json.dumps(told | found))


def peak() -> float:
    """The most megabytes this process ever held (Linux). `getrusage` would tell its parent's where that was more."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def rows(expected: list[int | None]) -> Iterator[Any]:
    """The latest clinics first, so that no batch meets neighbours in the order they were made."""
    from clinics.likeness.described import told
    from clinics.models import Clinic

    for number, (pk, one) in enumerate(told(Clinic.objects.order_by("phone", "pk"))):
        expected.append(pk if number % 10 else None)
        yield _spoilt(number, one) if number % 10 else _another(number, one)


def _spoilt(number: int, one: Any) -> Any:
    match number % 5:
        case 0:
            return replace(one, name=f"{one.name.upper()} ApS", phone="")
        case 1:
            return replace(one, street="", email="")
        case 2:
            middle = len(one.name) // 2
            return replace(one, name=one.name[:middle] + one.name[middle + 1 :])
        case 3:
            return replace(one, name=f"Klinik for Fysioterapi, {one.name} v/Mette Eksempel", website="", email="")
    return one


def _another(number: int, one: Any) -> Any:
    """A clinic nobody knows, in the same postcode."""
    return replace(
        one, name=f"Nyklinik {number:x}", street=f"Ny Eksempelvej {number % 999 + 1}", phone=f"+4599{number:06}",
        email="", website="",
    )  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1])

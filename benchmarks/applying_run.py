"""Lists applied and rolled back, in a process and a database of its own: `python -m benchmarks.applying_run [ROWS]`.

Prints a table: for so many rows of each kind (2000) own CPU in ms and statements a row, rows a second by the clock, and the
most memory so far.
"""

import datetime
import io
import os
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.matching_run import peak

WEEK = [{"weekday": day, "opens": "08:00:00", "closes": "16:00:00"} for day in range(5)]
STATED = {
    "phone": "+4586121212", "has_ydernummer": True, "opening_hours": WEEK,
    "prices": {"first": {"amount": "506.72", "terms": ""}, "follow_up": {"amount": "316.97", "terms": ""}},
}  # fmt: skip
DAY = datetime.date(2026, 5, 1)


def main(rows: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fysfinder.settings")
    import django
    from django.conf import settings

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from fysfinder.postgres import Server
    from tests.database import start_from_a_copy

    server = Server(settings.EMBEDDED_POSTGRES) if settings.EMBEDDED_POSTGRES else None
    if server:
        server.start()
    usual, name = connection.settings_dict["NAME"], f"test_fysfinder_{os.getpid()}"
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = name
    connection.settings_dict["TEST"]["NAME"] = name
    start_from_a_copy(f"{name}_template")
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        call_command("load_vocabulary", verbosity=0, stdout=io.StringIO())
        call_command("load_places", verbosity=0, stdout=io.StringIO())
        measure(rows)
    finally:
        connection.creation.destroy_test_db(usual, verbosity=0)


def measure(rows: int) -> None:
    from django.db import connection

    from clinics import index
    from clinics.intake.applying import apply
    from clinics.intake.undoing import undo
    from clinics.models import Clinic, ImportBatch, ImportRecord, Postcode

    codes = list(Postcode.objects.order_by("pk"))
    sent = 0

    def count(execute: Any, *args: Any) -> Any:
        nonlocal sent
        sent += 1
        return execute(*args)

    def facts(number: int, **more: Any) -> dict[str, Any]:
        code = codes[number % len(codes)]
        street = f"Eksempelvej {number % 200 + 1}"
        return {"name": f"Klinik {number:x}", "street": street, "postcode_id": code.pk} | more

    def batch(label: str, day: datetime.date, told: Iterator[tuple[Clinic | None, dict[str, Any]]]) -> int:
        of = ImportBatch.objects.create(name=label, stated_on=day, file_name="x", digest=f"{time.time_ns():064}")
        made = (
            ImportRecord(
                batch=of, row=row, name=said["name"], facts=said, clinic=clinic, proposed="update" if clinic else "new",
                decision="update" if clinic else "new",
            )
            for row, (clinic, said) in enumerate(told)
        )  # fmt: skip
        ImportRecord.objects.bulk_create(made, batch_size=1000)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        return of.pk

    def go(label: str, pk: int, status: str, work: Callable[[int], None]) -> None:
        nonlocal sent
        ImportBatch.objects.filter(pk=pk).update(status=status, started_at=datetime.datetime.now(datetime.UTC))
        sent, began, cpu = 0, time.perf_counter(), time.process_time()
        with connection.execute_wrapper(count):
            work(pk)
        seconds, own = time.perf_counter() - began, time.process_time() - cpu
        print(
            f"| {label} | {own / rows * 1000:.1f} | {sent / rows:.1f} | {rows / seconds:.0f} | {peak():.0f} |",
            flush=True,
        )

    known = [
        Clinic(
            name=f"Klinik {number:x}", slug=f"klinik-{number:x}", status="published", source="register",
            street=f"Eksempelvej {number % 200 + 1}", postcode=code, latitude=code.latitude, longitude=code.longitude,
        )
        for number in range(rows)
        for code in [codes[number % len(codes)]]
    ]  # fmt: skip
    Clinic.objects.bulk_create(known, batch_size=1000)
    index.rebuild()
    first = known[0].pk
    new = batch("Byens liste", DAY, ((None, facts(number, **STATED)) for number in range(rows, 2 * rows)))
    updated = batch("Sundhedslisten", DAY, ((clinic, facts(clinic.pk - first, **STATED)) for clinic in known))
    print("| rows | own CPU, ms | statements | rows a second | MB |\n|---|---:|---:|---:|---:|")
    go("new", new, "applying", apply)
    go("updated", updated, "applying", apply)
    same = batch("Kommunens liste", DAY, ((clinic, facts(clinic.pk - first, **STATED)) for clinic in known))
    go("unchanged", same, "applying", apply)
    later = batch(
        "Sundhedslisten", DAY + datetime.timedelta(days=90),
        ((clinic, facts(clinic.pk - first, **STATED)) for clinic in known),
    )  # fmt: skip
    go("unchanged, a later day of the same list", later, "applying", apply)
    assert not index.disagreements()
    go("rolled back, days alone", later, "undoing", undo)
    go("rolled back, nothing at all", same, "undoing", undo)
    go("rolled back", updated, "undoing", undo)
    go("deleted again", new, "undoing", undo)
    assert not index.disagreements()
    states = dict.fromkeys(ImportRecord.objects.filter(batch__in=(new, updated)).values_list("state", flat=True))
    assert [*states] == ["undone"], states


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)

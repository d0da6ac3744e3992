"""A list received, read, matched and staged against a directory of as many clinics, in a process of its own."""

import csv
import json
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from .test_matching import clinics

SIZES = (10_000, 100_000)
SECONDS, MEGABYTES = 300, 400
DECISIONS = ("update", "new", "person", "duplicate", "skip")
HEADINGS = (
    "id",
    "navn",
    "adresse",
    "postnummer",
    "by",
    "telefon",
    "email",
    "hjemmeside",
    "ydernummer",
    "mandag",
    "tirsdag",
)


@pytest.mark.timeout(3600)
def test_intake(databases, report, tmp_path):
    table = []
    for size in SIZES:
        databases.create("matching")
        path = tmp_path / f"{size}.csv"
        write(path, size)
        connection.close()
        command = [sys.executable, "-m", "benchmarks.intake_run", databases.name("matching"), str(path)]
        done = subprocess.run(command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True, check=True)
        found = json.loads(done.stdout)
        assert found["rows"] == found["clinics"] == size, found
        shares = (f"{100 * found['decisions'].get(one, 0) / size:.1f}" for one in DECISIONS)
        table.append(
            [f"{size}", f"{path.stat().st_size / 1e6:.1f}", f"{found['stored']:.1f}", f"{found['seconds']:.1f}",
             f"{found['cpu']:.1f}", f"{found['megabytes']:.0f}", *shares]
        )  # fmt: skip
    notes = (
        f"At most, for the largest: {SECONDS} s and {MEGABYTES} MB. The rows are the directory's own invented clinics, spoilt,"
        " one of ten is new and one of a hundred stands there twice. stored: seconds until every row was read, matched and"
        " stored; the rest held the new ones against each other. Of a hundred rows, what was proposed."
    )
    columns = ["rows and clinics", "file, MB", "stored, s", "in all, s", "own CPU, s", "MB", *DECISIONS]
    report.add("intake", "A list staged", columns, table, notes)


def write(path: Path, size: int) -> None:
    """As many clinics in the directory as rows in the file."""
    from clinics.models import Clinic

    made, number = clinics(size), 0
    before: tuple = ()
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, delimiter=";")
        rows.writerow(HEADINGS)
        while some := list(islice(made, 5000)):
            for one in some:
                one.is_example = False
                row = _row(number, one)
                if number % 100 == 10:  # once more the one that is new, as another line of the list
                    row = (number, *before[1:])
                rows.writerow(row)
                before = row if number % 10 == 0 else before
                number += 1
            Clinic.objects.bulk_create(some)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE clinics_clinic")


def _row(number: int, one) -> tuple:
    name, street, phone, email, website = one.name, one.street, one.phone.removeprefix("+45"), one.email, one.website
    if number % 10 == 0:  # nobody knows it
        name, street, phone = f"Nyklinik {number:x}", f"Ny Eksempelvej {number % 999 + 1}", f"22{number:06}"
        email = website = ""
    match number % 5:
        case 1:
            name, phone = f"{name.upper()} ApS", ""
        case 2:
            street = ""
        case 3:
            name = name[: len(name) // 2] + name[len(name) // 2 + 1 :]
    code = one.postcode
    yes = ("Ja", "Nej", "-")[number % 3]
    return (
        number, name, street, code.pk, code.town, phone, email, website, yes, "08:00-16:00", "08:00-12:00, 13:00-18:00",
    )  # fmt: skip

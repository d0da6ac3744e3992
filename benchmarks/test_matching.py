"""A list of 100 000 rows held against directories of several sizes, in a process of its own."""

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

SIZES = (10_000, 100_000)
SECONDS, MEGABYTES = 180, 400  # of the five minutes that staging may take
PARTS = ("right", "wrong", "person", "new", "missed")
# Names as varied as real ones: words of two parts, now and then two of them. The numbers begin with 00, which nobody has.
HEADS = "ryg knæ hofte skulder nakke krops bevægelses balance smidig kraft rask fjord skov strand bakke eng hav ås kilde lund"
TAILS = "huset gården værket rummet skolen haven porten pladsen klinikken stuen værkstedet hjørnet broen toften krogen"
STREETS = (
    "nørre sønder øster vester kirke skole strand skov mølle birke bøge linde have park ring dal bakke sø å kloster"
)
ENDS = "gade vej allé stræde vænget parken"


def clinics(count: int) -> Iterator[Any]:
    """Invented clinics, most in few postcodes as in the country: a hundred in the largest thousand's place."""
    from clinics.models import Clinic, Postcode

    draw = random.Random(8)  # noqa: S311  the same clinics every time is the point
    codes = list(Postcode.objects.order_by("pk"))
    heads, tails, streets, ends = (words.split() for words in (HEADS, TAILS, STREETS, ENDS))
    for number in range(count):
        code = codes[int(len(codes) * draw.random() ** 2)]
        words = [draw.choice(heads) + draw.choice(tails) for _ in range(draw.choice((1, 1, 2)))]
        name = " og ".join(words).capitalize()
        chain = number % 50 == 0
        yield Clinic(
            name=f"Kæden Eksempel {code.town}" if chain else name, slug=f"klinik-{number}", status="published",
            street=f"{draw.choice(streets).capitalize()}{draw.choice(ends)} {draw.randint(1, 200)}", postcode=code,
            latitude=code.latitude, longitude=code.longitude, phone=f"+4500{draw.randint(0, 999_999):06}",
            email="" if number % 3 else f"post@klinik-{number}.example",
            website="https://kaeden.example/" if chain else f"https://klinik-{number}.example/" if number % 2 else "",
            is_example=True,
        )  # fmt: skip


@pytest.mark.timeout(1800)
def test_matching(databases, report):
    from clinics.models import Clinic

    table = []
    for size in SIZES:
        databases.create("matching")
        made = clinics(size)
        while some := list(islice(made, 5000)):
            Clinic.objects.bulk_create(some)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE clinics_clinic")
        connection.close()
        command = [sys.executable, "-m", "benchmarks.matching_run", databases.name("matching")]
        done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True)
        found = json.loads(done.stdout)
        assert found["rows"] == found["clinics"] == size, found
        shares = (f"{100 * found[part] / size:.1f}" for part in PARTS)
        table.append(
            [f"{size}", f"{found['reading']:.1f}", f"{found['seconds']:.1f}", f"{found['cpu']:.1f}",
             str(found["statements"]), f"{found['megabytes']:.0f}", *shares]
        )  # fmt: skip
    notes = (
        f"At most, for the largest: {SECONDS} s and {MEGABYTES} MB. The rows are the directory's own invented clinics, spoilt,"
        " and one of ten is new. Of a hundred rows: right = merged with itself, wrong = with another, person = left to one,"
        " new = rightly taken for new, missed = wrongly."
    )
    columns = ["rows and clinics", "reading, s", "in all, s", "own CPU, s", "statements", "MB", *PARTS]
    report.add("matching", "A list against the directory", columns, table, notes)

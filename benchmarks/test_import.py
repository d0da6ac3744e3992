"""Five hundred articles in, and once more with nothing new, in a process of its own."""

import json
import subprocess
import sys

from django.conf import settings
from django.db import connection

from tests.many_articles import write_articles

from .measure import milliseconds

COUNT = 500
ASKED = {"seconds": "15", "again": "3"}  # seconds
MEGABYTES = 250


def test_import(databases, report, tmp_path):
    databases.use("articles")
    connection.close()
    write_articles(tmp_path, COUNT)
    command = [sys.executable, "-m", "benchmarks.import_run", databases.name("articles"), str(tmp_path)]
    done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert (found["created"], found["unchanged"]) == (COUNT, COUNT), found
    rows = [
        [name, f"{found[key]:.1f}", ASKED[key], milliseconds(found[key] / COUNT * 1000)]
        for name, key in (("new, published at once", "seconds"), ("again, nothing changed", "again"))
    ]
    notes = f"Most memory held: {found['megabytes']:.0f} MB, asked: {MEGABYTES}."
    report.add("import", f"Importing {COUNT} articles", ["import", "seconds", "at most", "ms each"], rows, notes)

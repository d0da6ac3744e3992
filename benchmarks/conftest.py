"""Databases of several sizes to measure in, and the report. Nothing here outlives the run but docs/benchmarks.md."""

import gc
import io
import os
import platform
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import django
import pytest
from django.core.management import call_command
from django.db import connection

from tests.conftest import PREFIX
from tests.conftest import pytest_configure as configure

SIZES = (600, 3_000, 10_000, 100_000)
BASE_DIR = Path(__file__).resolve().parent.parent
DOCUMENT = BASE_DIR / "docs" / "benchmarks.md"
# The document is written when all of them have run.
PARTS = (
    "search",
    "map",
    "articles",
    "pages",
    "reviews",
    "import",
    "words",
    "suggestions",
    "matching",
    "intake",
    "open data",
)


def pytest_configure(config: pytest.Config) -> None:
    configure(config)


@dataclass
class Report:
    parts: dict[str, str] = field(default_factory=dict)

    def add(self, part: str, title: str, columns: list[str], rows: list[list[str]], notes: str = "") -> None:
        align = ["---", *("---:" for _ in columns[1:])]
        table = "\n".join(f"| {' | '.join(cells)} |" for cells in [columns, align, *rows])
        text = f"## {title}\n\n{table}\n" + (f"\n{notes}\n" if notes else "")
        print(f"\n\n{text}")
        self.parts[part] = self.parts.get(part, "") + ("\n" if part in self.parts else "") + text


@pytest.fixture(scope="session")
def report(databases) -> Iterator[Report]:
    report = Report()
    began = time.monotonic()
    yield report
    if all(part in report.parts for part in PARTS):
        DOCUMENT.write_text(
            f"{_head(began)}\n" + "\n".join(report.parts[part] for part in (*PARTS, "million") if part in report.parts),
            encoding="utf-8",
        )
        print(f"\nwritten: {DOCUMENT.relative_to(BASE_DIR)}")


def _head(began: float) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        postgres = cursor.fetchone()[0].split()[0]
    return f"""\
# Benchmarks

Written by `make bench`. It judges nothing but the plans: numbers on one machine are compared with each other, never with
those of another run.

- Date: {time.strftime("%Y-%m-%d")}
- Machine: {os.cpu_count()} cores, {platform.system()} {platform.machine()}, load {os.getloadavg()[0]:.1f} at the end
- Python {platform.python_version()}, Django {django.get_version()}, PostgreSQL {postgres}
- All in memory, medians, sizes and pages take turns; {time.monotonic() - began:.0f} s for everything but making the clinics
"""


@dataclass(frozen=True)
class Databases:
    """One database of demo clinics for each size, and one with articles and no clinics."""

    template: str

    def name(self, of: int | str) -> str:
        return f"{self.template}_{of}"

    def use(self, of: int | str) -> None:
        """Have Django talk to one of them from now on."""
        _connect(self.name(of))

    def create(self, name: int | str, of: int | str = "") -> None:
        """A copy of another, or of the one without clinics."""
        connection.close()
        with connection._nodb_cursor() as cursor:
            quote = connection.ops.quote_name
            template = quote(self.name(of) if of else self.template)
            cursor.execute(f"DROP DATABASE IF EXISTS {quote(self.name(name))}")
            cursor.execute(f"CREATE DATABASE {quote(self.name(name))} TEMPLATE {template}")
        self.use(name)


def _connect(name: str) -> None:
    from clinics import counting, filters, inquiry, tags, vocabulary

    connection.close()
    connection.settings_dict["NAME"] = name
    for remembers in (counting, filters, inquiry, tags, vocabulary):
        remembers.forget()


@pytest.fixture(scope="session")
def databases(django_db_blocker) -> Iterator[Databases]:
    from articles.importer import import_paths
    from clinics.demo import seed_clinics
    from fysfinder.demo import ARTICLES

    development = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        # Not pytest-django's own fixture: it makes a database only for tests that carry its mark.
        made = Databases(connection.creation.create_test_db(verbosity=0, autoclobber=True))
        assert connection.settings_dict["NAME"] == made.template and made.template.startswith(PREFIX)
        call_command("load_vocabulary", verbosity=0, stdout=io.StringIO())
        call_command("load_places", verbosity=0, stdout=io.StringIO())
        import_paths([ARTICLES], publish=True, demo=True)
        names: list[int | str] = ["articles", *SIZES]
        try:
            for name in names:
                made.create(name)
                if isinstance(name, int):
                    began = time.monotonic()
                    assert seed_clinics(count=name) == name
                    print(f"\n{name} demo clinics in {time.monotonic() - began:.1f} s", end="")
                with connection.cursor() as cursor:
                    cursor.execute("VACUUM ANALYZE")
            gc.collect()
            yield made
        finally:
            _connect(made.template)
            with connection._nodb_cursor() as cursor:
                for name in (*names, "million", "reviews", "matching"):
                    cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(made.name(name))} WITH (FORCE)")
            connection.creation.destroy_test_db(development, verbosity=0)

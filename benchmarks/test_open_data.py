"""Making the files of /om/data/: seconds, and what memory grows by, at two sizes. Demo clinics stand in for real ones."""

import shutil
import time
from pathlib import Path

import pytest
from django.db import connection

from clinics import open_data
from clinics.models import Clinic
from clinics.open_data.latest import size

SMALL, LARGE = 10_000, 100_000


@pytest.mark.timeout(1800)
def test_open_data(databases, report, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    rows = []
    for number in (SMALL, LARGE):
        databases.create("open_data", of=number)
        try:
            Clinic.objects.update(is_example=False)
            _forget_peak()
            before, began, own = _peak(), time.perf_counter(), time.process_time()
            made = open_data.build()
            took, own = time.perf_counter() - began, time.process_time() - own
            facts = {one["name"]: one for one in made["files"]}
            assert facts["klinikker.csv"]["rows"] == Clinic.objects.published().count()
            sizes = [
                size(facts[f"klinikker.{kind}"][key]) for kind in ("csv", "geojson") for key in ("bytes", "gz_bytes")
            ]
            rows.append(
                [f"{number:,}".replace(",", " "), f"{took:.0f}", f"{own:.0f}", f"{_peak() - before:.0f}", *sizes]
            )
        finally:
            databases.use(number)
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{databases.name("open_data")}" WITH (FORCE)')
            shutil.rmtree(tmp_path / "open-data", ignore_errors=True)
    columns = ["clinics", "seconds", "of this process", "MB more at the peak", "CSV", "CSV.gz", "GeoJSON", "GeoJSON.gz"]
    report.add("open data", "Open data", columns, rows)


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def _peak() -> float:
    """The most memory that this process had since, in MB."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024

"""`kill -9` of whoever reads, applies or rolls back a list, and started again: nothing is lost, nothing is twice."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import Count

from clinics.intake import staging, working
from clinics.intake.receiving import receive
from clinics.models import Clinic, ImportBatch, ImportRecord
from tests.people import clinic, places

BASE_DIR = Path(__file__).resolve().parents[2]
ROWS, KNOWN = 300, 80
PATIENCE = 240  # seconds, for a machine that has other things to do
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]


class Stage:
    def __init__(self, folder: Path) -> None:
        self.broker, self.path = folder / "broker", folder / "liste.csv"
        self.running: list[subprocess.Popen] = []
        places()
        for number in range(KNOWN):
            clinic(f"Kendt {number:03}", "Aarhus C", street=f"Vestergade {number + 1}", phone="")
        rows = (f"{number};{self.name(number)};Vestergade {number + 1};8000;8612{number:04}" for number in range(ROWS))
        self.path.write_text("id;navn;adresse;postnummer;telefon\n" + "\n".join(rows), encoding="utf-8")

    @staticmethod
    def name(number: int) -> str:
        return f"{'Kendt' if number < KNOWN else 'Opdigtet'} {number:03}"

    def start(self, *what: object) -> subprocess.Popen:
        arguments = [connection.settings_dict["NAME"], str(self.broker), *map(str, what)]
        self.running.append(
            subprocess.Popen(
                [sys.executable, "-m", "tests.slow.intake_process", *arguments], cwd=BASE_DIR, stdout=subprocess.DEVNULL
            )
        )
        return self.running[-1]

    def kill_when(self, process: subprocess.Popen, what) -> None:
        wait_until(what, process)
        process.send_signal(signal.SIGKILL)
        assert process.wait(PATIENCE) == -signal.SIGKILL

    def end(self) -> None:
        for one in self.running:
            one.kill()
            one.wait()


@pytest.fixture
def stage(tmp_path):
    made = Stage(tmp_path)
    yield made
    made.end()


def wait_until(what, running: subprocess.Popen | None = None) -> None:
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline, {*ImportBatch.objects.values_list("status", "rows", "problem")}
        assert running is None or running.poll() is None, "it ended by itself"
        time.sleep(0.02)


def number(state: str) -> int:
    return ImportRecord.objects.filter(state=state).count()


def is_whole() -> None:
    """Every row was applied, once: one clinic each, one version more at most, and each clinic is found in the search."""
    assert number("applied") == ROWS and Clinic.objects.count() == ROWS
    assert ImportRecord.objects.filter(made_clinic=True).count() == ROWS - KNOWN
    assert ImportRecord.objects.values("clinic").distinct().count() == ROWS
    assert sorted(Clinic.objects.values_list("name", flat=True)) == sorted(map(Stage.name, range(ROWS)))
    assert not Clinic.objects.exclude(phone__startswith="+458612").exists()
    versions = Clinic.objects.annotate(number=Count("versions", distinct=True)).values_list("number", flat=True)
    assert max(versions) <= 2
    assert not Clinic.objects.filter(search_entry=None).exists()


def test_the_command_killed_while_it_reads_and_while_it_applies(stage):
    stage.kill_when(stage.start("import", stage.path), lambda: 20 <= ImportRecord.objects.count() < ROWS)
    batch = ImportBatch.objects.get()
    assert batch.status == "staging" and batch.rows == batch.records.count() < ROWS
    stage.kill_when(stage.start("import", stage.path), lambda: number("applied") >= ROWS // 3)
    batch.refresh_from_db()
    assert batch.status == "applying" and batch.rows == ROWS and number("applied") < ROWS
    wait_until(lambda: is_free(batch.pk))
    assert stage.start("import", stage.path).wait(PATIENCE) == 0
    batch.refresh_from_db()
    assert batch.status == "applied" and ImportBatch.objects.count() == 1
    is_whole()

    stage.kill_when(stage.start("rollback", batch.pk), lambda: number("undone") >= ROWS // 3)
    batch.refresh_from_db()
    assert batch.status == "undoing" and number("undone") < ROWS
    wait_until(lambda: is_free(batch.pk))
    assert stage.start("rollback", batch.pk).wait(PATIENCE) == 0
    assert number("undone") == ROWS and Clinic.objects.count() == KNOWN
    assert not Clinic.objects.exclude(phone="").exists()


def test_a_worker_killed_while_it_applies_and_another_after_it(stage):
    with stage.path.open("rb") as content:
        batch = receive(content=content, file_name="x", by=None, name="Listen", nudge=False)
    staging.stage(batch.pk)
    working.start_applying(batch=batch, by=None, nudge=False)
    worker = stage.start("worker")
    assert stage.start("beat").wait(PATIENCE) == 0
    stage.kill_when(worker, lambda: number("applied") >= ROWS // 3)
    assert number("applied") < ROWS
    stage.start("worker"), stage.start("worker")
    wait_until(lambda: is_free(batch.pk))
    assert (
        stage.start("beat").wait(PATIENCE) == stage.start("beat").wait(PATIENCE) == 0
    )  # the message died with its worker
    wait_until(lambda: ImportBatch.objects.filter(status="applied").exists())
    is_whole()


def is_free(batch_pk: int) -> bool:
    """The database has seen that the other end is gone."""
    with working.alone(batch_pk) as mine:
        return mine

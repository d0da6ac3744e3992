"""Lists of clinics as tests hand them in: a batch that is decided, and its rows applied and rolled back."""

import datetime
from typing import Any

from clinics.intake.applying import apply
from clinics.intake.undoing import undo
from clinics.models import Clinic, ImportBatch, ImportRecord
from clinics.whole import fill

MAY = datetime.date(2026, 5, 1)
Status, State, Decision = ImportBatch.Status, ImportRecord.State, ImportRecord.Decision
_rows = iter(range(1, 10_000_000))


def batch(name: str = "Sundhedslisten", stated_on: datetime.date | None = MAY, **fields: Any) -> ImportBatch:
    made = {"digest": f"{next(_rows):064}", "status": Status.STAGED, "file_name": "liste.csv"}
    return ImportBatch.objects.create(name=name, stated_on=stated_on, **made | fields)


def record(of: ImportBatch, clinic: Clinic | None = None, **facts: Any) -> ImportRecord:
    """A row that is decided: an update of the clinic, or a new one."""
    decision = Decision.UPDATE if clinic else Decision.NEW
    return ImportRecord.objects.create(
        batch=of,
        row=next(_rows),
        name=facts.get("name", "")[:160],
        facts=facts,
        clinic=clinic,
        proposed=decision,
        decision=decision,
    )


def applied(of: ImportBatch) -> ImportBatch:
    ImportBatch.objects.filter(pk=of.pk).update(status=Status.APPLYING, started_at=datetime.datetime.now(datetime.UTC))
    apply(of.pk)
    ImportBatch.objects.filter(pk=of.pk).update(status=Status.APPLIED)
    return of


def undone(of: ImportBatch) -> ImportBatch:
    ImportBatch.objects.filter(pk=of.pk).update(status=Status.UNDOING)
    undo(of.pk)
    ImportBatch.objects.filter(pk=of.pk).update(status=Status.UNDONE)
    return of


def one(clinic: Clinic | None = None, of: ImportBatch | None = None, **facts: Any) -> ImportRecord:
    """One row, applied."""
    made = record(of or batch(), clinic, **facts)
    applied(made.batch)
    made.refresh_from_db()
    return made


def filled(clinic: Clinic) -> Clinic:
    stored = Clinic.objects.select_related("postcode").get(pk=clinic.pk)
    fill([stored])
    return stored


def week(opens: str = "08:00:00", closes: str = "16:00:00", days: int = 5) -> list[dict[str, Any]]:
    return [{"weekday": day, "opens": opens, "closes": closes} for day in range(days)]

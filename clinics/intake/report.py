"""What became, or would become, of each row of a list: counted, and told row by row without holding them all."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from clinics import whole
from clinics.models import Clinic, ImportBatch, ImportRecord

from .changing.changes import Said, changes

Decision, State = ImportRecord.Decision, ImportRecord.State

OUTCOMES = ("created", "updated", "unchanged", "conflict", "failed")
_BATCH = 500
_WHOSE = {"source", "confirmed_at"}
_COLUMNS = (
    "batch", "row", "name", "facts", "problems", "clinic_id", "score", "reasons", "decision", "state", "note", "before", "after",
    "made_clinic",
)  # fmt: skip


class Report:
    """Of a batch that was applied, or (`predicted`) of what applying it would do to the clinics as they are now.

    A letter is kept for each row, and the rows are read from the database again when they are told.
    """

    def __init__(self, batch: ImportBatch | None, *, predicted: bool = False) -> None:
        self._batch, self._predicted, self._codes = batch, predicted, bytearray()
        counted: Counter[str] = Counter()
        for _, outcome in self._judged() if batch else ():
            self._codes.append(OUTCOMES.index(outcome))
            counted[outcome] += 1
        self.summary = {outcome: counted[outcome] for outcome in OUTCOMES}

    def rows(self) -> Iterator[dict[str, Any]]:
        """As `--report json` tells them, in the order of the list."""
        for record, code in zip(self._records(), self._codes, strict=False):
            outcome = OUTCOMES[code]
            fatal = [one["text"] for one in record.problems if one.get("fatal")]
            yield {
                "row": record.row,
                "name": record.name,
                "outcome": outcome,
                "clinic": record.clinic.slug if record.clinic else None,
                "decision": record.decision,
                "score": record.score,
                "reasons": record.reasons,
                "note": record.note or ("" if outcome == "failed" else " ".join(fatal)),
                "warnings": [
                    {"field": one["field"], "text": one["text"]} for one in record.problems if not one.get("fatal")
                ],
                "error": (" ".join(fatal) or record.note) if outcome == "failed" else None,
            }

    def write_json(
        self, write: Callable[[str], object], *, dry_run: bool, seconds: float, error: str | None = None
    ) -> None:
        """One object: ASCII, so that it is the same bytes under any LANG; a line for each row."""
        head = {
            "version": 1,
            "dry_run": dry_run,
            "batch": self._batch.pk if self._batch and not dry_run else None,
            "summary": self.summary | {"seconds": round(seconds, 1)},
            "error": error,
        }
        write(json.dumps(head, indent=2)[:-2])
        write(',\n  "rows": [')
        for number, row in enumerate(self.rows()):
            write(f"{',' if number else ''}\n    {json.dumps(row)}")
        write("\n  ]\n}\n")

    def _records(self) -> Iterator[ImportRecord]:
        if self._batch is None:
            return iter(())
        rows = self._batch.records.order_by("row").select_related("clinic")
        return rows.only(*_COLUMNS, "clinic__slug").iterator(chunk_size=_BATCH)

    def _judged(self) -> Iterator[tuple[ImportRecord, str]]:
        waiting = self._records()
        while some := list(islice(waiting, _BATCH)):
            changing = self._changing(some) if self._predicted else set()
            for record in some:
                yield record, _outcome(record, record.row in changing)

    def _changing(self, records: list[ImportRecord]) -> set[int]:
        """Rows of those that would change the clinic they are."""
        batch = self._batch
        mine = [one for one in records if one.decision == Decision.UPDATE and one.state == State.STAGED]
        wanted = {one.clinic_id for one in mine if one.clinic_id}
        if batch is None or not wanted:
            return set()
        said = Said(batch.source, batch.name, batch.stated_on, batch.licence)
        clinics = list(Clinic.objects.filter(pk__in=wanted).select_related("postcode"))
        whole.fill(clinics)
        known = {clinic.pk: clinic for clinic in clinics}
        return {
            one.row
            for one in mine
            if (clinic := known.get(one.clinic_id or 0))
            and any(not change.kept for change in changes(one.facts, clinic, said))
        }


def _outcome(record: ImportRecord, would_change: bool) -> str:
    if record.state == State.APPLIED:
        return "created" if record.made_clinic else "updated" if _has_changed(record) else "unchanged"
    if record.state == State.FAILED or any(one.get("fatal") and not one.get("passed") for one in record.problems):
        return "failed"
    if record.state == State.STAGED and record.decision == Decision.NEW:
        return "created"
    if record.state == State.STAGED and record.decision == Decision.UPDATE:
        return "updated" if would_change else "unchanged"
    return "conflict"


def _has_changed(record: ImportRecord) -> bool:
    """Another value, and not merely another day on which the same was said."""
    return bool(record.after.get("fields")) or _values(record.before) != _values(record.after)


def _values(kept: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    rows = (kept.get("rows") or {}).items()
    return {part: [{name: row[name] for name in row.keys() - _WHOSE} for row in some] for part, some in rows}

"""The safety registry from committed data into the database: red flags, where they stand, and out-of-hours numbers.

Safe to run at every deployment. A row that a person has changed, reviewed or verified is theirs and stays as it is;
links are only ever added, because taking a warning away is a decision of editors (docs/red-flags.md).
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import models, transaction

from clinics.models import BodyRegion, Condition, OutOfHoursService, RedFlag, Region, WarningChange

from .safety_files import FLAGS, NUMBERS, SafetyDataError, read_flags, read_numbers

__all__ = ["FLAGS", "NUMBERS", "SafetyDataError", "load_out_of_hours", "load_red_flags", "load_safety"]

FLAG_FIELDS = ("group", "urgency", "kind", "text", "terms", "sources", "order")
NUMBER_FIELDS = ("name", "phone", "hours", "valid_to", "checked_at", "verified_at", "source")


@dataclass
class Outcome:
    """What became of the records of one file, by key or by region.

    `kept` belong to a person and were left alone: they were changed, reviewed or verified, or deleted by two editors.
    `absent` are in the database only, and left alone too; `missing` is what the file names and the database does not have
    yet ("condition iskias", "region sjaelland").
    """

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    links_added: int = 0


@transaction.atomic
def load_safety(*, flags_file: Path = FLAGS, numbers_file: Path = NUMBERS) -> dict[str, Outcome]:
    """Load both files, after conditions, body parts and regions. Returns an outcome by file name without ending.

    Raises SafetyDataError, and then nothing was loaded.
    """
    return {
        "red_flags": load_red_flags(path=flags_file),
        "out_of_hours": load_out_of_hours(path=numbers_file),
    }


@transaction.atomic
def load_red_flags(*, path: Path = FLAGS) -> Outcome:
    outcome = Outcome()
    records = read_flags(path)
    stored = {flag.key: flag for flag in RedFlag.objects.select_for_update()}
    deleted = WarningChange.deleted_keys() - set(stored)
    outcome.kept = sorted(deleted & {record["key"] for record in records})
    records = [record for record in records if record["key"] not in deleted]
    outcome.absent = sorted(set(stored) - {record["key"] for record in records})
    for record in records:
        flag = stored.setdefault(record["key"], RedFlag(key=record["key"]))
        kept = bool(flag.edited_at or flag.reviewed_at)
        _save(outcome, record["key"], flag, {name: record[name] for name in FLAG_FIELDS}, kept=kept)
    _link(outcome, Condition, "condition", [(stored[r["key"]], slug) for r in records for slug in r["conditions"]])
    _link(outcome, BodyRegion, "body region", [(stored[r["key"]], slug) for r in records for slug in r["body_regions"]])
    return outcome


@transaction.atomic
def load_out_of_hours(*, path: Path = NUMBERS) -> Outcome:
    """A row is known by its region and its first day, so that a corrected number replaces the wrong one."""
    outcome = Outcome()
    regions = {region.slug: region for region in Region.objects.all()}
    stored = {(row.region_id, row.valid_from): row for row in OutOfHoursService.objects.select_for_update()}
    for record in read_numbers(path):
        region = regions.get(record["region"])
        if region is None:
            outcome.missing.append(f"region {record['region']}")
            continue
        row = stored.pop((region.pk, record["valid_from"]), None)
        row = row or OutOfHoursService(region=region, valid_from=record["valid_from"])
        kept = bool(row.edited_at or row.verified_at)
        _save(outcome, record["region"], row, {name: record[name] for name in NUMBER_FIELDS}, kept=kept)
    slugs = {region.pk: region.slug for region in regions.values()}
    outcome.absent = sorted(slugs[region] for region, _ in stored)
    return outcome


def _save(outcome: Outcome, name: str, row: models.Model, values: dict[str, Any], *, kept: bool) -> None:
    changed = [field for field, value in values.items() if getattr(row, field) != value]
    if row.pk and kept:
        outcome.kept.append(name)
    elif row.pk and not changed:
        outcome.unchanged.append(name)
    else:
        (outcome.updated if row.pk else outcome.created).append(name)
        for field_name in changed:
            setattr(row, field_name, values[field_name])
        row.save()


def _link(
    outcome: Outcome, model: type[Condition] | type[BodyRegion], label: str, wanted: list[tuple[RedFlag, str]]
) -> None:
    """Give each row its flags. A row that an editor has saved keeps the flags that the editor chose."""
    rows = {row.slug: row for row in model.objects.all()}
    through = model.red_flags.through
    column = f"{model._meta.model_name}_id"
    known = set(through.objects.values_list(column, "redflag_id"))
    added = []
    for flag, slug in wanted:
        row = rows.get(slug)
        if row is None:
            if f"{label} {slug}" not in outcome.missing:
                outcome.missing.append(f"{label} {slug}")
        elif row.edited_at is None and (row.pk, flag.pk) not in known:
            added.append(through(**{column: row.pk, "redflag_id": flag.pk}))
    through.objects.bulk_create(added)
    outcome.links_added += len(added)

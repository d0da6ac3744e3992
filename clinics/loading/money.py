"""Brings the tariffs and the rules about referral to what the committed files say.

For production too: running it twice changes nothing, a row that a person edited or verified is left alone, invented
rows beside the demo clinics are not touched, and no row is ever deleted.
"""

from pathlib import Path
from typing import Any

from django.db import transaction

from clinics import tariffs
from clinics.models import ReferralRule, Region, Tariff

from .money_files import RULES, TARIFFS, Record, read_rules, read_tariffs
from .safety import Outcome

Key = tuple[Any, ...]


@transaction.atomic
def load_money(*, tariffs_file: Path = TARIFFS, rules_file: Path = RULES) -> dict[str, Outcome]:
    """Load both files, after the regions. Returns an outcome by file name without ending.

    A region that does not exist stands in `missing`. Raises MoneyDataError, and then nothing was loaded.
    """
    outcomes = {"tariffs": _load_tariffs(tariffs_file), "referral_rules": _load_rules(rules_file)}
    transaction.on_commit(tariffs.forget)
    return outcomes


def _load_tariffs(path: Path) -> Outcome:
    outcome = Outcome()
    stored = {(row.service, row.valid_from): row for row in Tariff.objects.filter(is_example=False).select_for_update()}
    for record in read_tariffs(path):
        key = (record["service"], record["valid_from"])
        _store(outcome, f"{key[0]} {key[1]}", stored.pop(key, Tariff()), record)
    outcome.absent = sorted(f"{service} {day}" for service, day in stored)
    return outcome


def _load_rules(path: Path) -> Outcome:
    outcome = Outcome()
    regions = {region.slug: region.pk for region in Region.objects.all()}
    rows = ReferralRule.objects.filter(is_example=False).select_for_update(of=("self",))
    stored: dict[Key, ReferralRule] = {
        (row.service, row.region_id, row.municipality, row.with_ydernummer, row.valid_from): row for row in rows
    }
    for record in read_rules(path):
        slug = record.pop("region")
        if slug and slug not in regions:
            outcome.missing.append(f"region {slug}")
            continue
        record["region_id"] = regions.get(slug)
        key = tuple(record[n] for n in ("service", "region_id", "municipality", "with_ydernummer", "valid_from"))
        name = " ".join(filter(None, [record["service"], slug, record["municipality"], str(record["valid_from"])]))
        _store(outcome, name, stored.pop(key, ReferralRule()), record)
    outcome.absent = sorted(f"{row.service} {row.valid_from}" for row in stored.values())
    return outcome


def _store(outcome: Outcome, name: str, row: Tariff | ReferralRule, values: Record) -> None:
    changed = [field for field, value in values.items() if getattr(row, field) != value]
    if row.pk and (row.edited_at or row.verified_at):
        outcome.kept.append(name)
    elif row.pk and not changed:
        outcome.unchanged.append(name)
    else:
        (outcome.updated if row.pk else outcome.created).append(name)
        for field in changed:
            setattr(row, field, values[field])
        row.save()

"""Brings body regions, specialities, treatment types and conditions in the database to what the committed files say.

For production too: running it twice changes nothing, a row that an editor saved in the admin (`edited_at`) is left
alone with all its matches, and no entry is ever deleted.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model

from clinics.actions import vocabulary_changed
from clinics.models import BodyRegion, Condition, ConditionMatch, SlugHistory, Speciality, TreatmentType

from .vocabulary_files import DATA, Entry, VocabularyError, read

WORDS = ("name", "synonyms", "keywords", "description")
Target = tuple[int | None, int | None]  # keys of speciality and treatment type, one of them None


@dataclass
class Outcome:
    """What became of the entries of one file, by slug.

    `kept` were edited in the admin and left alone; `absent` are in the database only, and left alone too.
    """

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)


@transaction.atomic
def load_vocabulary(*, folder: Path = DATA) -> dict[str, Outcome]:
    """Load all four files. Returns an outcome by file name without `.yaml`.

    Raises VocabularyError, and then nothing was loaded.
    """
    data = read(folder)
    regions = _Table("body_regions", BodyRegion)
    for order, entry in enumerate(data["body_regions"], start=1):
        regions.store(entry, {"name": entry["name"], "order": order})
    specialities = _Table("specialities", Speciality)
    for entry in data["specialities"]:
        values = {name: entry[name] for name in (*WORDS, "kind", "care_gate")}
        specialities.store(entry, values | {"parent_id": specialities.pk_of(entry["parent"])})
    treatments = _Table("treatments", TreatmentType)
    for entry in data["treatments"]:
        treatments.store(entry, {name: entry[name] for name in WORDS})
    conditions = _Table("conditions", Condition)
    matches = _Matches()
    for entry in data["conditions"]:
        values = {name: entry[name] for name in (*WORDS, "care_gate", "box_title", "is_generic")}
        condition = conditions.store(entry, values | {"body_region_id": regions.pk_of(entry["body_region"])})
        weights: dict[Target, int] = {(specialities.pk_of(slug), None): w for slug, w in entry["specialities"].items()}
        weights |= {(None, treatments.pk_of(slug)): w for slug, w in entry["treatments"].items()}
        if condition.edited_at is None and matches.store(condition, weights):
            conditions.touched(entry["slug"])
    matches.save_new()
    vocabulary_changed()
    return {table.file: table.closed() for table in (regions, specialities, treatments, conditions)}


class _Table:
    """The rows of one model, locked so that an editor who saves meanwhile is neither overwritten nor overlooked."""

    def __init__(self, file: str, model: type[Any]) -> None:
        self.file = file
        self.model = model
        self.outcome = Outcome()
        self.rows: dict[str, Any] = {row.slug: row for row in model.objects.select_for_update()}
        self.absent = set(self.rows)
        if model is Speciality:  # one that an editor has given another address is still the file's
            by_key = {row.pk: row for row in self.rows.values()}
            for old in SlugHistory.objects.filter(kind=SlugHistory.Kind.SPECIALITY, object_id__in=by_key):
                self.rows.setdefault(old.slug, by_key[old.object_id])

    def store(self, entry: Entry, values: dict[str, Any]) -> Any:
        """Create or update the entry's row, unless an editor changed it. Returns the row."""
        slug = entry["slug"]
        row = self.rows.get(slug)
        self.absent.discard(row.slug if row else slug)
        if row is None:
            row = self.rows[slug] = self.model(slug=slug, **values)
            self._check(row)
            row.save()
            self.outcome.created.append(slug)
        elif row.edited_at is not None:
            self.outcome.kept.append(slug)
        elif changed := [name for name, value in values.items() if getattr(row, name) != value]:
            for name in changed:
                setattr(row, name, values[name])
            self._check(row)
            row.save(update_fields=changed)
            self.outcome.updated.append(slug)
        else:
            self.outcome.unchanged.append(slug)
        return row

    def touched(self, slug: str) -> None:
        """What belongs to the row changed, though the row itself may not have."""
        if slug in self.outcome.unchanged:
            self.outcome.unchanged.remove(slug)
            self.outcome.updated.append(slug)

    def pk_of(self, slug: str) -> int | None:
        return self.rows[slug].pk if slug else None

    def closed(self) -> Outcome:
        self.outcome.absent = sorted(self.absent)
        return self.outcome

    def _check(self, row: Model) -> None:
        try:
            row.clean_fields()
        except ValidationError as error:
            problem = "; ".join(f"{name}: {' '.join(texts)}" for name, texts in error.message_dict.items())
            raise VocabularyError(f"{self.file}.yaml", str(getattr(row, "slug", "")), problem) from error


class _Matches:
    """What a condition leads to. The files are an editor's word: they win over a suggestion."""

    def __init__(self) -> None:
        self.new: list[ConditionMatch] = []
        self.rows: dict[int, list[ConditionMatch]] = {}
        for row in ConditionMatch.objects.select_for_update():
            self.rows.setdefault(row.condition_id, []).append(row)

    def store(self, condition: Condition, weights: dict[Target, int]) -> bool:
        """Make the editor matches of an unedited condition the wanted ones. True when anything changed."""
        changed = False
        missing = dict(weights)
        for row in self.rows.get(condition.pk, []):
            weight = missing.pop((row.speciality_id, row.treatment_id), None)
            if weight is None:
                if row.origin == ConditionMatch.Origin.EDITOR:  # the files no longer hold it
                    row.delete()
                    changed = True
            elif (row.weight, row.origin) != (weight, ConditionMatch.Origin.EDITOR):
                row.weight, row.origin = weight, ConditionMatch.Origin.EDITOR
                row.save(update_fields=["weight", "origin"])
                changed = True
        self.new += [
            ConditionMatch(condition=condition, speciality_id=speciality, treatment_id=treatment, weight=weight)
            for (speciality, treatment), weight in missing.items()
        ]
        return changed or bool(missing)

    def save_new(self) -> None:
        ConditionMatch.objects.bulk_create(self.new)

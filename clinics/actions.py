"""What changes more than one row: keyword-only, atomic verbs that admin, commands, tasks and tests all call."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from . import filters, index, suggesting
from .models import Clinic, Condition, ConditionMatch, Speciality, TreatmentType

EDITOR, SUGGESTED = ConditionMatch.Origin.EDITOR, ConditionMatch.Origin.SUGGESTED


@transaction.atomic
def clinic_changed(*, clinic: Clinic) -> None:
    """After a clinic or anything it states was saved: its index row says the same, in the same transaction."""
    index.rebuild([clinic.pk])


def mark_edited(*, row: Any) -> None:
    """A person changed this row of the vocabulary: loading the committed data leaves it alone from now on."""
    row.edited_at = timezone.now()
    row.save(update_fields=["edited_at"])


@transaction.atomic
def vocabulary_changed() -> None:
    """After a speciality or treatment type came or went: every value has its index number, and filters show it."""
    index.assign_numbers()
    transaction.on_commit(filters.forget)
    transaction.on_commit(suggesting.forget)


@transaction.atomic
def store_suggestions(
    *, condition: Condition, suggestions: Iterable[suggesting.SuggestedMatch], is_new: bool = False
) -> bool:
    """Make these the suggested matches of the condition, instead of those suggested before. True when anything changed.

    Nothing is stored while an editor has matched the condition or saved it in the admin, which is their word on its
    matches too, nor for a generic one. `is_new`: it was made in this transaction, so that nobody else knows it.
    """
    stored, rows = condition, []
    if not is_new:
        # Locked: two imports at once, or an editor who is just saving, take turns.
        stored = Condition.objects.select_for_update(of=("self",)).get(pk=condition.pk)
        rows = list(stored.matches.all())
    if stored.edited_at or stored.is_generic or any(row.origin == EDITOR for row in rows):
        return False
    weights = _weights(suggestions)
    if weights == {(row.speciality_id, row.treatment_id): row.weight for row in rows}:
        return False
    if rows:
        stored.matches.all().delete()
    ConditionMatch.objects.bulk_create(
        ConditionMatch(
            condition=stored, speciality_id=speciality, treatment_id=treatment, weight=weight, origin=SUGGESTED
        )
        for (speciality, treatment), weight in weights.items()
    )
    return True


@transaction.atomic
def accept_suggestions(*, condition: Condition) -> int:
    """An editor says that the suggestions are right: they are the editor's rows from now on. Returns how many."""
    stored = Condition.objects.select_for_update(of=("self",)).get(pk=condition.pk)
    if stored.matches.filter(origin=EDITOR).exists() or not (
        accepted := stored.matches.filter(origin=SUGGESTED).update(origin=EDITOR)
    ):
        return 0
    mark_edited(row=stored)
    return accepted


@transaction.atomic
def drop_replaced_suggestions(*, condition: Condition) -> int:
    """After an editor's row was stored: the suggestions beside it count no longer, so they go. Returns how many."""
    Condition.objects.select_for_update(of=("self",)).get(pk=condition.pk)
    if not condition.matches.filter(origin=EDITOR).exists():
        return 0
    return condition.matches.filter(origin=SUGGESTED).delete()[0]


def _weights(suggestions: Iterable[suggesting.SuggestedMatch]) -> dict[tuple[int | None, int | None], int]:
    """Keys of speciality and treatment type, one of them None, with the weight; in the order of the suggestions."""
    weights = {(one.kind, one.slug): one.weight for one in suggestions}
    slugs = [slug for _, slug in weights]
    specialities = dict(Speciality.objects.filter(slug__in=slugs).values_list("slug", "pk"))
    treatments = dict(TreatmentType.objects.filter(slug__in=slugs).values_list("slug", "pk"))
    keys = {
        (kind, slug): (specialities.get(slug), None) if kind == suggesting.SPECIALITY else (None, treatments.get(slug))
        for kind, slug in weights
    }
    # One that was deleted since the words were read has no key.
    return {keys[one]: weight for one, weight in weights.items() if any(keys[one])}

"""What changes more than one row: keyword-only, atomic verbs that admin, commands, tasks and tests all call."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
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


@transaction.atomic(savepoint=False)
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
    wanted = list(suggestions)
    if rows:
        if _weights(wanted) == {(row.speciality_id, row.treatment_id): row.weight for row in rows}:
            return False
        stored.matches.all().delete()
    return bool(_insert(stored, wanted) or rows)


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


def _insert(condition: Condition, suggestions: Iterable[suggesting.SuggestedMatch]) -> int:
    """Store them in their order and return how many. One statement: an import does this for hundreds of new conditions.

    One that was deleted since the words were read has no key, and is left out.
    """
    weights = {(one.kind, one.slug): one.weight for one in suggestions}
    kinds, slugs = [kind for kind, _ in weights], [slug for _, slug in weights]
    sql = """
        INSERT INTO clinics_conditionmatch (condition_id, speciality_id, treatment_id, weight, origin)
        SELECT %s, speciality.id, treatment.id, wanted.weight, %s
        FROM unnest(%s::text[], %s::text[], %s::int[]) WITH ORDINALITY AS wanted (kind, slug, weight, number)
        LEFT JOIN clinics_speciality speciality ON wanted.kind = %s AND speciality.slug = wanted.slug
        LEFT JOIN clinics_treatmenttype treatment ON wanted.kind = %s AND treatment.slug = wanted.slug
        WHERE num_nonnulls(speciality.id, treatment.id) = 1 ORDER BY wanted.number"""
    of = (condition.pk, SUGGESTED, kinds, slugs, [*weights.values()], suggesting.SPECIALITY, suggesting.TREATMENT)
    with connection.cursor() as cursor:
        cursor.execute(sql, of)
        return cursor.rowcount


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

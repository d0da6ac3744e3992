"""What changes more than one row: keyword-only, atomic verbs that admin, commands, tasks and tests all call."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from . import filters, index
from .models import Clinic


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

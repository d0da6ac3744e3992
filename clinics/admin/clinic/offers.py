"""What a clinic offers: ticks for what it says of itself in one word, rows for what a person, a title or a form belongs to."""

from typing import Any

from django import forms
from django.db import transaction
from django.db.models import QuerySet

from clinics.models import Clinic, ClinicSpeciality, ClinicTreatment, Speciality
from clinics.models.offer import Stated

from .fields import FoldedTicks

PLAIN = {"practitioner": None, "basis": Stated.Basis.STATED, "grade": "", "evidence": ""}


class Ticks(forms.ModelMultipleChoiceField):
    widget = FoldedTicks

    def __init__(self, queryset: Any, **options: Any) -> None:
        super().__init__(queryset, **options | {"required": False})


def plain_specialities(clinic: Clinic) -> QuerySet[ClinicSpeciality]:
    """Focus areas of the clinic as a whole, stated by itself, with nothing more to say about them."""
    return clinic.specialities.filter(**PLAIN, speciality__kind=Speciality.Kind.FOCUS)


def plain_treatments(clinic: Clinic) -> QuerySet[ClinicTreatment]:
    """Treatment types given individually, of the clinic as a whole."""
    return clinic.treatments.filter(**PLAIN, format=ClinicTreatment.Format.INDIVIDUAL, group_topic=None)


def ticked_specialities(clinic: Clinic) -> list[int]:
    return list(plain_specialities(clinic).values_list("speciality", flat=True)) if clinic.pk else []


def ticked_treatments(clinic: Clinic) -> list[int]:
    return list(plain_treatments(clinic).values_list("treatment", flat=True)) if clinic.pk else []


@transaction.atomic
def save_ticks(plain: QuerySet[Any], clinic: Clinic, name: str, chosen: QuerySet[Any], **values: Any) -> None:
    """Make these the clinic's plain rows. One that a row of its own says already, documented or suggested, becomes stated
    or stays as it is; `name` is the field of the term, `values` what makes a row plain besides."""
    plain.exclude(**{f"{name}__in": chosen}).delete()
    for term in chosen:
        row, new = plain.model._base_manager.get_or_create(clinic=clinic, **{name: term}, practitioner=None, **values)
        if not new and row.basis == Stated.Basis.SUGGESTED:
            row.basis = Stated.Basis.STATED
            row.save(update_fields=["basis"])

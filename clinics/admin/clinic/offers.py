"""What a clinic offers: ticks for what it says of itself in one word, rows for what a person, a title or a form belongs to."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django import forms
from django.db.models import QuerySet

from clinics.models import Clinic, ClinicSpeciality, ClinicTreatment, Speciality
from clinics.models.clinic import Source
from clinics.models.offer import Stated

from .fields import FoldedTicks

PLAIN = {"practitioner": None, "basis": Stated.Basis.STATED, "grade": "", "evidence": ""}
# What a list suggests for the clinic, answered on its start page or by a moderator: no row of the form (clinics/suggestions.py).
FROM_A_LIST = {"practitioner": None, "basis": Stated.Basis.SUGGESTED}


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


class _Ticked(NamedTuple):
    """`name`: the field of the term; `values`: what makes a row plain besides."""

    plain: Callable[[Clinic], QuerySet[Any]]
    name: str
    values: dict[str, Any]


TICKED = {
    "focus_areas": _Ticked(plain_specialities, "speciality", {}),
    "treatment_types": _Ticked(
        *(plain_treatments, "treatment"), {"format": ClinicTreatment.Format.INDIVIDUAL, "group_topic": None}
    ),
}


def remove_unticked(form: Any) -> None:
    """Before the rows are saved: what was ticked when the form was opened and is not now. A row of the same save that says
    so without a person comes later, and stays."""
    for field, ticked in TICKED.items():
        gone = set(form.initial[field]) - {term.pk for term in form.cleaned_data[field]}
        ticked.plain(form.instance).filter(**{f"{ticked.name}__in": gone}).delete()


def add_ticked(form: Any) -> None:
    """After the rows are saved: one that says already what is ticked stays as it is; one that only suggests it, states it."""
    for field, (plain, name, values) in TICKED.items():
        there = set(plain(form.instance).values_list(name, flat=True))
        for term in form.cleaned_data[field]:
            if term.pk in there:
                continue
            rows = plain(form.instance).model._base_manager
            row, new = rows.get_or_create(clinic=form.instance, **{name: term}, practitioner=None, **values)
            if not new and row.basis == Stated.Basis.SUGGESTED:
                # As a new one: whoever ticks says so, and what only suggested it is no documentation.
                row.basis, row.evidence, row.source = Stated.Basis.STATED, "", Source.CLINIC
                row.save(update_fields=["basis", "evidence", "source"])

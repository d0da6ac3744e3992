"""What a clinic offers, row by row: what a person, a title, evidence or a form belongs to. The rest are ticks (offers.py)."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from clinics.models import ClinicSpeciality, ClinicTreatment, Speciality

from .offers import FROM_A_LIST, PLAIN
from .rows import RowForm, Rows

INSTEAD = "Har I dokumentation for noget med flueben, så skriv det her: linjen træder i stedet for fluebenet."


class SpecialityForm(RowForm):
    claimed = ("evidence",)

    @property
    def heading(self) -> str:
        return _of(self.instance.speciality, self.instance)


class TreatmentForm(RowForm):
    claimed = ("evidence",)

    @property
    def subject(self) -> str:
        row = self.instance
        alone = row.format == ClinicTreatment.Format.INDIVIDUAL
        return _of(row.treatment, row) if alone else f"{_of(row.treatment, row)} {row.get_format_display()}"

    @property
    def heading(self) -> str:
        return f"{_of(self.instance.treatment, self.instance)}, {self.instance.get_format_display()}"


class SpecialityRows(Rows):
    model = ClinicSpeciality
    once = ("speciality", "practitioner")
    form = SpecialityForm
    verbose_name = "speciale"
    add_text = "Tilføj et speciale"
    section = "offers"
    verbose_name_plural = "specialer med behandler eller titel"
    intro = (
        "Det, som en bestemt behandler er god til, og officielle titler. En titel kræver dokumentation. "
        f"En ny behandler skal gemmes, før du kan vælge personen her. {INSTEAD}"
    )
    fieldsets = (
        (None, {"fields": (("speciality", "practitioner"),)}),
        ("Titel og dokumentation", {"fields": (("grade", "basis"), "evidence")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        plain = self.model.objects.filter(**PLAIN, speciality__kind=Speciality.Kind.FOCUS)
        return (
            super()
            .get_queryset(request)
            .exclude(pk__in=plain.values("pk"))
            .exclude(**FROM_A_LIST)
            .select_related("speciality", "practitioner")
        )


class TreatmentRows(Rows):
    model = ClinicTreatment
    once = ("treatment", "format", "group_topic", "practitioner")
    form = TreatmentForm
    verbose_name = "behandling"
    add_text = "Tilføj en behandling eller et hold"
    section = "offers"
    verbose_name_plural = "hold, behandling hjemme eller online, og behandlinger med navn"
    intro = f"Hold, behandling hjemme eller online, og det, som en bestemt behandler kan. {INSTEAD}"
    fieldsets = (
        (None, {"fields": (("treatment", "format"), ("practitioner", "group_topic"))}),
        ("Titel og dokumentation", {"fields": (("grade", "basis"), "evidence")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        plain = self.model.objects.filter(**PLAIN, format="individual", group_topic=None)
        rows = super().get_queryset(request).exclude(pk__in=plain.values("pk")).exclude(**FROM_A_LIST)
        return rows.select_related("treatment", "practitioner", "group_topic")


def _of(term: Any, row: Any) -> str:
    return f"{term} ({row.practitioner})" if row.practitioner_id else str(term)

"""The clinic's form as its members have it: what touches trust and standing is shown or left out, and never read from a POST.

A field that is not in a form is not written, whatever is sent, so everything here takes fields out. What a clinic may ask for
goes through `clinics.pending`; which fields those are stands in `ASKED_FOR`, and the sentence beside them in
templates/admin/clinics/clinic/_trust.html. The rest of the clinic's standing (status, sources, address on the site, whether
it is an example) is nobody's to ask for in a form.
"""

from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from clinics import danish
from clinics.claims import GRANTED_TITLE
from clinics.models import ClinicSpeciality, ClinicTreatment, PendingChange, Practitioner
from clinics.models.clinic import Source
from clinics.models.offer import Stated

from .form import ClinicForm
from .offer_rows import SpecialityForm, SpecialityRows, TreatmentForm, TreatmentRows
from .photos import PhotoRows
from .rows import ExceptionRows, PractitionerForm, PractitionerRows, PriceRows, RowSet
from .sections import FIELDSETS

Subject = PendingChange.Subject
# What a moderator decides about: of the clinic, of a practitioner, of a row of what it offers.
ASKED_FOR: dict[str, tuple[str, ...]] = {
    Subject.NAME: ("name",),
    Subject.ADDRESS: ("street", "address_extra", "postcode"),
    Subject.AUTHORISATION: ("authorisation_id", "authorisation_checked_on", "is_restricted"),
    Subject.TITLE: ("grade", "basis", "evidence"),
    Subject.SPECIALITY: ("grade", "basis", "evidence"),
}
# Section of the form → what is asked for there.
ASKED_IN = {
    "contact": (Subject.NAME, Subject.ADDRESS),
    "people": (Subject.AUTHORISATION,),
    "offers": (Subject.TITLE, Subject.SPECIALITY),
}
SHOWN = ("name", "address_now")
KEPT_BACK = frozenset(
    {*ASKED_FOR[Subject.NAME], *ASKED_FOR[Subject.ADDRESS]}
    | {"slug", "latitude", "longitude", "location_precision", "status", "source", "is_example"}
)
NEEDS_PROOF = (
    "En titel, som andre giver, skal dokumenteres. Skriv stillingen her, fx “klinikejer”, og send os dokumentationen."
)

_OWN_WORD = {"grade": "", "evidence": "", "basis__in": (Stated.Basis.STATED, Stated.Basis.SUGGESTED)}

# A declared field is in a form unless it is None in the class.
MemberForm: Any = type("MemberForm", (ClinicForm,), dict.fromkeys(KEPT_BACK & set(ClinicForm.declared_fields)))


def fieldsets() -> Any:
    """Those of the whole form without what is kept back, and with what is shown at the top."""
    result = []
    for title, options in FIELDSETS:
        lines = [line for line in map(_without_kept_back, options["fields"]) if line]
        if title.startswith("Navn") and "above" in options["classes"]:
            lines = [*SHOWN, *lines]
        if lines:
            result.append((title, options | {"fields": tuple(lines)}))
    return result


def _without_kept_back(line: Any) -> Any:
    if isinstance(line, str):
        return None if line in KEPT_BACK else line
    return tuple(name for name in line if name not in KEPT_BACK)


def stated_by_the_clinic(row: Any) -> None:
    """Before a changed row is saved: it is the clinic's own word, and a suggestion that somebody changed is none any more."""
    if hasattr(row, "source"):
        row.source = Source.CLINIC
    if getattr(row, "basis", "") == Stated.Basis.SUGGESTED:
        row.basis = Stated.Basis.STATED


def is_documented(row: Any) -> bool:
    """A row that says more than the clinic's own word: about whom and what is not for the clinic to change."""
    return bool(row.grade or row.evidence or row.basis == Stated.Basis.DOCUMENTED)


class _Locking:
    """Of a form of a row: the fields that stand for `locked()` rows. A disabled field keeps its value, whatever is sent."""

    locks: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.locked():  # type: ignore[attr-defined]
            for name in self.locks:
                if name in self.fields:  # type: ignore[attr-defined]
                    self.fields[name].disabled = True  # type: ignore[attr-defined]

    def locked(self) -> bool:
        return is_documented(self.instance)  # type: ignore[attr-defined]

    def add_error(self, field: str | None, error: Any) -> None:
        """What a stored row has wrong in a field that is kept back is not for the clinic to mend, and Django would fall over
        the missing field."""
        if field is None and hasattr(error, "error_dict"):
            mine = {name: said for name, said in error.error_dict.items() if name in (NON_FIELD_ERRORS, *self.fields)}  # type: ignore[attr-defined]
            if not mine:
                return
            error = ValidationError(mine)
        super().add_error(field, error)  # type: ignore[misc]


class MemberSpecialityForm(_Locking, SpecialityForm):
    locks = ("speciality", "practitioner")


class MemberTreatmentForm(_Locking, TreatmentForm):
    locks = ("treatment", "format", "practitioner", "group_topic")


class _Documented:
    """Shows what is documented instead of asking for it."""

    readonly_fields: Any = ("documented",)

    @admin.display(description="Titel og dokumentation")
    def documented(self, row: Any) -> str:
        if row.pk and is_documented(row):
            return ". ".join(filter(None, [row.get_grade_display().capitalize(), row.evidence])) or "Dokumenteret"
        if row.pk and row.basis == Stated.Basis.SUGGESTED:
            return "Et forslag, som patienter ikke ser. Sæt flueben ovenfor, hvis det passer."
        return "Oplyst af klinikken"


class MemberSpecialityRows(_Documented, SpecialityRows):
    form = MemberSpecialityForm
    intro = (
        "Det, som en bestemt behandler er god til. Patienter ser “Klinikken oplyser”. "
        "En ny behandler skal gemmes, før du kan vælge personen her."
    )
    fieldsets: ClassVar[Any] = ((None, {"fields": (("speciality", "practitioner"), "documented")}),)


class MemberTreatmentRows(_Documented, TreatmentRows):
    form = MemberTreatmentForm
    intro = "Hold, behandling hjemme eller online, og det, som en bestemt behandler kan."
    fieldsets: ClassVar[Any] = (
        (None, {"fields": (("treatment", "format"), ("practitioner", "group_topic"), "documented")}),
    )


class MemberPractitionerForm(_Locking, PractitionerForm):
    locks = ("name", "profession")

    def locked(self) -> bool:
        """Somebody whose papers were looked at does not become somebody else."""
        person = self.instance
        looked_up = person.authorisation_id or person.authorisation_checked_on or person.is_restricted is not None
        return bool(looked_up or getattr(person, "has_papers", False))

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"]
        if "title" in self.changed_data and GRANTED_TITLE.search(title):
            raise ValidationError(NEEDS_PROOF)
        return title


class MemberPractitionerSet(RowSet):
    def clean(self) -> None:
        """What must be told about a person is not left out by taking the person away."""
        super().clean()
        for form in self.deleted_forms:
            if form.instance.is_restricted:
                raise ValidationError(f"{form.instance} kan ikke fjernes her. Skriv til os, når personen er stoppet.")


class MemberPractitionerRows(PractitionerRows):
    form = MemberPractitionerForm
    formset = MemberPractitionerSet
    readonly_fields = ("authorisation",)
    fieldsets = (
        (None, {"fields": (("name", "title"),)}),
        (
            "Faggruppe, autorisation og sprog",
            {"fields": (("profession", "gender"), "authorisation", "languages", "position")},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        specialities, treatments = (
            Exists(model.objects.filter(practitioner=OuterRef("pk")).exclude(**_OWN_WORD))
            for model in (ClinicSpeciality, ClinicTreatment)
        )
        return super().get_queryset(request).annotate(has_papers=specialities | treatments)

    @admin.display(description="Autorisation")
    def authorisation(self, person: Practitioner) -> str:
        said = f"Autorisations-ID {person.authorisation_id}" if person.authorisation_id else "Ikke oplyst"
        if person.authorisation_checked_on:
            said += f", kontrolleret {danish.day(person.authorisation_checked_on)}"
        return f"{said}. Under skærpet tilsyn eller med begrænset autorisation" if person.is_restricted else said


INLINES = (
    *(MemberSpecialityRows, MemberTreatmentRows, PriceRows, MemberPractitionerRows),
    *(ExceptionRows, PhotoRows),
)

"""What a clinic offers, who says so, and who there is good at it."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models
from django.db.models import Q

from .clinic import Clinic, Source
from .practitioner import Practitioner
from .vocabulary import Speciality, TreatmentType


class Stated(models.Model):
    """That a clinic, or one person there, offers something; who says so, and since when."""

    class Basis(models.TextChoices):
        STATED = "stated", "oplyst af klinikken"
        DOCUMENTED = "documented", "dokumenteret"
        SUGGESTED = "suggested", "forslag, ikke vist"

    class Grade(models.TextChoices):
        """Titles that somebody else grants (domain.md §3.2), never the clinic itself."""

        SPECIALIST = "specialist", "specialist"
        CERTIFIED = "certified", "certificeret"

    practitioner = models.ForeignKey(
        Practitioner, models.CASCADE, null=True, blank=True, related_name="%(class)s_set", verbose_name="behandler",
        help_text="Tomt: klinikken som helhed.",
    )  # fmt: skip
    grade = models.CharField("titel", max_length=10, choices=Grade, blank=True)
    basis = models.CharField("grundlag", max_length=10, choices=Basis, default=Basis.STATED)
    evidence = models.CharField("dokumentation", max_length=300, blank=True)
    confirmed_at = models.DateField("bekræftet", null=True, blank=True)
    source = models.CharField("kilde", max_length=10, choices=Source, default=Source.CLINIC)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_grade_is_documented",
                condition=Q(grade="") | (Q(practitioner__isnull=False, basis="documented") & ~Q(evidence="")),
                violation_error_message=(
                    "En titel gælder en bestemt behandler og skal være dokumenteret:"
                    " vælg behandler, grundlaget “dokumenteret”, og skriv dokumentationen."
                ),
            ),
        ]

    def clean(self) -> None:
        """Raises ValidationError, one sentence at each field."""
        super().clean()
        errors = {name: text for name, text in self._problems().items() if text}
        if errors:
            raise ValidationError(errors)

    def _problems(self) -> dict[str, str]:
        person = self._chosen("practitioner")
        documented = self.basis == self.Basis.DOCUMENTED
        return {
            "practitioner": (
                "Behandleren hører til en anden klinik. Vælg en af klinikkens egne."
                if person and person.clinic_id != self.clinic_id  # type: ignore[attr-defined]
                else "Vælg, hvilken behandler der har titlen."
                if self.grade and not person
                else ""
            ),
            "basis": "En titel skal være dokumenteret: vælg “dokumenteret”." if self.grade and not documented else "",
            "evidence": (
                "Skriv dokumentationen: hvem der har givet titlen eller beviset, og hvornår."
                if (documented or self.grade) and not self.evidence.strip()
                else ""
            ),
        }

    def _chosen(self, name: str) -> Any:
        """What a field points to, None when it is empty or points nowhere (that has a message of its own)."""
        try:
            return getattr(self, name)
        except ObjectDoesNotExist:
            return None


class ClinicSpeciality(Stated):
    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="specialities", verbose_name="klinik")
    speciality = models.ForeignKey(Speciality, models.PROTECT, related_name="clinics", verbose_name="speciale")

    class Meta:
        verbose_name = "klinikkens speciale"
        verbose_name_plural = "klinikkens specialer"
        ordering = ["pk"]
        constraints = [
            *Stated.Meta.constraints,
            models.UniqueConstraint(
                fields=["clinic", "speciality", "practitioner"], name="clinic_speciality_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clinic}: {self.speciality}"

    def _problems(self) -> dict[str, str]:
        speciality = self._chosen("speciality")
        focus = speciality is not None and speciality.kind == Speciality.Kind.FOCUS
        wrong = "Kun et af de ti officielle specialer giver en titel. Lad feltet stå tomt for et fokusområde."
        return super()._problems() | {"grade": wrong if self.grade and focus else ""}


class ClinicTreatment(Stated):
    class Format(models.TextChoices):
        INDIVIDUAL = "individual", "individuelt"
        GROUP = "group", "på hold"
        HOME = "home", "hjemme hos dig"
        ONLINE = "online", "online"

    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="treatments", verbose_name="klinik")
    treatment = models.ForeignKey(TreatmentType, models.PROTECT, related_name="clinics", verbose_name="behandlingstype")
    format = models.CharField("form", max_length=10, choices=Format, default=Format.INDIVIDUAL)
    group_topic = models.ForeignKey(
        Speciality, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="holdets emne"
    )

    class Meta:
        verbose_name = "klinikkens behandling"
        verbose_name_plural = "klinikkens behandlinger"
        ordering = ["pk"]
        constraints = [
            *Stated.Meta.constraints,
            models.UniqueConstraint(
                fields=["clinic", "treatment", "format", "group_topic", "practitioner"],
                name="clinic_treatment_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clinic}: {self.treatment}"

    def _problems(self) -> dict[str, str]:
        specialist = "Man er specialist i et speciale. Vælg “certificeret”, hvis behandleren har et certifikat."
        topic = "Et emne hører til et hold. Vælg formen “på hold”, eller lad emnet stå tomt."
        alone = self.group_topic_id is not None and self.format != self.Format.GROUP
        return super()._problems() | {
            "grade": specialist if self.grade == self.Grade.SPECIALIST else "",
            "group_topic": topic if alone else "",
        }

"""The people who treat."""

import re
from collections.abc import Collection
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

from clinics import clock
from clinics.languages import LANGUAGES
from clinics.plain_text import plain

from .clinic import Clinic, Source, fact
from .name_key import NameKey, NameWords

# A figure, an address of any kind; the name stands on the page, and nothing but the name.
_NOT_A_NAME = re.compile(r"[\d@<>{}\[\]\\/|]|\bwww\b|https?:|\.(?:dk|com|net|org)\b", re.IGNORECASE)


class Practitioner(models.Model):
    """One person at one clinic. What they are good at are rows of `ClinicSpeciality` and `ClinicTreatment` with their name."""

    class Profession(models.TextChoices):
        PHYSIOTHERAPIST = "physiotherapist", "fysioterapeut"
        OSTEOPATH = "osteopath", "osteopat"
        OTHER = "other", "anden faggruppe"

    class Gender(models.TextChoices):
        WOMAN = "woman", "kvinde"
        MAN = "man", "mand"

    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="practitioners", verbose_name="klinik")
    name = models.CharField("navn", max_length=120)
    profession = models.CharField("faggruppe", max_length=16, choices=Profession, default=Profession.PHYSIOTHERAPIST)
    title = models.CharField(
        "stilling", max_length=120, blank=True, help_text="Fx “klinikejer” eller “kandidat i fysioterapi”."
    )
    gender = models.CharField("køn", max_length=8, choices=Gender, blank=True)
    authorisation_id = models.CharField(
        "autorisations-ID",
        max_length=5,
        blank=True,
        validators=[
            RegexValidator(r"\A[0-9A-Z]{5}\Z", "Et autorisations-ID er fem tegn: tal og store bogstaver, fx 09YM8.")
        ],
        help_text="Fem tegn, som i autorisationsregistret.",
    )
    authorisation_checked_on = models.DateField(
        "autorisation kontrolleret", null=True, blank=True, help_text="Dagen, hvor en person slog op i registret."
    )
    # Law on marketing of health services, § 2 stk. 6: must be told, so it is never only left out (domain.md R14).
    is_restricted = fact("under skærpet tilsyn eller med begrænset autorisation")
    languages = ArrayField(
        models.CharField(max_length=3, choices=LANGUAGES), null=True, blank=True, verbose_name="sprog"
    )
    position = models.PositiveSmallIntegerField("rækkefølge", default=0)
    confirmed_at = models.DateField("bekræftet", null=True, blank=True)
    source = models.CharField("kilde", max_length=10, choices=Source, default=Source.CLINIC)

    class Meta:
        verbose_name = "behandler"
        verbose_name_plural = "behandlere"
        ordering = ["position", "pk"]
        indexes = [
            GinIndex(NameWords("name"), name="practitioner_name_words"),
            GinIndex(OpClass(NameKey("name"), name="gin_trgm_ops"), name="practitioner_name_alike"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Before the fields are judged: the name in plain letters on one line, the ID in capitals without spaces."""
        self.name = " ".join(plain(self.name).split())
        self.authorisation_id = "".join(self.authorisation_id.split()).upper()
        super().clean_fields(exclude=exclude)

    def clean(self) -> None:
        """Raises ValidationError, one sentence at each field."""
        super().clean()
        errors: dict[str, Any] = {}
        if self.name and (_NOT_A_NAME.search(self.name) or not any(letter.isalpha() for letter in self.name)):
            errors["name"] = "Skriv kun navnet: uden tal, telefonnummer, e-mail og webadresse."
        if self.authorisation_checked_on and self.authorisation_checked_on > clock.today():
            errors["authorisation_checked_on"] = (
                "Datoen ligger i fremtiden. Skriv dagen, hvor nogen slog op i registret."
            )
        if errors:
            raise ValidationError(errors)

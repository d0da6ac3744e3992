"""What a clinic said, each time somebody changed it."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from .clinic import Clinic


class ClinicVersion(models.Model):
    """Everything a clinic stated after one change, rows included: who, when, what, and enough to restore it.

    `facts` is what `clinics.versions.facts_of` makes. Pictures are not in it. One row instead of a history for each of
    nine tables, because what an owner restores is the profile, not a row.
    """

    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="versions", verbose_name="klinik")
    made_at = models.DateTimeField("hvornår", default=timezone.now, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+",
        verbose_name="hvem",
    )  # fmt: skip
    note = models.CharField("hvad", max_length=200, blank=True, editable=False)
    facts = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = "version"
        verbose_name_plural = "versioner"
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["clinic", "-made_at"], name="version_of_clinic")]

    def __str__(self) -> str:
        return f"{self.clinic}: {self.made_at:%d.%m.%Y %H.%M}"

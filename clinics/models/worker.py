"""What the worker keeps of its own work: answers of the geocoder, and work that it gave up."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from .clinic import Clinic


class GeocodedAddress(models.Model):
    """What a geocoder answered about an address, so that it is asked once. Without a point: it does not know the address."""

    key = models.CharField(max_length=400, primary_key=True)  # which geocoder, and the address as it was asked
    latitude = models.FloatField("breddegrad", null=True)
    longitude = models.FloatField("længdegrad", null=True)
    precision = models.CharField("præcision", max_length=10, choices=Clinic.Precision, blank=True)
    problem = models.CharField("fejl", max_length=200, blank=True)
    asked_at = models.DateTimeField("spurgt", default=timezone.now)

    class Meta:
        verbose_name = "adresseopslag"
        verbose_name_plural = "adresseopslag"

    def __str__(self) -> str:
        return self.key.partition(" | ")[2] or self.key


class FailedTask(models.Model):
    """Work that the worker gave up, for a person to see and to have tried again."""

    class Status(models.TextChoices):
        FAILED = "failed", "mislykket"
        RETRIED = "retried", "prøves igen"
        DONE = "done", "lykkedes siden"

    task_id = models.CharField(max_length=64, unique=True, editable=False)
    name = models.CharField("arbejde", max_length=120, editable=False)
    arguments = models.JSONField("med", default=dict, editable=False)  # {"args": […], "kwargs": {…}}
    error = models.CharField("fejl", max_length=500, editable=False)
    attempts = models.PositiveSmallIntegerField("forsøg", default=1, editable=False)
    status = models.CharField("status", max_length=7, choices=Status, default=Status.FAILED, editable=False)
    failed_at = models.DateTimeField("mislykkedes", default=timezone.now, editable=False)
    retried_at = models.DateTimeField("prøvet igen", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "mislykket arbejde"
        verbose_name_plural = "mislykket arbejde"
        ordering = ["-failed_at", "-pk"]
        indexes = [models.Index(fields=["status", "-failed_at"], name="failed_task_list")]

    def __str__(self) -> str:
        return settings.WORK[self.name].label if self.name in settings.WORK else self.name


class WebsiteCheck(models.Model):
    """Whether a clinic's website answered when it was last asked for. It hides nothing: people are told, and look."""

    clinic = models.OneToOneField(Clinic, models.CASCADE, related_name="website_check", verbose_name="klinik")
    url = models.URLField("hjemmeside", max_length=200)  # as it was then
    checked_at = models.DateTimeField("spurgt", default=timezone.now)
    failures = models.PositiveSmallIntegerField("fejl i træk", default=0)
    problem = models.CharField("fejl", max_length=200, blank=True)

    class Meta:
        verbose_name = "tjek af hjemmeside"
        verbose_name_plural = "tjek af hjemmesider"
        ordering = ["-failures", "checked_at"]
        indexes = [models.Index(fields=["checked_at"], name="website_check_next")]

    def __str__(self) -> str:
        return self.url

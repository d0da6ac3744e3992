"""What visitors say is wrong about a clinic. Nothing changes by it before a person has looked."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from .clinic import Clinic
from .provenance import Provenance


class Correction(models.Model):
    """One suggestion. `email` is for the answer alone, and is erased when the suggestion is decided."""

    class Status(models.TextChoices):
        NEW = "new", "ny"
        DONE = "done", "rettet"
        REFUSED = "refused", "afvist"

    class Sender(models.TextChoices):
        VISITOR = "visitor", "besøgende"
        CLINIC = "clinic", "siger, at det er deres klinik"

    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="corrections", verbose_name="klinik")
    group = models.CharField("oplysninger", max_length=10, choices=Provenance.Group)
    text = models.TextField("hvad skal rettes", max_length=2000)
    sender = models.CharField("afsender", max_length=8, choices=Sender, default=Sender.VISITOR)
    email = models.EmailField("e-mail til svar", blank=True)
    status = models.CharField("status", max_length=8, choices=Status, default=Status.NEW)
    created_at = models.DateTimeField("modtaget", default=timezone.now, editable=False)
    decided_at = models.DateTimeField("afgjort", null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+",
        verbose_name="afgjort af",
    )  # fmt: skip
    decision = models.CharField("afgørelse", max_length=300, blank=True)

    class Meta:
        verbose_name = "forslag til rettelse"
        verbose_name_plural = "forslag til rettelser"
        ordering = ["created_at"]
        indexes = [models.Index(fields=["status", "created_at"], name="correction_queue")]

    def __str__(self) -> str:
        return f"{self.clinic}: {self.get_group_display()}"

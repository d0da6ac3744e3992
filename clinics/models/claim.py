"""“Det er min klinik”: a person says so, gives a proof, and somebody or something decides."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from .clinic import Clinic


class Claim(models.Model):
    """One person's claim on one clinic, from the first page to the decision.

    A document is kept only until the claim is decided, and is shown to moderators alone. `reason` is what the person was
    told. A refused claim can be appealed once.
    """

    class Status(models.TextChoices):
        STARTED = "started", "begyndt"
        CODE = "code", "venter på koden"
        WAITING = "waiting", "venter på os"
        APPROVED = "approved", "godkendt"
        REFUSED = "refused", "afvist"
        APPEALED = "appealed", "klage venter på os"
        WITHDRAWN = "withdrawn", "trukket tilbage"
        EXPIRED = "expired", "udløbet"

    OPEN = (Status.STARTED, Status.CODE, Status.WAITING, Status.APPEALED)
    QUEUED = (Status.WAITING, Status.APPEALED)

    class Method(models.TextChoices):
        EMAIL = "email", "kode til klinikkens e-mail"
        DOMAIN = "domain", "kode til en e-mail på klinikkens hjemmeside"
        PHONE = "phone", "opkald til klinikkens telefon"
        LETTER = "letter", "kode i et brev"
        DOCUMENT = "document", "dokumentation"

    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="claims", verbose_name="klinik")
    # The trail stays when the account goes; an open claim of nobody is withdrawn.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="claims", verbose_name="bruger"
    )
    status = models.CharField("status", max_length=9, choices=Status, default=Status.STARTED)
    method = models.CharField("bevis", max_length=8, choices=Method, blank=True)
    sent_to = models.CharField("sendt til", max_length=254, blank=True)
    position = models.CharField("rolle i klinikken", max_length=80, blank=True)
    explanation = models.TextField("forklaring", max_length=2000, blank=True)
    document = models.BinaryField("dokument", null=True, blank=True, editable=False)
    document_name = models.CharField("dokumentets navn", max_length=120, blank=True, editable=False)

    code_hash = models.CharField(max_length=64, blank=True, editable=False)
    code_expires_at = models.DateTimeField(null=True, blank=True, editable=False)
    code_attempts = models.PositiveSmallIntegerField("forsøg med koden", default=0, editable=False)
    codes_sent = models.PositiveSmallIntegerField("koder sendt", default=0, editable=False)

    created_at = models.DateTimeField("begyndt", default=timezone.now, editable=False)
    queued_at = models.DateTimeField("i køen siden", null=True, blank=True, editable=False)
    decided_at = models.DateTimeField("afgjort", null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+",
        verbose_name="afgjort af",
    )  # fmt: skip
    reason = models.TextField("begrundelse", max_length=1000, blank=True)
    appeal = models.TextField("klage", max_length=2000, blank=True)
    appealed_at = models.DateTimeField("klaget", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "overtagelse"
        verbose_name_plural = "overtagelser"
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "user"],
                condition=Q(status__in=["started", "code", "waiting", "appealed"]),
                name="one_open_claim",
            ),
        ]
        indexes = [models.Index(fields=["status", "queued_at"], name="claim_queue")]

    def __str__(self) -> str:
        return f"{self.clinic}: {self.get_status_display()}"

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN

"""Mail that was promised: first a row, in the transaction that promised it; then the worker sends it."""

from django.db import models
from django.utils import timezone

from .clinic import Clinic


class Outbox(models.Model):
    """One mail to one address. The worker's task is a nudge; beat sweeps what was left.

    `context` can hold codes and links: it is emptied once the mail has gone, at the latest a week after it was given up,
    and no screen shows it (docs/mail.md).
    `key` makes a mail be promised once, however often its reason is found again.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", "venter"
        SENT = "sent", "sendt"
        FAILED = "failed", "opgivet"
        DROPPED = "dropped", "ikke længere ønsket"

    key = models.CharField("nøgle", max_length=120, null=True, blank=True, unique=True, editable=False)
    template = models.CharField("mail", max_length=60, editable=False)
    to = models.EmailField("til", editable=False)
    context = models.JSONField(default=dict, editable=False)
    clinic = models.ForeignKey(
        Clinic, models.SET_NULL, null=True, blank=True, related_name="+", editable=False, verbose_name="klinik"
    )
    status = models.CharField("status", max_length=7, choices=Status, default=Status.WAITING, editable=False)
    attempts = models.PositiveSmallIntegerField("forsøg", default=0, editable=False)
    created_at = models.DateTimeField("lovet", default=timezone.now, editable=False)
    next_attempt_at = models.DateTimeField("næste forsøg", default=timezone.now, editable=False)
    # The message's own number, made once: a mail that goes twice because a worker died says so to whoever receives it.
    message_id = models.CharField(max_length=120, editable=False)
    sent_at = models.DateTimeField("sendt", null=True, blank=True, editable=False)
    error = models.CharField("fejl", max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = "mail"
        verbose_name_plural = "mails"
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=models.Q(status="waiting"), name="outbox_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.template} ({self.get_status_display()})"


class MailStop(models.Model):
    """An address that wants no more reminders or invitations from us, as an HMAC of it: nobody can read it back."""

    digest = models.CharField(max_length=64, primary_key=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = "frameldt adresse"
        verbose_name_plural = "frameldte adresser"

    def __str__(self) -> str:
        return self.digest[:8]

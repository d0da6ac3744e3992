"""What waits for a moderator besides claims: clinics that are not listed yet or want to leave, and changes that touch trust."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from .clinic import Clinic
from .place import Postcode


class Decided(models.Model):
    """Something that waits until a person decides it, with a reason that is mailed and kept."""

    class Status(models.TextChoices):
        WAITING = "waiting", "venter"
        APPROVED = "approved", "godkendt"
        REFUSED = "refused", "afvist"
        WITHDRAWN = "withdrawn", "trukket tilbage"

    status = models.CharField("status", max_length=9, choices=Status, default=Status.WAITING)
    created_at = models.DateTimeField("modtaget", default=timezone.now, editable=False)
    decided_at = models.DateTimeField("afgjort", null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+",
        verbose_name="afgjort af",
    )  # fmt: skip
    reason = models.TextField("begrundelse", max_length=1000, blank=True)

    class Meta:
        abstract = True


class ListingRequest(Decided):
    """“Opret min klinik”, or “fjern min klinik” from somebody who need not have an account.

    `email` of a request without an account is for the answer alone, and is erased when it is decided.
    """

    class Kind(models.TextChoices):
        NEW = "new", "ny klinik"
        REMOVE = "remove", "fjern klinikken"

    kind = models.CharField("ønske", max_length=6, choices=Kind, default=Kind.NEW)
    # The clinic to remove, or the one that was made.
    clinic = models.ForeignKey(
        Clinic, models.SET_NULL, null=True, blank=True, related_name="listing_requests", verbose_name="klinik"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="listing_requests",
        verbose_name="bruger",
    )  # fmt: skip
    name = models.CharField("klinikkens navn", max_length=160, blank=True)
    street = models.CharField("vej og husnummer", max_length=160, blank=True)
    address_extra = models.CharField("etage, dør, bygning", max_length=120, blank=True)
    postcode = models.ForeignKey(
        Postcode, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="postnummer"
    )
    phone = models.CharField("telefon", max_length=20, blank=True)
    email = models.EmailField("e-mail", blank=True)
    website = models.URLField("hjemmeside", blank=True)
    cvr = models.CharField("CVR-nummer", max_length=8, blank=True)
    position = models.CharField("rolle i klinikken", max_length=80, blank=True)
    note = models.TextField("besked", max_length=2000, blank=True)

    class Meta:
        verbose_name = "ønske om ny eller fjernet klinik"
        verbose_name_plural = "nye klinikker og ønsker om at blive fjernet"
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["status", "created_at"], name="listing_queue")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.clinic or self.name}"


class PendingChange(Decided):
    """A change by a clinic that touches trust, as it was and as it shall be. Nothing of it shows before it is approved.

    `old` and `new` are objects of field → value, in the form in which JSON keeps them. `row` is the practitioner or the
    stated speciality concerned, where it is one.
    """

    class Subject(models.TextChoices):
        NAME = "name", "navn"
        ADDRESS = "address", "adresse"
        TITLE = "title", "officiel titel"
        AUTHORISATION = "authorisation", "autorisation"
        SPECIALITY = "speciality", "dokumenteret speciale"

    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="pending_changes", verbose_name="klinik")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="pending_changes",
        verbose_name="ønsket af",
    )  # fmt: skip
    subject = models.CharField("oplysning", max_length=13, choices=Subject)
    row = models.PositiveBigIntegerField("række", null=True, blank=True, editable=False)
    old = models.JSONField("før", default=dict)
    new = models.JSONField("efter", default=dict)
    evidence = models.TextField("dokumentation", max_length=1000, blank=True)

    class Meta:
        verbose_name = "ændring, der venter"
        verbose_name_plural = "ændringer, der venter"
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "subject", "row"],
                condition=Q(status="waiting"),
                nulls_distinct=False,
                name="one_waiting_change",
            ),
        ]
        indexes = [models.Index(fields=["status", "created_at"], name="pending_queue")]

    def __str__(self) -> str:
        return f"{self.clinic}: {self.get_subject_display()}"

"""Who may edit which clinic: members, and the invitations by which people become members."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from .clinic import Clinic


class Role(models.TextChoices):
    OWNER = "owner", "ejer"
    STAFF = "staff", "medarbejder"


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> "MembershipQuerySet":
        return self.filter(ended_at__isnull=True)


class Membership(models.Model):
    """One person at one clinic. A clinic with no active owner can be claimed; ended rows are kept as the trail."""

    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="memberships", verbose_name="klinik")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name="bruger"
    )
    role = models.CharField("rolle", max_length=5, choices=Role, default=Role.OWNER)
    wants_reminders = models.BooleanField("vil have påmindelser", default=True)
    created_at = models.DateTimeField("begyndt", default=timezone.now, editable=False)
    ended_at = models.DateTimeField("ophørt", null=True, blank=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+",
        verbose_name="ophævet af",
    )  # fmt: skip

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "medlemskab"
        verbose_name_plural = "medlemskaber"
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "user"], condition=Q(ended_at=None), name="member_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.clinic} ({self.get_role_display()})"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> "InvitationQuerySet":
        """Neither used nor taken back; whether the day has passed is asked by the reader, who knows the time."""
        return self.filter(used_at__isnull=True, revoked_at__isnull=True)


class Invitation(models.Model):
    """A letter or mail with a secret in it: become a member of this clinic, or claim it.

    Only a hash of the secret is stored. A letter or mail to the address that the clinic itself publishes proves, by
    coming back, that its reader belongs to the clinic.
    """

    class Kind(models.TextChoices):
        MEMBER = "member", "bliv medlem"
        CLAIM = "claim", "overtag profilen"

    class Channel(models.TextChoices):
        EMAIL = "email", "e-mail"
        LETTER = "letter", "brev"

    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="invitations", verbose_name="klinik")
    kind = models.CharField("formål", max_length=6, choices=Kind)
    channel = models.CharField("sendt som", max_length=6, choices=Channel, default=Channel.EMAIL)
    role = models.CharField("rolle", max_length=5, choices=Role, default=Role.STAFF)
    email = models.EmailField("e-mail", blank=True)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+",
        verbose_name="inviteret af",
    )  # fmt: skip
    created_at = models.DateTimeField("sendt", default=timezone.now, editable=False)
    expires_at = models.DateTimeField("gælder til", editable=False)
    attempts = models.PositiveSmallIntegerField("forsøg", default=0, editable=False)
    used_at = models.DateTimeField("brugt", null=True, blank=True, editable=False)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+",
        verbose_name="brugt af",
    )  # fmt: skip
    revoked_at = models.DateTimeField("taget tilbage", null=True, blank=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation"
        verbose_name_plural = "invitationer"
        ordering = ["-created_at", "pk"]
        indexes = [models.Index(fields=["clinic", "kind"], name="invitation_of_clinic")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.clinic}"

"""What patients say of a clinic, the codes that prove a visit, and what the clinic answers. docs/reviews.md."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from .clinic import Clinic

_STARS = [MinValueValidator(1), MaxValueValidator(5)]
STARS = ("taken_seriously", "explained", "appointments", "premises", "overall")


class CodeSheet(models.Model):
    """One print of visit codes. Which code was given to whom, and when, is known to nobody."""

    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="code_sheets", verbose_name="klinik")
    created_at = models.DateTimeField("lavet", default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+",
        verbose_name="lavet af",
    )  # fmt: skip
    size = models.PositiveSmallIntegerField("antal koder", editable=False)
    # Where it was printed, as `rate_limit.source_of` names it that day: says only whether a review of the same day came
    # from the same network. Erased the day after.
    source = models.CharField(max_length=64, blank=True, editable=False)
    revoked_at = models.DateTimeField("annulleret", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "ark med besøgskoder"
        verbose_name_plural = "ark med besøgskoder"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.clinic}: {self.size} koder"


class VisitCode(models.Model):
    """One code as an HMAC of it, good for one review. Without a time: nothing says when it was given or used."""

    digest = models.CharField(max_length=64, primary_key=True, editable=False)
    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="visit_codes", verbose_name="klinik")
    sheet = models.ForeignKey(CodeSheet, models.CASCADE, related_name="codes", verbose_name="ark")
    is_used = models.BooleanField("brugt", default=False, editable=False)

    class Meta:
        verbose_name = "besøgskode"
        verbose_name_plural = "besøgskoder"

    def __str__(self) -> str:
        return "besøgskode"


class Review(models.Model):
    """One visit as one patient saw it. Owners of the clinic meet it from the day it is published, never before.

    `key` stands in addresses that everybody may see; `secret` is the digest of the reviewer's own link. `email`, `source`
    and `sheet` are there for a while only: clinics/reviews/retention.py.
    """

    class Status(models.TextChoices):
        UNCONFIRMED = "unconfirmed", "venter på bekræftelse af e-mail"
        PENDING = "pending", "venter på moderator"
        CHANGES = "changes", "venter på, at forfatteren retter"
        PUBLISHED = "published", "vist"
        REJECTED = "rejected", "afvist"
        REMOVED = "removed", "taget ned"

    class Confirmation(models.TextChoices):
        VISIT = "visit", "Bekræftet besøg"
        EMAIL = "email", "E-mail bekræftet, besøg ikke kontrolleret"

    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="reviews", verbose_name="klinik")
    key = models.CharField(max_length=22, unique=True, editable=False)
    secret = models.CharField(max_length=64, unique=True, editable=False)
    status = models.CharField("status", max_length=11, choices=Status, default=Status.PENDING, editable=False)
    confirmation = models.CharField("bekræftelse", max_length=5, choices=Confirmation, editable=False)
    visited_in = models.DateField("besøgt i", help_text="Den første i måneden.")
    taken_seriously = models.PositiveSmallIntegerField("tog mig alvorligt", validators=_STARS)
    explained = models.PositiveSmallIntegerField("forklarede", validators=_STARS)
    appointments = models.PositiveSmallIntegerField("aftaler og ventetid", validators=_STARS)
    premises = models.PositiveSmallIntegerField("rammer", validators=_STARS)
    overall = models.PositiveSmallIntegerField("samlet", validators=_STARS)
    text = models.TextField("anmeldelse", max_length=1500)
    nickname = models.CharField("kaldenavn", max_length=40)
    consented_at = models.DateTimeField("samtykke", editable=False)
    created_at = models.DateTimeField("modtaget", default=timezone.now, editable=False)
    submitted_at = models.DateTimeField("sendt til moderator", null=True, blank=True, editable=False)
    published_at = models.DateTimeField("vist fra", null=True, blank=True, editable=False)
    decided_at = models.DateTimeField("afgjort", null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+",
        verbose_name="afgjort af",
    )  # fmt: skip
    reason = models.TextField("begrundelse", max_length=1000, blank=True, editable=False)
    email = models.EmailField("e-mail", blank=True, editable=False)
    source = models.CharField(max_length=64, blank=True, editable=False)
    sheet = models.ForeignKey(
        CodeSheet, models.SET_NULL, null=True, blank=True, editable=False, related_name="reviews", verbose_name="ark"
    )
    # What a moderator should look at twice, as clinics/reviews/suspicion.py found it when it came in. Decides nothing.
    suspicions = models.JSONField("bemærk", default=list, blank=True, editable=False)
    # Whether the clinic's `Rating` knows of it: written by the very statement that counts it in or out, so never twice.
    is_counted = models.BooleanField(default=False, editable=False)
    is_example = models.BooleanField("eksempel", default=False, editable=False)

    class Meta:
        verbose_name = "anmeldelse"
        verbose_name_plural = "anmeldelser"
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="review_stars",
                condition=Q(**{f"{name}__range": (1, 5) for name in STARS}),
            ),
            models.CheckConstraint(name="review_month", condition=Q(visited_in__day=1)),
            models.CheckConstraint(
                name="review_published_at", condition=~Q(status="published") | Q(published_at__isnull=False)
            ),
            models.CheckConstraint(
                name="review_counted_shown",
                condition=Q(is_counted=False) | Q(status="published"),
            ),
        ]
        indexes = [
            models.Index(
                fields=["clinic", "-published_at", "-id"], condition=Q(status="published"), name="review_shown"
            ),
            models.Index(fields=["status", "submitted_at"], name="review_queue"),
            models.Index(fields=["clinic", "created_at"], name="review_arrived"),
            models.Index(fields=["source"], condition=~Q(source=""), name="review_source"),
        ]

    def __str__(self) -> str:
        return f"{self.clinic}: {self.nickname}"


class ReviewReply(models.Model):
    """The clinic's one answer to one review."""

    class Status(models.TextChoices):
        PENDING = "pending", "venter på moderator"
        PUBLISHED = "published", "vist"
        REJECTED = "rejected", "afvist"

    review = models.OneToOneField(Review, models.CASCADE, related_name="reply", verbose_name="anmeldelse")
    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="review_replies", verbose_name="klinik")
    status = models.CharField("status", max_length=9, choices=Status, default=Status.PENDING, editable=False)
    text = models.TextField("svar", max_length=1000)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+",
        verbose_name="skrevet af",
    )  # fmt: skip
    written_at = models.DateTimeField("skrevet", default=timezone.now, editable=False)
    decided_at = models.DateTimeField("afgjort", null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+",
        verbose_name="afgjort af",
    )  # fmt: skip
    reason = models.TextField("begrundelse", max_length=1000, blank=True, editable=False)

    class Meta:
        verbose_name = "svar på anmeldelse"
        verbose_name_plural = "svar på anmeldelser"
        ordering = ["written_at", "pk"]
        indexes = [models.Index(fields=["status", "written_at"], name="reply_queue")]

    def __str__(self) -> str:
        return f"{self.clinic}: svar"


class Rating(models.Model):
    """What is shown of all reviews of a clinic together. Written by clinics/reviews/aggregate.py alone.

    `shown` counts every review that can be read; the rest only those of confirmed visits: `counted`, the sums of their
    answers, and how many gave one to five all in all.
    """

    clinic = models.OneToOneField(Clinic, models.CASCADE, primary_key=True, related_name="rating")
    shown = models.PositiveIntegerField(default=0)
    counted = models.PositiveIntegerField(default=0)
    taken_seriously = models.PositiveIntegerField(default=0)
    explained = models.PositiveIntegerField(default=0)
    appointments = models.PositiveIntegerField(default=0)
    premises = models.PositiveIntegerField(default=0)
    overall = models.PositiveIntegerField(default=0)
    ones = models.PositiveIntegerField(default=0)
    twos = models.PositiveIntegerField(default=0)
    threes = models.PositiveIntegerField(default=0)
    fours = models.PositiveIntegerField(default=0)
    fives = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "bedømmelse"
        verbose_name_plural = "bedømmelser"

    def __str__(self) -> str:
        return f"{self.counted} of {self.shown}"

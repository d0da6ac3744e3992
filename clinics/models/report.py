"""Who thinks that something should not stand where it stands: reports (DSA Art. 16), contests by clinics, and appeals."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from .clinic import Clinic
from .request import Decided
from .review import Review


class Contest(Decided):
    """A clinic does not agree that a review was let through. It hides nothing until a moderator has decided.

    Approved: the review is taken down. One to a review, within 72 hours of its publication.
    """

    review = models.OneToOneField(Review, models.CASCADE, related_name="contest", verbose_name="anmeldelse")
    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="contests", verbose_name="klinik")
    asked_by = models.ForeignKey(
        "auth.User", models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="indsendt af"
    )
    text = models.TextField("klinikkens indvending", max_length=1000)

    class Meta:
        verbose_name = "indsigelse mod en anmeldelse"
        verbose_name_plural = "indsigelser mod anmeldelser"
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["status", "created_at"], name="contest_queue")]

    def __str__(self) -> str:
        return f"{self.clinic}: indsigelse"


class Report(Decided):
    """“Indberet”: a review, or a profile where there is none, that somebody thinks unlawful or against our rules.

    Approved: it was right, and something was done. `number` is the receipt; `secret` the digest of the link to the answer.
    `name` and `email` are optional and erased: clinics/reviews/retention.py. `was` keeps in a few words what was reported,
    for a decision must be understood when the thing itself is gone.
    """

    class Reason(models.TextChoices):
        FALSE = "false", "Det er usandt eller falsk"
        PERSONAL = "personal", "Der står oplysninger om en bestemt person"
        HATE = "hate", "Trusler, had eller chikane"
        ADVERTISING = "advertising", "Reklame eller en interesse, der ikke er sagt"
        ILLEGAL = "illegal", "Noget andet ulovligt"
        UNSAFE = "unsafe", "Farligt eller vildledende råd om helbred"
        OTHER = "other", "Noget andet"

    number = models.CharField("sagsnummer", max_length=12, unique=True, editable=False)
    secret = models.CharField(max_length=64, unique=True, editable=False)
    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="reports", verbose_name="klinik")
    review = models.ForeignKey(
        Review, models.SET_NULL, null=True, blank=True, related_name="reports", verbose_name="anmeldelse"
    )
    about_review = models.BooleanField("om en anmeldelse", default=False, editable=False)
    was = models.CharField("det indberettede", max_length=300, blank=True, editable=False)
    kind = models.CharField("årsag", max_length=11, choices=Reason)
    text = models.TextField("forklaring", max_length=2000)
    name = models.CharField("navn", max_length=120, blank=True, editable=False)
    email = models.EmailField("e-mail", blank=True, editable=False)
    source = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = "indberetning"
        verbose_name_plural = "indberetninger"
        ordering = ["created_at", "pk"]
        indexes = [
            models.Index(fields=["status", "created_at"], name="report_queue"),
            models.Index(fields=["review", "status"], name="report_of_review"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.get_kind_display()}"


class Appeal(Decided):
    """Somebody who was decided against asks once for another pair of eyes: of a review's decision, or of a report's.

    Approved: the first decision is turned round.
    """

    class Side(models.TextChoices):
        AUTHOR = "author", "forfatteren"
        REPORTER = "reporter", "den, der indberettede"
        CLINIC = "clinic", "klinikken"

    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="appeals", verbose_name="klinik")
    review = models.ForeignKey(
        Review, models.CASCADE, null=True, blank=True, related_name="appeals", verbose_name="anmeldelse"
    )
    report = models.ForeignKey(
        Report, models.CASCADE, null=True, blank=True, related_name="appeals", verbose_name="indberetning"
    )
    side = models.CharField("hvem", max_length=8, choices=Side)
    text = models.TextField("klage", max_length=2000)
    created_for = models.DateTimeField("afgørelsen fra", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "klage over en afgørelse"
        verbose_name_plural = "klager over afgørelser"
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="appeal_of_one_thing",
                condition=Q(review__isnull=False, report__isnull=True) | Q(review__isnull=True, report__isnull=False),
            ),
            # One appeal by each side of each decision.
            models.UniqueConstraint(
                fields=["review", "report", "side", "created_for"], nulls_distinct=False, name="appeal_once"
            ),
        ]
        indexes = [models.Index(fields=["status", "created_at"], name="appeal_queue")]

    def __str__(self) -> str:
        return f"{self.clinic}: klage"

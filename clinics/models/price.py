"""What a clinic asks. Prices with a referral are national and are no clinic's own: they come with the tariffs."""

from django.db import models
from django.db.models import Q

from .clinic import Clinic, Source, fact
from .vocabulary import TreatmentType

HIGHEST = 50_000  # kroner; a typing mistake above, not a price


class Price(models.Model):
    class Kind(models.TextChoices):
        FIRST = "first", "første konsultation"
        FOLLOW_UP = "follow_up", "opfølgende behandling"
        GROUP = "group", "holdtræning"
        SURCHARGE = "surcharge", "tillæg"
        PACKAGE = "package", "pakke"

    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="prices", verbose_name="klinik")
    treatment = models.ForeignKey(
        TreatmentType, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="behandlingstype"
    )
    kind = models.CharField("ydelse", max_length=10, choices=Kind)
    amount = models.DecimalField(
        "beløb i kr.", max_digits=8, decimal_places=2, help_text="Uden henvisning, med alle tillæg."
    )
    minutes = models.PositiveSmallIntegerField("minutter", null=True, blank=True)
    sessions = models.PositiveSmallIntegerField(
        "antal gange", null=True, blank=True, help_text="Kun for pakker og hold."
    )
    valid_months = models.PositiveSmallIntegerField(
        "gyldig i måneder", null=True, blank=True, help_text="Kun for pakker: hvor længe gangene kan bruges."
    )
    refundable = fact("ubrugte gange betales tilbage")
    terms = models.CharField("betingelser", max_length=300, blank=True)
    confirmed_at = models.DateField("bekræftet", null=True, blank=True)
    source = models.CharField("kilde", max_length=10, choices=Source, default=Source.CLINIC)

    class Meta:
        verbose_name = "pris"
        verbose_name_plural = "priser"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="price_positive",
                condition=Q(amount__gt=0, amount__lte=HIGHEST),
                violation_error_message="En pris er over 0 kr. og højst 50.000 kr.",
            ),
            models.CheckConstraint(
                name="price_package_sessions",
                condition=~Q(kind="package") | Q(sessions__isnull=False, sessions__gte=2),
                violation_error_message="Skriv, hvor mange gange pakken giver (mindst 2).",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.amount} kr."

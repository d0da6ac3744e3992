"""What a clinic asks. Prices with a referral are national and are no clinic's own: they come with the tariffs."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from clinics import claims

from .clinic import Clinic, Source, fact
from .vocabulary import TreatmentType

LOWEST = 1  # kroner; below, a comma in the wrong place
HIGHEST = 50_000  # kroner; a typing mistake above, not a price
MOST_MINUTES, MOST_SESSIONS, MOST_MONTHS = 300, 100, 60  # above, a typing mistake too


def _is_finite(amount: int | Decimal) -> bool:
    return isinstance(amount, int) or amount.is_finite()  # NaN cannot be compared


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

    def clean(self) -> None:
        """One Danish sentence at each field that cannot be right. What is only unlikely is a hint: `clinics.prices.hints`."""
        super().clean()
        problems: dict[str, str] = {}
        is_package = self.kind == self.Kind.PACKAGE
        if isinstance(self.amount, (int, Decimal)) and not (_is_finite(self.amount) and 0 < self.amount <= HIGHEST):
            problems["amount"] = "En pris er over 0 kr. og højst 50.000 kr."
        elif isinstance(self.amount, (int, Decimal)) and self.amount < LOWEST:
            problems["amount"] = "Prisen er under 1 kr. Skriv hele beløbet i kroner."
        if self.minutes is not None and not 0 < self.minutes <= MOST_MINUTES:
            problems["minutes"] = f"Skriv fra 1 til {MOST_MINUTES} minutter, eller lad feltet stå tomt."
        if is_package and (self.sessions is None or not 2 <= self.sessions <= MOST_SESSIONS):
            problems["sessions"] = f"Skriv, hvor mange gange pakken giver (fra 2 til {MOST_SESSIONS})."
        elif self.sessions is not None and self.kind not in (self.Kind.PACKAGE, self.Kind.GROUP):
            problems["sessions"] = (
                "Antal gange hører til en pakke eller et hold. Vælg “pakke”, eller lad feltet stå tomt."
            )
        elif self.sessions is not None and not 0 < self.sessions <= MOST_SESSIONS:
            problems["sessions"] = f"Skriv fra 1 til {MOST_SESSIONS} gange, eller lad feltet stå tomt."
        if self.valid_months is not None and not is_package:
            problems["valid_months"] = "Kun en pakke gælder i et antal måneder. Lad feltet stå tomt."
        elif self.valid_months is not None and not 0 < self.valid_months <= MOST_MONTHS:
            problems["valid_months"] = f"Skriv fra 1 til {MOST_MONTHS} måneder, eller lad feltet stå tomt."
        if self.refundable is not None and not is_package:
            problems["refundable"] = "Kun en pakke har ubrugte gange. Vælg “Ikke oplyst”."
        if claimed := claims.message(self.terms):
            problems["terms"] = claimed
        if problems:
            raise ValidationError(problems)

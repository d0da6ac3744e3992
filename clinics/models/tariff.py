"""What is the same at every clinic with a ydernummer: the agreed fees, and when a referral is needed. Dated rows.

The committed rows stand in clinics/data/; a row edited in the admin is never overwritten by them.
"""

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from .place import DatedQuerySet, Region

HIGHEST_FEE = 5_000  # kroner for one treatment; a typing mistake above


class TariffQuerySet(DatedQuerySet):
    def shown(self, day: datetime.date, *, examples: bool = False) -> "TariffQuerySet":
        """What patients may see on this day: rows that a person has verified. With `examples` the invented rows instead,
        which stand beside invented clinics alone."""
        rows: TariffQuerySet = self.on(day)  # type: ignore[assignment]
        return rows.filter(is_example=True) if examples else rows.filter(is_example=False, verified_at__isnull=False)


class Dated(models.Model):
    """A fact with dates, a source, and the person who verified it."""

    valid_from = models.DateField("gælder fra")
    valid_to = models.DateField("gælder til og med", null=True, blank=True)
    source = models.CharField("kilde", max_length=300)
    checked_at = models.DateField("sidst undersøgt", null=True, blank=True)
    verified_at = models.DateField(
        "bekræftet af en person", null=True, blank=True, help_text="Uden denne dato vises tallene ikke for patienter."
    )
    is_example = models.BooleanField("eksempel (opdigtet)", default=False)
    edited_at = models.DateTimeField("rettet i administrationen", null=True, blank=True, editable=False)

    class Meta:
        abstract = True


class Tariff(Dated):
    """The agreed fee of one service: `full_fee` = `subsidy` + `patient_share`, in kroner. Regulated 1 April and 1 October."""

    class Service(models.TextChoices):
        FIRST = "first", "første konsultation"
        NORMAL = "normal", "normalbehandling"
        SHORT = "short", "kort behandling"
        TRAINING = "training", "opfølgende træningsterapi"
        GROUP = "group", "holdtræning"

    service = models.CharField("ydelse", max_length=10, choices=Service)
    code = models.CharField("ydelsesnummer", max_length=10, blank=True)
    full_fee = models.DecimalField("samlet honorar i kr.", max_digits=8, decimal_places=2, null=True, blank=True)
    subsidy = models.DecimalField("tilskud i kr.", max_digits=8, decimal_places=2, null=True, blank=True)
    patient_share = models.DecimalField("patientens andel i kr.", max_digits=8, decimal_places=2)

    objects = TariffQuerySet.as_manager()

    class Meta:
        verbose_name = "takst med henvisning"
        verbose_name_plural = "takster med henvisning"
        ordering = ["-valid_from", "service"]
        constraints = [
            models.UniqueConstraint(fields=["service", "valid_from", "is_example"], name="tariff_once"),
            models.CheckConstraint(
                name="tariff_days_in_order",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message="Sidste dag ligger før første dag. Byt om på dem.",
            ),
            models.CheckConstraint(
                name="tariff_share_positive",
                condition=Q(patient_share__gt=0),
                violation_error_message="Patientens andel skal være over 0 kr.",
            ),
            models.CheckConstraint(
                name="tariff_adds_up",
                condition=Q(full_fee=None) | Q(subsidy=None) | Q(full_fee=F("subsidy") + F("patient_share")),
                violation_error_message="Tilskud og patientens andel skal tilsammen give det samlede honorar.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_service_display()} fra {self.valid_from}"

    def clean(self) -> None:
        """A sentence at each field that cannot be right. A row without a last day would be shown long after a regulation."""
        super().clean()
        problems: dict[str, str] = {}
        for name in ("full_fee", "subsidy", "patient_share"):
            amount = getattr(self, name)
            if amount is not None and not 0 < amount <= HIGHEST_FEE:
                problems[name] = f"Beløbet skal være over 0 kr. og højst {HIGHEST_FEE} kr."
        amounts = [self.full_fee, self.subsidy, self.patient_share]
        if not problems and None not in amounts and self.full_fee != self.subsidy + self.patient_share:  # type: ignore[operator]
            problems["full_fee"] = "Tilskud og patientens andel skal tilsammen give det samlede honorar."
        if self.valid_to is None:
            problems["valid_to"] = (
                "Skriv sidste dag. Takster reguleres 1. april og 1. oktober: 31. marts eller 30. september."
            )
        elif self.valid_from and self.valid_to < self.valid_from:
            problems["valid_to"] = "Sidste dag ligger før første dag. Byt om på dem."
        if problems:
            raise ValidationError(problems)


class ReferralRule(Dated):
    """Whether one kind of treatment needs a referral, and who pays: in the whole country, a region, or one municipality.

    The most local row wins. `to_be_verified`: patients see it only when a person has verified it.
    """

    class Service(models.TextChoices):
        ORDINARY = "ordinary", "almindelig fysioterapi"
        FREE = "free", "vederlagsfri fysioterapi"
        RIDING = "riding", "ridefysioterapi"
        HOME = "home", "behandling i hjemmet"
        GROUP = "group", "holdtræning"

    class Payer(models.TextChoices):
        SHARE = "share", "du betaler patientandelen"
        NOTHING = "nothing", "du betaler ikke noget"
        ALL = "all", "du betaler det hele selv"

    service = models.CharField("art", max_length=10, choices=Service)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="referral_rules", verbose_name="region",
        help_text="Tomt: hele landet.",
    )  # fmt: skip
    municipality = models.CharField("kommune", max_length=60, blank=True, help_text="Tomt: hele regionen.")
    with_ydernummer = models.BooleanField("klinikken har ydernummer", default=True)
    needs_referral = models.BooleanField("kræver henvisning")
    payer = models.CharField("betaling", max_length=10, choices=Payer)
    text = models.TextField("svar til patienten", help_text="En eller to sætninger i klart sprog.")
    to_be_verified = models.BooleanField("må først vises, når en person har bekræftet den", default=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = "regel om henvisning"
        verbose_name_plural = "regler om henvisning"
        ordering = ["service", "region__name", "municipality", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "region", "municipality", "with_ydernummer", "valid_from", "is_example"],
                name="referral_rule_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="referral_days_in_order",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message="Sidste dag ligger før første dag. Byt om på dem.",
            ),
        ]

    def __str__(self) -> str:
        where = self.municipality or (str(self.region) if self.region_id else "hele landet")
        return f"{self.get_service_display()}, {where}"

    def clean(self) -> None:
        super().clean()
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValidationError({"valid_to": "Sidste dag ligger før første dag. Byt om på dem."})
        if self.payer == self.Payer.NOTHING and not self.with_ydernummer:
            raise ValidationError({"payer": "Uden ydernummer er der ingen, der betaler for patienten."})

"""When a clinic is open, week by week, and the days that are different. Evaluated in `clinics.opening`."""

from django.db import models
from django.db.models import F, Q

from .clinic import Clinic, Source


class HoursKind(models.TextChoices):
    """What happens in the hours; nobody who needs treatment is helped by an open training room."""

    TREATMENT = "treatment", "behandling"
    PHONE = "phone", "telefontid"
    TRAINING = "training", "træning på egen hånd"


class Weekday(models.IntegerChoices):
    MONDAY = 0, "mandag"
    TUESDAY = 1, "tirsdag"
    WEDNESDAY = 2, "onsdag"
    THURSDAY = 3, "torsdag"
    FRIDAY = 4, "fredag"
    SATURDAY = 5, "lørdag"
    SUNDAY = 6, "søndag"


class OpeningHours(models.Model):
    """One interval of a weekday, Danish time. `closes` at or before `opens` is on the next morning; 00.00 is midnight."""

    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="opening_hours", verbose_name="klinik")
    kind = models.CharField("art", max_length=10, choices=HoursKind, default=HoursKind.TREATMENT)
    weekday = models.PositiveSmallIntegerField("ugedag", choices=Weekday)
    opens = models.TimeField("åbner")
    closes = models.TimeField("lukker")
    confirmed_at = models.DateField("bekræftet", null=True, blank=True)
    source = models.CharField("kilde", max_length=10, choices=Source, default=Source.CLINIC)

    class Meta:
        verbose_name = "åbningstid"
        verbose_name_plural = "åbningstider"
        ordering = ["kind", "weekday", "opens"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "kind", "weekday", "opens"], name="hours_once"),
            models.CheckConstraint(
                name="hours_weekday", condition=Q(weekday__range=(0, 6)), violation_error_message="Vælg en ugedag."
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H.%M}–{self.closes:%H.%M}"


class OpeningException(models.Model):
    """Days that are different, both ends included: closed when no times are given, otherwise open only then.

    On these days it replaces the week of its kind whole, holidays too; several rows of one day are several intervals.
    """

    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="opening_exceptions", verbose_name="klinik")
    kind = models.CharField("art", max_length=10, choices=HoursKind, default=HoursKind.TREATMENT)
    first_day = models.DateField("fra og med")
    last_day = models.DateField("til og med")
    opens = models.TimeField("åbner", null=True, blank=True, help_text="Tomt: lukket hele dagen.")
    closes = models.TimeField("lukker", null=True, blank=True)
    note = models.CharField("bemærkning", max_length=120, blank=True, help_text="Fx “Sommerferie”.")

    class Meta:
        verbose_name = "ændret åbningstid"
        verbose_name_plural = "ændrede åbningstider"
        ordering = ["first_day", "opens"]
        indexes = [models.Index(fields=["clinic", "last_day"], name="exception_of_clinic")]
        constraints = [
            models.CheckConstraint(
                name="exception_days_in_order",
                condition=Q(last_day__gte=F("first_day")),
                violation_error_message="Sidste dag ligger før første dag. Byt om på dem.",
            ),
            models.CheckConstraint(
                name="exception_both_times",
                condition=Q(opens=None, closes=None) | Q(opens__isnull=False, closes__isnull=False),
                violation_error_message="Skriv både åbner og lukker, eller lad begge stå tomme: så er der lukket.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_day}–{self.last_day}"

"""How often a clinic was seen and used: sums per day, nothing about anybody."""

from django.db import models

from .clinic import Clinic


class DailyStatistic(models.Model):
    """How often one thing happened to one clinic on one day. No visitor, no time of day."""

    class Event(models.TextChoices):
        VIEW = "view", "profilvisninger"
        APPEARANCE = "appearance", "vist i søgeresultater"
        PHONE = "phone", "tryk på telefonnummer"
        WEBSITE = "website", "tryk på hjemmeside"
        BOOKING = "booking", "tryk på online booking"
        DIRECTIONS = "directions", "tryk på rutevejledning"

    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="statistics", verbose_name="klinik")
    day = models.DateField("dag")
    event = models.CharField("hændelse", max_length=10, choices=Event)
    count = models.PositiveIntegerField("antal", default=0)

    class Meta:
        verbose_name = "dagstal"
        verbose_name_plural = "dagstal"
        constraints = [models.UniqueConstraint(fields=["clinic", "day", "event"], name="statistic_once")]

    def __str__(self) -> str:
        return f"{self.clinic_id} {self.day} {self.event}: {self.count}"

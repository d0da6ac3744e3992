"""Where the facts of a clinic come from, group by group, and when that source last said so."""

from django.db import models

from .clinic import Clinic, Source


class Provenance(models.Model):
    """Who stated one group of a clinic's facts, and the day. A group without a row follows the clinic's own `source`."""

    class Group(models.TextChoices):
        CONTACT = "contact", "navn, adresse og kontakt"
        OFFERS = "offers", "specialer og behandling"
        PRICES = "prices", "priser"
        REFERRAL = "referral", "ydernummer, tilskud og forsikring"
        PEOPLE = "people", "behandlere"
        HOURS = "hours", "åbningstider"
        ACCESS = "access", "adgang, sprog og behandling hjemme"
        WAITING = "waiting", "ventetid"
        ANSWERS = "answers", "klinikken om sig selv"
        PHOTOS = "photos", "billeder"

    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="provenance", verbose_name="klinik")
    group = models.CharField("oplysninger", max_length=10, choices=Group)
    source = models.CharField("kilde", max_length=10, choices=Source)
    stated_on = models.DateField("oplyst", null=True, blank=True)
    note = models.CharField(
        "navn på kilden", max_length=200, blank=True, help_text="Fx navnet på registret eller listen."
    )

    class Meta:
        verbose_name = "oplysningernes kilde"
        verbose_name_plural = "oplysningernes kilder"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["clinic", "group"], name="provenance_once")]

    def __str__(self) -> str:
        return f"{self.get_group_display()}: {self.get_source_display()}"

"""Where places are: regions, postcodes, towns, and whom to ring there at night."""

import datetime

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q


class DatedQuerySet(models.QuerySet):
    def on(self, day: datetime.date) -> "DatedQuerySet":
        """Rows that hold on this day; both ends are included, an empty end is open."""
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day))


class Region(models.Model):
    """A health region, between two dates. Two of the five become Region Østdanmark on 1 January 2027."""

    slug = models.SlugField("adresse", max_length=40, unique=True)
    name = models.CharField("navn", max_length=60)
    valid_from = models.DateField("gælder fra", null=True, blank=True)
    valid_to = models.DateField("gælder til og med", null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name="afløses af"
    )
    source = models.CharField("kilde", max_length=300, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = "region"
        verbose_name_plural = "regioner"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Postcode(models.Model):
    """A Danish postcode with a point on land. `land` names the part that can be reached without a ferry."""

    class Kind(models.TextChoices):
        AREA = "area", "område"
        STREET = "street", "gade"
        LARGE_RECIPIENT = "large_recipient", "stormodtager"

    code = models.CharField("postnummer", max_length=4, primary_key=True)
    town = models.CharField("by", max_length=60)
    municipality = models.CharField("kommune", max_length=60, blank=True)
    regions = models.ManyToManyField(Region, verbose_name="regioner", related_name="postcodes")
    latitude = models.FloatField("breddegrad")
    longitude = models.FloatField("længdegrad")
    land = models.SlugField("landsdel", max_length=40)
    kind = models.CharField("art", max_length=16, choices=Kind, default=Kind.AREA)

    class Meta:
        verbose_name = "postnummer"
        verbose_name_plural = "postnumre"
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.town}"


class Place(models.Model):
    """Something people call a place: a whole city, a district, a postal town, an island or a region."""

    class Kind(models.TextChoices):
        CITY = "city", "hel by"
        DISTRICT = "district", "bydel"
        TOWN = "town", "postby"
        ISLAND = "island", "ø"
        REGION = "region", "region"
        COUNTRY = "country", "land"

    slug = models.SlugField("adresse", max_length=80, unique=True)
    name = models.CharField("navn", max_length=80)
    kind = models.CharField("art", max_length=10, choices=Kind)
    preposition = models.CharField("forholdsord", max_length=2, choices=[("i", "i"), ("på", "på")], default="i")
    aliases = ArrayField(models.CharField(max_length=80), default=list, blank=True, verbose_name="andre navne")
    # What find_place compares with: name and aliases in both folds of clinics.text.
    keys = ArrayField(models.CharField(max_length=80), default=list, editable=False)
    population = models.PositiveIntegerField("indbyggere", null=True, blank=True)
    latitude = models.FloatField("breddegrad")
    longitude = models.FloatField("længdegrad")
    land = models.SlugField("landsdel", max_length=40)
    postcodes = ArrayField(models.CharField(max_length=4), default=list, verbose_name="postnumre")
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="children", verbose_name="ligger i"
    )

    class Meta:
        verbose_name = "sted"
        verbose_name_plural = "steder"
        ordering = ["name"]
        indexes = [GinIndex(fields=["keys"], name="place_keys_gin")]

    def __str__(self) -> str:
        return self.name


class OutOfHoursService(models.Model):
    """Whom to ring outside the doctor's hours. A safety number never disappears: past its date it is shown with a note."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="out_of_hours_services", verbose_name="region")
    name = models.CharField("navn", max_length=80)
    phone = models.CharField("telefon", max_length=20, help_text="Som det tastes, uden mellemrum.")
    hours = models.CharField("telefontid", max_length=160, blank=True)
    valid_from = models.DateField("gælder fra", null=True, blank=True)
    valid_to = models.DateField("gælder til og med", null=True, blank=True)
    checked_at = models.DateField("sidst undersøgt", null=True, blank=True)
    verified_at = models.DateField("bekræftet af en person", null=True, blank=True)
    source = models.CharField("kilde", max_length=300, blank=True)
    edited_at = models.DateTimeField("rettet i administrationen", null=True, blank=True, editable=False)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = "lægevagt"
        verbose_name_plural = "lægevagter"
        ordering = ["region__name", "valid_from"]

    def __str__(self) -> str:
        return f"{self.name} ({self.region})"

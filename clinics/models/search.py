"""The search index: one narrow row per published clinic, found by place and tags through one GiST index.

Measurements, and why neither PostGIS nor joins: docs/decisions/0001-search-index.md. `Clinic` has no search columns,
so that a rebuild never locks an edit.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, IntegerField
from django.db.models.functions import Cos, Radians, Sin
from django.db.models.lookups import IsNull

from .clinic import Clinic


class CubeField(models.Field):
    """PostgreSQL's `cube` (contrib): a point on the unit sphere, [x, y, z]."""

    def db_type(self, connection) -> str:
        return "cube"


class MomentsField(models.Field):
    """PostgreSQL's `tstzmultirange`: stretches of time, each from its first moment up to and without its end."""

    def db_type(self, connection) -> str:
        return "tstzmultirange"


class TallyField(models.Field):
    """A whole `numeric` of any length."""

    def db_type(self, connection) -> str:
        return "numeric"


class UnitSphere(Func):
    """Three coordinates as one cube point."""

    template = "cube(ARRAY[%(expressions)s])"
    output_field = CubeField()


class NullPosition(Func):
    """Where the first NULL stands in an array, NULL when there is none."""

    template = "array_position(%(expressions)s, NULL)"
    output_field = IntegerField()


class Tag(models.Model):
    """The small stable number of one facet value. Numbers below 128 keep the index signature exact."""

    class Kind(models.TextChoices):
        STATE = "state"
        FACET = "facet"
        LAND = "land"
        REGION = "region"
        CITY = "city"
        SPECIALITY = "speciality"
        TREATMENT = "treatment"

    number = models.PositiveSmallIntegerField(primary_key=True)
    kind = models.CharField(max_length=10, choices=Kind)
    key = models.CharField(max_length=120)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="tag_once")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


class SearchEntry(models.Model):
    """What the search may know of a clinic. Made by `clinics.index` alone."""

    clinic = models.OneToOneField(Clinic, models.CASCADE, primary_key=True, related_name="search_entry")
    latitude = models.FloatField()
    longitude = models.FloatField()
    loc = models.GeneratedField(
        expression=UnitSphere(
            Cos(Radians("latitude")) * Cos(Radians("longitude")),
            Cos(Radians("latitude")) * Sin(Radians("longitude")),
            Sin(Radians("latitude")),
        ),
        output_field=CubeField(),
        db_persist=True,
    )
    tags = ArrayField(models.IntegerField(), default=list)
    # What is counted, as one number that PostgreSQL can sum: see `clinics.tally`.
    tally = TallyField(null=True)
    price = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    # Of confirmed visits alone: `rating` is what is ordered by (a mean that leans towards the middle while the reviews are
    # few), `average` what is shown and asked for, `review_count` how many.
    rating = models.FloatField(null=True)
    average = models.FloatField(null=True)
    review_count = models.PositiveIntegerField(default=0)
    waiting_days = models.PositiveSmallIntegerField(null=True)
    # When somebody can be treated, from the day the row was made to `open_until`; what comes after is not known here.
    open_times = MomentsField(null=True)
    open_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            GistIndex(
                fields=["loc", "tags"],
                opclasses=["gist_cube_ops", "gist__intbig_ops(siglen=16)"],
                name="entry_loc_tags_gist",
            ),
            models.Index(F("rating").desc(nulls_last=True), F("review_count").desc(), "clinic", name="entry_rating"),
        ]
        constraints = [
            # The GiST build of intarray stops at a NULL inside the array.
            models.CheckConstraint(name="entry_tags_no_null", condition=IsNull(NullPosition("tags"), True))
        ]

    def __str__(self) -> str:
        return f"index row of clinic {self.clinic_id}"


class SearchCard(models.Model):
    """What a card of a list shows of a published clinic, as one JSON text (`clinics.card_rows`). Made by `clinics.index` alone.

    Not in `SearchEntry`: counting reads every row of that, and a page reads twenty of these.
    """

    clinic = models.OneToOneField(Clinic, models.CASCADE, primary_key=True, related_name="search_card")
    facts = models.TextField()

    def __str__(self) -> str:
        return f"card of clinic {self.clinic_id}"

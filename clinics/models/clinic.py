"""A clinic and what it says about itself. Unknown is NULL and is shown as "Ikke oplyst", never as no."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Func, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from clinics.insurers import INSURERS
from clinics.languages import LANGUAGES

from .name_key import NameKey, NameWords
from .place import Postcode

FREE_WITHOUT_YDERNUMMER = (
    "Vederlagsfri fysioterapi kræver en aftale med det offentlige. Ret enten ydernummer eller vederlagsfri fysioterapi."
)


class ClinicQuerySet(models.QuerySet["Clinic"]):
    def published(self) -> "ClinicQuerySet":
        """The one word for what the public may see."""
        return self.filter(status=Clinic.Status.PUBLISHED)


class Source(models.TextChoices):
    CLINIC = "clinic", "klinikken"
    REGISTER = "register", "offentligt register"
    IMPORT = "import", "importeret liste"
    EXAMPLE = "example", "eksempel"
    HAND = "hand", "FysFinder"  # a moderator has looked it up: the newest word on one fact until a newer one comes


class DanishOrder(Func):
    """The sort key of a lower-case Danish name."""

    template = "translate(replace(%(expressions)s, 'aa', 'å'), 'æøåäöü', '{|}{|y')"


def fact(label: str) -> models.BooleanField:
    """A yes, a no, or not stated."""
    return models.BooleanField(label, null=True, blank=True)


class Clinic(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", "kladde"
        PUBLISHED = "published", "offentlig"
        CLOSED = "closed", "lukket"

    class LocationSource(models.TextChoices):
        POSTCODE = "postcode", "postnummerets punkt"
        GEOCODER = "geocoder", "adresseopslag"
        LIST = "list", "listens punkt"
        HAND = "hand", "sat i hånden"

    class Precision(models.TextChoices):
        ADDRESS = "address", "adresse"
        STREET = "street", "vej"
        POSTCODE = "postcode", "postnummer"

    name = models.CharField("navn", max_length=160)
    slug = models.SlugField("adresse", max_length=120, unique=True)
    status = models.CharField("status", max_length=10, choices=Status, default=Status.DRAFT)

    street = models.CharField("vej og husnummer", max_length=160, blank=True)
    address_extra = models.CharField("etage, dør, bygning", max_length=120, blank=True)
    postcode = models.ForeignKey(Postcode, models.PROTECT, related_name="clinics", verbose_name="postnummer")
    latitude = models.FloatField("breddegrad")
    longitude = models.FloatField("længdegrad")
    location_source = models.CharField(
        "punktets kilde", max_length=10, choices=LocationSource, default=LocationSource.POSTCODE
    )
    location_precision = models.CharField(
        "punktets præcision", max_length=10, choices=Precision, default=Precision.POSTCODE
    )

    # The address that the point stands for, as it was looked up: another one is looked up anew (clinics/geocoding.py).
    geocoded_for = models.CharField(max_length=300, blank=True, editable=False)

    phone = models.CharField("telefon", max_length=20, blank=True, help_text="Med landekode, fx +4586121212.")
    email = models.EmailField("e-mail", blank=True)
    website = models.URLField("hjemmeside", blank=True)
    booking_url = models.URLField("online booking", blank=True)
    about = models.TextField("om klinikken", blank=True)

    has_ydernummer = fact("ydernummer")
    free_physiotherapy = fact("vederlagsfri fysioterapi")
    home_visits = fact("hjemmebehandling")
    online = fact("onlinekonsultation")
    acute_appointments = fact("akutte tider")
    assessment_plan = fact("undersøgelse og plan for træning")
    step_free = fact("niveaufri adgang")
    lift = fact("elevator")
    accessible_toilet = fact("handicaptoilet")
    parking = fact("parkering ved døren")
    hearing_loop = fact("teleslynge")
    danmark_insurance = fact("tilskud fra sygeforsikringen “danmark”")
    closed_on_holidays = fact("lukket på helligdage")
    # NULL: not stated. An empty list: the clinic says that it has none.
    languages = ArrayField(
        models.CharField(max_length=3, choices=LANGUAGES), null=True, blank=True, verbose_name="sprog"
    )
    insurers = ArrayField(
        models.CharField(max_length=20, choices=INSURERS),
        null=True,
        blank=True,
        verbose_name="aftaler med sundhedsforsikringer",
    )
    insurers_note = models.CharField("om sundhedsforsikringer", max_length=200, blank=True)
    access_note = models.CharField(
        "om adgang og transport",
        max_length=300,
        blank=True,
        help_text="Fx “Indgang fra gården. Bus 1A standser ved døren.”",
    )
    hours_note = models.CharField(
        "om åbningstider", max_length=200, blank=True, help_text="Fx “Aftentider efter aftale.”"
    )
    approach_exercise = models.TextField("sådan bruger vi øvelser", max_length=600, blank=True)
    approach_manual = models.TextField("sådan bruger vi manuel behandling", max_length=600, blank=True)
    approach_follow_up = models.TextField("sådan følger vi op", max_length=600, blank=True)
    waiting_days = models.PositiveSmallIntegerField("ventetid i dage", null=True, blank=True)
    waiting_stated_on = models.DateField("ventetid oplyst", null=True, blank=True)

    # By these the registers know it. A company (CVR) may have several clinics, a P-number and a SOR-number have one each.
    cvr = models.CharField("CVR-nummer", max_length=8, blank=True)
    p_number = models.CharField("P-nummer", max_length=10, blank=True)
    sor_id = models.CharField("SOR-nummer", max_length=20, blank=True)
    osm_id = models.CharField("id i OpenStreetMap", max_length=30, blank=True, help_text="Fx “node/4711”.")

    is_example = models.BooleanField("eksempel (opdigtet klinik)", default=False)
    source = models.CharField("oplysningernes kilde", max_length=10, choices=Source, default=Source.REGISTER)
    confirmed_at = models.DateField("bekræftet af klinikken", null=True, blank=True)
    # Danish alphabetical order without ICU: compared byte by byte, with æ, ø, å moved behind z and aa counted as å.
    sort_name = models.GeneratedField(
        expression=DanishOrder(Lower("name")),
        output_field=models.CharField(max_length=200, db_collation="C"),
        db_persist=True,
    )
    created_at = models.DateTimeField("oprettet", default=timezone.now, editable=False)
    updated_at = models.DateTimeField("ændret", auto_now=True)

    objects = ClinicQuerySet.as_manager()

    class Meta:
        verbose_name = "klinik"
        verbose_name_plural = "klinikker"
        ordering = ["name", "pk"]
        indexes = [
            models.Index("sort_name", "id", name="clinic_sort_name"),
            GinIndex(NameWords("name"), name="clinic_name_words"),
            GinIndex(OpClass(NameKey("name"), name="gin_trgm_ops"), name="clinic_name_alike"),
        ]
        constraints = [
            models.CheckConstraint(
                name="clinic_point_on_earth",
                condition=Q(latitude__range=(-90, 90)) & Q(longitude__range=(-180, 180)),
                violation_error_message="Punktet ligger ikke på jorden: breddegrad -90 til 90, længdegrad -180 til 180.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("clinics:profile", args=[self.slug])

    def clean(self) -> None:
        if self.has_ydernummer is False and self.free_physiotherapy:
            raise ValidationError({"free_physiotherapy": FREE_WITHOUT_YDERNUMMER})

    @property
    def address(self) -> str:
        """`"Nørrebrogade 12B, 2. tv., 2200 København N"`."""
        return ", ".join(filter(None, [self.street, self.address_extra, str(self.postcode)]))

"""Lists of clinics from elsewhere, staged row by row before anything is changed. docs/intake.md."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from .clinic import Clinic, Source


class ImportBatch(models.Model):
    """One list as it was handed in. Nothing of it touches a clinic before it is applied, and all of it can be undone."""

    class Format(models.TextChoices):
        CSV = "csv", "CSV (regneark)"
        GEOJSON = "geojson", "GeoJSON (OpenStreetMap)"

    class Status(models.TextChoices):
        STAGING = "staging", "læses"
        STAGED = "staged", "klar til at afgøre"
        APPLYING = "applying", "indføres"
        APPLIED = "applied", "indført"
        UNDOING = "undoing", "rulles tilbage"
        UNDONE = "undone", "rullet tilbage"
        FAILED = "failed", "kunne ikke læses"

    WORKING = (Status.STAGING, Status.APPLYING, Status.UNDOING)  # the worker has something to do

    name = models.CharField(
        "listens navn",
        max_length=120,
        help_text="Står som kilde på klinikkernes sider. Skriv navnet på registret eller den, der har lavet listen.",
    )
    licence = models.CharField(
        "vilkår",
        max_length=60,
        blank=True,
        help_text="Fx “ODbL 1.0” eller “CC BY 4.0”. Tomt: vilkårene kendes ikke, og det står der i vores åbne data.",
    )
    stated_on = models.DateField(
        "listens dato",
        null=True,
        blank=True,
        help_text="Den dag, kilden selv siger det. En liste uden dato retter aldrig noget, som har en.",
    )
    source = models.CharField(
        "art",
        max_length=10,
        choices=[(one.value, one.label) for one in (Source.REGISTER, Source.IMPORT)],
        default=Source.IMPORT,
    )
    format = models.CharField("format", max_length=7, choices=Format, default=Format.CSV)
    # Heading of a column → name of a fact (clinics/intake/reading/); {}: the template's headings and their known synonyms.
    columns = models.JSONField("kolonner", default=dict, blank=True)
    file_name = models.CharField("fil", max_length=200, editable=False)
    digest = models.CharField(max_length=64, editable=False)  # SHA-256 of the file, hexadecimal
    status = models.CharField("status", max_length=8, choices=Status, default=Status.STAGING, editable=False)
    rows = models.PositiveIntegerField("rækker læst", default=0, editable=False)
    total = models.PositiveIntegerField("rækker i alt", null=True, blank=True, editable=False)
    problem = models.CharField("fejl", max_length=500, blank=True, editable=False)
    created_at = models.DateTimeField("modtaget", default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+",
        verbose_name="modtaget af",
    )  # fmt: skip
    started_at = models.DateTimeField("begyndt", null=True, blank=True, editable=False)  # the present or last step
    finished_at = models.DateTimeField("færdig", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "liste af klinikker"
        verbose_name_plural = "lister af klinikker"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class ImportFile(models.Model):
    """The file itself, gzipped: in the database, because the worker may be another machine than the one that was sent it."""

    batch = models.OneToOneField(ImportBatch, models.CASCADE, primary_key=True, related_name="file")
    content = models.BinaryField()

    class Meta:
        verbose_name = "fil med klinikker"
        verbose_name_plural = "filer med klinikker"

    def __str__(self) -> str:
        return f"Fil {self.batch_id}"


class ImportRecord(models.Model):
    """One row of a list: what was read, what is wrong with it, whom it resembles, what shall happen, and what happened.

    `facts`: name of a fact → value as JSON keeps it. `before` and `after`: what applying changed, for undoing it.
    """

    class Decision(models.TextChoices):
        PERSON = "person", "skal ses af en person"
        UPDATE = "update", "samme klinik: opdatér"
        NEW = "new", "ny klinik"
        DUPLICATE = "duplicate", "gentagelse i listen"
        SKIP = "skip", "spring over"

    class State(models.TextChoices):
        STAGED = "staged", "venter"
        APPLIED = "applied", "indført"
        FAILED = "failed", "kunne ikke indføres"
        UNDONE = "undone", "rullet tilbage"
        KEPT = "kept", "ændret siden, delvis rullet tilbage"

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="records", verbose_name="liste")
    row = models.PositiveIntegerField(
        "række"
    )  # the line of a CSV (headings are 1), the place of a GeoJSON feature from 1
    external_id = models.CharField("id i listen", max_length=80, blank=True)
    name = models.CharField("navn", max_length=160, blank=True)
    facts = models.JSONField("oplysninger", default=dict)
    problems = models.JSONField("fejl", default=list, blank=True)  # [{"field", "text", "fatal"}]
    clinic = models.ForeignKey(
        Clinic, models.SET_NULL, null=True, blank=True, related_name="import_records", verbose_name="klinik"
    )
    score = models.PositiveSmallIntegerField("lighed", default=0)
    reasons = models.JSONField("begrundelse", default=list, blank=True)  # Danish, those against begin with "men"
    others = models.JSONField("andre mulige", default=list, blank=True)  # [{"pk", "score", "reasons"}]
    proposed = models.CharField("forslag", max_length=9, choices=Decision, default=Decision.PERSON)
    decision = models.CharField("afgørelse", max_length=9, choices=Decision, default=Decision.PERSON)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+",
        verbose_name="afgjort af",
    )  # fmt: skip
    state = models.CharField("tilstand", max_length=7, choices=State, default=State.STAGED, editable=False)
    before = models.JSONField(default=dict, blank=True, editable=False)
    after = models.JSONField(default=dict, blank=True, editable=False)
    made_clinic = models.BooleanField(default=False, editable=False)
    note = models.CharField("besked", max_length=500, blank=True, editable=False)
    applied_at = models.DateTimeField("indført", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "række i en liste"
        verbose_name_plural = "rækker i lister"
        ordering = ["batch", "row"]
        constraints = [models.UniqueConstraint(fields=["batch", "row"], name="import_row_once")]
        indexes = [
            models.Index(fields=["batch", "state", "decision", "row"], name="import_queue"),
            models.Index(fields=["batch", "external_id"], condition=~Q(external_id=""), name="import_external"),
        ]

    def __str__(self) -> str:
        return f"{self.name or 'Uden navn'} (række {self.row})"


class FieldSource(models.Model):
    """Who stated one fact of a clinic last, where that is somebody else than who stated its group (`Provenance`)."""

    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="field_sources", verbose_name="klinik")
    field = models.CharField("oplysning", max_length=40)  # attname of `Clinic`
    source = models.CharField("kilde", max_length=10, choices=Source)
    note = models.CharField("navn på kilden", max_length=200, blank=True)
    stated_on = models.DateField("oplyst", null=True, blank=True)

    class Meta:
        verbose_name = "en oplysnings kilde"
        verbose_name_plural = "oplysningers kilder"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["clinic", "field"], name="field_source_once")]

    def __str__(self) -> str:
        return f"{self.field}: {self.get_source_display()}"

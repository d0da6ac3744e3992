"""What can hurt and who knows about it: conditions, specialities, treatment types, and the red flags above them all."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse


def words_field(name: str, help_text: str) -> ArrayField:
    return ArrayField(
        models.CharField(max_length=120), default=list, blank=True, verbose_name=name, help_text=help_text
    )


class Term(models.Model):
    """What every entry of the vocabulary has."""

    slug = models.SlugField(
        "adresse", max_length=120, unique=True, help_text="Bruges i webadressen. Kun små bogstaver, tal og bindestreg."
    )
    name = models.CharField("navn", max_length=160)
    # Set when an editor saves the row in the admin: the committed vocabulary never overwrites such a row.
    edited_at = models.DateTimeField("rettet i administrationen", null=True, blank=True, editable=False)

    class Meta:
        abstract = True
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class SearchableTerm(Term):
    """A term that people search for in their own words."""

    synonyms = words_field(
        "synonymer", "Andre ord for det samme, også hverdagsord og almindelige stavefejl. Adskil med komma."
    )
    keywords = words_field("stikord", "Ord i en tekst, som tyder på emnet, uden at betyde det samme. Adskil med komma.")
    description = models.TextField("beskrivelse", blank=True)

    class Meta(Term.Meta):
        abstract = True


class BodyRegion(Term):
    """A part of the body, with the red flags that hold there until an editor has chosen a condition's own."""

    order = models.PositiveSmallIntegerField("rækkefølge", default=0)
    red_flags: models.ManyToManyField[RedFlag, Any] = models.ManyToManyField(
        "RedFlag", verbose_name="røde flag", blank=True, related_name="body_regions"
    )

    class Meta(Term.Meta):
        verbose_name = "kropsdel"
        verbose_name_plural = "kropsdele"
        ordering = ["order", "name"]


class Speciality(SearchableTerm):
    """One of the ten official specialities of Danish physiotherapy, or a focus area that clinics state themselves."""

    class Kind(models.TextChoices):
        OFFICIAL = "official", "officielt speciale"
        FOCUS = "focus", "fokusområde"

    kind = models.CharField("art", max_length=10, choices=Kind, default=Kind.FOCUS)
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="children", verbose_name="hører under"
    )
    care_gate = models.TextField(
        "betingelse før fysioterapi",
        blank=True,
        help_text="Står før klinikkerne, fx at lægen først skal have sagt god for genoptræning.",
    )

    class Meta(SearchableTerm.Meta):
        verbose_name = "speciale"
        verbose_name_plural = "specialer"

    def get_absolute_url(self) -> str:
        return reverse("clinics:speciality", args=[self.slug])


class TreatmentType(SearchableTerm):
    class Meta(SearchableTerm.Meta):
        verbose_name = "behandlingstype"
        verbose_name_plural = "behandlingstyper"


class ConditionQuerySet(models.QuerySet["Condition"]):
    def current(self) -> ConditionQuerySet:
        """Without those that were merged into another."""
        return self.filter(merged_into=None)

    def with_clinics(self) -> ConditionQuerySet:
        """Those that lead to clinics: not generic, not waiting for an editor, and matched to something."""
        return self.current().filter(is_generic=False, awaits_acceptance=False, matches__isnull=False).distinct()

    def matched_to(self, speciality: Speciality) -> ConditionQuerySet:
        """Those that a match that counts leads to the speciality."""
        return self.filter(pk__in=ConditionMatch.objects.counting().filter(speciality=speciality).values("condition"))


class Condition(SearchableTerm):
    """What a patient has or feels; an article is about one, and it leads to clinics through its matches."""

    body_region = models.ForeignKey(
        BodyRegion, models.SET_NULL, null=True, blank=True, related_name="conditions", verbose_name="kropsdel"
    )
    care_gate = models.TextField(
        "betingelse før fysioterapi", blank=True, help_text="Står før klinikkerne på alle sider om tilstanden."
    )
    box_title = models.CharField(
        "overskrift over klinikkerne", max_length=120, blank=True, help_text="Tomt felt giver “Find en fysioterapeut”."
    )
    is_generic = models.BooleanField(
        "generelt emne uden klinikker", default=False, help_text="Fx kost, søvn eller anatomi."
    )
    # Set when an import makes a condition whose subject is itself a 112 or acute flag.
    awaits_acceptance = models.BooleanField(
        "venter på redaktør",
        default=False,
        help_text="Viser ingen klinikker, før en redaktør har godkendt match og betingelse.",
    )
    red_flags: models.ManyToManyField[RedFlag, Any] = models.ManyToManyField(
        "RedFlag", verbose_name="røde flag", blank=True, related_name="conditions"
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name="lagt sammen med"
    )

    objects = ConditionQuerySet.as_manager()

    class Meta(SearchableTerm.Meta):
        verbose_name = "tilstand"
        verbose_name_plural = "tilstande"

    @property
    def shows_clinics(self) -> bool:
        """Whether its pages may show any, matched or not."""
        return not self.is_generic and not self.awaits_acceptance


class ConditionMatchQuerySet(models.QuerySet["ConditionMatch"]):
    def counting(self) -> ConditionMatchQuerySet:
        """Those that count: an editor's rows, and the suggestions for conditions for which no editor has made any."""
        edited = ConditionMatch.objects.filter(condition=OuterRef("condition"), origin=ConditionMatch.Origin.EDITOR)
        return self.filter(Q(origin=ConditionMatch.Origin.EDITOR) | ~Exists(edited))


class ConditionMatch(models.Model):
    """That a speciality or a treatment type helps with a condition. Weight 3 is a primary match, 2 and 1 are partial."""

    class Origin(models.TextChoices):
        EDITOR = "editor", "redaktør"
        SUGGESTED = "suggested", "forslag"

    PRIMARY = 3

    condition = models.ForeignKey(Condition, models.CASCADE, related_name="matches", verbose_name="tilstand")
    speciality = models.ForeignKey(
        Speciality, models.CASCADE, null=True, blank=True, related_name="matches", verbose_name="speciale"
    )
    treatment = models.ForeignKey(
        TreatmentType, models.CASCADE, null=True, blank=True, related_name="matches", verbose_name="behandlingstype"
    )
    weight = models.PositiveSmallIntegerField(
        "vægt", choices=[(3, "3 – primær"), (2, "2 – beslægtet"), (1, "1 – svag")], default=2
    )
    origin = models.CharField("kilde", max_length=10, choices=Origin, default=Origin.EDITOR)

    objects = ConditionMatchQuerySet.as_manager()

    class Meta:
        verbose_name = "match"
        verbose_name_plural = "match"
        ordering = ["-weight", "pk"]
        constraints = [
            models.CheckConstraint(
                name="match_has_one_target",
                condition=Q(speciality__isnull=True) ^ Q(treatment__isnull=True),
                violation_error_message="Vælg enten et speciale eller en behandlingstype.",
            ),
            models.CheckConstraint(name="match_weight_1_to_3", condition=Q(weight__range=(1, 3))),
            models.UniqueConstraint(fields=["condition", "speciality"], name="match_speciality_once"),
            models.UniqueConstraint(fields=["condition", "treatment"], name="match_treatment_once"),
        ]

    def __str__(self) -> str:
        return f"{self.condition} → {self.speciality or self.treatment}"


class RedFlag(models.Model):
    """A sign that something else than a physiotherapist is needed, or something to avoid. Curated, never guessed."""

    class Urgency(models.TextChoices):
        EMERGENCY = "112", "Ring 112"
        DOCTOR_NOW = "doctor_now", "Ring til læge nu"
        DOCTOR_SOON = "doctor_soon", "Egen læge i dag eller i morgen"
        OWN_DOCTOR = "own_doctor", "Egen læge"
        PHYSIO = "physio", "Fysioterapeut"

    class Kind(models.TextChoices):
        SEEK = "seek", "søg hjælp"
        AVOID = "avoid", "undgå"

    key = models.SlugField("nøgle", max_length=80, unique=True)
    group = models.CharField("gruppe", max_length=60)
    urgency = models.CharField("hast", max_length=12, choices=Urgency)
    kind = models.CharField("art", max_length=5, choices=Kind, default=Kind.SEEK)
    text = models.TextField(
        "tekst", help_text="Fuldender kortets overskrift, fx “pludselig får svært ved at trække vejret”."
    )
    terms = words_field(
        "faresignaler i folks egne ord", "Viser kortet, når nogen skriver ordene i søgefeltet. Adskil med komma."
    )
    sources = models.JSONField("kilder", default=list, help_text='Liste af {"title": …, "url": …}.')
    reviewed_by = models.CharField("fagligt gennemgået af", max_length=160, blank=True)
    reviewed_at = models.DateField("gennemgået", null=True, blank=True)
    order = models.PositiveSmallIntegerField("rækkefølge", default=0)
    edited_at = models.DateTimeField("rettet i administrationen", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "rødt flag"
        verbose_name_plural = "røde flag"
        ordering = ["order", "key"]

    def __str__(self) -> str:
        return self.key

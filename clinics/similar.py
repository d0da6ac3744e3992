"""The box "Andre klinikker i nærheden", the same on every profile: nearest first by one rule, which the box states.

Nobody can pay to stand there or to be left out, and no clinic can choose it away (domain.md R3, §6.c). One statement.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, IntegerField, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.http import urlencode

from . import danish
from .geo import Chord, Enlarge, Point, Within, chord_of, km_of
from .models import Clinic, SearchEntry, Speciality, Tag

NEAREST = 3
REACH_KM = 50
UNPAID = "Ingen kan betale for at stå her."


@dataclass(frozen=True)
class Neighbour:
    name: str
    url: str
    town: str
    distance: str
    is_example: bool


@dataclass(frozen=True)
class Similar:
    """`rule` is the sentence that says why just these stand there, in this order."""

    rule: str
    clinics: tuple[Neighbour, ...]


def similar_clinics(clinic: Clinic, specialities: Iterable[Speciality], query: dict[str, Any]) -> Similar:
    """At most three others. `specialities` are what the clinic states; `query` travels along in the links."""
    slugs = sorted({one.slug for one in specialities})
    same = "der oplyser mindst ét af de samme specialer, " if slugs else ""
    return Similar(
        rule=f"De nærmeste andre klinikker, {same}inden for {REACH_KM} km på samme side af vandet. {UNPAID}",
        clinics=tuple(_neighbour(row, query) for row in _nearest(clinic, slugs)),
    )


def _nearest(clinic: Clinic, slugs: list[str]) -> QuerySet[SearchEntry, Any]:
    here = Point(clinic.latitude, clinic.longitude).cube()
    rows = SearchEntry.objects.exclude(clinic=clinic.pk).filter(
        Within(F("loc"), Enlarge(here, Value(chord_of(REACH_KM)), Value(3))),
        clinic__postcode__land=clinic.postcode.land,
        clinic__is_example=clinic.is_example,
    )
    if slugs:
        numbers = Tag.objects.filter(kind=Tag.Kind.SPECIALITY, key__in=slugs)
        rows = rows.filter(tags__overlap=ArraySubquery(numbers.values(whole=Cast("number", IntegerField()))))
    columns = {"name": F("clinic__name"), "slug": F("clinic__slug"), "town": F("clinic__postcode__town")}
    return (
        rows.annotate(chord=Chord(F("loc"), here))
        .filter(chord__lte=chord_of(REACH_KM))
        .order_by("chord", "clinic_id")
        .values("chord", example=F("clinic__is_example"), **columns)[:NEAREST]
    )


def _neighbour(row: dict[str, Any], query: dict[str, Any]) -> Neighbour:
    url = reverse("clinics:profile", args=[row["slug"]])
    return Neighbour(
        name=row["name"],
        url=f"{url}?{urlencode(query, doseq=True)}" if query else url,
        town=row["town"],
        distance=danish.kilometres(km_of(row["chord"])),
        is_example=row["example"],
    )

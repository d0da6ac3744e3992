"""By what the rows of lists are looked through."""

from typing import Any

from django.contrib import admin
from django.db.models import CharField, F, Q, QuerySet, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.http import HttpRequest

from clinics.models import Clinic, ImportBatch, ImportRecord

from . import words

NEWEST = 20  # lists to choose among; an older one by its own page
OPEN_LISTS = "alle"
# What can be held against the clinic by the database; hours, prices and points are compared on the page of the row.
COMPARED = (
    *("phone", "email", "website", "booking_url", "street", "address_extra", "postcode_id"),
    *("has_ydernummer", "free_physiotherapy", "home_visits", "online", "acute_appointments", "assessment_plan"),
    *("step_free", "lift", "accessible_toilet", "parking", "hearing_loop", "danmark_insurance", "waiting_days"),
    *("cvr", "p_number", "sor_id", "osm_id"),
)


class BatchFilter(admin.SimpleListFilter):
    title = "liste"
    parameter_name = "liste"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        chosen = self.value() or ""
        known = [
            (str(pk), f"{words.short(name)}, {made:%d.%m.%y}")
            for pk, name, made in ImportBatch.objects.values_list("pk", "name", "created_at")[:NEWEST]
        ]
        if chosen.isdecimal() and chosen not in dict(known):
            known.append((chosen, f"Liste {chosen}"))
        return [(OPEN_LISTS, "alle, der kan afgøres"), *known]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ImportRecord]) -> QuerySet[ImportRecord]:
        value = self.value()
        if not value:
            return queryset
        if value == OPEN_LISTS:
            open_now = (ImportBatch.Status.STAGED, ImportBatch.Status.APPLIED)
            return queryset.filter(batch__in=ImportBatch.objects.filter(status__in=open_now))
        return queryset.filter(batch=int(value)) if is_key(value) else queryset.none()


class ProblemFilter(admin.SimpleListFilter):
    """Also `?fejl=phone`: rows in which one fact could not be read, as the page of the list links to them."""

    title = "fejl"
    parameter_name = "fejl"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        known = [("nogen", "med fejl"), ("afgørende", "kan ikke blive til en klinik"), ("ingen", "uden fejl")]
        chosen = self.value()
        if chosen is not None and chosen not in dict(known):
            known.append((chosen, words.label(chosen if chosen != "rækken" else "").lower()))
        return known

    def queryset(self, request: HttpRequest, queryset: QuerySet[ImportRecord]) -> QuerySet[ImportRecord]:
        value = self.value()
        if value is None:
            return queryset
        if value == "nogen":
            return queryset.exclude(problems=[])
        if value == "ingen":
            return queryset.filter(problems=[])
        if value == "afgørende":
            return queryset.filter(problems__contains=[{"fatal": True}])
        return queryset.filter(problems__contains=[{"field": "" if value == "rækken" else value}])


class DifferenceFilter(admin.SimpleListFilter):
    """Rows that say something else than the clinic they are, or something that it does not say."""

    title = "forskelle"
    parameter_name = "forskelle"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("ja", "siger andet end klinikken")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ImportRecord]) -> QuerySet[ImportRecord]:
        if self.value() != "ja":
            return queryset
        differs = Q()
        for name in COMPARED:
            told = KeyTextTransform(name, "facts")
            queryset = queryset.alias(**{f"told_{name}": Cast(told, TextField())})
            same = Q(**{f"told_{name}": _as_text(name)})
            differs |= Q(facts__has_key=name) & (Q(**{f"clinic__{name}__isnull": True}) | ~same)
        return queryset.filter(differs, clinic__isnull=False)


def is_key(text: str) -> bool:
    """Whether it can be the key of a row: a number that the database has room for."""
    return text.isascii() and text.isdecimal() and len(text) < 19


def _as_text(name: str) -> Any:
    """A clinic's own fact as JSON writes it (`true`, `8000`)."""
    field = Clinic._meta.get_field(name.removesuffix("_id") if name == "postcode_id" else name)
    path = f"clinic__{field.attname if field.is_relation else field.name}"  # type: ignore[union-attr]
    return F(path) if isinstance(field, CharField) else Cast(F(path), TextField())

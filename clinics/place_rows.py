"""The queries behind `places`: one each, with the regions of the day in it."""

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Case,
    Count,
    F,
    Func,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from .clock import today
from .models import Place, Postcode
from .place_answers import POSTCODE, FoundPlace
from .text import slugify_da

Row = dict[str, Any]


class _IsAnyOf(Func):
    """`value = ANY(array)`; the index on the value serves it."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


class _Size(Func):
    function = "cardinality"
    output_field = IntegerField()


SHARE = 10  # one in so many of its postcodes puts a place in a region (streets make København count for much)

_COLUMNS = (
    *("slug", "name", "kind", "preposition", "aliases", "keys", "population"),
    *("latitude", "longitude", "land", "postcodes"),
)


def place_rows(condition: Q) -> QuerySet[Place, Row]:
    """The places that meet the condition, by slug; `same_as` is the slug of a parent with the very same postcodes."""
    return (
        Place.objects.filter(condition)
        .annotate(
            **_regions(_IsAnyOf(F("postcode_id"), OuterRef("postcodes")), of=_Size(OuterRef("postcodes"))),
            same_as=Case(When(parent__postcodes=F("postcodes"), then=F("parent__slug"))),
        )
        .order_by("slug")
        .values(*_COLUMNS, "filed", "today", "same_as")
    )


def _regions(condition: Q | Func, *, of: Func | Value) -> dict[str, ArraySubquery]:
    """The slugs of the regions of some postcodes: as filed, and today, when one that has ended gives its successor.

    `of` is how many postcodes there are. A postcode on a border has two regions; a place of many postcodes is in a
    region only with a tenth of them, or Region Nordjylland would lie in Midtjylland too.
    """
    ended = Q(region__valid_to__lt=today(), region__successor__isnull=False)
    slugs = {
        "filed": F("region__slug"),
        "today": Case(When(ended, then=F("region__successor__slug")), default=F("region__slug")),
    }
    memberships = Postcode.regions.through.objects.filter(condition)
    return {
        name: ArraySubquery(
            memberships.annotate(found=slug)  # type: ignore[misc]  # the plugin forgets annotations after values()
            .values("found")
            .annotate(many=Count("postcode_id", distinct=True) * SHARE, first=Min("pk"))
            .filter(many__gte=of)
            .order_by("-many", "first")  # the main region first: its number is the one to ring
            .values("found")
        )
        for name, slug in slugs.items()
    }


def as_place(row: Row) -> FoundPlace:
    return FoundPlace(
        slug=row["slug"],
        name=row["name"],
        kind=row["kind"],
        postcodes=tuple(row["postcodes"]),
        latitude=row["latitude"],
        longitude=row["longitude"],
        regions=tuple(row["today"]),
        base_regions=tuple(row["filed"]),
        land=row["land"],
        preposition=row["preposition"],
    )


def places_by_code(codes: Sequence[str]) -> list[FoundPlace]:
    """The known ones among these codes, in the same order, in one query."""
    # A postcode's town is itself a place of that very name, which knows its address and its preposition.
    town = Place.objects.filter(name=OuterRef("town")).order_by("pk")
    query = Postcode.objects.filter(pk__in=codes).annotate(
        slug=Subquery(town.values("slug")[:1]),
        preposition=Subquery(town.values("preposition")[:1]),
        **_regions(Q(postcode_id=OuterRef("pk")), of=Value(1)),
    )
    columns = ("code", "town", "slug", "preposition", "latitude", "longitude", "land", "filed", "today")
    by_code = {
        row["code"]: as_place(
            row
            | {
                "name": row["town"],
                "kind": POSTCODE,
                "postcodes": [row["code"]],
                "slug": row["slug"] or slugify_da(row["town"]),
                "preposition": row["preposition"] or "i",
            }
        )
        for row in query.values(*columns)
    }
    return [by_code[code] for code in codes if code in by_code]

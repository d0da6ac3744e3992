"""The queries behind `places`: one each, with the regions of the day in it."""

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    F,
    FloatField,
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
from django.db.models.expressions import RawSQL

from .clock import today
from .geo import Point
from .models import Place, Postcode
from .place_answers import POSTCODE, FoundPlace
from .text import folds, slugify_da

Row = dict[str, Any]


def folded(spelling: str) -> list[str]:
    """The text as `Place.keys` would hold it, in both folds; nothing for one without letters or figures."""
    return [key for key in folds(spelling) if key]


class _IsAnyOf(Func):
    """`value = ANY(array)`; the index on the value serves it."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


class _Size(Func):
    function = "cardinality"
    output_field = IntegerField()


# Rows for a place that has the postcode of another: o is that other, the one that is called what the postcode is called. None
# for a place that has several postcodes, is called that itself, or is the whole of such a district (Nørrebro of København N).
POST_TOWN = """FROM clinics_postcode c JOIN clinics_place o ON o.name = c.town
    WHERE cardinality({place}.postcodes) = 1 AND c.code = {place}.postcodes[1] AND c.town <> {place}.name
        AND o.parent_id IS DISTINCT FROM {place}.id"""
_POST_TOWN = f"(SELECT ARRAY[o.slug, o.name] {POST_TOWN.format(place='clinics_place')} ORDER BY o.id LIMIT 1)"
# How far the postcodes of a landscape or an island lie from its point, in km; those of a whole part of the country are too many.
REACH_KM = """CASE WHEN clinics_place.kind IN ('island', 'district')
        AND cardinality(clinics_place.postcodes) BETWEEN 2 AND 100 THEN
    (SELECT 111.2 * max(sqrt(power(c.latitude - clinics_place.latitude, 2)
        + power((c.longitude - clinics_place.longitude) * cos(radians(clinics_place.latitude)), 2)))
    FROM clinics_postcode c WHERE c.code = ANY(clinics_place.postcodes)) END"""

TOO_FAR_KM = 20  # from every postcode: at sea or abroad; Christiansø is 18 km from the point of its own
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
            part_of=F("parent__slug"),
            post_town=RawSQL(_POST_TOWN, (), ArrayField(CharField())),  # noqa: S611  our own
            reach_km=RawSQL(REACH_KM, (), FloatField()),  # noqa: S611  our own
        )
        .order_by("slug")
        .values(*_COLUMNS, "filed", "today", "same_as", "part_of", "post_town", "reach_km")
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
    post_slug, post_town = row["post_town"] or ("", "")
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
        part_of=row["part_of"] or "",
        post_slug=post_slug,
        post_town=post_town,
        reach_km=row["reach_km"] or 0,
    )


def places_by_code(codes: Sequence[str]) -> list[FoundPlace]:
    """The known ones among these codes, in the same order, in one query."""
    by_code = _by_code(Postcode.objects.filter(pk__in=codes))
    return [by_code[code] for code in codes if code in by_code]


def place_near(point: Point) -> FoundPlace | None:
    """The nearest postcode that somebody lives in, None with all further away than `TOO_FAR_KM`. One query."""
    lived_in = nearest_postcodes(point).exclude(kind=Postcode.Kind.LARGE_RECIPIENT)
    nearest = next(iter(_by_code(lived_in[:1]).values()), None)
    return nearest if nearest and nearest.point.km_to(point) <= TOO_FAR_KM else None


def nearest_postcodes(point: Point) -> QuerySet[Postcode]:
    """By degrees, a degree of longitude being about 0.56 of one of latitude here: good enough for which side of the water."""
    north, east = F("latitude") - point.latitude, (F("longitude") - point.longitude) * 0.56
    return Postcode.objects.order_by(north * north + east * east, "pk")


def _by_code(postcodes: QuerySet[Postcode]) -> dict[str, FoundPlace]:
    # A postcode's town is itself a place of that very name, which knows its address and its preposition.
    town = Place.objects.filter(name=OuterRef("town")).order_by("pk")
    query = postcodes.annotate(
        slug=Subquery(town.values("slug")[:1]),
        preposition=Subquery(town.values("preposition")[:1]),
        **_regions(Q(postcode_id=OuterRef("pk")), of=Value(1)),
    )
    columns = ("code", "town", "slug", "preposition", "latitude", "longitude", "land", "filed", "today")
    return {
        row["code"]: as_place(
            row
            | {
                "name": row["town"],
                "kind": POSTCODE,
                "postcodes": [row["code"]],
                "slug": row["slug"] or slugify_da(row["town"]),
                "preposition": row["preposition"] or "i",
                **dict.fromkeys(("part_of", "post_town", "reach_km")),
            }
        )
        for row in query.values(*columns)
    }

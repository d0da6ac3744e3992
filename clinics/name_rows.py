"""The rows behind `names`: clinics and people whose names have some words, in one statement whatever is asked."""

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.contrib.postgres.search import SearchQuery
from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Coalesce, Length

from .geo import Point
from .models import Clinic, Practitioner
from .models.name_key import NameWords

MOST = 11  # of clinics, and of people: one more than a page shows

NOWHERE = 1e9  # where a clinic without a point is, so that it comes after all others; JSON knows no infinity

SHORTEST = ("length", "name", "away", "pk")
NEAREST = ("away", "length", "name", "pk")


class NameRow(NamedTuple):
    number: int
    is_person: bool
    length: int
    name: str
    away: float
    pk: int
    slug: str
    street: str
    postcode: str
    town: str
    is_example: bool
    average: float | None
    reviews: int | None
    clinic: str
    work: str
    post: str


def name_rows(
    query: SearchQuery, number: int, near: Point | None, order: tuple[str, ...]
) -> Iterator[QuerySet[Any, Any]]:
    """The first of the clinics, and of the people there; rows that a `NameRow` is made of."""
    nothing = Value("", output_field=TextField())
    clinics = Clinic.objects.published()
    people = Practitioner.objects.filter(clinic__status=Clinic.Status.PUBLISHED)
    for rows, of in ((clinics, ""), (people, "clinic__")):
        yield (
            rows.annotate(words=NameWords("name"))
            .filter(words=query)
            .annotate(
                number=Value(number),
                is_person=Value(bool(of)),
                length=Length("name"),
                away=_away(near, of),
                clinic_name=F("clinic__name") if of else nothing,
                work=F("profession") if of else nothing,
                post=F("title") if of else nothing,
            )
            .order_by(*order)
            .values_list(
                *("number", "is_person", "length", "name", "away", "pk"),
                *(of + column for column in ("slug", "street", "postcode_id", "postcode__town", "is_example")),
                *(of + column for column in ("search_entry__average", "search_entry__review_count")),
                *("clinic_name", "work", "post"),
            )[:MOST]
        )


def _away(near: Point | None, of: str) -> Any:
    """What grows with the distance to the point, flat as a map: enough to tell the nearer of two."""
    if near is None:
        return Value(0.0)
    narrower = math.cos(math.radians(near.latitude))
    north, east = F(f"{of}latitude") - near.latitude, (F(f"{of}longitude") - near.longitude) * narrower
    return Coalesce(north * north + east * east, Value(NOWHERE))

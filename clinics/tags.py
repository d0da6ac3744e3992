"""The numbers of facet values in the search index.

A number never changes once given, so a process may remember it for good; a value it has not met is looked up once more.
"""

import datetime
from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import Count

from .choices import FILTERS, LIMIT_KEYS
from .clock import today
from .models import Place, Postcode, Region, Speciality, Tag, TreatmentType
from .places import regions_on
from .together import read_together

Key = tuple[str, str]

# The clinic has stated no speciality: unknown, which is not the same as no.
NO_SPECIALITIES: Key = (Tag.Kind.STATE, "no_specialities")

LARGE_LANDS = 4  # Jylland, Sjælland, Fyn and Bornholm: nearly every search asks for one of them

_known: dict[Key, int] = {}
_regions: dict[datetime.date, dict[str, str]] = {}  # day → places.regions_on(day)


def tag_number(kind: str, key: str) -> int | None:
    """The number of one facet value, or None when the index has never heard of it."""
    if (kind, key) not in _known:
        _read()
    return _known.get((kind, key))


def tag_numbers(kind: str, keys: Iterable[str]) -> set[int]:
    """The numbers of several values of one kind; values without a number are left out."""
    return {number for key in keys if (number := tag_number(kind, key)) is not None}


def region_numbers(slugs: Iterable[str]) -> set[int]:
    """The numbers of regions as they are today: Region Østdanmark's clinics carry the numbers of the two it was made of."""
    day = today()
    if day not in _regions:
        _read()
    wanted = set(slugs)
    return tag_numbers(Tag.Kind.REGION, [base for base, now in _regions[day].items() if now in wanted])


def _read() -> None:
    """Everything that is remembered, in one query: the first search of a process needs both."""
    numbers, regions = read_together(Tag.objects.all(), Region.objects.all())
    _known.update(((tag.kind, tag.key), tag.number) for tag in numbers)
    day = today()
    _regions[day] = regions_on(day, regions)
    for past in set(_regions) - {day}:
        _regions.pop(past, None)


def forget() -> None:
    """Forget what is remembered: for tests, whose database goes back in time."""
    _known.clear()
    _regions.clear()


def all_keys() -> list[Key]:
    """Every facet value there is, the most filtered first: the first 128 numbers keep the index signature exact."""
    by_size = Postcode.objects.values("land").annotate(postcodes=Count("pk")).order_by("-postcodes", "land")
    whole_cities = Place.objects.filter(kind=Place.Kind.CITY)
    lands = [(Tag.Kind.LAND, row["land"]) for row in by_size]

    return [
        NO_SPECIALITIES,
        *lands[:LARGE_LANDS],
        *_choices(seldom=False),
        *((Tag.Kind.REGION, slug) for slug in Region.objects.order_by("pk").values_list("slug", flat=True)),
        *((Tag.Kind.CITY, slug) for slug in whole_cities.order_by("pk").values_list("slug", flat=True)),
        *((Tag.Kind.SPECIALITY, slug) for slug in Speciality.objects.order_by("pk").values_list("slug", flat=True)),
        *((Tag.Kind.TREATMENT, slug) for slug in TreatmentType.objects.order_by("pk").values_list("slug", flat=True)),
        *((Tag.Kind.FACET, key) for key in LIMIT_KEYS),
        *_choices(seldom=True),
        *lands[LARGE_LANDS:],
    ]


def _choices(*, seldom: bool) -> list[Key]:
    return [
        (Tag.Kind.FACET, one.key) for group in FILTERS if group.seldom is seldom for one in group.choices if one.holds
    ]


def _fixed_keys() -> list[Key]:
    """Those of `all_keys` that stand in the code; the others are rows of the tables in ANY_WITHOUT_NUMBER."""
    limits = [(Tag.Kind.FACET, key) for key in LIMIT_KEYS]
    return [NO_SPECIALITIES, *_choices(seldom=False), *limits, *_choices(seldom=True)]


ANY_WITHOUT_NUMBER = """
    SELECT FROM (
        SELECT * FROM unnest(%s::text[], %s::text[])
        UNION ALL (SELECT DISTINCT 'land', land FROM clinics_postcode)
        UNION ALL SELECT 'region', slug FROM clinics_region
        UNION ALL SELECT 'city', slug FROM clinics_place WHERE kind = 'city'
        UNION ALL SELECT 'speciality', slug FROM clinics_speciality
        UNION ALL SELECT 'treatment', slug FROM clinics_treatmenttype
    ) wanted (kind, key)
    WHERE NOT EXISTS (SELECT FROM clinics_tag t WHERE t.kind = wanted.kind AND t.key = wanted.key)
    LIMIT 1
"""


def move(kind: str, old: str, new: str) -> None:
    """A value goes by another key, and takes its number along: the index and what processes remember stay right.

    Unless the new key had a number before, which is the one that processes remember: then the index is built anew with that.
    """
    if not Tag.objects.filter(kind=kind, key=new).exists():
        Tag.objects.filter(kind=kind, key=old).update(key=new)


@transaction.atomic
def assign_numbers() -> int:
    """Give every facet value without a number the next free one. Returns how many were new. Safe to run twice."""
    kinds, keys = zip(*_fixed_keys(), strict=True)
    with connection.cursor() as cursor:
        # Asked whenever a clinic is saved, and nearly always nothing is new: one statement, and no lock that others wait for.
        cursor.execute(ANY_WITHOUT_NUMBER, [list(kinds), list(keys)])
        if cursor.fetchone() is None:
            return 0
        # Two loaders at once must not give one number away twice.
        cursor.execute(f"LOCK TABLE {connection.ops.quote_name(Tag._meta.db_table)} IN SHARE ROW EXCLUSIVE MODE")
    existing = list(Tag.objects.all())
    given = {(tag.kind, tag.key) for tag in existing}
    first = max((tag.number for tag in existing), default=-1) + 1
    new = [key for key in all_keys() if key not in given]
    Tag.objects.bulk_create(
        [Tag(number=number, kind=kind, key=key) for number, (kind, key) in enumerate(new, start=first)]
    )
    return len(new)

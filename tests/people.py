"""What tests are made of: clinics at real places, by name."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from clinics import index
from clinics.models import (
    Clinic,
    ClinicSpeciality,
    ClinicTreatment,
    Condition,
    ConditionMatch,
    Place,
    Postcode,
    Price,
    Region,
    Speciality,
    TreatmentType,
)
from clinics.text import folds, slugify_da

# Town → code, latitude, longitude, region, land: points that can be checked on a map.
TOWNS = {
    "Aarhus C": ("8000", 56.1572, 10.2107, "midtjylland", "jylland"),
    "Aarhus N": ("8200", 56.1930, 10.1820, "midtjylland", "jylland"),
    "Viby J": ("8260", 56.1230, 10.1600, "midtjylland", "jylland"),
    "Randers": ("8900", 56.4607, 10.0364, "midtjylland", "jylland"),
    "Silkeborg": ("8600", 56.1697, 9.5451, "midtjylland", "jylland"),
    "Ebeltoft": ("8400", 56.1944, 10.6821, "midtjylland", "jylland"),
    "Aalborg": ("9000", 57.0480, 9.9187, "nordjylland", "jylland"),
    "Odense C": ("5000", 55.3959, 10.3883, "syddanmark", "fyn"),
    "Kalundborg": ("4400", 55.6795, 11.0886, "sjaelland", "sjaelland"),
    "København K": ("1050", 55.6800, 12.5850, "hovedstaden", "sjaelland"),
    "Rønne": ("3700", 55.1009, 14.7066, "hovedstaden", "bornholm"),
}


def postcode(town: str) -> Postcode:
    code, latitude, longitude, region_slug, land = TOWNS[town]
    if there := Postcode.objects.filter(code=code).first():
        return there
    region = _term(Region, region_slug, f"Region {region_slug.capitalize()}")
    made = Postcode.objects.create(code=code, town=town, latitude=latitude, longitude=longitude, land=land)
    Postcode.regions.through.objects.create(postcode=made, region=region)
    return made


def places() -> None:
    """All towns above as postcodes and places, and Aarhus as a whole city. A few statements: hundreds of tests stand on it."""
    slugs = list(dict.fromkeys(region for *_, region, _ in TOWNS.values()))
    new = [Region(slug=slug, name=f"Region {slug.capitalize()}") for slug in slugs]
    Region.objects.bulk_create(new, ignore_conflicts=True)
    regions = dict(Region.objects.filter(slug__in=slugs).values_list("slug", "pk"))
    there = set(Postcode.objects.values_list("code", flat=True))
    missing = {town: place for town, place in TOWNS.items() if place[0] not in there}
    Postcode.objects.bulk_create(
        Postcode(code=code, town=town, latitude=latitude, longitude=longitude, land=land)
        for town, (code, latitude, longitude, _, land) in missing.items()
    )
    Postcode.regions.through.objects.bulk_create(
        Postcode.regions.through(postcode_id=code, region_id=regions[region])
        for code, _, _, region, _ in missing.values()
    )
    towns = [
        _unsaved_place(town, Place.Kind.TOWN, latitude, longitude, land, [code])
        for town, (code, latitude, longitude, _, land) in TOWNS.items()
    ]
    city = _unsaved_place(
        "Aarhus", Place.Kind.CITY, 56.1572, 10.2107, "jylland", ["8000", "8200", "8260"], population=290_000
    )
    Place.objects.bulk_create([*towns, city], ignore_conflicts=True)


def place(name: str, kind: str, latitude: float, longitude: float, land: str) -> Place:
    """One more place, of no postcode."""
    made = _unsaved_place(name, kind, latitude, longitude, land, [])
    made.save()
    return made


def _unsaved_place(name, kind, latitude, longitude, land, postcodes, **fields) -> Place:
    return Place(
        slug=slugify_da(name), name=name, kind=kind, latitude=latitude, longitude=longitude, land=land,
        postcodes=postcodes, keys=list(folds(name)), **fields,
    )  # fmt: skip


def speciality(name: str) -> Speciality:
    return _term(Speciality, slugify_da(name), name)


def treatment(name: str) -> TreatmentType:
    return _term(TreatmentType, slugify_da(name), name)


def _term(model: Any, slug: str, name: str) -> Any:
    """The row that is there, or a new one: without the savepoint of `get_or_create`, for a test is alone in its database."""
    return model.objects.filter(slug=slug).first() or model.objects.create(slug=slug, name=name)


def clinic(name: str, town: str, *, specialities=(), treatments=(), price=None, status="published", **fields) -> Clinic:
    """A clinic with its index row; `specialities` and `treatments` by name, `price` the first consultation's in kr."""
    where = postcode(town)
    fields = {"latitude": where.latitude, "longitude": where.longitude, "phone": "+4500001234"} | fields
    made = Clinic.objects.create(name=name, slug=slugify_da(name), postcode=where, status=status, **fields)
    for one in specialities:
        ClinicSpeciality.objects.create(clinic=made, speciality=speciality(one))
    for one in treatments:
        ClinicTreatment.objects.create(clinic=made, treatment=treatment(one))
    if price is not None:
        Price.objects.create(clinic=made, kind=Price.Kind.FIRST, amount=price)
    if _waiting is None:
        index.rebuild([made.pk])
    else:
        _waiting.append(made.pk)
    return made


_waiting: list[int] | None = None


@contextmanager
def indexed_together() -> Iterator[None]:
    """Clinics that are made inside get their index rows at the end, all at once."""
    global _waiting
    _waiting = made = []
    try:
        yield
    finally:
        _waiting = None
    index.rebuild(made)


def condition(name: str, matches: dict[str, int], **fields) -> Condition:
    """A condition that matches specialities by name, with a weight each."""
    made = Condition.objects.create(name=name, slug=slugify_da(name), **fields)
    for one, weight in matches.items():
        ConditionMatch.objects.create(condition=made, speciality=speciality(one), weight=weight)
    return made

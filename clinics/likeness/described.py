"""What is told of one clinic, and the same read once so that it can be held against many."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.db.models import F, QuerySet

from clinics.geo import Point
from clinics.models import Clinic, ListingRequest

from .names import Name, read_name
from .places import House, house, site_of

_BATCH = 2000


@dataclass(frozen=True)
class Described:
    """What is told of one clinic. `phone` is E.164, `postcode` four figures; "" and None are not known.

    `cvr` is the company (a chain has one), `p_number` the company's one place, `sor` the place in the health register.
    `exact`: the point is the address's own, not its postcode's.
    """

    name: str = ""
    street: str = ""
    postcode: str = ""
    town: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    point: Point | None = None
    cvr: str = ""
    p_number: str = ""
    sor: str = ""
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """A description with everything in it read: some 30 µs, once."""

    name: Name
    house: House | None
    postcode: str
    phone: str
    email: str
    site: str
    point: Point | None
    exact: bool
    cvr: str
    p_number: str
    sor: str


def read(one: Described) -> Read:
    return Read(
        name=read_name(one.name, one.town), house=house(one.street) if one.street else None, postcode=one.postcode,
        phone=one.phone, email=one.email.strip().lower(), site=site_of(one.website) if one.website else "",
        point=one.point, exact=one.exact and one.point is not None,
        cvr=_digits(one.cvr), p_number=_digits(one.p_number), sor=_digits(one.sor),
    )  # fmt: skip


def described(row: Clinic | ListingRequest) -> Described:
    """A clinic, or a request for one, with its postcode read."""
    point, exact = None, False
    if isinstance(row, Clinic):
        point, exact = Point(row.latitude, row.longitude), row.location_precision == Clinic.Precision.ADDRESS
    elif row.postcode:
        point = Point(row.postcode.latitude, row.postcode.longitude)
    return Described(
        name=row.name, street=row.street, postcode=row.postcode_id or "", town=row.postcode.town if row.postcode else "",
        phone=row.phone, email=row.email, website=row.website, point=point, exact=exact, cvr=row.cvr,
        p_number=getattr(row, "p_number", ""), sor=getattr(row, "sor_id", ""),
    )  # fmt: skip


_COLUMNS = (
    "pk", "name", "street", "postcode_id", "town", "phone", "email", "website", "latitude", "longitude", "location_precision",
    "cvr", "p_number", "sor_id",
)  # fmt: skip


def told(rows: QuerySet[Clinic]) -> Iterator[tuple[int, Described]]:
    """Each with its pk, in the order of `rows`: plain values, for a clinic has thirty columns more than are asked about."""
    plain = rows.annotate(town=F("postcode__town")).values_list(*_COLUMNS).iterator(chunk_size=_BATCH)
    while batch := list(islice(plain, _BATCH)):
        for pk, name, street, code, town, phone, email, website, latitude, longitude, precision, cvr, p, sor in batch:
            yield pk, Described(
                name=name, street=street, postcode=code, town=town, phone=phone, email=email, website=website,
                point=Point(latitude, longitude), exact=precision == Clinic.Precision.ADDRESS,
                cvr=cvr, p_number=p, sor=sor,
            )  # fmt: skip


def _digits(number: str) -> str:
    """`"12 34 56 78"` and `"DK12345678"` are one number."""
    return "".join(letter for letter in number if letter in "0123456789") if number else ""

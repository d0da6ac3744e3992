"""Whom to ring when the doctor is closed: the numbers of one region, or of all when the place is unknown.

Numbers are looked up by the postcode's base region and stay findable for ever: two of the regions become Region
Østdanmark on 1 January 2027, nobody has published its numbers, and a safety number never disappears. A row past its
date is therefore shown with a note until a row that a person has verified takes over.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from . import clock, danish
from .models import OutOfHoursService, Region
from .together import read_together

CHECK_NUMBER = "Tjek nummeret på sundhed.dk"

# Large towns by which people know their region, in the order in which a full list stands.
LARGE_TOWNS = {
    "hovedstaden": "København, Hillerød, Helsingør og Bornholm",
    "sjaelland": "Roskilde, Næstved, Slagelse og Nykøbing Falster",
    "oestdanmark": "København, Roskilde, Næstved og Bornholm",
    "syddanmark": "Odense, Esbjerg, Kolding og Sønderborg",
    "midtjylland": "Aarhus, Randers, Herning og Viborg",
    "nordjylland": "Aalborg, Hjørring, Thisted og Hobro",
}


@dataclass(frozen=True)
class OnCall:
    """One number as a page shows it. `phone` is what is dialled, `note` is "" once a person has verified the row."""

    name: str
    phone: str
    phone_display: str
    hours: str
    region_name: str
    note: str


def service_queries() -> tuple[QuerySet[OutOfHoursService], QuerySet[Region]]:
    """What must be read to know whom to ring, for who reads other things in the same statement (`clinics.together`)."""
    return OutOfHoursService.objects.all(), Region.objects.all()


def with_regions(services: list[OutOfHoursService], regions: list[Region]) -> list[OutOfHoursService]:
    """The services with their regions and what became of those, in the order of `on_call`."""
    by_pk = {region.pk: region for region in regions}
    for region in regions:
        region.successor = by_pk[region.successor_id] if region.successor_id else None
    for service in services:
        service.region = by_pk[service.region_id]
    return sorted(services, key=lambda row: (row.valid_from is None, row.valid_from or datetime.date.max, row.pk))


def on_call(
    region_slugs: Sequence[str] = (),
    day: datetime.date | None = None,
    rows: Iterable[OutOfHoursService] | None = None,
) -> list[OnCall]:
    """The numbers for a page. Without a known region all of them, each with its large towns.

    One query, none when `rows` have been read already.
    """
    day = day or clock.today()
    services = _Services.on(day, rows)
    chosen = services.of(region_slugs)
    everywhere = not services.knows(region_slugs)
    return [
        OnCall(
            name=service.name,
            phone=service.phone,
            phone_display=danish.phone(service.phone),
            hours=service.hours,
            region_name=_region_name(service, day, with_towns=everywhere),
            note=number_note(service, day),
        )
        for service in chosen
    ]


def services_for(region_slugs: Sequence[str], day: datetime.date) -> list[OutOfHoursService]:
    """The rows behind `on_call`: never empty while the table holds any row. One query."""
    return _Services.on(day).of(region_slugs)


def number_note(service: OutOfHoursService, day: datetime.date) -> str:
    """What stands beside a number that nobody has verified or that is outside its dates; "" for a sound one."""
    return "" if service.verified_at and _holds(service, day) else CHECK_NUMBER


@dataclass(frozen=True)
class _Services:
    """Every row, by region. The table has about one row per region, so it is read whole and chosen from here."""

    day: datetime.date
    by_region: dict[str, list[OutOfHoursService]]
    successors: dict[str, str]

    @classmethod
    def on(cls, day: datetime.date, rows: Iterable[OutOfHoursService] | None = None) -> "_Services":
        by_region: dict[str, list[OutOfHoursService]] = {}
        successors = {}
        for row in with_regions(*read_together(*service_queries())) if rows is None else rows:
            by_region.setdefault(row.region.slug, []).append(row)
            if row.region.successor:
                successors[row.region.slug] = row.region.successor.slug
        return cls(day, by_region, successors)

    def knows(self, region_slugs: Iterable[str]) -> bool:
        return any(self._area(slug) for slug in region_slugs)

    def of(self, region_slugs: Sequence[str]) -> list[OutOfHoursService]:
        slugs = list(region_slugs) if self.knows(region_slugs) else sorted(self.by_region, key=_place_in_list)
        return list({row.pk: row for slug in slugs for row in self._area(slug)}.values())

    def _area(self, slug: str) -> list[OutOfHoursService]:
        """The numbers of a region on the day: its own, its successor's, and its predecessors' until one is verified."""
        own = self.by_region.get(slug, []) + self.by_region.get(self.successors.get(slug, ""), [])
        chosen = self._sound(own)
        if any(row.verified_at and _holds(row, self.day) for row in chosen):
            return chosen
        before = sorted((old for old, new in self.successors.items() if new == slug), key=_place_in_list)
        return chosen + [row for old in before for row in self._sound(self.by_region[old])]

    def _sound(self, rows: list[OutOfHoursService]) -> list[OutOfHoursService]:
        """Rows that hold today. The latest old one stays beside them until one of them is verified."""
        valid = [row for row in rows if _holds(row, self.day)]
        if any(row.verified_at for row in valid):
            return valid
        ended = [row for row in rows if row.valid_to and row.valid_to < self.day]
        latest = max((row.valid_to for row in ended if row.valid_to), default=None)
        kept = [row for row in ended if row.valid_to == latest]
        return kept + valid or rows


def _holds(service: OutOfHoursService, day: datetime.date) -> bool:
    return (not service.valid_from or service.valid_from <= day) and (not service.valid_to or day <= service.valid_to)


def _place_in_list(slug: str) -> tuple[int, str]:
    order = list(LARGE_TOWNS)
    return (order.index(slug) if slug in order else len(order), slug)


def _region_name(service: OutOfHoursService, day: datetime.date, *, with_towns: bool) -> str:
    region = service.region
    name = region.name
    if region.successor and region.valid_to and region.valid_to < day:
        name = f"{region.successor.name}, før {region.name}"
    towns = LARGE_TOWNS.get(region.slug, "") if with_towns else ""
    return f"{name} ({towns})" if towns else name

"""The head of a profile: where the clinic is, how to reach it, and what has been checked. No queries on a filled clinic."""

import datetime
from dataclasses import dataclass

from . import danish
from .freshness import Age, Freshness, freshness
from .geo import Point
from .models import Clinic, Provenance
from .models.clinic import Source
from .places import FoundPlace


@dataclass(frozen=True)
class Badge:
    """A fact worth knowing before anything else, with its date where it has one. `is_checked`: we looked it up, for all."""

    text: str
    is_checked: bool = False


@dataclass(frozen=True)
class Contact:
    """`address`: its lines, the last of which is postcode and town. `distance` is "" when no place is known."""

    address: tuple[str, ...]
    phone: str
    phone_display: str
    distance: str
    badges: tuple[Badge, ...]
    confirmed: Freshness
    directions: str  # somebody else's page that shows the way, "" while the door is not known to us

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed.age != Age.NEVER


def contact_part(clinic: Clinic, place: FoundPlace | None, day: datetime.date) -> Contact:
    return Contact(
        address=_address(clinic),
        phone=clinic.phone,
        phone_display=danish.phone(clinic.phone),
        distance=_distance(clinic, place),
        badges=tuple(filter(None, [_authorisations(clinic), _ydernummer(clinic)])),
        confirmed=freshness(clinic.confirmed_at, day),
        directions=_directions(clinic),
    )


def _address(clinic: Clinic) -> tuple[str, ...]:
    """Postcode and town stay on one line: a lone "V" or "C" is easily lost."""
    street = ", ".join(filter(None, [clinic.street, clinic.address_extra]))
    return tuple(filter(None, [street, str(clinic.postcode).replace(" ", "\u00a0")]))


def _distance(clinic: Clinic, place: FoundPlace | None) -> str:
    """`"1,2 km"`; a region or an island has no distance."""
    if place is None or place.is_area:
        return ""
    km = place.point.km_to(Point(clinic.latitude, clinic.longitude))
    text = danish.kilometres(km)
    approximate = clinic.location_precision == Clinic.Precision.POSTCODE
    return f"ca. {text}" if approximate and not text.startswith("under") else text


def _directions(clinic: Clinic) -> str:
    """Towards the point; the middle of a postcode is nobody's door, and an invented clinic has none."""
    if clinic.location_precision == Clinic.Precision.POSTCODE or clinic.is_example:
        return ""
    return f"https://www.openstreetmap.org/directions?to={clinic.latitude:.5f}%2C{clinic.longitude:.5f}"


def _authorisations(clinic: Clinic) -> Badge | None:
    """Whose authorisation was looked up, and when the first of them was: the oldest look is the one to be judged by."""
    people = list(clinic.practitioners.all())
    checked = [one.authorisation_checked_on for one in people if one.authorisation_checked_on]
    if not checked:
        return None
    everybody = len(checked) == len(people)
    of = "" if everybody else f" for {len(checked)} af {len(people)} behandlere"
    return Badge(f"Autorisation kontrolleret{of} {danish.day(min(checked))}", is_checked=everybody)


def _ydernummer(clinic: Clinic) -> Badge | None:
    """Nobody here looks a ydernummer up, so the badge says whose word it is."""
    if not clinic.has_ydernummer:
        return None
    row = next((one for one in clinic.provenance.all() if one.group == Provenance.Group.REFERRAL), None)
    source = Source(row.source if row else clinic.source)
    if source in (Source.CLINIC, Source.EXAMPLE):
        return Badge("Har ydernummer (oplyst af klinikken)")
    name = row.note.strip() if row else ""
    return Badge(f"Har ydernummer (kilde: {name or source.label})")

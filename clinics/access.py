"""Getting there and being understood: what a clinic states about access, languages, visits and waiting. No queries."""

import datetime
from dataclasses import dataclass

from . import danish, languages
from .facets import FACETS
from .freshness import WaitingTime, waiting_time
from .models import Clinic

UNKNOWN = "Ikke oplyst"
ACCESS = ("step_free", "lift", "accessible_toilet", "parking", "hearing_loop")
OTHERWISE = ("home_visits", "online")
LABELS = {"home_visits": "Behandling hjemme hos dig", "online": "Konsultation online"}


@dataclass(frozen=True)
class Fact:
    """`value` is "" when it is not stated."""

    label: str
    value: str


@dataclass(frozen=True)
class AccessPart:
    facts: tuple[Fact, ...]
    note: str

    def __bool__(self) -> bool:
        return bool(self.note) or any(fact.value for fact in self.facts)


def yes_or_no(value: bool | None) -> str:
    """Empty for unknown, which is never a no."""
    return {True: "Ja", False: "Nej", None: ""}[value]


def access_part(clinic: Clinic) -> AccessPart:
    """False when the clinic has stated none of it."""
    return AccessPart(
        facts=(
            *(_fact(clinic, field) for field in ACCESS),
            Fact("Sprog", _languages(clinic.languages)),
            *(_fact(clinic, field) for field in OTHERWISE),
        ),
        note=clinic.access_note.strip(),
    )


def waiting_part(clinic: Clinic, day: datetime.date) -> WaitingTime | None:
    """None when the clinic has stated no waiting time."""
    return waiting_time(clinic.waiting_days, clinic.waiting_stated_on, day)


def _fact(clinic: Clinic, field: str) -> Fact:
    return Fact(LABELS.get(field) or FACETS[field].label, yes_or_no(getattr(clinic, field)))


def _languages(codes: list[str] | None) -> str:
    """A clinic that says that it has no others treats in Danish; one that says nothing is unknown."""
    if codes is None:
        return ""
    names = [languages.NAMES[code] for code in codes if code in languages.NAMES]
    return danish.listing(names).capitalize() if names else "Ingen oplyst ud over dansk"

"""Getting there and being understood: what a clinic states about access, languages, visits and waiting. No queries."""

import datetime
from dataclasses import dataclass

from . import danish, languages
from .facets import FACETS
from .freshness import waiting_time
from .models import Clinic

UNKNOWN = "Ikke oplyst"
ACCESS = ("step_free", "lift", "accessible_toilet", "parking", "hearing_loop")
OTHERWISE = ("home_visits", "online")
LABELS = {
    "step_free": "Adgang uden trin",
    "home_visits": "Behandling hjemme hos dig",
    "online": "Behandling online",
}


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


@dataclass(frozen=True)
class WaitingPart:
    """How soon there is room. `text`: `"21 dage"`, `"Ingen ventetid"`, "" when it is not stated; its day stands in the line
    that says where it comes from. `counts` is False once that is too long ago. `acute`: acute appointments."""

    text: str
    counts: bool
    acute: Fact

    def __bool__(self) -> bool:
        return bool(self.text or self.acute.value)


def yes_or_no(value: bool | None) -> str:
    """Empty for unknown, which is never a no."""
    return {True: "Ja", False: "Nej", None: ""}[value]


def access_part(clinic: Clinic) -> AccessPart:
    """False when the clinic has stated none of it."""
    return AccessPart(
        facts=(
            *(_fact(clinic, field) for field in ACCESS),
            Fact("Sprog", languages.in_words(clinic.languages).capitalize()),
            *(_fact(clinic, field) for field in OTHERWISE),
        ),
        note=clinic.access_note.strip(),
    )


def waiting_part(clinic: Clinic, day: datetime.date) -> WaitingPart:
    """False when the clinic has stated neither waiting time nor acute appointments."""
    acute = _fact(clinic, "acute_appointments")
    time = waiting_time(clinic.waiting_days, clinic.waiting_stated_on, day)
    if time is None:
        return WaitingPart("", False, acute)
    return WaitingPart(
        danish.count(time.days, "dag", "dage") if time.days else "Ingen ventetid", counts=time.counts, acute=acute
    )


def _fact(clinic: Clinic, field: str) -> Fact:
    return Fact(LABELS.get(field) or FACETS[field].label, yes_or_no(getattr(clinic, field)))

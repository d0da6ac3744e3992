"""A flag and a condition that carry warnings, and a proposal to weaken one: for the tests of the second editor."""

from clinics import warnings
from clinics.models import Condition, RedFlag, WarningChange
from clinics.weakening import Weakening

from .people import condition

GATE = "Først når lægen siger ja."
WHY = "Lægen har læst det og er enig."


def dvt() -> RedFlag:
    return RedFlag.objects.create(
        key="dvt",
        group="Blodprop",
        urgency="doctor_now",
        text="det ene ben bliver hævet",
        terms=["hævet læg", "tykt ben"],
        sources=[{"title": "A", "url": "https://a.dk/"}],
    )


def leg_with(flag: RedFlag) -> Condition:
    made = condition("Ben", {"Vener": 3}, care_gate=GATE)
    made.red_flags.add(flag)
    return made


def lower(flag: RedFlag, by, urgency: str = "own_doctor", reason: str = WHY) -> WarningChange:
    weakening = Weakening(WarningChange.Kind.URGENCY, flag, {"urgency": urgency})
    return warnings.propose(row=flag, weakening=weakening, reason=reason, by=by)

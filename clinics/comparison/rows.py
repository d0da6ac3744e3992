"""Every row of a comparison, in its groups and in order. To add one: a function that makes its cell, and a line here."""

from collections.abc import Callable
from dataclasses import dataclass

from clinics.offers import Format

from . import money, practical, treatment
from .cell import Cell, Facts


@dataclass(frozen=True)
class Kind:
    """A kind of row. `is_seldom`: left out when none of the clinics has stated it."""

    label: str
    cell: Callable[[Facts], Cell]
    note: str = ""
    is_seldom: bool = False
    of_the_moment: bool = False


WITH_VISITS = "Pris"  # where the visitor says how many visits to reckon with

GROUPS: tuple[tuple[str, tuple[Kind, ...]], ...] = (
    (
        "Sted",
        (
            Kind("Afstand", practical.distance, "i luftlinje", is_seldom=True),
            Kind("Adresse", practical.address),
            Kind("Åbent nu", practical.open_now, of_the_moment=True),
        ),
    ),
    (
        "Behandling",
        (
            Kind("Officielle specialer", treatment.official, "dokumenteret", is_seldom=True),
            Kind("Fokusområder", treatment.focus, "oplyst, ikke dokumenteret"),
            Kind("Behandlere", treatment.people),
            Kind("Behandlingstyper", treatment.treatments),
            Kind("Hold", treatment.groups),
            Kind("Undersøgelse og plan for træning", practical.fact("assessment_plan")),
            Kind("Behandling hjemme hos dig", practical.or_offered("home_visits", Format.HOME)),
            Kind("Behandling online", practical.or_offered("online", Format.ONLINE)),
        ),
    ),
    (
        WITH_VISITS,
        (
            Kind("Første gang", money.first, "uden henvisning"),
            Kind("Derefter pr. gang", money.follow_up, "uden henvisning"),
            Kind("Hold pr. gang", money.group_price, "uden henvisning", is_seldom=True),
            Kind("Tillæg", money.surcharge, is_seldom=True),
            Kind("Pakke pr. gang", money.packages),
            Kind("Med henvisning", money.with_referral, "din andel"),
            Kind("Forløb: 1 + {visits} gange", money.course_without, "uden henvisning"),
            Kind("Forløb: 1 + {visits} gange", money.course_with, "med henvisning"),
            Kind("Vederlagsfri fysioterapi", practical.fact("free_physiotherapy")),
            Kind("Tilskud fra “danmark”", practical.fact("danmark_insurance")),
            Kind("Sundhedsforsikringer", money.insured),
        ),
    ),
    (
        "Tid",
        (
            Kind("Ventetid", practical.waiting),
            Kind("Akutte tider", practical.fact("acute_appointments")),
            Kind("Aften og weekend", practical.evening_and_weekend),
            Kind("Telefontid", practical.phone_hours),
        ),
    ),
    (
        "Adgang og sprog",
        (
            Kind("Adgang uden trin", practical.fact("step_free")),
            Kind("Elevator", practical.fact("lift")),
            Kind("Handicaptoilet", practical.fact("accessible_toilet")),
            Kind("Parkering ved døren", practical.fact("parking")),
            Kind("Teleslynge", practical.fact("hearing_loop")),
            Kind("Sprog", practical.spoken),
        ),
    ),
    ("Anmeldelser", (Kind("Bedømmelse", practical.rating),)),
    ("Hvor nye er oplysningerne", (Kind("Bekræftet", practical.confirmed),)),
)

"""Clinics at random around real towns, and random searches among them: for comparing with a loop over all."""

import datetime
import random

from django.http import QueryDict

from clinics.clock import today
from clinics.geo import Point
from clinics.models import SearchEntry, Speciality

from .people import clinic, condition, places, postcode, speciality, treatment

SPECIALITIES = ["Ryg", "Knæ", "Skulder", "Kæbe", "Sport"]
TREATMENTS = ["Holdtræning", "Taping", "Massage"]


def vocabulary() -> None:
    places()
    parent = speciality("Muskuloskeletal")
    for name in SPECIALITIES:
        speciality(name)
    Speciality.objects.filter(slug="kaebe").update(parent=parent)
    for name in TREATMENTS:
        treatment(name)
    condition("Ondt i ryggen", {"Ryg": 3, "Sport": 2})


def scatter(draw: random.Random, number: int) -> None:
    vocabulary()
    towns = ["Aarhus C", "Aarhus N", "Randers", "Silkeborg", "Aalborg", "Kalundborg"]
    for i in range(number):
        town = draw.choice(towns)
        where = postcode(town)
        clinic(
            f"K{i}",
            town,
            specialities=draw.sample([*SPECIALITIES, "Muskuloskeletal"], draw.choice([0, 0, 1, 2, 3])),
            treatments=draw.sample(TREATMENTS, draw.choice([0, 0, 1, 2])),
            price=draw.choice([None, None, 400, 500, 600, 700]),
            has_ydernummer=draw.choice([True, False, None]),
            lift=draw.choice([True, False, None]),
            step_free=draw.choice([True, False, None]),
            acute_appointments=draw.choice([True, False, None]),
            home_visits=draw.choice([True, False, None, None]),
            online=draw.choice([True, None, None, None]),
            languages=draw.choice([None, ["da"], ["da", "ar"], ["en"]]),
            insurers=draw.choice([None, ["tryg"], ["tryg", "pfa"]]),
            confirmed_at=draw.choice([None, today(), today() - datetime.timedelta(days=900)]),
            waiting_days=draw.choice([None, 0, 3, 10, 40]),
            waiting_stated_on=today() - datetime.timedelta(days=draw.choice([5, 5, 100])),
            latitude=where.latitude + draw.uniform(-0.2, 0.2),
            longitude=where.longitude + draw.uniform(-0.2, 0.2),
        )


CHOICES = {
    "speciale": ["ryg", "knae", "skulder", "kaebe", "muskuloskeletal"],
    "behandling": ["holdtraening", "taping"],
    "adgang": ["elevator", "niveaufri"],
    "fakta": ["akut", "vederlagsfri", "danmark"],
    "form": ["hold", "hjemme", "online"],
    "sprog": ["ar", "en", "da"],
    "forsikring": ["tryg", "pfa"],
    "ydernummer": ["ja"],
    "bekraeftet": ["ja"],
}


def query(draw: random.Random, *, place: bool = True) -> QueryDict:
    """A random search; each filter is chosen now and then."""
    made = QueryDict(mutable=True)
    if place or draw.random() < 0.7:
        made["sted"] = draw.choice(["8000", "9000", "8600", "Kalundborg"])
    for name, values in CHOICES.items():
        if draw.random() < 0.2:
            made.setlist(name, draw.sample(values, min(len(values), draw.choice([1, 1, 2]))))
    for name, values in {
        "tilstand": ["ondt-i-ryggen"],
        "radius": ["5", "25"],
        "pris_max": ["500", "100"],
        "ventetid_max": ["3", "14"],
        "sorter": ["pris", "ventetid", "match", "afstand"],
    }.items():
        if draw.random() < 0.25:
            made[name] = draw.choice(values)
    return made


def within(entry: SearchEntry, found) -> bool:
    """Whether a clinic lies no further away than the list goes; steps are kilometres or the whole country here."""
    if found.asked.point is None or isinstance(found.step, str):
        return True
    return found.asked.point.km_to(point_of(entry)) <= found.step


def point_of(entry: SearchEntry) -> Point:
    return Point(entry.latitude, entry.longitude)


def entries() -> list[SearchEntry]:
    return list(SearchEntry.objects.select_related("clinic__postcode"))


def changed(asked: QueryDict, **changes: str) -> QueryDict:
    made = asked.copy()
    for name, value in changes.items():
        made[name] = value
    return made

"""The name under a review: what we suggest, and what nobody may call themselves."""

import pytest

from clinics.models import Clinic, Practitioner
from clinics.reviews import nickname
from clinics.reviews.nickname import (
    CONTACT,
    EMPTY,
    FIGURES,
    KIND,
    LONG,
    NOUNS,
    REAL,
    SIGNS,
    STAFF,
    TAKEN,
    problem,
    suggest,
)
from tests.people import clinic

from .worlds import kept


@kept
def ryggen() -> Clinic:
    here = clinic("Ryggen Fys", "Aarhus C")
    for name in ("Mette Holm", "Per Lund", "Åse Kjærgaard"):
        Practitioner.objects.create(clinic=here, name=name)
    return here


def test_every_suggestion_can_be_used(ryggen):
    """Each word once; what is refused of a pair would be one of its words."""
    pairs = [f"{KIND[place % len(KIND)]} {noun}" for place, noun in enumerate(NOUNS)]
    pairs += [f"{kind} {NOUNS[place]}" for place, kind in enumerate(KIND)]
    assert [pair for pair in pairs if problem(pair, ryggen)] == []
    assert max(map(len, KIND)) + 1 + max(map(len, NOUNS)) <= nickname.LONGEST


def test_suggestions_are_many_and_differ():
    assert len(set(KIND)) == len(KIND) and len(set(NOUNS)) == len(NOUNS)
    assert len(KIND) * len(NOUNS) > 9_000
    first, second = suggest().split()
    assert first in KIND and second in NOUNS
    assert len({suggest() for _ in range(50)}) > 1  # all alike: once in 10 000 to the 49th


@pytest.mark.parametrize(
    "name",
    [
        "Rolig Lærke", "Mormor 72", "Løberen fra Viby", "Kaj", "Anne-Lise", "P. fra Ø", "Glad løber", "Mette2",
        "Олена", "أمل", "Işık", "Badmintonspiller", "Den glade Bamsen", "Jensen", "L'Amour", "ulla k.", "Frk. Ryg",
    ],
)  # fmt: skip
def test_names_that_may_be_used(ryggen, name):
    assert problem(name, ryggen) is None


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", EMPTY),
        (" \u200b ", EMPTY),
        ("\u3164\u3164", EMPTY),
        ("X", EMPTY),
        ("J.", EMPTY),
        ("72", EMPTY),
        ("--", EMPTY),
        ("a" * 41, LONG),
        ("Rolig " * 500, LONG),
        ("klinik.dk", CONTACT),
        ("mette@klinik.dk", CONTACT),
        ("ring 86121212", CONTACT),
        ("Mor 010190-1234", CONTACT),
        ("<b>Mor</b>", SIGNS),
        ("Mor 😀", SIGNS),
        ("Mor & far", SIGNS),
        ("Mor\nog far", SIGNS),
        ("Mor 19621", FIGURES),
        ("Hans Jensen", REAL),
        ("hans peter sørensen", REAL),
        ("Hаns Jеnsen", REAL),  # with a Cyrillic а and е
        ("Mette", STAFF),
        ("mette holm", STAFF),
        ("M e t t e", STAFF),
        ("Per", STAFF),
        ("Aase", STAFF),
        ("Ryggen Fys", TAKEN),
        ("Ejer af ryggen-fys", TAKEN),
        ("FysFinder", TAKEN),
        ("F y s f i n d e r", TAKEN),
        ("Fуsfіnder", TAKEN),
        ("Moderator", TAKEN),
        ("Admin 1", TAKEN),
        ("Klinikken", TAKEN),
    ],
)
def test_names_that_are_refused(ryggen, name, why):
    assert problem(name, ryggen) == why

from decimal import Decimal

import pytest

from clinics import danish


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (550, "550 kr."),
        (1250, "1.250 kr."),
        (Decimal("293.98"), "293,98 kr."),
        (Decimal("1000.50"), "1.000,50 kr."),
        (0, "0 kr."),
    ],
)
def test_kroner(amount, text):
    assert danish.kroner(amount) == text


@pytest.mark.parametrize(
    ("km", "text"),
    [
        (0, "under 100 m"),
        (0.14, "0,1 km"),
        (1.24, "1,2 km"),
        (9.94, "9,9 km"),
        (9.96, "10 km"),
        (24.4, "24 km"),
        (311, "311 km"),
    ],
)
def test_kilometres(km, text):
    assert danish.kilometres(km) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [("+4586121212", "86 12 12 12"), ("1813", "1813"), ("70110707", "70 11 07 07"), ("+46812345678", "+46812345678")],
)
def test_phone(number, text):
    assert danish.phone(number) == text


@pytest.mark.parametrize(
    ("name", "text"),
    [("Ondt i lænden", "ondt i lænden"), ("KOL", "KOL"), ("GLA:D Ryg", "GLA:D Ryg"), ("Østeoporose", "østeoporose")],
)
def test_names_inside_a_sentence(name, text):
    assert danish.in_sentence(name) == text


def test_listing():
    assert danish.listing(["a"]) == "a"
    assert danish.listing(["a", "b", "c"]) == "a, b og c"
    assert danish.listing(["a", "b"], "eller") == "a eller b"


def test_count():
    assert danish.count(1, "klinik", "klinikker") == "1 klinik"
    assert danish.count(1050, "klinik", "klinikker") == "1.050 klinikker"


def test_half_an_oere_is_rounded_up_everywhere():
    assert danish.kroner(Decimal("1001") / 8) == "125,13 kr."


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("bækkenbundstræning, MDT", "bækkenbunds|træning, MDT"),
        ("Fysioterapikæden Eksempel", "Fysio|terapi|kæden Eksempel"),
        ("Sundhedsforsikringer", "Sundheds|forsikringer"),
        ("triggerpunktbehandling", "triggerpunkt|behandling"),
        ("træning og massage", "træning og massage"),
        ("fysioterapeut", "fysioterapeut"),
        ("Sportsfysioterapi", "Sports|fysio|terapi"),
        ("Behandlingstyper", "Behandlingstyper"),
    ],
)
def test_long_compounds_may_be_broken_where_they_are_joined(text, broken):
    assert danish.breakable(text) == broken.replace("|", "\u00ad")

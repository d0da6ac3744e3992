"""What a geocoder is asked: a street, a house and a town, whatever else people write into the line of an address."""

import pytest

from clinics.geocoding.asked import asked
from clinics.models import Postcode

AARHUS = Postcode(code="8000", town="Aarhus C")


@pytest.mark.parametrize(
    ("street", "line"),
    [
        ("Nørrebrogade 12B, 2. tv.", "Nørrebrogade 12B"),
        ("Nørrebrogade 12 b", "Nørrebrogade 12B"),
        ("Nørrebrogade 12 B st. th", "Nørrebrogade 12B"),
        ("Nørrebrogade  12, kl.", "Nørrebrogade 12"),
        ("Nørrebrogade 12 2. sal", "Nørrebrogade 12"),
        ("Nørrebrogade 12 (baghuset)", "Nørrebrogade 12"),
        ("Nørrebrogade 12 c/o Fitness", "Nørrebrogade 12"),
        ("Nørrebrogade 12 v/ Mette", "Nørrebrogade 12"),
        ("Nørrebrogade 12.", "Nørrebrogade 12"),
        ("Sundhedshuset, c/o Lægerne, Torvet 3b, 2. tv.", "Torvet 3B"),
        ("c/o Gade 7, Havnegade 1", "Havnegade 1"),
        ("Bygning 5, Parkvej 7", "Parkvej 7"),
        ("Indgang 2, Parkvej 7, lokale 114", "Parkvej 7"),
        ("Ny Munkegade 118, bygning 1530", "Ny Munkegade 118"),
        ("Nørregade 5, 8000 Aarhus C", "Nørregade 5"),
        ("Nørregade 5 8000 Århus C", "Nørregade 5"),
        ("Nørregade 5\n8000 Aarhus C\nDanmark", "Nørregade 5"),
        ("H.C. Andersens Boulevard 12-14", "H.C. Andersens Boulevard 12"),
        ("Vestergade 12A-C", "Vestergade 12A"),
        ("Skolevej 007", "Skolevej 7"),
        ("10. Februar Vej 5, 3. 2.", "10. Februar Vej 5"),
        ("Christian 4.s Vej 12", "Christian 4.s Vej 12"),
        ("Ø Vej 3", "Ø Vej 3"),
        ("Torvet", "Torvet"),
        ("Torvet, 1. sal", "Torvet"),
        ("Torvet st. tv", "Torvet"),
        ("18. Februar Vej", "18. Februar Vej"),
        ("Torvet\u200b 3\u202e", "Torvet 3"),
    ],
)
def test_what_is_asked(street, line):
    assert asked(street, AARHUS).line == f"{line}, 8000 Aarhus C"


@pytest.mark.parametrize(
    "street",
    ["", " ", "2. tv.", "12", "Postboks 12", "c/o Mette", "8000 Aarhus C", "Aarhus", "-", "st. th", "\0", "🙂 4"],
)
def test_nobody_is_asked(street):
    assert asked(street, AARHUS) is None


@pytest.mark.parametrize("street", ["a" * 10_000, "1 " * 5000, "," * 10_000, "Vej " * 3000 + "7", "(" * 5000])
def test_a_long_line_is_read_in_no_time(street):
    found = asked(street, AARHUS)
    assert found is None or len(found.line) < 400

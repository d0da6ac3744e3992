"""Who at a clinic makes it a match, in a line or two."""

import pytest

from clinics.matching import Wanted
from clinics.reasons import people_reasons

KNEE, SPORT, SCIATICA, CLASS = (
    Wanted(1, "Knæ", 3),
    Wanted(2, "Sportsfysioterapi", 2),
    Wanted(3, "Iskias", 3),
    Wanted(4, "GLA:D Ryg", 1),
)
WANTED = [KNEE, SPORT, SCIATICA, CLASS]

TABLE = [
    ([], []),
    ([("Mette Hansen", "Knæ", "certified", "documented")], ["Mette Hansen: certificeret i knæ"]),
    ([("Anders", "Sportsfysioterapi", "specialist", "documented")], ["Anders: specialist i sportsfysioterapi"]),
    ([("Mette", "Iskias", "", "stated")], ["Mette: arbejder med iskias"]),
    ([("Mette", "GLA:D Ryg", "certified", "documented")], ["Mette: certificeret i GLA:D Ryg"]),
    ([("Mette", "Skulder", "", "stated")], []),  # nobody asked for it
    ([("Mette", "Knæ", "", "suggested")], []),
    ([("Mette", "Knæ", "specialist", "stated")], ["Mette: arbejder med knæ"]),  # a title that nobody has documented
    # the strongest word of each, the strongest first
    (
        [
            ("Ida", "GLA:D Ryg", "", "stated"),
            ("Mette", "Sportsfysioterapi", "", "stated"),
            ("Mette", "Knæ", "", "stated"),
        ],
        ["Mette: arbejder med knæ", "Ida: arbejder med GLA:D Ryg"],
    ),
    (
        [("Ida", "Knæ", "", "stated"), ("Mette", "Knæ", "certified", "documented"), ("Mette", "Knæ", "", "stated")],
        ["Mette: certificeret i knæ", "Ida: arbejder med knæ"],
    ),
    (
        [(name, "Knæ", "", "stated") for name in ("A", "B", "C")],
        ["A: arbejder med knæ", "B: arbejder med knæ", "og 1 behandler mere"],
    ),
    (
        [(name, "Knæ", "", "stated") for name in "ABCDE"],
        ["A: arbejder med knæ", "B: arbejder med knæ", "og 3 behandlere mere"],
    ),
]


@pytest.mark.parametrize(("rows", "lines"), TABLE)
def test_reasons(rows, lines):
    assert people_reasons(rows, WANTED) == tuple(lines)


def test_nothing_wanted_gives_no_reasons():
    assert people_reasons([("Mette", "Knæ", "", "stated")], []) == ()


def test_of_two_wishes_for_one_term_the_stronger_counts():
    rows = [("Ida", "Iskias", "", "stated"), ("Mette", "Knæ", "", "stated")]
    wanted = [Wanted(1, "Knæ", 1), Wanted(1, "Knæ", 3), Wanted(3, "Iskias", 2)]
    assert people_reasons(rows, wanted)[0] == "Mette: arbejder med knæ"

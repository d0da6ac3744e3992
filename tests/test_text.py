"""Danish text: what counts as the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinics.text import fold, folds, normalise, slugify_da, typos_between


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  DK-8000,  Århus C. ", "dk 8000 århus c"),
        ("A\u030arhus", "århus"),  # the ring as a character of its own
        ("NØRREBRO", "nørrebro"),
        ("Gl\u00adads\u200baxe", "gladsaxe"),  # soft hyphen, zero-width space
        ("ﬁsk", "fisk"),
        ("snake_case", "snake case"),
        ("a\0b", "a b"),
        ("?!", ""),
        ("", ""),
    ],
)
def test_normalise(text, expected):
    assert normalise(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Århus", ("aarhus", "arhus")),
        ("Østerbro", ("oesterbro", "osterbro")),
        ("Ærø", ("aeroe", "aero")),
        ("Odense", ("odense",)),
        ("Köpenhamn", ("koepenhamn", "kopenhamn")),
        ("café", ("cafe",)),
        ("señor", ("senor",)),
        ("Kǿbenhavn", ("koebenhavn", "kobenhavn")),
        ("가", ("가",)),
        ("", ("",)),
    ],
)
def test_folds(text, expected):
    assert folds(text) == expected


def test_fold_is_one_spelling_for_all():
    assert fold("Ålborg") == fold("AALBORG") == fold("a\u030alborg") == "aalborg"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ondt i lænden", "ondt-i-laenden"),
        ("Ærø Øst", "aeroe-oest"),
        ("A\u030arhus C", "aarhus-c"),
        ("Smerter i ballen og ned i benet", "smerter-i-ballen-og-ned-i-benet"),
        ("!!!", ""),
    ],
)
def test_slugify_da(text, expected):
    assert slugify_da(text) == expected


@settings(max_examples=100)
@given(st.text())
def test_folding_twice_is_folding_once(text):
    for key in folds(text):
        assert folds(key) == (key,)


@pytest.mark.parametrize(
    ("one", "other", "typos"),
    [
        ("aarhus", "aarhus", 0),
        ("aahrus", "aarhus", 1),  # two neighbours swapped
        ("odense", "odnse", 1),
        ("odense", "odenses", 1),
        ("odense", "ødense", 1),
        ("viborg", "vibrog", 1),
        ("silkborg", "silkeborg", 1),
        ("kolding", "koldign", 1),
        ("ca", "abc", 3),  # swapping and then inserting between is two edits of one pair: not counted as one
        ("", "ab", 2),
    ],
)
def test_typos_between(one, other, typos):
    assert typos_between(one, other, 3) == typos
    assert typos_between(other, one, 3) == typos


def test_typos_between_stops_at_the_most_that_is_asked_for():
    assert typos_between("aarhus", "odense", 1) == 2
    assert typos_between("aarhus", "a", 2) == 3
    assert typos_between("abcdef", "ghijkl", 2) == 3

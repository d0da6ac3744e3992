"""Are two descriptions the same clinic? A table of what real neighbours and real twins look like."""

import pytest

from clinics.geo import Point
from clinics.likeness import (
    MOST,
    SHOWN,
    SURE,
    Described,
    candidates,
    core,
    house,
    likeness,
    names_alike,
    same_house,
    same_site,
)

from .people import TOWNS, clinic


def one(name="", town="Aarhus C", **fields) -> Described:
    code, latitude, longitude, *_ = TOWNS[town]
    return Described(name=name, postcode=code, town=town, point=Point(latitude, longitude), **fields)


@pytest.mark.parametrize(
    ("name", "town", "words"),
    [
        ("Klinik for Fysioterapi, Ryggen ApS v/Mette Hansen", "Aarhus C", ("ryggen",)),
        ("Ryggen v. Mette", "", ("ryggen",)),
        ("Klinik for fysioterapi v/ Mette Hansen", "", ("mette", "hansen")),
        ("Ryggen Aarhus", "Aarhus C", ("ryggen",)),
        ("Aarhus Fysioterapi", "Aarhus C", ("arhus",)),
        ("Fysioterapien", "Aarhus C", ("fysioterapien",)),
        ("BEVÆGELSESHUSET A/S", "", ("bevaegelseshuset",)),
        ("Bjørn & Søn I/S", "", ("bjorn", "son")),
        ("Capsler", "", ("capsler",)),
        ("", "", ()),
        ("v/", "", ()),
    ],
)
def test_the_words_that_tell(name, town, words):
    assert core(name, town) == words


@pytest.mark.parametrize(
    ("mine", "theirs", "answer"),
    [
        ("Århus Ryg", "Aarhus Ryg", "same"),
        ("Sønderjyllands Ryg", "Soenderjyllands Ryg ApS", "same"),
        ("Bevægelses Huset", "Bevægelseshuset", "same"),
        ("Fysioterapi Ryggen", "Ryggen v/Mette Hansen", "same"),
        ("Bevægelseshuset", "Bevægelsehuset", "alike"),
        ("Ryggen", "Ryggen og Knæet", "alike"),
        ("Ryggen", "Knæet", ""),
        ("Krop", "Krop & Sind og Bevægelse", "alike"),
        ("Nord", "Syd", ""),
        ("", "Ryggen", ""),
    ],
)
def test_names(mine, theirs, answer):
    assert names_alike(mine, "", theirs, "") == answer == names_alike(theirs, "", mine, "")


@pytest.mark.parametrize(
    ("street", "parts"),
    [
        ("Nørregade 4", ("norregade", "4", "")),
        ("Nørregade 4B, 2. tv.", ("norregade", "4", "b")),
        ("Nørregade 4 b", ("norregade", "4", "b")),
        ("Gl. Kongevej 12", ("gammel kongevej", "12", "")),
        ("4. Maj Vej 3", ("4 maj vej", "3", "")),
        ("Torvet 1-3", ("torvet", "1", "")),
        ("4. Maj Vej", None),
        ("Nørregade", None),
        ("12", None),
        ("", None),
    ],
)
def test_a_house(street, parts):
    assert house(street) == parts


def test_the_same_house():
    assert same_house("Nørregade 4", "Noerregade 4 B") and same_house("Nørregade 4b, st.", "NØRREGADE 4B")
    assert not same_house("Nørregade 4A", "Nørregade 4B") and not same_house("Nørregade 4", "Nørregade 14")
    assert not same_house("Nørregade", "Nørregade")


@pytest.mark.parametrize(
    ("mine", "theirs", "same"),
    [
        ("https://www.ryggen.dk/", "http://aarhus.ryggen.dk/priser", True),
        ("https://ryggen.dk", "https://knaeet.dk", False),
        ("https://facebook.com/ryggen", "https://www.facebook.com/Ryggen/", True),
        ("https://facebook.com/ryggen", "https://facebook.com/knaeet", False),
        ("https://facebook.com/", "https://facebook.com/", False),
        ("", "", False),
    ],
)
def test_the_same_site(mine, theirs, same):
    assert same_site(mine, theirs) is same


@pytest.mark.parametrize(
    ("mine", "theirs", "least", "most"),
    [
        # the same twice
        (one("Ryggen", phone="+4586121212"), one("Ryggen ApS", phone="+4586121212"), SURE, 100),
        (one("Ryggen", street="Nørregade 4"), one("Ryggen v/Mette", street="Nørregade 4, 1."), SURE, 100),
        (one("Ryggen", website="https://ryggen.dk"), one("Ryggen", website="https://ryggen.dk/om"), SURE, 100),
        # worth a question
        (one("Ryggen"), one("Ryggen", "Aarhus N"), SHOWN, SURE - 1),
        (one("Nyt Navn", street="Nørregade 4"), one("Ryggen", street="Nørregade 4"), SHOWN, SURE - 1),
        (
            one("Nyt", website="https://kaede.dk"),
            one("Gammelt", "Odense C", website="https://kaede.dk"),
            SHOWN,
            SURE - 1,
        ),
        # others
        (one("Ryggen"), one("Ryggen", "Aalborg"), 1, SHOWN - 1),
        (one("Klinik for Fysioterapi v/Mette Hansen"), one("Klinik for Fysioterapi v/Bo Olsen"), 0, 0),
        (one("Ryggen", street="Nørregade 4"), one("Knæet", street="Nørregade 6"), 0, 0),
        (Described(), Described(), 0, 0),
    ],
)
def test_the_score(mine, theirs, least, most):
    there, back = likeness(mine, theirs), likeness(theirs, mine)
    assert least <= there.score <= most and there.score == back.score
    assert bool(there.reasons) == bool(there.score)


def test_the_reasons_are_in_words_and_the_strongest_first():
    mine = one("Ryggen", street="Nørregade 4", phone="+4586121212")
    theirs = one("Ryggen", "Aarhus N", street="Nørregade 4", phone="+4586121212")
    assert likeness(mine, theirs).reasons == ("samme telefonnummer", "samme navn, 4,4 km derfra")


@pytest.mark.django_db
def test_candidates_come_from_the_directory_the_likest_first(django_assert_num_queries):
    clinic("Ryggen Nord", "Aarhus N")
    twin = clinic("Ryggen", "Aarhus C", street="Nørregade 4", phone="+4586121212")
    clinic("Ryggen Aalborg", "Aalborg")
    hidden = clinic("Ryggen Gammel", "Aarhus C", status="draft", phone="+4586121212")
    asked = one("Ryggen ApS", street="Nørregade 4", phone="+4586121212")
    with django_assert_num_queries(2):
        found = candidates(asked, public=True)
    assert [found.clinic.name for found in found] == ["Ryggen", "Ryggen Nord"] and found[0].clinic == twin
    assert hidden in [found.clinic for found in candidates(asked, public=False)]
    assert twin not in [found.clinic for found in candidates(asked, public=True, but=twin.pk)]


@pytest.mark.django_db
def test_a_phone_elsewhere_and_a_site_elsewhere_are_found():
    clinic("Knæet", "Aalborg", phone="+4586121212")
    clinic("Hoften", "Odense C", website="https://hoften.dk/")
    found = candidates(one("Nyt navn", phone="+4586121212", website="https://www.hoften.dk"), public=True)
    assert [found.clinic.name for found in found] == ["Knæet", "Hoften"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["'", "a' | 'b", "\\", "&|!()", "Ø" * 160, "診療所", "v/", "%_%"])
def test_no_name_breaks_the_question(name):
    clinic("Ryggen", "Aarhus C")
    assert candidates(one(name, street=name, website="https://xn--.dk/%"), public=False) == []


@pytest.mark.django_db
def test_no_more_are_shown_than_somebody_reads():
    for number in range(MOST + 3):
        clinic(f"Ryggen {'I' * number}".strip(), "Aarhus C", phone="+4586121212")
    assert len(candidates(one("Ryggen", phone="+4586121212"), public=True)) == MOST

"""Which heading is which fact, the template, and mapping files."""

import csv
import io

import pytest

from clinics.intake.reading.columns import (
    FACTS,
    IGNORED,
    SYNONYMS,
    TEMPLATE,
    MappingError,
    explained,
    key,
    read_mapping,
)
from clinics.intake.reading.template import template
from clinics.languages import NAMES
from clinics.models import Clinic


@pytest.mark.parametrize(
    ("heading", "fact"),
    [
        ("førsteKons", "price_first"),
        ("FØRSTE KONS.", "price_first"),
        ("foersteKons", "price_first"),
        ("forstekons", "price_first"),
        ("opfølgning", "price_follow_up"),
        ("adresse", "address"),
        ("Postnr.", "postcode_id"),
        ("by", "town"),
        ("lokation", "name"),
        ("tlf", "phone"),
        ("Tlf. nr.", "phone"),
        ("hjemmeside", "website"),
        ("ydernummer", "has_ydernummer"),
        ("handicapadgang", "step_free"),
        ("mandag", "monday"),
        ("Lørdag", "saturday"),
        ("loerdag", "saturday"),
        ("pris_foerste", "price_first"),
        ("e-mail", "email"),
        ("længdegrad", "longitude"),
        ("Bemærkning", None),
    ],
)
def test_headings_that_need_no_mapping(heading, fact):
    assert SYNONYMS.get(key(heading)) == fact


def test_no_two_facts_share_a_word():
    told = [(key(word), name) for name, fact in FACTS.items() for word in (fact.heading, *fact.synonyms)]
    facts: dict[str, set[str]] = {}
    for word, name in told:
        facts.setdefault(word, set()).add(name)
    assert not {word: names for word, names in facts.items() if len(names) > 1}


def test_every_fact_is_the_clinics_or_one_that_is_read_with_others():
    fields = {field.attname for field in Clinic._meta.concrete_fields}
    others = {
        "external_id",
        "address",
        "town",
        "price_first",
        "price_follow_up",
        "opening_hours",
        "practitioners",
        "text",
    }
    days = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
    assert set(FACTS) - fields == others | days


def test_the_template_is_a_table_that_a_danish_spreadsheet_opens():
    told = template()
    assert told.startswith(b"\xef\xbb\xbf")
    headings, example = csv.reader(io.StringIO(told.decode("utf-8-sig")), delimiter=";")
    assert tuple(headings) == TEMPLATE == tuple(heading for heading, _, _ in explained())
    assert len(set(map(key, headings))) == len(headings) == len(example)
    assert {"mandag", "søndag", "pris_første", "behandlere", "hjemmesidetekst"} <= set(headings)
    assert all(text.endswith((".", ")")) for _, text, _ in explained())


def test_a_mapping_gives_headings_facts():
    told = "kolonner:\n  førsteKons: pris_foerste\n  Gade: adresse\n  'Husnr': Adresse\n  Intern note: ingen\n  2026: tlf\n"
    assert read_mapping(told) == {
        "førsteKons": "price_first",
        "Gade": "address",
        "Husnr": "address",
        "Intern note": IGNORED,
        "2026": "phone",
    }


@pytest.mark.parametrize("nothing", ["", "\ufeff", "# kun en bemærkning\n"])
def test_an_empty_mapping_is_the_template(nothing):
    assert read_mapping(nothing) == {}


@pytest.mark.parametrize(
    ("told", "word"),
    [
        ("kolonner:\n  A: pris_forste_kons\n", "Mente du “pris_første”"),
        ("kolonner:\n  A: hokuspokus\n", "“hokuspokus”"),
        ("kolonner:\n  A: [navn]\n", "“A”"),
        ("kolonner:\n  A: 7\n", "“7”"),
        ("kolonner:\n  A:\n", "“A”"),
        ("kolonner:\n  no: navn\n", "anførselstegn"),
        ("kolonner:\n  '-': navn\n", "ingen overskrift"),
        ("kolonner:\n  Navn: navn\n  NAVN: navn\n", "to gange"),
        ("kolonner: navn\n", "begynder med"),
        ("- navn\n", "begynder med"),
        ("columns:\n  A: navn\n", "begynder med"),
        ("kolonner:\n  A: 'navn\n", "linje"),
        ("kolonner:\n\tA: navn\n", "linje 2"),
        ("kolonner: !!python/object:os.system {}\n", "linje 1"),
        ("[" * 99_000, "Kolonnelisten"),
        ("- " * 49_000, "Kolonnelisten"),
        ("kolonner: &a {x: *a}", "linje 1"),
        ("a: &a [1]\nkolonner: {x: *a}", "linje 2"),
        ("kolonner: {" + ",".join(f"a{number}: navn" for number in range(1001)) + "}", "1000"),
        ("x" * 100_001, "for lang"),
        ("\x00", "Kolonnelisten"),
    ],
)
def test_a_mapping_that_cannot_be_used(told, word):
    with pytest.raises(MappingError) as raised:
        read_mapping(told)
    assert word in raised.value.text


def test_the_languages_of_the_site_are_understood_by_their_names():
    from clinics.intake.reading.values import languages

    for code, name in NAMES.items():
        assert languages(name).value == [code], name

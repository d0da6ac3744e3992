"""Which articles are generic: the rule of articles/generic.py, one case for each of its sentences."""

import pytest

from articles.generic import judge
from clinics.models import Condition, Speciality, TreatmentType

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name",
    [
        "Kost",
        "Kost og motion",
        "Protein og muskler",
        "Søvn",
        "God søvn",
        "Skulderens anatomi",
        "Ryggens opbygning",
        "Musklerne i skulderen",
        "Kroppens knogler",
        "Fysiologi",
        "Hvad er fysioterapi?",
        "Hvad koster fysioterapi?",
        "Tilskud til fysioterapi",
        "Henvisning fra lægen",
        "Foam roller",
        "Valg af løbesko",
        "Ergonomi på kontoret",
        "D-vitamin",
        "Opvarmning før løb",
    ],
)
def test_a_subject_to_read_about_is_generic(name):
    verdict = judge(name, ["Symptomer og behandling"], ["skulder"])
    assert verdict.is_generic
    assert verdict.reason.startswith("Navnet er et generelt emne (“")


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("Ondt i foden efter nye sko", "ondt"),
        ("Søvn og smerter", "smerter"),
        ("Kost ved leddegigt", "leddegigt"),
        ("Sportsskader", "sportsskader"),
        ("Piriformis-syndrom", "syndrom"),
        ("Bursitis", "bursitis"),
        ("Skulderens artrose", "artrose"),
        ("Brud på hælbenet", "brud"),
        ("Muskelspændinger", "muskelspændinger"),
        ("Fibromyalgi", "fibromyalgi"),
        ("Vand i knæet", "vand i"),
        ("Hævelser i benene", "hævelser"),
        ("Stress i kroppen", "stress"),
        ("Træning ved KOL", "kol"),
        ("Hovedpine", "hovedpine"),
        ("Frossen skulder", "frossen"),
    ],
)
def test_a_complaint_is_never_generic(name, word):
    verdict = judge(name, [], ())
    assert not verdict.is_generic
    assert f"(“{word}”)" in verdict.reason


def test_what_leads_to_clinics_already_is_not_generic():
    Condition.objects.create(slug="a", name="Motion", synonyms=["opvarmning"])
    Speciality.objects.create(slug="b", name="Ergonomi")
    TreatmentType.objects.create(slug="c", name="Massage", synonyms=["afspænding"])
    for name in ("Motion", "Opvarmning", "Ergonomi", "Afspænding"):
        verdict = judge(name, [], ())
        assert not verdict.is_generic and "fører til klinikker" in verdict.reason
    Condition.objects.create(slug="d", name="Kost", is_generic=True)
    assert judge("Kost", [], ()).is_generic


def test_without_a_match_and_without_a_question_about_a_complaint_it_is_generic():
    headings = ["Hvad er statur?", "Statur gennem livet"]
    assert judge("Statur", headings, ()).is_generic
    assert not judge("Statur", headings, ["ryg"]).is_generic
    assert not judge("Statur", [*headings, "Hvad er årsagen?"], ()).is_generic


@pytest.mark.parametrize(
    "name", ["Udspænding af læggen", "Løberknæ", "Uro i kroppen om natten", "Sovende fingre", "Dosis"]
)
def test_words_that_only_contain_another_decide_nothing(name):
    verdict = judge(name, ["Symptomer"], ["sport"])
    assert not verdict.is_generic


def test_every_condition_of_the_vocabulary_is_judged_as_its_editors_did():
    """All 111 are complaints but one, whose name says one too: an editor may see it otherwise than the rule."""
    from django.core.management import call_command

    call_command("load_vocabulary", verbosity=0)
    wrong = [
        condition.slug
        for condition in Condition.objects.filter(is_generic=False)
        if judge(condition.name, ["Symptomer"], ["sport"]).is_generic
    ]
    assert wrong == []

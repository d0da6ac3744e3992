"""Likely mistakes as a table: a sentence on the left, what should stand there on the right (or nothing)."""

import re

import pytest
import yaml

from articles.document import parse
from articles.lint import typos
from articles.lint.data import FOLDER, load
from articles.lint.passages import Reading
from articles.models import Article
from clinics import claims


def read(text: str, **fields) -> Reading:
    return Reading(Article(**{"slug": "proeve", "title": "Prøve"} | fields), parse(text))


def suggestions(text: str) -> list[str]:
    return [finding.suggestion for finding in typos.check(read(text)) if finding.code == "typo"]


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        # domain.md §2.4: what stands in the articles that were sent to us
        ("Ros og gradvis genoptræning hjælper ofte.", "Ro og gradvis"),
        ("De skyldes mangel på electrolytter.", "elektrolytter"),
        ("Isometrisk træning kan fås i opstartsfasen.", "træning kan bruges"),
        ("Circulations- eller nervesygdomme.", "Kredsløbs-"),
        ("En enkel vægstræk af læggen hjælper mange.", "Et enkelt vægstræk"),
        ("En let hæverløft styrker lægmusklerne.", "hælløft"),
        ("Beviset for at kosttilskud virker er blandet.", "Dokumentationen for"),
        ("Øvelsen løsner, at løsne lænderyggen og stramme baglår.", "løsne lænderyggen og de stramme baglår"),
        ("Ret benet ud, og stræk i tårne.", "tæerne"),
        ("Rådgivning om kompressionstøtte.", "kompressionsstøtte"),
        ("Forsøg ikke med varmepakninger eller masser kraftigt.", "massér (eller massere) kraftigt"),
        # our own choice
        ("Det er et Symtom på noget andet.", "Symptom"),
        ("Tag smerte stillende medicin.", "smertestillende"),
        ("En fysio terapeut kan hjælpe.", "fysioterapeut"),
        ("Mange har ryg smerter om morgenen.", "rygsmerter"),
        ("Nogen gange går det over.", "Nogle gange"),
        ("Løft én af gangen.", "én ad gangen"),
        ("I løbet at ugen bliver det bedre.", "I løbet af"),
        ("Træning kan lindrer smerten.", "kan … uden -r i “lindrer”"),
        ("Det er godt at styrker benene.", "at … uden -r i “styrker”"),
        ("Du skal ligge dig ned.", "læg(ge) dig ned"),
        ("Træk været dybt.", "Træk vejret"),
        ("Det er bedst idag.", "i dag"),
        ("Smerten er væk.Det er godt.", "væk. Det"),
        ("Hvil foden , og vent.", "foden,"),
        ("Ved piriformis syndrom gør det ondt.", "piriformissyndrom"),
    ],
)
def test_what_is_probably_a_mistake(text, suggestion):
    assert suggestions(text) == [suggestion]


@pytest.mark.parametrize(
    "text",
    [
        "Ro og gradvis genoptræning hjælper ofte.",
        "Medicinen kan fås på apoteket, og tid kan fås hos lægen.",
        "Stræk læggen, mens du holder et let stræk i hoften.",
        "Der er masser af øvelser. Masser benet er der ikke noget, der hedder.",
        "Problemerne kan tårne sig op.",
        "Din ryg smerter, og hvis et knæ smerter, så hvil.",
        "Jeg har set nogen gå.",
        "Du kan øge tempoet, og det, du kan, lindrer smerten.",
        "Det er godt at være aktiv, og at smerter går over.",
        "Når du ligger ned, og læg dig på siden.",
        "Det gør det det samme, siger de, og vi går ind i i dag.",
        "Se fx www.example.dk, f.eks. i dag, bl.a. ca. 20.",
        "En strækning på to kilometer.",
        "Lægen kan henvise, og vil du træne, så spørg.",
        "Skulder/arm; knæ (begge) og hofte.",
    ],
)
def test_what_is_ordinary_danish(text):
    found = [finding for finding in typos.check(read(text)) if finding.code in ("typo", "word_twice")]
    assert [finding.text for finding in found if "masser benet" not in finding.text.lower()] == []


@pytest.mark.parametrize(
    ("text", "twice"),
    [
        ("Hvil benet og og vent.", True),
        ("Det er er godt.", True),
        ("Sid i i ro.", True),
        ("Vi går ind i i dag.", False),
        ("Hvis det gør det det samme.", False),
        ("Det er godt. Godt er det.", False),
        ("Ja, ja.", False),
    ],
)
def test_words_that_stand_twice(text, twice):
    assert [finding.code for finding in typos.check(read(text))] == (["word_twice"] if twice else [])


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Prøv Over-the-counter medicin.", "i håndkøb"),
        ("Lav side-lying clamshell hver dag.", "muslingen (liggende på siden)"),
        ("Det er godt for your ryg.", ""),
        ("Skinnebensbetændelse (shin splints) gør ondt.", None),
        ("Glute bridge (bækkenløft) er godt.", None),
        ("På engelsk hedder det shin splints.", None),
        ("Restless legs er uro i benene.", None),
    ],
)
def test_english_that_nobody_explained(text, word):
    found = [finding.suggestion for finding in typos.check(read(text)) if finding.code == "english"]
    assert found == ([] if word is None else [word])


@pytest.mark.parametrize(
    ("text", "mixed"),
    [
        ("Iskias er hårdt.\n\nMange med ischias får det bedre.", True),
        ("Ondt i ballen.\n\nØm balde.", True),
        ("Klaudicatio her.\n\n| A | B |\n|---|---|\n| x | claudicatio |", True),
        ("Det kaldes iskias eller ischias.\n\nIschias går over.", False),
        ("Iskias er hårdt. Iskias går over.", False),
    ],
)
def test_two_spellings_of_one_word(text, mixed):
    found = [finding.code for finding in typos.check(read(text)) if finding.code == "two_spellings"]
    assert found == (["two_spellings"] if mixed else [])


def test_a_finding_says_where_it_is():
    text = "Indledning.\n\n## Hvad er electrolytter?\n\nEt.\nTo symtomer.\n\n| A | B |\n|---|---|\n| x | udstrålene |"
    assert [(f.line, f.suggestion) for f in typos.check(read(text))] == [
        (3, "elektrolytter"),
        (6, "symptomer"),
        (10, "udstrålende"),
    ]
    assert [(f.line, f.suggestion) for f in typos.check(read("Et.", meta_title="Behandlig"))] == [(0, "Behandling")]


def test_a_mistake_in_the_lead_is_not_told_again_of_the_description_made_from_it():
    assert len(list(typos.check(read("Alle symtomer.", description="Alle symtomer.")))) == 1
    assert len(list(typos.check(read("Alle symptomer.", description="Alle symtomer.")))) == 1


def test_sources_are_left_alone():
    assert list(typos.check(read("Et.\n\n## Kilder\n\n- The treatment of pain with exercise"))) == []


# The files


def test_the_lists_are_in_order():
    data = load("typos")
    assert len(data["words"]) + len(data["apart"]) + len(data["joined"]) + len(data["phrases"]) > 200
    for wrong, right in {**data["words"], **data["apart"], **data["english"]}.items():
        assert wrong == wrong.lower() and wrong != right and isinstance(right, str)
    assert not set(data["words"]) & set(data["apart"])
    rights = " ".join(right for right in data["words"].values())
    assert not [wrong for wrong in data["words"] if re.search(rf"\b{wrong}\b", rights)], "a cure that is an illness"
    assert all(len(pair.split()) == 2 for pair in data["joined"])
    patterns = [entry["find"] for entry in data["phrases"]]
    assert not [find for find in patterns if find != find.lower()], "they are matched with text in lower case"


@pytest.mark.parametrize("file", [FOLDER / "typos.yaml", FOLDER / "spellings.yaml", claims.FILE])
def test_no_key_stands_twice_in_a_file(file):
    class Strict(yaml.SafeLoader):
        pass

    def mapping(loader, node):
        keys = [loader.construct_object(key) for key, _ in node.value]
        assert len(keys) == len(set(keys)), [key for key in keys if keys.count(key) > 1]
        return loader.construct_mapping(node, deep=True)

    Strict.add_constructor("tag:yaml.org,2002:map", mapping)
    assert yaml.load(file.read_text(encoding="utf-8"), Strict)  # noqa: S506

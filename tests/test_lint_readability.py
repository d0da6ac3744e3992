"""LIX, long sentences and paragraphs, and which sentences describe danger."""

import pytest

from articles.document import parse
from articles.lint import readability
from articles.lint.finding import quote
from articles.lint.passages import Reading
from articles.lint.readability import describes_danger, lix, words
from articles.models import Article

from .article_files import REAL, needs_real_articles


def read(text: str, **fields) -> Reading:
    return Reading(Article(**{"slug": "proeve", "title": "Prøve"} | fields), parse(text))


def test_lix_is_words_per_sentence_and_the_share_of_long_words():
    assert words("Hold i 20–30 sekunder, f.eks. på nervesmerte-holdet.") == [
        *("Hold", "i", "20", "30", "sekunder", "f.eks", "på", "nervesmerte-holdet")
    ]
    assert lix(["En to tre fire fem."]) == 5
    assert lix(["En to tre fire behandling."]) == 5 + 20
    assert lix(["En to tre.", "Behandling fem seks syv otte."]) == 4 + 12.5
    assert lix([]) == lix([" – "]) == 0


@pytest.mark.parametrize(
    ("sentence", "danger"),
    [
        ("Ring 112 med det samme.", True),
        ("Ring til din egen læge i dag eller i morgen.", True),
        ("Kontakt lægevagten eller søg akut hjælp.", True),
        ("Det bør vurderes akut.", True),
        ("Søg læge hurtigst muligt.", True),
        ("Kontakt fagperson, hvis kramperne ledsages af rødme.", True),
        ("Her kan du læse, hvornår du bør søge læge.", False),
        ("Få en hurtig vurdering hos en fysioterapeut.", False),
        ("Akut iskias går ofte over.", False),
        ("Lægen tager en blodprøve.", False),
    ],
)
def test_which_sentences_describe_danger(sentence, danger):
    assert describes_danger(sentence) is danger


def found(text: str, flagged: frozenset[str] = frozenset()) -> list[tuple[str, str, int]]:
    return [(f.level, f.code, f.line) for f in readability.check(read(text), flagged)]


def sentence(count: int, word: str = "ord") -> str:
    return f"{' '.join([word] * count).capitalize()}."


def test_long_sentences():
    assert found(sentence(25)) == []
    assert found(sentence(26)) == [("advice", "long_sentence", 1)]
    assert found(sentence(36)) == [("warning", "long_sentence", 1)]
    assert found(f"Ring 112, hvis {sentence(23)}") == [("warning", "long_sentence", 1)]
    assert found("Ved f.eks. 20 min. gang eller ca. 3 km.") == []


def test_a_long_paragraph():
    assert found(" ".join([sentence(10)] * 12)) == []
    assert found(" ".join([sentence(10)] * 13)) == [("advice", "long_paragraph", 1)]


SIGNS = "ensidig hævelse, vandladningsproblemer, brystsmerter, besvimelsesfornemmelse og følelsesløshed"


def test_what_describes_danger_must_be_easiest():
    easy = "Let at se. " * 20
    assert found(f"{easy}\n\n## Hvornår?\n\nKontakt lægevagten ved pludselig {SIGNS} i benet.") == [
        ("warning", "lix_danger", 5)
    ]
    known = f"Det kan vise sig som pludselig {SIGNS} i benet."
    assert found(f"{easy}\n\n{known}") == []
    assert found(f"{easy}\n\n{known}", frozenset({known})) == [("warning", "lix_danger", 3)]


def test_a_hard_article_and_a_hard_section():
    hard = " ".join([sentence(8, "behandling")] * 3)
    assert ("warning", "lix", 0) in found(f"## Svært?\n\n{hard}")
    assert ("advice", "lix_section", 3) in found(f"## Svært?\n\n{hard}")


def test_tables_are_no_sentences():
    rows = "\n".join(["| behandling | genoptræning |"] * 30)
    assert found(f"Let at se.\n\n| Behandling | Genoptræning |\n|---|---|\n{rows}") == []


def test_quotes_are_cut_at_a_word():
    assert quote("kort") == "“kort”"
    assert quote("ord " * 30) == f"“{('ord ' * 20).strip()} …”"


@needs_real_articles
def test_lix_of_the_real_articles():
    """domain.md: 45–51 and the page about safety the hardest; our sentences are the parser's, so the numbers lie near."""
    values = {}
    for path in REAL.glob("*.md"):
        body = path.read_text(encoding="utf-8").split("---", 2)[2]
        values[path.stem] = lix(one.text for one in read(body).prose)
    assert all(44 <= value <= 55 for value in values.values())
    assert max(values, key=values.__getitem__) == "kramper-i-benene-ved-blodprop"

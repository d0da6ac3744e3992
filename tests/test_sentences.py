"""Danish sentences, and where in an article each stands."""

import pytest

from articles.document import parse
from articles.sentences import split_sentences
from tests.article_files import FOOT, lines_of


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Et. To! Tre? Fire …", ["Et.", "To!", "Tre?", "Fire …"]),
        ("Brug f.eks. Rigshospitalet, dvs. Region H.", ["Brug f.eks. Rigshospitalet, dvs. Region H."]),
        ("Gå bl.a. 20 min. om dagen, evt. 30.", ["Gå bl.a. 20 min. om dagen, evt. 30."]),
        ("Vent ca. 3 uger. Ring kl. 8.", ["Vent ca. 3 uger.", "Ring kl. 8."]),
        ("Ring til dr. Hansen, jf. Sundhedsstyrelsen.", ["Ring til dr. Hansen, jf. Sundhedsstyrelsen."]),
        ("Hold i 30 sek. Gentag 3 gange.", ["Hold i 30 sek.", "Gentag 3 gange."]),
        ("Det koster 350 kr. Det er prisen.", ["Det koster 350 kr.", "Det er prisen."]),
        ("Hæl, tå osv. Det gør ondt.", ["Hæl, tå osv.", "Det gør ondt."]),
        ("Smerte m.m. Det gør ondt.", ["Smerte m.m.", "Det gør ondt."]),
        ("Det hjælper evt. Ibuprofen ikke.", ["Det hjælper evt. Ibuprofen ikke."]),
        ("“Ring 112.” Det siger lægen. (Altid.) Og nu.", ["“Ring 112.”", "Det siger lægen.", "(Altid.)", "Og nu."]),
        ("Den 12. oktober kl. 9.30 og 1.050,50 kr.", ["Den 12. oktober kl. 9.30 og 1.050,50 kr."]),
        ("Øvelser hjælper. Årsagen er kendt. Æbler.", ["Øvelser hjælper.", "Årsagen er kendt.", "Æbler."]),
        ("", []),
        ("  \n ", []),
    ],
)
def test_where_sentences_end(text, sentences):
    assert [sentence for _, sentence in split_sentences(text)] == sentences


def test_positions_lead_to_the_sentences():
    text = "Et. To.  Tre."
    assert [text[position:].startswith(sentence) for position, sentence in split_sentences(text)] == [True] * 3


def test_every_sentence_of_an_article_has_its_place():
    front, body = FOOT.split("---\n", 2)[1:]
    first_line = front.count("\n") + 3
    document = parse(body, first_line=first_line)
    found = {sentence.text: sentence for sentence in document.sentences()}
    for words, section, part, item in [
        ("Foden bærer dig hele dagen.", "", "lead", ""),
        ("Den kan komme langsomt.", "hvad-er-ondt-i-foden", "section", ""),
        ("Hæl; Stikker om morgenen; Skån foden; stræk (roligt)", "hvad-er-ondt-i-foden", "table", ""),
        ("Krøl tæerne ti gange.", "hvilke-oevelser-hjaelper-foden", "exercise", "hvordan-laver-jeg-taakroel"),
        ("Ud over øvelserne er korte gåture gode.", "hvilke-oevelser-hjaelper-foden", "section", ""),
        ("Sjældent.", "ofte-stillede-spoergsmaal-om-ondt-i-foden", "faq", "er-det-farligt"),
        ("eller følelsesløs", "ofte-stillede-spoergsmaal-om-ondt-i-foden", "faq", "er-det-farligt"),
        ("Giv det tid, og spørg en fysioterapeut, hvis du er i tvivl.", "", "outro", ""),
    ]:
        sentence = found[words]
        assert sentence == (words, lines_of(FOOT, words.split(";")[0]), section, part, item)
    assert "Fodens smerter – kort fortalt" not in found  # headings and captions are no sentences
    assert not any(sentence.startswith("Sted;") for sentence in found)


def test_a_sentence_knows_the_line_it_begins_on():
    document = parse(
        "Den første\nog endnu en. Den anden begynder\nog slutter her. Den tredje.\n\n- Den fjerde.\n  Den femte.",
        first_line=5,
    )
    assert [(sentence.text, sentence.line) for sentence in document.sentences()] == [
        ("Den første og endnu en.", 5),
        ("Den anden begynder og slutter her.", 6),
        ("Den tredje.", 7),
        ("Den fjerde.", 9),
        ("Den femte.", 10),
    ]


def test_sources_are_no_sentences():
    assert [s.text for s in parse("## A\nEt.[^1]\n\n## Kilder\n1. En bog. Fra 2020.\n\n[^1]: Note.").sentences()] == [
        "Et."
    ]


def test_tables_in_answers_are_tables():
    document = parse("## FAQ\n### Q?\nJa.\n\n| a | b |\n|---|---|\n| Ved åndenød | ring 112 |")
    assert [(s.text, s.part, s.item_id) for s in document.sentences()][1:] == [("Ved åndenød; ring 112", "table", "q")]

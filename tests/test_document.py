"""The parser: what an article's Markdown is read as, trap by trap, and that no text is lost on the way."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.document import Document, parse
from articles.frontmatter import read
from tests.article_files import FOOT, REAL, lines_of, needs_real_articles
from tests.properties import assert_no_word_lost, assert_sound
from tests.strategies import any_text, articles, hostile_markdown


def foot() -> Document:
    front = read(FOOT)
    return parse(front.body, first_line=front.body_line)


def codes(document: Document) -> list[str]:
    return [remark.code for remark in document.remarks]


def texts(blocks) -> list[str]:
    return [block.text for block in blocks]


def test_an_article_becomes_its_parts():
    document = foot()
    assert document.lead_text.startswith("Foden bærer dig")
    assert [section.heading for section in document.sections] == [
        "Hvad er ondt i foden?",
        "Hvad koster det?",
        "Hvilke øvelser hjælper foden?",
        "Hvad kan jeg gøre derhjemme?",
    ]
    assert document.faq.subject == "Ondt i foden"
    assert [entry[1] for entry in document.contents][-1] == "Ofte stillede spørgsmål om Ondt i foden"
    assert {remark.code: remark.line for remark in document.remarks} == {
        "caption": lines_of(FOOT, "Fodens smerter"),
        "section_tail": lines_of(FOOT, "Ud over øvelserne"),
        "outro": lines_of(FOOT, "Giv det tid"),
    }


# Closing words


def test_the_paragraph_after_the_last_answer_closes_the_article():
    document = foot()
    assert document.faq.items[-1].text == "Ja, når det ikke gør ondt bagefter."
    assert texts(document.outro) == ["Giv det tid, og spørg en fysioterapeut, hvis du er i tvivl."]


def test_an_article_that_ends_with_its_last_answer_has_no_closing_words():
    document = parse("## Ofte stillede spørgsmål om X\n\n### A?\nJa.\n\n### B?\nNej, **slet** ikke.")
    assert document.outro == []
    assert document.faq.items[-1].text == "Nej, slet ikke."
    assert document.remarks == []


def test_a_list_below_the_last_answer_belongs_to_it():
    document = parse(
        "## Ofte stillede spørgsmål om X\n### A?\nGør sådan:\n\n- hvil\n- stræk\n\nVi ses.\n\nGod bedring."
    )
    assert document.faq.items[0].text == "Gør sådan:\nhvil stræk"
    assert texts(document.outro) == ["Vi ses.", "God bedring."]
    assert codes(document) == ["outro"]


def test_a_lonely_paragraph_below_the_list_of_the_last_answer_stays_with_it_and_is_told():
    document = parse("## FAQ\n### Hvad hjælper?\n- hvil\n- stræk\n\nFind en fysioterapeut.")
    assert document.faq.items[0].text == "hvil stræk\nFind en fysioterapeut."
    assert [(remark.line, remark.code) for remark in document.remarks] == [(6, "outro_unknown")]


def test_a_picture_in_the_last_answer_is_no_closing_paragraph():
    document = parse("## FAQ\n### Hvad hjælper?\nHvil.\n\n![Et ben i ro](ben.png)\n\nVi ses.")
    assert [block.kind for block in document.faq.items[0].blocks] == ["paragraph", "image"]
    assert texts(document.outro) == ["Vi ses."]


@pytest.mark.parametrize("between", ["", "---\n\n", "***\n\n"])
def test_a_rule_before_the_closing_words_changes_nothing(between):
    document = parse(f"## FAQ\n### A?\nJa.\n\n{between}Vi ses.")
    assert document.faq.items[0].text == "Ja."
    assert texts(document.outro) == ["Vi ses."]


def test_more_paragraphs_and_lists_belong_to_an_earlier_answer():
    assert texts(foot().faq.items[0].blocks) == [
        "Sjældent.",
        "Ring dog til lægen, hvis foden er kold.",
        "eller bleg eller følelsesløs",
    ]


def test_the_paragraph_after_the_last_exercise_closes_the_section():
    section = foot().sections[2]
    assert section.kind == "exercises"
    assert texts(section.blocks) == ["Begynd roligt."]
    assert [item.heading for item in section.items] == ['Hvordan laver jeg "tåkrøl"?', "Hælløft"]
    assert section.items[-1].text == "Stå ved en væg. Løft hælene langsomt."
    assert texts(section.tail) == ["Ud over øvelserne er korte gåture gode."]


# Questions, exercises and other headings


def test_questions_are_known_by_their_parent_heading_and_not_by_question_marks():
    document = parse(
        "## Øvelser\n### Hvordan gør jeg?\nSådan.\n\n"
        "## Ofte stillede spørgsmål om knæet\n### Uden spørgsmålstegn\nSvar."
    )
    assert [item.heading for item in document.sections[0].items] == ["Hvordan gør jeg?"]
    assert [item.heading for item in document.faq.items] == ["Uden spørgsmålstegn"]
    assert document.faq.subject == "Knæet"


@pytest.mark.parametrize(
    ("heading", "is_faq"),
    [
        ("Ofte stillede spørgsmål om Ondt i foden", True),
        ("Ofte stillede spørgsmål", True),
        ("Hyppigt stillede spørgsmål om iskias", True),
        ("FAQ", True),
        ("Spørgsmål og svar", True),
        ("Hvilke spørgsmål stiller lægen?", False),
        ("Hvor ofte skal jeg træne?", False),
    ],
)
def test_the_heading_of_the_questions(heading, is_faq):
    assert bool(parse(f"## {heading}\n### A\nB.").faq) is is_faq


def test_other_subheadings_are_parts_of_their_section_and_keep_all_their_text():
    section = parse("## Årsager\n### Iskias\nEt.\n\nTo.\n\n### Slidgigt\nTre.\n\nFire.").sections[0]
    assert section.kind == "text"
    assert texts(section.items[-1].blocks) == ["Tre.", "Fire."]
    assert section.tail == []


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Hvilke øvelser lindrer?", "exercises"),
        ("Hvad kan jeg gøre hjemme?", "self_help"),
        ("Hvad gør jeg med det samme?", "self_help"),
        ("Hvad skyldes det?", "text"),
        ("Hvornår skal jeg søge læge?", "text"),
    ],
)
def test_sections_that_tell_the_reader_to_do_something_are_marked(heading, kind):
    assert parse(f"## {heading}\nTekst.").sections[0].kind == kind


def test_a_question_without_an_answer_is_remarked_on():
    document = parse("## Ofte stillede spørgsmål om X\n### A?\n### B?\nJa.")
    assert codes(document) == ["faq_empty"]


def test_references_are_found_wherever_they_stand():
    inside = parse("## Ofte stillede spørgsmål om X\n### A?\nJa.\n### Referenceliste\n1. En bog\n2. En til\n")
    assert [item.heading for item in inside.faq.items] == ["A?"]
    assert inside.outro == []
    assert texts(inside.references.blocks) == ["En bog En til"]
    own = parse("## Hvad?\nTekst.[^1]\n\n## Kilder\n- Sundhedsbogen\n\n[^1]: Side 7.")
    assert own.references.heading == "Kilder"
    assert texts(own.references.blocks) == ["Sundhedsbogen", "Side 7."]


def test_the_list_of_references_in_the_questions_ends_the_last_answer():
    document = parse(
        "## FAQ\n### A?\nJa.\n\nVi ses.\n\n### Referenceliste\n1. En bog\n2. En til\n\n5) Den femte\n\nOg tak for nu."
    )
    assert document.faq.items[0].text == "Ja."
    assert texts(document.outro) == ["Vi ses."]
    assert texts(document.references.blocks) == ["En bog En til", "Den femte", "Og tak for nu."]
    assert {remark.line: remark.code for remark in document.remarks} == {5: "outro", 13: "references_tail"}


@pytest.mark.parametrize("title", ["Referencer", "Kilder:", "KILDER", "Litteraturliste", "Referenceliste"])
def test_names_of_the_references(title):
    assert parse(f"## Hvad?\nTekst.\n\n## {title}\n1. En bog").references.heading == title


def test_headings_at_the_wrong_level_are_read_and_remarked_on():
    document = parse("# Titel\n\nLead.\n\n### Først\nA.\n\n# Så\nB.\n\n#### Dybt\nC.")
    assert document.title == "Titel"
    assert [section.heading for section in document.sections] == ["Først", "Så"]
    assert codes(document) == ["heading_level", "heading_level"]


def test_ids_are_danish_unique_and_not_those_of_the_page():
    document = parse("## Hvad er årsagen?\nA.\n## Hvad er årsagen?\nB.\n## Indhold\nC.\n## ???\nD.\n## Æ, ø & å\nE.")
    ids = [entry[0] for entry in document.contents]
    assert ids == ["hvad-er-aarsagen", "hvad-er-aarsagen-2", "indhold-2", "afsnit", "ae-oe-aa"]


# Of the whole


def test_two_equal_headings_are_told_and_get_two_ids():
    document = parse("## Årsager\nA.\n\n## Årsager\nB.\n\n## FAQ\n### Hvad?\nC.\n\n### Hvad?\nD.")
    assert [(remark.line, remark.code) for remark in document.remarks] == [(4, "heading_twice"), (11, "heading_twice")]
    assert [section.id for section in document.sections] == ["aarsager", "aarsager-2"]
    assert [item.id for item in document.faq.items] == ["hvad", "hvad-2"]


def test_a_hostile_file_earns_a_hundred_remarks_at_most():
    assert len(parse("<x>\n\n" * 500).remarks) == 100


@settings(max_examples=60)
@given(articles)
def test_no_word_of_an_article_is_lost(text):
    assert_no_word_lost(text)


@settings(max_examples=60)
@given(st.one_of(any_text, hostile_markdown))
def test_no_text_is_too_strange(text):
    assert_sound(text)


# The five real articles


@needs_real_articles
@pytest.mark.parametrize(
    ("name", "questions", "outro", "sections", "minutes"),
    [
        ("ondt-i-benene", 7, True, 12, 7),
        ("kramper-i-benene", 7, True, 9, 6),
        ("ondt-i-laenden", 8, False, 10, 6),
        ("smerter-i-ballen-og-ned-i-benet", 6, False, 9, 7),
        ("kramper-i-benene-ved-blodprop", 6, True, 9, 6),
    ],
)
def test_the_real_articles(name, questions, outro, sections, minutes):
    front = read((REAL / f"{name}.md").read_text())
    document = parse(front.body, first_line=front.body_line)
    assert len(document.faq.items) == questions
    assert all(len(item.blocks) == 1 for item in document.faq.items)
    assert bool(document.outro) is outro
    assert len(document.sections) == sections
    assert [(table.columns, table.rows) for table in document.tables] == [(3, 3)]
    assert document.reading_minutes == minutes


@needs_real_articles
def test_the_real_article_with_exercises_and_a_caption():
    front = read((REAL / "ondt-i-laenden.md").read_text())
    document = parse(front.body, first_line=front.body_line)
    section = next(section for section in document.sections if section.items)
    assert (section.kind, len(section.blocks), len(section.items), len(section.tail)) == ("exercises", 1, 3, 1)
    assert document.tables[0].caption.endswith("hurtig oversigt")
    assert [(remark.code, remark.line) for remark in document.remarks] == [("caption", 18), ("section_tail", 47)]

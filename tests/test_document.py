"""The parser: what an article's Markdown is read as, trap by trap, and that no text is lost on the way."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.document import Document, parse
from articles.frontmatter import read
from tests.article_files import FOOT, REAL, lines_of, needs_real_articles


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


def test_headings_at_the_wrong_level_are_read_and_remarked_on():
    document = parse("# Titel\n\nLead.\n\n### Først\nA.\n\n# Så\nB.\n\n#### Dybt\nC.")
    assert document.title == "Titel"
    assert [section.heading for section in document.sections] == ["Først", "Så"]
    assert codes(document) == ["heading_level", "heading_level"]


def test_ids_are_danish_unique_and_not_those_of_the_page():
    document = parse("## Hvad er årsagen?\nA.\n## Hvad er årsagen?\nB.\n## Indhold\nC.\n## ???\nD.\n## Æ, ø & å\nE.")
    ids = [entry[0] for entry in document.contents]
    assert ids == ["hvad-er-aarsagen", "hvad-er-aarsagen-2", "indhold-2", "afsnit", "ae-oe-aa"]


# Blank lines, rules, line ends


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\n\n\n"])
def test_blank_lines_after_headings_make_no_difference(gap):
    text = gap.join(["## A", "Et.\n", "## Ofte stillede spørgsmål om A", "### Q?", "Ja.\n\nSlut."])
    document = parse(text)
    assert texts(document.sections[0].blocks) == ["Et."]
    assert document.faq.items[0].text == "Ja."
    assert texts(document.outro) == ["Slut."]


@pytest.mark.parametrize("ending", ["", "\n", "\n\n\n"])
def test_the_last_line_counts_with_or_without_a_line_end(ending):
    assert parse(f"## A\nEt.\n\nDen sidste linje{ending}").text.endswith("Den sidste linje")


def test_a_rule_right_below_a_sentence_makes_it_no_heading():
    document = parse("## A\nDet her er et helt afsnit.\n---\nOg et til.")
    assert texts(document.sections[0].blocks) == ["Det her er et helt afsnit.", "Og et til."]
    assert codes(document) == ["rule"]


def test_indented_text_is_text():
    assert parse("Et.\n\n    Rykket ind.").lead[1].kind == "paragraph"


# Tables


def test_a_short_line_before_a_table_is_its_caption():
    table = foot().tables[0]
    assert (table.caption, table.hidden, table.columns, table.rows) == ("Fodens smerter – kort fortalt", False, 3, 3)
    assert texts(foot().sections[0].blocks)[:2] == [
        "Smerten sidder under hælen, i svangen eller ved tæerne.",
        "Den kan komme langsomt.",
    ]


def test_a_section_with_only_a_table_lends_it_its_heading():
    table = foot().tables[1]
    assert (table.caption, table.hidden) == ("Hvad koster det?", True)


@pytest.mark.parametrize(
    "before", ["Et helt afsnit står her.", "Sådan ser det ud:", "Hvad betyder det?", "Langt " * 30]
)
def test_a_sentence_before_a_table_is_no_caption(before):
    document = parse(f"## Overskrift\n{before}\n\n| a | b |\n|---|---|\n| c | d |")
    assert document.tables[0].hidden
    assert document.sections[0].blocks[0].text == before.strip()


def test_a_table_right_below_its_text():
    document = parse("## O\nTekst først.\n| a | b |\n|---|---|\n| c | d |\nOg tekst")
    assert texts(document.sections[0].blocks)[0] == "Tekst først."
    assert document.tables[0].columns == 2


def test_the_answer_to_a_question_is_never_taken_for_a_caption():
    document = parse("## Ofte stillede spørgsmål om X\n### Hvad koster det?\nSe her\n\n| a | b |\n|---|---|\n| c | d |")
    assert document.tables[0].caption == "Hvad koster det?"
    assert document.faq.items[0].blocks[0].text == "Se her"


def test_two_tables_under_one_heading_have_two_names():
    table = "| a |\n|---|\n| b |"
    assert [t.caption for t in parse(f"## O\n{table}\n\nOg så.\n\n{table}").tables] == ["O", "O (tabel 2)"]


# What cannot be kept is told


@pytest.mark.parametrize(
    ("markdown", "code", "word"),
    [
        ("| a | b |\n|---|---|\n| et | to | overskydende |", "text_lost", "overskydende"),
        ("Tekst.\n\n[^note]: Ingen henviser hertil.", "text_lost", "henviser"),
        ("[ensom]: https://eksempel.dk/side", "text_lost", "eksempel"),
        ("Et ![fodens knogler](foden.png) billede", "image", "fodens knogler"),
        ("Et [ord](javascript:alert) mere", "link", "javascript"),
        ("Et <marquee>ord</marquee> mere", "html", "HTML"),
        ("<!-- skjult\n\nnote -->\n\nTekst.", "html", "kommentarer"),
        ("Tekst <!-- ikke lukket", "html", "ikke lukket"),
    ],
)
def test_remarks_name_the_line(markdown, code, word):
    remarks = parse("Først.\n\n" + markdown, first_line=7).remarks
    assert [(remark.code, word in remark.text) for remark in remarks][:1] == [(code, True)]
    assert remarks[0].line >= 9


def test_an_unclosed_comment_or_script_does_not_swallow_the_article():
    document = parse("Lead.\n\n<!-- husk\n\n## A\n<script>\nB er her.\n\n## C\nD.")
    assert [section.heading for section in document.sections] == ["A", "C"]
    assert "B er her." in document.text


def test_a_hostile_file_earns_a_hundred_remarks_at_most():
    assert len(parse("<x>\n\n" * 500).remarks) == 100


@pytest.mark.parametrize("piece", [">", "[", "![", "<!--\n", "*a_ ", "- ", "<script>", "^[", "|", "`a", "&", "\\"])
def test_thousands_of_one_mark_are_only_text(piece):
    parse(piece * 3000 + " slut")


words = st.text(alphabet="abcdefghijklmnopqrstuvwxyzæøåÆØÅé", min_size=1, max_size=12)
paragraphs = st.lists(words, min_size=1, max_size=12).map(" ".join)
parts = st.one_of(
    paragraphs,
    paragraphs.map(lambda text: f"## {text}"),
    paragraphs.map(lambda text: f"### {text}"),
    paragraphs.map(lambda text: f"- {text}"),
    paragraphs.map(lambda text: f"> {text}"),
    paragraphs.map(lambda text: f"| a | b |\n|---|--:|\n| {text} | {text} |"),
    st.just("## Ofte stillede spørgsmål om alt"),
    st.just("## Øvelser"),
    st.just("---"),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(parts, max_size=12), st.sampled_from(["\n\n", "\n\n\n"]))
def test_no_word_of_an_article_is_lost(pieces, gap):
    document = parse(gap.join(pieces))
    assert _words(gap.join(pieces)) == _words(f"{document.title} {document.text}")


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", text))


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=400))
def test_no_text_is_too_strange_to_parse(text):
    assert isinstance(parse(text), Document)


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

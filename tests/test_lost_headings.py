"""Headings that lost their marks: which are read as headings again, and which are only pointed out."""

import pytest

from articles.document import Document, parse


def texts(blocks) -> list[str]:
    return [block.text for block in blocks]


def told(document: Document) -> list[tuple[int, str]]:
    return [(remark.line, remark.code) for remark in document.remarks]


def headings(document: Document) -> list[str]:
    return [section.heading for section in document.sections]


# The title of the questions


@pytest.mark.parametrize(
    "title",
    [
        "Ofte stillede spørgsmål om ondt i foden",
        "**Ofte stillede spørgsmål om ondt i foden**",
        "__FAQ om ondt i foden:__",
    ],
)
@pytest.mark.parametrize("questions", ["### Hvorfor?\nDerfor.", "**Hvorfor?**\nDerfor.", "Hvorfor?\n\nDerfor."])
def test_the_title_of_the_questions_as_a_plain_line(title, questions):
    document = parse(f"## Øvelser\n### Hælløft\nLøft.\n\n{title}\n\n{questions}")
    assert document.faq.subject == "Ondt i foden"
    assert [(item.heading, item.text) for item in document.faq.items] == [("Hvorfor?", "Derfor.")]
    assert [item.heading for item in document.sections[0].items] == ["Hælløft"]
    assert (5, "faq_title") in told(document)


def test_the_title_of_the_questions_at_the_level_of_the_questions():
    document = parse("## Øvelser\nTekst.\n\n### Ofte stillede spørgsmål\n### Hvorfor?\nDerfor.\n\n### Hvad?\nDet.")
    assert [item.heading for item in document.faq.items] == ["Hvorfor?", "Hvad?"]
    assert told(document) == [(4, "heading_level")]


@pytest.mark.parametrize(
    "line",
    [
        "Ofte stillede spørgsmål handler om smerte.",
        "Spørgsmål og svar kommer her,",
        "Ofte stillede spørgsmål " + "x" * 120,
    ],
)
def test_a_sentence_about_questions_is_no_title(line):
    document = parse(f"## Øvelser\nTekst.\n\n{line}\n\n### Hælløft\nLøft.")
    assert document.faq is None
    assert document.sections[0].blocks[1].text == line


def test_a_title_of_questions_without_questions_stays_text_and_is_told():
    document = parse("## Øvelser\nTekst.\n\nOfte stillede spørgsmål\n\nKommer snart.")
    assert document.faq is None
    assert told(document) == [(4, "heading_lost")]


# The questions themselves


@pytest.mark.parametrize(
    "question",
    [
        "**Er det farligt?**",
        "**Er det farligt**?",
        "__Er det farligt?__",
        "**Er det *farligt*?**",
        "**Er det farligt?**  ",
    ],
)
@pytest.mark.parametrize("gap", ["\n\n", "\n", " "])
def test_bold_questions_with_their_answers(question, gap):
    document = parse(
        f"## FAQ\n{question}{gap}Sjældent, men **ring**.\n\n- hvis det bløder\n\n**Hvornår?**{gap}Snart.\n\nVi ses."
    )
    assert [(item.heading, texts(item.blocks)) for item in document.faq.items] == [
        ("Er det farligt?", ["Sjældent, men ring.", "hvis det bløder"]),
        ("Hvornår?", ["Snart."]),
    ]
    assert texts(document.outro) == ["Vi ses."]
    assert told(document)[0] == (1, "faq_bold")


@pytest.mark.parametrize(
    "question", ["**Er det farligt?**\nNej.", "Er det farligt?\n\nNej.", "#### Er det farligt?\nNej."]
)
def test_a_list_of_references_below_them_is_no_question(question):
    document = parse(f"## FAQ\n{question}\n\nVi ses.\n\n### Referenceliste\n1. En bog")
    assert [(item.heading, item.text) for item in document.faq.items] == [("Er det farligt?", "Nej.")]
    assert texts(document.outro) == ["Vi ses."]
    assert texts(document.references.blocks) == ["En bog"]


def test_a_bold_word_at_the_beginning_of_an_answer_is_no_question():
    document = parse("## FAQ\n### Hvad?\n**Aldrig** mere.\n\n**Vigtigt:** Ring 112.\n\n### Hvor?\nHer.")
    assert [item.heading for item in document.faq.items] == ["Hvad?", "Hvor?"]
    assert texts(document.faq.items[0].blocks) == ["Aldrig mere.", "Vigtigt: Ring 112."]
    assert document.remarks == []


def test_questions_as_plain_lines():
    document = parse("## FAQ om knæ\nIndledning.\n\nEr det farligt?\n\nSjældent.\n\nMå jeg løbe?\n\n- ja\n- gerne")
    assert texts(document.faq.blocks) == ["Indledning."]
    assert [(item.heading, item.text) for item in document.faq.items] == [
        ("Er det farligt?", "Sjældent."),
        ("Må jeg løbe?", "ja gerne"),
    ]
    assert told(document) == [(4, "heading_lost"), (8, "heading_lost")]


def test_questions_one_level_too_deep():
    document = parse("## FAQ\n#### Er det farligt?\nNej.\n\n##### Aldrig?\nJo.\n\n#### Hvornår?\nSnart.")
    assert [item.heading for item in document.faq.items] == ["Er det farligt?", "Hvornår?"]
    assert texts(document.faq.items[0].blocks) == ["Nej.", "Aldrig?", "Jo."]
    assert told(document) == [(1, "heading_level")]


@pytest.mark.parametrize("question", ["Hvad med løb?", "**Hvad med løb?**", "Må man løbe?"])
def test_one_question_among_others_that_lost_its_marks(question):
    document = parse(f"## FAQ\n### Er det farligt?\nNej.\n\n{question}\n\nRoligt.\n\n### Hvornår?\nSnart.")
    assert [item.text for item in document.faq.items] == ["Nej.", "Roligt.", "Snart."]
    assert told(document) == [(5, "heading_lost")]


@pytest.mark.parametrize(
    "line", ["Er du i tvivl?", "Har du stadig spørgsmål?", "Hvad kan din krop?", "Er det slut? Ja, er det?"]
)
def test_a_question_to_the_reader_is_text(line):
    document = parse(f"## FAQ\n### Er det farligt?\nNej.\n\n{line}\n\nFind en fysioterapeut.")
    assert [item.heading for item in document.faq.items] == ["Er det farligt?"]
    assert texts(document.outro) == [line, "Find en fysioterapeut."]


def test_a_question_at_the_very_end_is_text():
    assert texts(parse("## FAQ\n### Er det farligt?\nNej.\n\nHvad nu?").outro) == ["Hvad nu?"]


# Sections

ASKING = "Lead.\n\n## Hvad er iskias?\nEt.\n\n## Hvorfor får man det?\nTo.\n\n## Hvornår går det over?\nTre.\n\n"


@pytest.mark.parametrize("line", ["Hvad hjælper?", "**Hvad hjælper?**", "Kan man løbe med iskias?"])
def test_a_lost_heading_among_questions(line):
    document = parse(f"{ASKING}{line}\n\nFire.")
    assert headings(document)[3:] == [line.strip("*")]
    assert texts(document.sections[3].blocks) == ["Fire."]
    assert told(document) == [(12, "heading_lost")]
    assert "er læst som en overskrift" in document.remarks[0].text


@pytest.mark.parametrize(
    "markdown",
    [
        "Lead.\n\nHvad hjælper?\n\nFire.",  # nothing above says how headings look
        "## Årsager\nEt.\n\n## Behandling\nTo.\n\n## Øvelser\nTre.\n\nHvad hjælper?\n\nFire.",
        ASKING + "### Sådan?\nX.\n\nHvad hjælper?\n\nFire.",  # ## or ###?
        "## Årsager\nEt.\n\n**Behandling**\n\nTo.",
        "## Årsager\nEt.\n\n**Behandling**\nTo.",
        "## Årsager\nEt.\n\nBehandling af iskias\n\nTo.",
        "## Årsager\nHvad hjælper?\nFire.",
        "#Behandling\n\nTo.",
    ],
)
def test_what_cannot_be_known_is_told_and_stays_text(markdown):
    document = parse(markdown)
    assert len(document.sections) == markdown.count("## ") - markdown.count("### ")
    assert [code for _, code in told(document)] == ["heading_lost"]
    assert "ligner en overskrift" in document.remarks[0].text
    line = markdown.split("\n")[document.remarks[0].line - 1]
    assert line.strip("*#") in document.text
    assert document.remarks[0].text.startswith(f"“{line.strip('*')}”")


@pytest.mark.parametrize(
    "line",
    [
        "**Vigtigt:**",
        "**Ring 112.**",
        "Har du ondt?",
        "Det hjælper.",
        "Sådan gør du:",
        "kort linje",
        "En linje, der er så lang, at den ikke kan være en overskrift til noget",
        "**Fed** begyndelse på en linje, som går videre med andre ord end de fede",
    ],
)
def test_other_lines_are_text_without_a_word(line):
    document = parse(f"## Årsager\nEt.\n\n{line}\n\nTo.")
    assert texts(document.sections[0].blocks)[1] == line.replace("*", "")
    assert document.remarks == []


@pytest.mark.parametrize("title", ["Kilder", "**Referencer**", "Referenceliste:"])
def test_the_title_of_the_references_as_a_plain_line(title):
    document = parse(f"## FAQ\n### Hvad?\nDet.\n\n{title}\n\n5) En bog\n6) En til")
    assert document.faq.items[0].text == "Det."
    assert texts(document.references.blocks) == ["En bog En til"]
    assert told(document) == [(5, "references_title")]


def test_a_word_like_kilder_above_a_paragraph_is_text():
    assert parse("## A\nEt.\n\nKilder\n\nEr gode at drikke af.").references is None


# Levels


def test_headings_at_the_wrong_level_are_read_and_remarked_on():
    document = parse("# Titel\n\nLead.\n\n### Først\nA.\n\n# Så\nB.\n\n#### Dybt\nC.")
    assert document.title == "Titel"
    assert headings(document) == ["Først", "Så"]
    assert told(document) == [(5, "heading_level"), (8, "heading_level")]


def test_two_lists_of_questions_become_one():
    document = parse("## FAQ\n### A?\nJa.\n\n## Ofte stillede spørgsmål om B\n### B?\nNej.\n\nSlut.")
    assert [item.heading for item in document.faq.items] == ["A?", "B?"]
    assert texts(document.outro) == ["Slut."]
    assert told(document) == [(5, "faq_twice"), (9, "outro")]

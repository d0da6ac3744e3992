"""Tables: where they begin and end, what they are called, and that no cell is lost."""

import pytest

from articles import markdown
from articles.document import parse
from articles.rendering import render
from tests.article_files import FOOT
from tests.html_reader import html_of

TABLE = "| a | b |\n|---|---|\n| c | d |"


def texts(blocks) -> list[str]:
    return [block.text for block in blocks]


def foot():
    return parse(FOOT.split("---\n", 2)[2])


# Captions


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
    "before",
    [
        *("Et helt afsnit står her.", "Sådan ser det ud:", "Hvad betyder det?", "Langt " * 30),
        *("Med [link](/ordbog/)", "Med ![knæ](a.png)", "To\nlinjer", "Med note[^1]\n\n[^1]: Note."),
    ],
)
def test_what_would_lose_something_as_a_caption_is_none(before):
    document = parse(f"## Overskrift\n{before}\n\n{TABLE}")
    assert document.tables[0].hidden
    assert document.sections[0].blocks[0].kind == "paragraph"


@pytest.mark.parametrize(
    "before", ["```\nkode\n```", "- liste", "> citat", "#### Underoverskrift", "![knæ](a.png)", "***"]
)
def test_only_a_paragraph_is_a_caption(before):
    document = parse(f"## Overskrift\n{before}\n\n{TABLE}")
    assert document.tables[0].caption == "Overskrift"


def test_the_answer_to_a_question_is_never_taken_for_a_caption():
    document = parse(f"## Ofte stillede spørgsmål om X\n### Hvad koster det?\nSe her\n\n{TABLE}")
    assert document.tables[0].caption == "Hvad koster det?"
    assert document.faq.items[0].blocks[0].text == "Se her"


def test_two_tables_under_one_heading_have_two_names():
    assert [t.caption for t in parse(f"## O\n{TABLE}\n\nOg så.\n\n{TABLE}").tables] == ["O", "O (tabel 2)"]


# Where they begin and end


def test_a_table_right_below_its_text_and_right_above_it():
    document = parse(f"## O\nTekst først.\n{TABLE}\nOg tekst efter.\nMere.")
    assert texts(document.sections[0].blocks) == ["Tekst først.", "a b c d", "Og tekst efter. Mere."]
    assert (document.tables[0].columns, document.tables[0].rows) == (2, 1)


def test_a_table_right_below_its_heading_and_right_above_the_next():
    document = parse(f"## O\n{TABLE}\n## P\n{TABLE}\n### Q\nTekst.")
    assert [table.caption for table in document.tables] == ["O", "P"]
    assert [section.heading for section in document.sections] == ["O", "P"]


@pytest.mark.parametrize("dashes", ["|---|---:|", "---|---", "|:-:|-|", "| --- | --- |"])
def test_kinds_of_dashes(dashes):
    assert parse(f"## O\n| a | b |\n{dashes}\n| c | d |").tables[0].columns == 2


def test_a_line_of_dashes_with_another_number_of_columns_makes_no_table():
    document = parse("## O\n| a | b |\n|---|\n| c | d |")
    assert document.tables == []
    assert "c" in document.text


@pytest.mark.parametrize(
    "text", [f"- punkt\n\n  {TABLE.replace(chr(10), chr(10) + '  ')}", f"> {TABLE.replace(chr(10), chr(10) + '> ')}"]
)
def test_tables_in_lists_and_quotes(text):
    document = parse(f"## O\n{text}")
    assert (document.tables[0].columns, document.tables[0].rows) == (2, 1)


def test_lists_images_and_tables_stand_in_answers():
    document = parse(f"## FAQ\n### Hvad?\nDet:\n\n- et\n- to\n\n![knæ](a.png)\n\n{TABLE}\n\nMere.\n\n### Hvor?\nHer.")
    assert [block.kind for block in document.faq.items[0].blocks] == [
        "paragraph",
        "list",
        "image",
        "table",
        "paragraph",
    ]
    html = html_of(render(document)["faq"])
    assert "<li>et</li>" in html and "<td>d</td>" in html
    assert document.outro == []


# Cells


def test_cells_beyond_the_columns_go_into_the_last_and_are_told():
    document = parse("Først.\n\n| a | b |\n|---|---|\n| et | to | overskydende | **mere** |\n| x | y |", first_line=7)
    assert "<td>to | overskydende | <strong>mere</strong></td>" in render(document)["lead_html"]
    assert [(remark.line, remark.code) for remark in document.remarks] == [(11, "table_cells")]


def test_missing_cells_are_empty():
    assert "<td></td>" in render(parse("## O\n| a | b |\n|---|---|\n| c |"))["sections"][0]["html"]
    assert parse("## O\n| a | b |\n|---|---|\n| c |").remarks == []


def test_an_escaped_stroke_is_part_of_its_cell():
    document = parse("## O\n| a | b |\n|---|---|\n| c \\| d | e |")
    assert '<th scope="row">c | d</th>' in render(document)["sections"][0]["html"]
    assert document.remarks == []


def test_a_very_long_table_keeps_all_its_rows():
    rows = [f"| nr{number} | {number} kr. | tekst |" for number in range(1_000)]
    document = parse("## O\n| Navn | Pris | Note |\n|---|---|---|\n" + "\n".join(rows))
    assert document.tables[0].rows == 1_000
    assert render(document)["sections"][0]["html"].count("<tr>") == 1_001
    assert document.remarks == []


def test_empty_cells_that_cost_nothing_to_write_run_out(monkeypatch):
    monkeypatch.setattr(markdown, "MOST_CELLS", 200)
    table = f"{'|a' * 20}|\n{'|-' * 20}|\n|b|\n" + "|\n" * 50
    document = parse(f"## O\n{table}\nEt.\n\n{table}\nTo.")
    assert sum(1 + table.rows for table in document.tables) * 20 <= 200
    assert {remark.code for remark in document.remarks} == {"table_cut"}
    assert {"a", "b", "Et.", "To."} <= set(document.text.replace("|", " ").split())

"""What systems, programs and hands do to a file on its way, and that the article stays the same."""

import pytest

from articles.document import Document, parse
from articles.rendering import render
from tests.article_files import FOOT


def texts(blocks) -> list[str]:
    return [block.text for block in blocks]


def codes(document: Document) -> list[str]:
    return [remark.code for remark in document.remarks]


# Line ends, invisible characters


@pytest.mark.parametrize("ending", ["\r\n", "\n"])
def test_line_ends_make_no_difference(ending):
    body = FOOT.split("---\n", 2)[2]
    for one in ("\r\n", "\r"):
        assert render(parse(body.replace("\n", one))) == render(parse(body))
    mixed = "".join(line + (ending if number % 2 else "\r\n") for number, line in enumerate(body.split("\n")))
    assert render(parse(mixed)) == render(parse(body))
    assert parse(mixed).remarks == parse(body).remarks


@pytest.mark.parametrize(
    "sign",
    [
        "\ufeff",
        "\u200b",
        "\u200c",
        "\u200e",
        "\u00ad",
        "\u2060",
        "\u202a",
        "\u202e",
        "\u2066",
        "\x01",
        "\x7f",
        "\U000e0041",
    ],
)
def test_nothing_invisible_stays_in_a_word(sign):
    document = parse(f"{sign}Le{sign}ad.\n\n{sign}## Kn{sign}æ{sign}\nTe{sign}kst.")
    assert document.text == "Knæ\nLead.\nTekst."
    assert document.sections[0].id == "knae"


def test_letters_composed_of_two_are_one():
    assert parse("## A\u030arsag\nA\u030a.").sections[0].heading == "Årsag"


def test_joined_emoji_stay_joined():
    assert parse("👩\u200d⚕️ hjælper.").lead_text == "👩\u200d⚕️ hjælper."


def test_lines_as_web_pages_separate_them_are_no_lines_of_the_file():
    document = parse("Et.\u2028To.\n\nTre <x> her.")
    assert document.lead_text == "Et. To.\nTre  her."
    assert document.remarks[0].line == 3


@pytest.mark.parametrize("ending", ["", "\n", "\n\n\n", " \n \t\n"])
def test_the_last_line_counts_with_or_without_a_line_end(ending):
    assert parse(f"## A\nEt.\n\nDen sidste linje{ending}").text.endswith("Den sidste linje")


# Blank lines and rules


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\n\n\n", "\n \t\n"])
def test_blank_lines_after_headings_make_no_difference(gap):
    text = gap.join(["## A", "Et.\n", "## Ofte stillede spørgsmål om A", "### Q?", "Ja.\n\nSlut."])
    document = parse(text)
    assert texts(document.sections[0].blocks) == ["Et."]
    assert document.faq.items[0].text == "Ja."
    assert texts(document.outro) == ["Slut."]


@pytest.mark.parametrize("rule", ["---", "***", "___", "- - -", "-----"])
def test_rules_in_the_text_are_no_text_and_end_no_section(rule):
    document = parse(f"{rule}\n\nLead.\n\n{rule}\n\n## A\n{rule}\nEt.\n\n{rule}\n\nTo.\n\n{rule}")
    assert texts(document.lead) == ["Lead."]
    assert texts(document.sections[0].blocks) == ["Et.", "To."]
    assert document.remarks == []


@pytest.mark.parametrize(
    "text", ["Det her er et helt afsnit.", "Sådan gør du:", "Første linje\nog den anden", "Langt " * 20]
)
def test_a_rule_right_below_a_sentence_makes_it_no_heading(text):
    document = parse(f"## A\n{text}\n---\nOg et til.")
    assert texts(document.sections[0].blocks) == [" ".join(text.split()), "Og et til."]
    assert [(remark.line, remark.code) for remark in document.remarks] == [(2, "rule")]


def test_an_underlined_line_that_can_be_a_heading_is_one_and_is_told():
    document = parse("## A\nEt.\n\nHvad er årsagen?\n---\nTo.")
    assert [section.heading for section in document.sections] == ["A", "Hvad er årsagen?"]
    assert [(remark.line, remark.code) for remark in document.remarks] == [(4, "heading_underlined")]


# What other programs write


@pytest.mark.parametrize("space", ["    ", "\t", "\t\t", "          "])
def test_indented_text_is_text(space):
    document = parse(f"Et.\n\n{space}Rykket ind.\n\n{space}## Overskrift")
    assert texts(document.lead) == ["Et.", "Rykket ind."]
    assert document.sections[0].heading == "Overskrift"


@pytest.mark.parametrize("mark", ["##Årsager", "##\u00a0Årsager", "##\u202f Årsager ##", "  ##Årsager"])
@pytest.mark.parametrize("above", ["\n\n", "\n"])
def test_a_heading_without_its_space_is_a_heading(mark, above):
    document = parse(f"## A\nEt.{above}{mark}\nTo.\n")
    assert [section.heading for section in document.sections] == ["A", "Årsager"]
    assert texts(document.sections[1].blocks) == ["To."]
    assert codes(document) == ["heading_space"]


def test_questions_without_their_space_are_questions():
    document = parse("##FAQ\n###Hvad er det?\nSvar.\n###Hvorfor?\nDerfor.")
    assert [item.heading for item in document.faq.items] == ["Hvad er det?", "Hvorfor?"]


@pytest.mark.parametrize(
    "text", ["#fysioterapi hjælper", "\\## Ikke en overskrift", "C# og ##", "`##kode`", "#######Syv"]
)
def test_other_signs_are_text(text):
    assert parse(f"Før.\n\n{text}\n\nEfter.").sections == []


@pytest.mark.parametrize("mark", ["•", "• ", "•\u00a0", "-\u00a0", "*\u00a0", "▪ ", "●\t"])
def test_bullets_of_other_programs_make_a_list(mark):
    document = parse(f"## A\n{mark}hvil\n{mark}stræk\n")
    assert [block.kind for block in document.sections[0].blocks] == ["list"]
    assert document.sections[0].blocks[0].text == "hvil stræk"


def test_numbers_with_an_unbreakable_space_make_a_list():
    assert parse("1.\u00a0hvil\n2.\u00a0stræk").lead[0].kind == "list"


def test_dashes_and_signs_within_a_line_make_none():
    assert texts(parse("Hold 20 – 30 sekunder • tre gange\n– og hvil").lead) == [
        "Hold 20 – 30 sekunder • tre gange – og hvil"
    ]


# HTML


def test_an_unclosed_comment_or_script_does_not_swallow_the_article():
    document = parse("Lead.\n\n<!-- husk\n\n## A\n<script>\nB er her.\n\n## C\nD.")
    assert [section.heading for section in document.sections] == ["A", "C"]
    assert "B er her." in document.text


@pytest.mark.parametrize(
    "html",
    [
        "<script>\nx()\n</script>",
        "<style>\np {}\n</style>",
        "<!-- skjult\n\nnote -->",
        "<?php\necho 1 ?>",
        "<SCRIPT>x()</SCRIPT >",
    ],
)
def test_closed_scripts_styles_and_comments_go_with_their_content(html):
    document = parse(f"## A\nFør.\n\n{html}\n\nEfter.")
    assert texts(document.sections[0].blocks) == ["Før.", "Efter."]
    assert codes(document) == ["html"]


def test_blocks_of_html_leave_their_words():
    document = parse('## A\n<div class="boks">\nHusk at hvile.\n</div>\n\n<table><tr><td>Felt</td></tr></table>')
    assert document.text == "A\nHusk at hvile.\nFelt"
    assert set(codes(document)) == {"html"}


# Too deep


@pytest.mark.parametrize("deep", [">" * 10_000, "> " * 5_000, "- " * 5_000, "> - " * 2_500, ">" * 9, "- " * 9])
def test_what_is_quoted_too_deep_keeps_its_words(deep):
    document = parse(f"Før.\n\n{deep} Ring 112.\n\n## Efter\nTekst.")
    assert document.text.split("\n")[1:3] == ["Før.", "Ring 112."]
    assert document.sections[0].heading == "Efter"
    html = render(document)["lead_html"]
    assert html.count("<blockquote>") + html.count("<ul>") == 8


def test_lists_too_deep_keep_their_words():
    document = parse("".join(f"{'  ' * depth}- ord{depth}\n" for depth in range(60)))
    assert {f"ord{depth}" for depth in range(60)} <= set(document.text.split())


def test_numbers_too_deep_are_told():
    document = parse("1. " * 200 + "Ring 112.")
    assert "Ring" in document.text or codes(document) == ["text_lost"]


# What cannot be kept is told


@pytest.mark.parametrize(
    ("markdown", "code", "word"),
    [
        ("Tekst.\n\n[^note]: Ingen henviser hertil.", "text_lost", "henviser"),
        ("[ensom]: https://eksempel.dk/side", "text_lost", "eksempel"),
        ("Et[^1] to[^1]\n\n[^1]: Den ene.\n\n[^1]: Den anden.", "text_lost", "ene"),
        ("Et [ord](javascript:alert) mere", "link", "javascript"),
        ("Et <marquee>ord</marquee> mere", "html", "HTML"),
        ("<!-- skjult\n\nnote -->\n\nTekst.", "html", "kommentarer"),
        ("Tekst <!-- ikke lukket", "html", "ikke lukket"),
        ("Et [ord](https://a.dk og mere", "link_broken", "[ ]"),
        ("Et ![ord](mit billede.png) mere", "link_broken", "billede"),
        ("Et [ord] (https://a.dk) mere", "link_broken", "mellemrum"),
        ("Et **fedt ord mere", "bold_broken", "**"),
        ("## Se [her](/ordbog/iskias/)\nTekst.", "heading_link", "/ordbog/iskias/"),
        ("## Se her[^1]\nTekst.\n\n[^1]: Note.", "heading_link", "note"),
        ("## Se ![knæ](a.png)\nTekst.", "image", "a.png"),
        ("##\nTekst.", "heading_empty", "uden tekst"),
    ],
)
def test_remarks_name_the_line(markdown, code, word):
    remarks = parse("Først.\n\n" + markdown, first_line=7).remarks
    assert [(remark.code, word in remark.text) for remark in remarks][:1] == [(code, True)]
    assert remarks[0].line >= 9


def test_a_word_that_is_lost_in_one_place_and_stands_in_another_is_told():
    document = parse("Ring 112 straks.\n\n[^a]: Ring 112 straks.")
    assert codes(document) == ["text_lost"]


@pytest.mark.parametrize(
    "text",
    ["**Over**belastning", "&aring;r og &#229;r", "a\\_bcd\\_efg", "[x][Note]\n\n[Note]: /a 'Titel'", "`<b>kode</b>`"],
)
def test_what_is_only_written_otherwise_is_not_lost(text):
    assert parse(text).remarks == []

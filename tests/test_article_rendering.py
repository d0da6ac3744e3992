"""The HTML of an article: what the templates print as it is, so nothing in it may run or reach outside."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.document import parse
from articles.rendering import render
from tests import html_reader
from tests.article_files import FOOT
from tests.html_reader import Page, assert_harmless
from tests.strategies import hostile_markdown
from tests.xss import MARKDOWN, VECTORS, bodies

REL = 'rel="noopener noreferrer"'


def html_of(markdown: str) -> str:
    return html_reader.html_of(render(parse(markdown)))


# Tables


def test_a_table_has_headings_a_caption_and_a_region_to_scroll_in():
    html = html_of("## Årsager\nTabellens titel\n\n| Årsag | Tegn |\n|---|---:|\n| Slid | Stiv; (især om morgenen) |")
    assert '<div class="table-scroll" role="region" tabindex="0" aria-labelledby="tabel-1">' in html
    assert '<caption id="tabel-1">Tabellens titel</caption>' in html
    assert '<th scope="col">Årsag</th>' in html
    assert '<th scope="row">Slid</th>' in html
    assert "<td>Stiv; (især om morgenen)</td>" in html


def test_a_caption_made_from_the_heading_is_for_screen_readers():
    assert '<caption id="tabel-1" class="visually-hidden">Årsager</caption>' in html_of(
        "## Årsager\n| a | b |\n|---|---|\n| c | d |"
    )


@pytest.mark.parametrize(
    ("cells", "numeric"),
    [
        (["595 kr.", "1.050,50 kr."], True),
        (["45 min.", "20–30 min."], True),
        (["ca. 85 %", "–"], True),
        (["Ofte", "Sjældent"], False),
        (["10 kr.", "spørg klinikken"], False),
        (["2 gange om ugen", "3"], False),
        (["", "-"], False),
    ],
)
@pytest.mark.parametrize("dashes", ["---:", ":---", ":-:", "---"])
def test_numbers_stand_right_and_prose_left_whatever_the_source_says(cells, numeric, dashes):
    rows = "".join(f"| a | {cell} |\n" for cell in cells)
    html = html_of(f"## O\n| x | y |\n|---|{dashes}|\n{rows}")
    assert html.count('class="numeric"') == (3 if numeric else 0)
    assert "style" not in html


def test_on_a_phone_each_cell_of_prose_bears_the_name_of_its_column_and_the_table_stays_one():
    html = html_of(
        "## O\n| Årsag | Tegn | **Hvad** nu & så |\n|---|---|---|\n| Slid | Stiv | [Ring](/ordbog/) |\n| | Øm | |"
    )
    assert '<td role="cell" data-label="Tegn">Stiv</td>' in html
    assert '<td role="cell" data-label="Hvad nu &amp; så"><a href="/ordbog/">Ring</a></td>' in html
    assert '<th role="rowheader" scope="row">Slid</th>' in html
    assert '<td role="cell"></td>' in html
    counts = {"table": 1, "rowgroup": 2, "row": 3, "columnheader": 3, "rowheader": 1, "cell": 5}
    assert (
        Counter(attributes.get("role") for _, attributes in Page(html).elements if "role" in attributes)
        == {"region": 1} | counts
    )


@pytest.mark.parametrize(
    "table",
    [
        "| Årsag | Tegn |\n|---|---|\n| Slid | Stiv |",
        "| Navn | Pris | Note |\n|---|---|---|\n| A | 350 kr. | B |",
        f"| Årsag | Tegn | {'Langt ' * 20}|\n|---|---|---|\n| Slid | Stiv | Hvil |",
    ],
    ids=["narrow", "numbers", "a name too long to repeat"],
)
def test_other_tables_are_not_stacked(table):
    html = html_of(f"## O\n{table}")
    assert "data-label" not in html and 'role="table"' not in html


@pytest.mark.parametrize("name", ['"><b onclick=x>', "' onmouseover='x", '<td data-label="', "a > b", "&quot;&gt;<i>"])
def test_the_name_of_a_column_cannot_leave_its_attribute(name):
    html = html_of(f"## O\n| a | b | {name} |\n|---|---|---|\n| c | d | e |")
    page = assert_harmless(html)
    assert next(attributes["data-label"] for tag, attributes in page.elements if tag == "td") == "b"
    assert all(set(attributes) <= {"role", "data-label"} for tag, attributes in page.elements if tag == "td")


def test_an_empty_heading_is_a_cell():
    html = html_of("## O\n|  | y |\n|---|---|\n|  | b |")
    assert html.count("<td></td>") == 2


# Headings, footnotes, text


def test_headings_inside_a_part_continue_the_outline():
    html = html_of("## A\n#### Under A\nT.\n\n### B\n#### Under B\nT.\n\n- # I en liste")
    assert '<h3 id="under-a">Under A</h3>' in html
    assert '<h4 id="under-b">Under B</h4>' in html
    assert "<h1" not in html and "<h2" not in html
    assert "<strong>I en liste</strong>" in html


def test_footnotes_lead_there_and_back():
    html = html_of("## A\nTekst[^1] og igen[^1].\n\n[^1]: Kilden.")
    assert '<a href="#fn1" id="fnref1" aria-label="Note 1">[1]</a>' in html
    assert html.count('id="fnref1"') == 1
    assert '<li id="fn1">' in html
    assert 'href="#fnref1"' in html


def test_each_source_stands_on_its_own_line():
    html = html_of("## Kilder\n[1] En bog.\n[2] En til.\n\n5) Den femte\n6) Den sjette")
    assert "[1] En bog.<br>" in html
    assert '<ol start="5">' in html


def test_danish_typography_is_left_alone():
    text = 'Hold i 20–30 sekunder — "roligt" – og pust → ud.'
    assert Page(html_of(text)).words.strip() == text


def test_bare_tags_of_an_author_stay_and_their_attributes_go():
    html = html_of(
        'H<sub class="x">2</sub>O, <b onclick="x()">fed</b> og '
        '<a href="/ordbog/iskias/" onmouseover="x()">iskias</a><br>ny linje'
    )
    assert html == '<p>H<sub>2</sub>O, <b>fed</b> og <a href="/ordbog/iskias/">iskias</a><br>ny linje</p>\n'


def test_an_unclosed_tag_does_not_reach_the_next_paragraph():
    assert html_of("<b>Et.\n\nTo.") == "<p>Et.</p>\n<p>To.</p>\n"


def test_headings_and_questions_are_stored_as_plain_text():
    page = render(
        parse(
            "## **A** <i>b</i> & [c](/d/)\nT.\n\n"
            '## Ofte stillede spørgsmål om "X"\n### Hvad med `2 < 3` & "citat"?\nJa.'
        )
    )
    assert page["sections"][0]["heading"] == "A b & c"
    assert page["faq"]["items"][0]["question"] == 'Hvad med 2 < 3 & "citat"?'


# Links


@pytest.mark.parametrize(
    ("markdown", "link"),
    [
        ("[her](/ordbog/iskias/)", '<a href="/ordbog/iskias/">her</a>'),
        ("[her](#afsnit)", '<a href="#afsnit">her</a>'),
        ("[her](https://www.sundhed.dk/a?b=1&c=2)", f'<a href="https://www.sundhed.dk/a?b=1&amp;c=2" {REL}>her</a>'),
        ("<a href='https://www.sundhed.dk' rel=opener>her</a>", f'<a href="https://www.sundhed.dk" {REL}>her</a>'),
        ("<https://www.sundhed.dk>", f'<a href="https://www.sundhed.dk" {REL}>https://www.sundhed.dk</a>'),
        ("[her](javascript:x)", "her"),
        ("[her](JaVaScRiPt&colon;x)", "her"),
        ("[her](data:text/html,x)", "her"),
        ("[her](vbscript:x)", "her"),
        ("[her](//ond.example/x)", "her"),
        ("[her](\\\\\\\\ond.example)", "her"),
        ("[her](mailto:a@b.dk)", "her"),
        ("[her](http://[)", "her"),
        ("<javascript:x>", "javascript:x"),
        ("<a href='java&#10;script:x'>her</a>", "her"),
        ("<a href=javascript:x>her</a>", "her"),
    ],
)
def test_links_lead_to_pages_only(markdown, link):
    assert html_of(f"Se {markdown}.") == f"<p>Se {link}.</p>\n"


@pytest.mark.parametrize(
    ("address", "href"),
    [
        ("https://www.fysfinder.dk/ordbog/iskias/", "/ordbog/iskias/"),
        ("http://fysfinder.dk/ordbog/iskias/?a=1#b", "/ordbog/iskias/?a=1#b"),
        ("//FysFinder.dk/ordbog/", "/ordbog/"),
        ("https://fysfinder.dk", "/"),
        ("https://fysfinder.dk:443/x", "/x"),
        ("https://proeve.example:8443/ordbog/", "/ordbog/"),
        ("https://fysfinder.dk//ond.example/", "/ond.example/"),
    ],
)
@pytest.mark.parametrize("link", ["[her]({})", "<a href='{}'>her</a>"])
def test_links_to_our_own_site_hold_wherever_it_stands(settings, link, address, href):
    settings.SITE_URL = "https://proeve.example:8443"
    document = parse(f"Se {link.format(address)} nu.")
    assert Page(html_reader.html_of(render(document))).addresses == [("a", href)]
    assert document.remarks == []


@pytest.mark.parametrize("path", ["/\\ond.example/", "/\t/ond.example/", "/&#10;/ond.example/", "\\\\ond.example/"])
def test_no_trick_with_slashes_leads_from_our_own_site_to_another(path):
    assert Page(html_of(f"<a href='https://fysfinder.dk{path}'>her</a>")).addresses in ([("a", "/ond.example/")], [])


def test_a_bare_address_of_our_own_keeps_its_words():
    assert html_of("Se https://fysfinder.dk/om/.") == '<p>Se <a href="/om/">https://fysfinder.dk/om/</a>.</p>\n'


@pytest.mark.parametrize(
    "address",
    ["https://fysfinder.dk@ond.example/", "https://fysfinder.dk.ond.example/", "https://ond.example/fysfinder.dk/"],
)
def test_what_only_looks_like_our_own_site_is_another(address):
    assert f'<a href="{address}" {REL}>her</a>' in html_of(f"Se [her]({address}).")


@pytest.mark.parametrize(
    ("text", "address", "after"),
    [
        ("Se https://www.sundhed.dk/borger.", "https://www.sundhed.dk/borger", "."),
        ("(https://a.dk/b_(c)_d)", "https://a.dk/b_(c)_d", ")"),
        ("(se www.a.dk/b)", "https://www.a.dk/b", ")"),
        ("https://a.dk/?x=1&y=2, og", "https://a.dk/?x=1&amp;y=2", ", og"),
        ("“https://a.dk/æø?q=å”", "https://a.dk/æø?q=å", "”"),
        ("Læs **https://a.dk/b_c_d**", "https://a.dk/b_c_d", ""),
        ("[tekst](https://a.dk/b", "https://a.dk/b", ""),
        ("HTTPS://A.dk", "HTTPS://A.dk", ""),
    ],
)
def test_a_bare_address_becomes_a_link(text, address, after):
    written = address.removeprefix("https://") if "www." in text and "https://www." not in text else address
    assert f'<a href="{address}" {REL}>{written}</a>{after}' in html_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "`https://a.dk`",
        "https://",
        "https://localhost/x",
        "https://-a.dk",
        "http://a",
        "www.",
        "www.a",
        "awww.dk",
        "x@www.a.dk",
        "ftp://a.dk",
        "javascript://a.dk",
        "sundhed.dk",
        "navn@klinik.dk",
    ],
)
def test_nothing_else_becomes_one(text):
    assert "<a" not in html_of(text)


def test_a_bare_address_in_a_link_makes_no_second_link():
    assert html_of("[se https://a.dk](https://b.dk)").count("<a ") == 1
    assert html_of('<a href="/x">se https://a.dk</a>').count("<a ") == 1
    assert html_of("Et link til [https://a.dk](javascript:x)").count("<a ") == 0


# Nothing that runs


@pytest.mark.parametrize("vector", VECTORS)
def test_nothing_that_runs_survives(vector):
    for place, body in bodies(vector).items():
        page = render(parse(body))
        reader = assert_harmless(html_reader.html_of(page))
        assert max(reader.ids.values(), default=1) == 1, place


@settings(max_examples=80)
@given(hostile_markdown)
def test_any_text_renders_to_harmless_html(text):
    assert_harmless(html_of(text))


@pytest.mark.parametrize("html", ["<a>b", "<svg><p>", '<b title="x>', "<!-- a", "&lt;script&gt;", "a<b"])
def test_the_reader_of_these_tests_sees_what_a_browser_would(html):
    """A test of the tests: what stands as text is text, everything else is found."""
    page = Page(html)
    assert bool(page.elements) is html.startswith(("<a", "<svg")) or "<b" in html


@pytest.mark.parametrize(
    "html",
    [
        "<script>x</script>",
        "<p onclick=x>a</p>",
        "<a href=javascript:x>a</a>",
        "<a href='java\nscript:x'>a</a>",
        "<a href=//x.example>a</a>",
        "<img src=/x.png>",
        "<img src=/billeder/x onerror=x>",
        "<!-- a -->",
        "<h1>a</h1>",
        "<p style=x>a</p>",
        "<div class='x' id=y>a</div>",
    ],
)
def test_the_reader_of_these_tests_refuses_what_is_not_allowed(html):
    with pytest.raises(AssertionError):
        assert_harmless(html)


def test_the_whole_example_is_harmless_and_keeps_its_words():
    body = FOOT.split("---\n", 2)[2]
    document = parse(body)
    page = assert_harmless(html_reader.html_of(render(document)))
    for block in [*document.lead, *document.outro, *document.sections[2].tail]:
        assert block.text in page.words


def test_the_corpus_is_large_enough():
    assert len(set(VECTORS)) >= 140 and len(MARKDOWN) >= 40


words = st.text(alphabet="abcdefghijklmnopqrstuvwxyzæøå", min_size=1, max_size=10)


@settings(max_examples=60)
@given(st.lists(st.lists(words, min_size=1, max_size=10), min_size=1, max_size=10))
def test_no_word_of_a_paragraph_is_lost_in_the_html(paragraphs):
    markdown = "\n\n".join(" ".join(paragraph) for paragraph in paragraphs)
    assert Page(html_of(markdown)).words.split() == markdown.split()

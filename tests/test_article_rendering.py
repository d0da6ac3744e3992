"""The HTML of an article: what the templates print as it is, so nothing in it may run or reach outside."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.document import parse
from articles.rendering import render
from tests.article_files import FOOT

TAGS = {
    *("a", "abbr", "b", "br", "code", "del", "em", "i", "ins", "kbd", "s", "small", "strong", "sub", "sup", "u"),
    *("blockquote", "div", "h3", "h4", "li", "ol", "p", "pre", "ul"),
    *("caption", "table", "tbody", "td", "th", "thead", "tr"),
}
ATTRIBUTES = {"href", "title", "id", "aria-label", "aria-labelledby", "role", "tabindex", "scope", "class", "start"}


def html_of(markdown: str) -> str:
    return _all_html(render(parse(markdown)))


def _all_html(part) -> str:
    if isinstance(part, dict):
        return "".join(value if key.endswith("html") else _all_html(value) for key, value in part.items())
    return "".join(map(_all_html, part)) if isinstance(part, list) else ""


class Reader(HTMLParser):
    """Collects what a browser would see: tags, attributes and words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.words += data


def assert_harmless(html: str) -> Reader:
    page = Reader(html)
    assert page.tags <= TAGS
    assert {name for name, _ in page.attributes} <= ATTRIBUTES
    for name, value in page.attributes:
        if name == "href":
            assert re.match(r"https?://|[/#?.]|[^:]*$", value), value
    return page


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


def test_danish_typography_is_left_alone():
    text = 'Hold i 20–30 sekunder — "roligt" – og pust → ud.'
    assert Reader(html_of(text)).words.strip() == text


def test_bare_tags_of_an_author_stay_and_their_attributes_go():
    html = html_of(
        'H<sub class="x">2</sub>O, <b onclick="x()">fed</b> og '
        '<a href="/ordbog/iskias/" onmouseover="x()">iskias</a><br>ny linje'
    )
    assert html == '<p>H<sub>2</sub>O, <b>fed</b> og <a href="/ordbog/iskias/">iskias</a><br>ny linje</p>\n'


def test_an_unclosed_tag_does_not_reach_the_next_paragraph():
    assert html_of("<b>Et.\n\nTo.") == "<p>Et.</p>\n<p>To.</p>\n"


@pytest.mark.parametrize(
    ("markdown", "link"),
    [
        ("[her](/ordbog/iskias/)", '<a href="/ordbog/iskias/">her</a>'),
        ("[her](https://www.sundhed.dk/a?b=1&c=2)", '<a href="https://www.sundhed.dk/a?b=1&amp;c=2">her</a>'),
        ("[her](#afsnit)", '<a href="#afsnit">her</a>'),
        ("<https://www.sundhed.dk>", '<a href="https://www.sundhed.dk">https://www.sundhed.dk</a>'),
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


VECTORS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//x.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' &#14; javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x]( javascript:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x][1]\n\n[1]: javascript:alert(1)",
    "![x](javascript:alert(1))",
    "![x](x 'a\" onerror=alert(1) \"')",
    "[x](/y '\"><script>alert(1)</script>')",
    "<style>body{background:url(javascript:alert(1))}</style>",
    "<p style='x:expression(alert(1))'>x</p>",
    "<div style=\"background:url('javascript:alert(1)')\">x</div>",
    "<form action=javascript:alert(1)><input type=submit></form>",
    "<object data='data:text/html,<script>alert(1)</script>'></object>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href='//ond.example/'>",
    "<details open ontoggle=alert(1)>x</details>",
    "<!--<img src='--><img src=x onerror=alert(1)//'>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?><script>alert(1)</script>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<template><script>alert(1)</script></template>",
    "<x onclick=alert(1)>y</x>",
    '```"><script>alert(1)</script>\nkode\n```',
    "``<script>alert(1)</script>``",
    "| <script>alert(1)</script> | b |\n|---|---|\n| <img src=x onerror=alert(1)> | d |",
    "# <script>alert(1)</script>",
    "## <img src=x onerror=alert(1)> A\nB",
    "### <svg/onload=alert(1)>\nB",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "[^1]: <script>alert(1)</script>\n\nx[^1]",
    "<b><script>alert(1)</b></script>",
    "<script>[a</script>](b)",
    "[a<script>](b)**c</script>d**",
    "[a <a href='x'>b</a>](c) <a href='x'>[d</a>](e)",
]


@pytest.mark.parametrize("vector", VECTORS)
@pytest.mark.parametrize(
    "place", ["{}", "Tekst {} mere", "## H\n{}", "## Ofte stillede spørgsmål om X\n### Q?\n{}", "- {}\n", "> {}\n"]
)
def test_nothing_that_runs_survives(vector, place):
    html = html_of(place.format(vector))
    assert_harmless(html)
    assert "<script" not in html.lower()


def test_headings_and_questions_are_stored_as_plain_text():
    page = render(
        parse(
            "## **A** <i>b</i> & [c](/d/)\nT.\n\n"
            '## Ofte stillede spørgsmål om "X"\n### Hvad med `2 < 3` & "citat"?\nJa.'
        )
    )
    assert page["sections"][0]["heading"] == "A b & c"
    assert page["faq"]["items"][0]["question"] == 'Hvad med 2 < 3 & "citat"?'


markdown_pieces = st.sampled_from(
    [
        *VECTORS,
        "<",
        ">",
        "&",
        '"',
        "'",
        "[",
        "](",
        ")",
        "![",
        "javascript:",
        "onerror=",
        "<a ",
        "href=",
        "-->",
        "<!--",
        "|",
        "\n",
        "\n\n",
        "## ",
    ]
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(markdown_pieces, st.text(max_size=20)), max_size=12).map("".join))
def test_any_text_renders_to_harmless_html(text):
    html = html_of(text)
    assert_harmless(html)
    assert not re.search(r"<script|<[^>]*\son\w+\s*=|<[^>]*javascript:", html, re.I)


words = st.text(alphabet="abcdefghijklmnopqrstuvwxyzæøå", min_size=1, max_size=10)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(words, min_size=1, max_size=10), min_size=1, max_size=10))
def test_no_word_of_a_paragraph_is_lost_in_the_html(paragraphs):
    markdown = "\n\n".join(" ".join(paragraph) for paragraph in paragraphs)
    assert Reader(html_of(markdown)).words.split() == markdown.split()


def test_the_whole_example_is_harmless_and_keeps_its_words():
    body = FOOT.split("---\n", 2)[2]
    document = parse(body)
    page = assert_harmless(_all_html(render(document)))
    for block in [*document.lead, *document.outro, *document.sections[2].tail]:
        assert block.text in page.words

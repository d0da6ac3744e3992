"""What the search finds of an article, and shows: never one row of a table read into the next."""

import re
from html import unescape

import pytest

from articles.document import parse
from articles.excerpts import Excerpt
from articles.finding import find_articles
from articles.safety.page import searchable_text

from .test_article_search import written_article

TABLE = """\
Om ben. De gør
ondt.

## Hvornår?

| Tegn | Sådan ser det ud | Hvad du gør |
|---|---|---|
| Betændt sår | Huden er rød | Ring til din egen læge i dag eller i morgen |
| Blodprop i benet | Det ene ben er hævet | Ring til læge med det samme |

- Kulde
- Varme
"""


def text_of(body: str, places=()) -> str:
    document = parse(body)
    return searchable_text(document, document.sentences(), places)


def test_each_row_and_each_point_is_a_line_of_its_own():
    assert text_of(TABLE).splitlines()[:5] == [
        "Om ben. De gør ondt.",
        "Betændt sår; Huden er rød; Ring til din egen læge i dag eller i morgen",
        "Blodprop i benet; Det ene ben er hævet; Ring til læge med det samme",
        "Kulde",
        "Varme",
    ]


def test_what_is_hidden_leaves_a_break():
    places = [{"line": 1, "sentence": "Massér benet."}]
    assert text_of("Stræk først. Massér benet. Sov så.", places).splitlines() == ["Stræk først.", "Sov så."]


@pytest.mark.django_db
def test_an_excerpt_shows_where_a_row_ends():
    written_article("ben", "Ben", text_of(TABLE))
    (hit,) = find_articles("egen læge").hits
    excerpt = unescape(re.sub(r"<.*?>", "", hit.excerpt))
    assert "i morgen … Blodprop i benet" in excerpt
    assert "i morgen Blodprop" not in excerpt


def test_breaks_and_gaps_do_not_add_up():
    excerpt = Excerpt(["ben"])
    html = excerpt.html(f"Et {excerpt.start}ben{excerpt.stop} … \n\n … og et til\n", "")
    assert html == "Et <mark>ben</mark> … og et til …"

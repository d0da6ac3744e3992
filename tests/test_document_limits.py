"""What a text may ask of the parser; beyond it the words are shown as they stand. At length: tests/fuzz/test_limits.py."""

import time

import pytest

from articles import markdown
from articles.document import parse
from articles.importer import import_paths
from articles.models import Article
from articles.rendering import render
from tests.hostile import SHAPES


@pytest.mark.parametrize("piece", [">", "[", "![", "<!--\n", "*a_ ", "- ", "<script>", "^[", "|", "`a", "&", "\\"])
def test_thousands_of_one_mark_are_only_text(piece):
    parse(piece * 3000 + " slut")


@pytest.mark.parametrize("shape", ["quotes1line", "list1line", "brackets", "table_cols", "urls", "lines_word"])
@pytest.mark.parametrize("size", [1_000_000, 399_000])
def test_a_megabyte_of_anything_takes_seconds(shape, size):
    started = time.process_time()
    render(parse(SHAPES[shape](size)))
    assert time.process_time() - started < 5


@pytest.mark.parametrize("text", ["Linje.\n" * 60, "[link " * 60, "*fed* " * 30])
def test_a_text_that_asks_too_much_is_shown_as_it_stands(monkeypatch, text):
    monkeypatch.setattr(markdown, "MOST_LINES", 50)
    monkeypatch.setattr(markdown, "MOST_MARKS", 50)
    document = parse(f"## A\n{text} <script>x</script>", first_line=7)
    assert [(remark.line, remark.code) for remark in document.remarks] == [(7, "too_complex")]
    assert document.text == f"## A\n{text} <script>x</script>"
    assert "&lt;script&gt;" in render(document)["lead_html"]


def test_the_longest_article_that_anybody_writes_is_read_as_one():
    text = (
        "## Hvad er *det*?\n[Et link](/ordbog/) og **et** ord.\n\n" * 300
        + "| a | b | c |\n|---|---|---|\n"
        + "| d | e | f |\n" * 900
    )
    document = parse(text)
    assert len(document.sections) == 300
    assert document.tables[0].rows == 900


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["[" * 300_000, "Linje.\n" * 20_000, "ord " * 120_000], ids=["marks", "lines", "letters"]
)
def test_the_import_refuses_it_in_one_line(tmp_path, text):
    (tmp_path / "ondt-i-foden.md").write_text(f"---\ntitle: A\n---\n{text}")
    report = import_paths([tmp_path])
    assert report.files[0].outcome == "failed"
    assert report.files[0].error.startswith("Teksten er for lang eller har for mange linjer")
    assert not Article.objects.exists()

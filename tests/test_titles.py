"""Titles of articles that have none, from the names of their files."""

import pytest

from articles.importer import import_paths
from articles.models import Article
from articles.titles import title_from_name


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("ondt-i-laenden", "Ondt i lænden"),
        ("gigt-i-haanden-og-doegnrytme", "Gigt i hånden og døgnrytme"),
        ("oedem-i-benene", "Ødem i benene"),
        ("ondt-i-lænden", "Ondt i lænden"),
        ("Ondt i la\u030aret", "Ondt i låret"),
        ("kol", "KOL"),
        ("kol-og-traening", "KOL og træning"),
        ("KOL_og_træning", "KOL og træning"),
        ("gla-d", "GLA:D"),
        ("gla-d-traening", "GLA:D-træning"),
        ("gla-d-til-knae", "GLA:D til knæ"),
        ("GLA:D", "GLA:D"),
        ("si-led", "SI-led"),
        ("ondt-i-si-leddet", "Ondt i SI-leddet"),
        ("SI-led smerter", "SI-led smerter"),
        ("mr-scanning-af-ryggen", "MR-scanning af ryggen"),
        ("d-vitamin-og-muskler", "D-vitamin og muskler"),
        ("diskusprolaps-l5-s1", "Diskusprolaps L5-S1"),
        ("dvt", "DVT"),
        ("skoene-gnaver", "Skoene gnaver"),
        ("anaerob-traening", "Anaerob træning"),
        ("metaanalyse-af-gastroenteritis", "Metaanalyse af gastroenteritis"),
        ("aarhus", "Aarhus"),
        ("glad-i-laaget", "Glad i låget"),
        ("type-2-diabetes", "Type 2 diabetes"),
        ("-a--b-", "A b"),
        ("", ""),
    ],
)
def test_titles_from_names_of_files(name, title):
    assert title_from_name(name) == title


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "body", "title"),
    [
        ("gla-d-traening", "Tekst.", "GLA:D-træning"),
        ("Ondt i lænden", "Tekst.", "Ondt i lænden"),
        ("a", "# Fra teksten\n\nTekst.", "Fra teksten"),
        ("a", "Tekst.\n\n## Ofte stillede spørgsmål om si-led\n### A?\nJa.", "Si-led"),
    ],
)
def test_a_file_without_a_title_comes_in_with_one_and_a_warning(tmp_path, name, body, title):
    (tmp_path / f"{name}.md").write_text(body)
    report = import_paths([tmp_path])
    assert Article.objects.get().title == title
    assert "title_missing" in [warning["code"] for warning in report.files[0].warnings]

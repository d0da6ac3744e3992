"""From a hostile file through the import to the public page. The whole corpus: make fuzz."""

import pytest

from articles.models import Article
from tests.html_reader import Page
from tests.xss import VECTORS
from tests.xss_pages import HARMLESS, assert_like, import_vectors, metadata

pytestmark = pytest.mark.django_db

# One of each kind; each stands in every field and place at once.
CHOSEN = [
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</title><script>alert(1)</script>"),
    *('"><script>alert(1)</script>', "' onmouseover='alert(1)", "[x](javascript:alert(1))"),
    '{"@context": "https://schema.org"}</script><script>alert(1)</script>',
    "{{ 7|add:7 }}{% debug %}{% load static %}",
]


def test_the_pages_of_hostile_articles_are_like_any_other(client, tmp_path):
    assert set(CHOSEN) <= set(VECTORS)
    addresses = import_vectors(tmp_path, CHOSEN)
    harmless = Page(client.get(addresses[HARMLESS]).content.decode())
    for vector in CHOSEN:
        response = client.get(addresses[vector])
        assert response.status_code == 200
        page = Page(response.content.decode())
        assert_like(page, harmless)
        assert metadata(page) == metadata(harmless)
        assert len(page.words) > 500


def test_so_is_the_list_of_articles(client, tmp_path):
    import_vectors(tmp_path, [])
    harmless = Page(client.get("/ordbog/").content.decode())
    Article.objects.all().delete()
    import_vectors(tmp_path, CHOSEN)
    assert_like(Page(client.get("/ordbog/").content.decode()), harmless)


def test_a_dangerous_source_is_refused(tmp_path):
    from articles.importer import import_paths

    path = tmp_path / "a.md"
    path.write_text("---\ntitle: A\nsources:\n  - title: B\n    url: 'javascript:alert(1)'\n---\nTekst.")
    report = import_paths([path])
    assert report.files[0].outcome == "failed"
    assert report.files[0].error_line == 3
    assert not Article.objects.exists()

"""The whole corpus of hostile texts in every field, through the import to the public pages."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from articles.importer import import_paths, import_upload
from tests.html_reader import Page
from tests.strategies import articles, hostile_markdown
from tests.xss import VECTORS
from tests.xss_pages import HARMLESS, article_file, assert_like, import_vectors

_GROUPS = [VECTORS[start::8] for start in range(8)]


@pytest.mark.django_db
@pytest.mark.parametrize("vectors", _GROUPS, ids=range(len(_GROUPS)))
def test_the_pages_of_hostile_articles_are_like_any_other(client, tmp_path, vectors):
    addresses = import_vectors(tmp_path, vectors)
    harmless = Page(client.get(addresses[HARMLESS]).content.decode())
    for vector in vectors:
        response = client.get(addresses[vector])
        assert response.status_code == 200, vector
        assert_like(Page(response.content.decode()), harmless)


class Uploads(TestCase):
    @settings(max_examples=150)
    @given(
        st.one_of(
            st.binary(max_size=400),
            hostile_markdown.map(lambda text: article_file(text[:150]).encode("utf-8", "replace")),
            articles.map(str.encode),
        )
    )
    def test_whatever_is_uploaded_is_answered_in_words(self, data):
        for row in import_upload(data, "ondt-i-foden.md").files:
            assert row.outcome in ("created", "failed", "unchanged", "updated")
            assert row.error is None or (row.error.endswith(".") and "kunne ikke importeres (" not in row.error), (
                row.error
            )


@pytest.mark.django_db
def test_the_longest_text_that_is_taken_can_be_searched(tmp_path):
    numbers = range(40_000)
    words = " ".join("".join(chr(97 + number // 26**place % 26) for place in range(4)) + "xyzq" for number in numbers)
    (tmp_path / "a.md").write_text(f"---\ntitle: A\n---\n{words[:390_000]}")
    assert import_paths([tmp_path]).files[0].error is None

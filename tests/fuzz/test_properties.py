"""The properties of the parser, asked of thousands of texts."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import frontmatter
from articles.frontmatter import FrontmatterError
from articles.source_files import SourceError, text_of
from tests.properties import assert_no_word_lost, assert_sound
from tests.strategies import any_text, articles, hostile_markdown
from tests.xss import VECTORS


@given(articles)
def test_articles_are_sound_and_lose_no_word(text):
    assert_sound(text)
    assert_no_word_lost(text)


@given(hostile_markdown)
def test_hostile_texts_are_sound(text):
    assert_sound(text)


@given(any_text)
def test_any_text_is_sound(text):
    assert_sound(text)


@pytest.mark.parametrize("one", VECTORS[::4])
def test_two_vectors_together_are_sound(one):
    """Each alone is in the normal suite; one may close what the other opened."""
    for other in VECTORS:
        assert_sound(f"## A {one} {other}\n{one}{other}\n\n- {one}\n{other}")


_values = st.one_of(st.text(max_size=60), st.sampled_from(VECTORS), st.integers(), st.booleans(), st.none())
_keys = st.sampled_from(
    ["title", "Title", "metaTitle", "datePublished", "lastUpdated", "sources", "related", "author", "x"]
)
_yaml = st.one_of(
    st.dictionaries(_keys, st.one_of(_values, st.lists(_values), st.dictionaries(st.text(max_size=9), _values))).map(
        json.dumps
    ),
    st.lists(st.builds("{}: {}".format, _keys, st.text(max_size=30))).map("\n".join),
    st.text(max_size=200),
)


@given(_yaml, any_text)
def test_front_matter_is_read_or_refused_in_words(yaml, body):
    text = f"---\n{yaml}\n---\n{body}"
    try:
        front = frontmatter.read(text)
    except FrontmatterError as error:
        assert 1 <= error.line <= 1 + len(text.splitlines()) and error.text.endswith(".")
    else:
        assert len(front.title) <= 200 and "\n" not in front.title and "\0" not in front.title
        assert all(isinstance(source["title"], str) for source in front.sources)
        assert all(not source["url"] or source["url"].startswith("http") for source in front.sources)


@given(st.one_of(st.binary(max_size=300), any_text.map(lambda text: text.encode("utf-8", "replace"))))
def test_bytes_become_text_or_are_refused_in_words(data):
    try:
        text = text_of(data)
    except SourceError as error:
        assert error.text.endswith(".")
    else:
        assert "\0" not in text and "\r" not in text

"""The lines at the top of an article file: strict about YAML, tolerant about what stands there."""

import datetime

import pytest

from articles.frontmatter import FrontmatterError, parse_date, read


def test_the_fields_of_a_real_file():
    front = read(
        '---\ntitle: "Ondt i foden"\nlastUpdated: "12/10/2025"\n'
        'metaTitle: "Ondt i foden → råd"\ndatePublished: "13/09/2025"\n---\n\nBrød.'
    )
    assert front.title == "Ondt i foden"
    assert front.meta_title == "Ondt i foden → råd"
    assert front.updated_on == datetime.date(2025, 10, 12)
    assert front.published_on == datetime.date(2025, 9, 13)
    assert (front.body, front.body_line) == ("Brød.", 8)
    assert front.remarks == []


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("12/10/2025", (2025, 10, 12)),
        ("2/1/2025", (2025, 1, 2)),
        ("13-09-2025", (2025, 9, 13)),
        ("2025-10-12", (2025, 10, 12)),
        ("2-1-2025", (2025, 1, 2)),
        ("02/1/2025", (2025, 1, 2)),
        (" 31/12/2025 ", (2025, 12, 31)),
    ],
)
def test_dates_as_danes_write_them(text, date):
    assert parse_date(text) == datetime.date(*date)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "10/13/2025",
        "31/02/2025",
        "2025/10/12",
        "12.10.2025",
        "12/10/25",
        "12/10-2025",
        "i går",
        "1/1/0000",
        "0001-01-01",
        "31/12/1989",
        "2025-1-5",
        "12. oktober 2025",
    ],
)
def test_other_dates_are_not_guessed(text):
    assert parse_date(text) is None


@pytest.mark.parametrize("written", ["12/10/2025", "12-10-2025", "2025-10-12", "'12/10/2025'", '"2025-10-12"'])
@pytest.mark.parametrize("name", ["lastUpdated", "LastUpdated", "last_updated", "last-updated"])
def test_dates_with_and_without_quotes_under_names_of_every_kind(name, written):
    front = read(f"---\n{name}: {written}\n---\nB")
    assert front.updated_on == datetime.date(2025, 10, 12)
    assert front.remarks == []


def test_a_missing_meta_title_is_nothing_to_speak_of():
    front = read("---\ntitle: Knæ\n---\nB")
    assert (front.meta_title, front.remarks) == ("", [])


def test_an_unreadable_date_is_empty_and_remarked_on():
    front = read("---\ntitle: A\ndatePublished: 10/13/2025\n---\nB")
    assert front.published_on is None
    assert [(remark.line, remark.code) for remark in front.remarks] == [(3, "date_unknown")]


def test_updated_before_published_is_remarked_on():
    front = read("---\nlastUpdated: 1/9/2025\ndatePublished: 2/9/2025\n---\nB")
    assert [(remark.line, remark.code) for remark in front.remarks] == [(2, "date_order")]


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("Title: Knæ", "Knæ"),
        ("TITLE: 'Knæ'", "Knæ"),
        ("title: 2025-10-12", "2025-10-12"),
        ("title: nej", "nej"),
        ("title: 007", "007"),
        ("title: null", "null"),
        ('title: "Ondt\\0 i\\nkn\\u00e6"', "Ondt i knæ"),
        ("title: >\n  To\n  linjer", "To linjer"),
        ("title: A\u030ar", "År"),
        ("title: Ondt\u00a0i\u200b kn\u00adæ\u202e", "Ondt i knæ"),
    ],
)
def test_values_stay_text(line, title):
    assert read(f"---\n{line}\n---\nB").title == title


def test_sources_are_titles_with_addresses():
    front = read("---\nsources:\n  - title: Bogen\n    url: https://a.dk/x\n  - Et blad\n  - url: https://b.dk\n---\nB")
    assert front.sources == [
        {"title": "Bogen", "url": "https://a.dk/x"},
        {"title": "Et blad", "url": ""},
        {"title": "https://b.dk", "url": "https://b.dk"},
    ]
    assert read("---\nsources: []\n---\nB").sources == read("---\nsources:\n---\nB").sources == []


@pytest.mark.parametrize(
    ("value", "related"),
    [
        ("\n  - iskias\n  - /ordbog/ondt-i-knaeet/", ["iskias", "/ordbog/ondt-i-knaeet/"]),
        ("iskias, haelspore.md", ["iskias", "haelspore.md"]),
        ("Ondt i knæ, hofte og ryg", ["Ondt i knæ, hofte og ryg"]),
        ("\n  - slug: iskias\n    title: Iskias", ["iskias"]),
        ("", []),
        ("[]", []),
    ],
)
def test_related_articles_are_names_as_somebody_wrote_them(value, related):
    assert read(f"---\nrelated: {value}\n---\nB").related == related


def test_missing_and_unknown_fields_are_no_error():
    front = read("---\nfarve: rød\n---\nB")
    assert front.title == ""
    assert front.extra == {"farve": "rød"}
    assert [(remark.line, remark.code) for remark in front.remarks] == [(2, "unknown_field")]


@pytest.mark.parametrize(
    ("text", "body", "line"),
    [
        ("Kun tekst.\n\n---\n\nMere.", "Kun tekst.\n\n---\n\nMere.", 1),
        ("\n\n---\ntitle: A\n---\nB", "B", 6),
        ("---\ntitle: A\n---\n\n\nB\n\n---\nC\n", "B\n\n---\nC", 6),
        ("---\n---\nB", "B", 3),
        ("---\ntitle: A\n---\n---\nB\n***\nC", "---\nB\n***\nC", 4),
        ("--- \ntitle: A\n---\t\nB", "B", 4),
        ("---\ntitle: A\n---\nB", "B", 4),
    ],
)
def test_where_the_body_begins(text, body, line):
    front = read(text)
    assert (front.body, front.body_line) == (body, line)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('---\ntitle: "A\nlastUpdated: "1/1/2025"\n---\nB', 3),
        ('---\ntitle: "A\nx: y\n---\nB', 2),
        ("---\ntitle: Ondt: i foden\n---\nB", 2),
        ("---\ntitle: A\n\tx: y\n---\nB", 3),
        ("---\ntitle: A", 1),
        ("---\n- A\n- B\n---\nC", 2),
        ("---\ntitle: A\nx: &a [1]\ny: *a\n---\nB", 4),
        ("---\ntitle: A\nx: " + "[" * 5000 + "\n---\nB", 3),
        ("---\ntitle: [A, B]\n---\nC", 2),
        ("---\ntitle: A\x07\n---\nC", 2),
        ("---\ntitle: A\nsources:\n  - title: B\n    url: javascript:x\n---\nC", 3),
        ("---\ntitle: A\nsources:\n  - title: [B]\n---\nC", 3),
        ("---\ntitle: " + "a" * 1000 + "\n---\nC", 2),
    ],
)
def test_broken_front_matter_names_its_line(text, line):
    with pytest.raises(FrontmatterError) as error:
        read(text)
    assert error.value.line == line
    assert error.value.text.endswith(".")


def test_no_python_object_is_ever_made(tmp_path):
    target = tmp_path / "made"
    front = read(f'---\nx: !!python/object/apply:pathlib.Path.touch ["{target}"]\ny: !!binary aGVq\n---\nB')
    assert front.extra == {"x": [str(target)], "y": "aGVq"}
    assert not target.exists()

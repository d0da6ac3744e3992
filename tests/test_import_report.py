"""What the report of an import says of a file: one kind of line number, whole words, names rather than slugs."""

import pytest

from articles.importer import import_paths
from articles.models import Article
from clinics.models import Condition

from .cramps import MASSAGE, cramps_condition, red_flags

pytestmark = pytest.mark.django_db

FRONT = "---\ntitle: Kramper\nauthor: Edith\n---\n\n"
LONG = f"Om kramper.\n\nMassér læggen {'meget ' * 40}roligt, og brug varme.\n"


def write(folder, body: str, name: str = "kramper.md") -> str:
    text = FRONT + body
    (folder / name).write_text(text, encoding="utf-8")
    return text


def bring(folder, **options):
    (row,) = import_paths([folder], **options).files
    return row


@pytest.fixture
def flags():
    made = red_flags()
    cramps_condition(made)
    return made


@pytest.mark.parametrize("again", [False, True])
def test_a_safety_remark_counts_lines_from_the_top_of_the_file(tmp_path, flags, again):
    text = write(tmp_path, f"Om kramper.\n\n{MASSAGE}\n")
    row = bring(tmp_path)
    if again:
        row = bring(tmp_path)
        assert row.outcome == "unchanged"
    (line,) = {one["line"] for one in row.warnings if one["code"] == "collides"}
    assert text.splitlines()[line - 1] == MASSAGE
    body = Article.objects.get().body.splitlines()
    assert body[Article.objects.get().safety[0]["line"] - 1] == MASSAGE


def test_a_safety_remark_quotes_the_flag_in_words_and_cuts_with_dots(tmp_path, flags):
    write(tmp_path, LONG)
    (text,) = {one["text"] for one in bring(tmp_path).warnings if one["code"] == "collides"}
    assert "“at massere benet, hvis det er hævet”" in text and "ingen-massage" not in text
    assert text.endswith("meget meget …”")


def test_a_second_condition_of_the_same_name_is_told(tmp_path):
    Condition.objects.create(slug="andet", name="Kramper")
    write(tmp_path, "Om kramper.\n")
    row = bring(tmp_path)
    (told,) = [one for one in row.warnings if one["code"] == "condition_name_taken"]
    assert told["text"] == (
        "Der findes allerede en tilstand, der hedder “Kramper”. Læg dem sammen, eller giv filen dens navn."
    )
    assert told["line"] == 2
    assert row.as_json()["condition_name"] == "Kramper"

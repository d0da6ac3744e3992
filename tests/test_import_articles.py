"""`manage.py import_articles`: every good file comes in, and nothing of an editor's is overwritten."""

import datetime
import json
import os
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from articles import importer
from articles.actions import archive_article, save_article
from articles.importer import import_paths
from articles.models import Article
from articles.source_files import LARGEST
from clinics.models import Condition, ConditionMatch
from tests.article_files import FOOT, REAL, lines_of, needs_real_articles
from tests.people import speciality

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    """A folder with one good article."""
    (tmp_path / "ondt-i-foden.md").write_text(FOOT, encoding="utf-8")
    return tmp_path


def run(*arguments) -> tuple[dict, str, bool]:
    """The JSON report, standard error, and whether the command failed."""
    out, err = StringIO(), StringIO()
    try:
        call_command("import_articles", *map(str, arguments), "--report", "json", stdout=out, stderr=err)
        failed = False
    except CommandError:
        failed = True
    return json.loads(out.getvalue()), err.getvalue(), failed


def outcomes(report) -> dict[str, str]:
    rows = report["files"] if isinstance(report, dict) else [row.as_json() for row in report.files]
    return {row["slug"]: row["outcome"] for row in rows}


def change(folder, old, new, name="ondt-i-foden.md") -> None:
    path = folder / name
    path.write_text(path.read_text().replace(old, new))


# The happy path


def test_an_article_comes_in(folder):
    report, _, failed = run(folder)
    assert not failed
    assert report["version"] == 1 and report["dry_run"] is False
    assert {key: report["summary"][key] for key in ("created", "updated", "unchanged", "conflict", "failed")} == {
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "conflict": 0,
        "failed": 0,
    }
    assert isinstance(report["summary"]["seconds"], float)
    row = report["files"][0]
    assert (row["path"], row["slug"], row["outcome"]) == (str(folder / "ondt-i-foden.md"), "ondt-i-foden", "created")
    assert (row["condition"], row["faqs"], row["outro"], row["error"]) == ("ondt-i-foden", 3, True, None)
    assert {(w["line"], w["code"]) for w in row["warnings"]} == {
        (lines_of(FOOT, "Fodens smerter"), "caption"),
        (lines_of(FOOT, "Ud over"), "section_tail"),
        (lines_of(FOOT, "Giv det tid"), "outro"),
    }
    article = Article.objects.get()
    assert (article.title, article.name) == ("Ondt i foden – årsager og gode råd", "Ondt i foden")
    assert article.meta_title == "Ondt i foden → årsager og gode råd"
    assert (article.published_on, article.updated_on) == (datetime.date(2025, 10, 2), datetime.date(2025, 11, 4))
    assert article.status == Article.Status.DRAFT
    assert article.condition.name == "Ondt i foden"
    assert article.warnings == row["warnings"]
    assert article.history.get().history_change_reason == "Importeret fra ondt-i-foden.md"


def test_a_second_time_nothing_changes(folder):
    first, _, _ = run(folder)
    again, _, _ = run(folder)
    assert outcomes(again) == {"ondt-i-foden": "unchanged"}
    same = ("faqs", "outro", "condition", "warnings")
    assert [again["files"][0][key] for key in same] == [first["files"][0][key] for key in same]
    assert Article.history.count() == 1


def test_line_ends_marks_and_folders_are_no_change(folder):
    run(folder)
    below = folder / "andre" / "under"
    below.mkdir(parents=True)
    (folder / "ondt-i-foden.md").rename(below / "ondt-i-foden.md")
    (below / "ondt-i-foden.md").write_bytes(b"\xef\xbb\xbf" + FOOT.replace("\n", "\r\n").encode() + b"\r\n\r\n")
    assert outcomes(run(folder)[0]) == {"ondt-i-foden": "unchanged"}


def test_a_new_text_updates_the_article(folder):
    run(folder)
    change(folder, "Hvil foden.", "Hvil begge fødder.")
    assert outcomes(run(folder)[0]) == {"ondt-i-foden": "updated"}
    article = Article.objects.get()
    assert "begge fødder" in article.sections[3]["html"]
    assert article.history.count() == 2


def test_publish_publishes_new_articles_and_drafts_and_nothing_else(folder):
    run(folder)
    assert outcomes(run(folder, "--publish")[0]) == {"ondt-i-foden": "updated"}
    assert Article.objects.published().exists()
    assert outcomes(run(folder, "--publish")[0]) == {"ondt-i-foden": "unchanged"}
    archive_article(Article.objects.get())
    change(folder, "Hvil foden.", "Hvil.")
    run(folder, "--publish")
    assert Article.objects.get().status == Article.Status.ARCHIVED


def test_a_dry_run_tells_and_changes_nothing(folder):
    report, _, failed = run(folder, "--dry-run", "--publish")
    assert report["dry_run"] is True and not failed
    assert outcomes(report) == {"ondt-i-foden": "created"}
    assert report["files"][0]["condition"] == "ondt-i-foden"
    assert not Article.objects.exists() and not Condition.objects.exists() and not Article.history.exists()


def test_the_report_for_people_has_a_line_for_each_file_and_warning(folder):
    (folder / "tom.md").write_text("")
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError, match="1 af 2 filer"):
        call_command("import_articles", str(folder), stdout=out, stderr=err)
    path = folder / "ondt-i-foden.md"
    assert f"created   {path}  3 questions, outro\n" in out.getvalue()
    assert f"  {path}:{lines_of(FOOT, 'Giv det tid')}: Afsnittet efter det sidste svar" in out.getvalue()
    assert "1 created, 1 failed in" in out.getvalue()
    assert f"{folder / 'tom.md'}: Filen er tom." in err.getvalue()


def test_progress_of_a_long_run_goes_to_standard_error(folder):
    for number in range(29):
        (folder / f"artikel-{number}.md").write_text(f"---\ntitle: Artikel {number}\n---\nTekst.")
    report, err, _ = run(folder)
    assert report["summary"]["created"] == 30
    assert err.split() == ["25/30", "30/30"]


# What cannot be imported


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("binaer.md", b"\x7fELF\n\0\1\2", "linje 2: Filen er ikke tekst, så den kan ikke læses som Markdown."),
        ("utf16.md", FOOT.encode("utf-16"), "Filen er gemt som UTF-16. Gem den som UTF-8."),
        ("latin.md", "Et.\nÅ.".encode("latin-1"), "linje 2: Filen er ikke gemt som UTF-8."),
        ("stor.md", b"a" * (LARGEST + 1), "Filen er for stor: en artikel fylder højst 1 MB."),
        ("tom.md", b" \n\n", "Filen er tom."),
        ("kun-hoved.md", b"---\ntitle: A\n---\n", "Filen har ingen tekst under oplysningerne."),
        ("yaml.md", b"---\ntitle: A\nx: y: z\n---\nB", "linje 3: Oplysningerne øverst i filen kan ikke læses her."),
        ("åben.md", b"---\ntitle: A\n", "linje 1: Oplysningerne øverst mangler den afsluttende linje"),
        (
            "titel.md",
            b"---\ntitle: " + b"a" * 1000 + b"\n---\nB",
            "linje 2: Titlen er på 1000 tegn; der er plads til 200.",
        ),
        ("brev.docx", b"PK\3\4", "Filen er ikke Markdown (.md)."),
        ("noter.txt", b"Tekst.", "Filen er ikke Markdown (.md)."),
        ("---.md", b"Tekst.", "Filens navn giver ingen webadresse."),
        ("a" * 130 + ".md", b"Tekst.", "Filens navn er for langt"),
    ],
)
def test_a_bad_file_is_named_and_the_good_one_comes_in(folder, name, content, error):
    (folder / name).write_bytes(content)
    report, _, failed = run(folder)
    assert failed
    assert report["summary"]["created"] == 1 and report["summary"]["failed"] == 1
    row = next(row for row in report["files"] if row["outcome"] == "failed")
    assert row["path"] == str(folder / name)
    assert row["error"].startswith(error)
    assert Article.objects.get().slug == "ondt-i-foden"


def test_paths_that_are_not_there(folder):
    report, _, failed = run(folder, folder / "mangler.md", folder / "mangler", folder / "ondt-i-foden.md" / "under")
    assert failed
    assert report["summary"]["created"] == 1
    assert [row["error"] for row in report["files"] if row["error"]] == ["Filen eller mappen findes ikke."] * 3


def test_a_folder_that_cannot_be_read(folder, monkeypatch):
    closed = folder / "lukket"
    closed.mkdir()
    scandir = os.scandir

    def refuse(path):  # an administrator may read everything, so permissions prove nothing here
        if str(path) == str(closed):
            raise PermissionError(13, "Permission denied", str(closed))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    report, _, failed = run(folder)
    assert failed and report["summary"]["created"] == 1
    row = next(row for row in report["files"] if row["error"])
    assert (row["path"], row["error"]) == (str(closed), "Mappen kan ikke læses (ingen adgang).")


def test_a_name_that_is_not_utf8_is_reported_like_any_other(folder):
    (folder / os.fsdecode(b"kn\xe6.md")).write_text("Tekst.")
    report, _, failed = run(folder)
    assert not failed
    assert outcomes(report) == {"kn": "created", "ondt-i-foden": "created"}


def test_a_pipe_is_not_waited_for(folder):
    os.mkfifo(folder / "roer.md")
    report, _, failed = run(folder)
    assert failed and report["summary"]["created"] == 1


def test_pictures_and_hidden_files_beside_the_articles_are_no_errors(folder):
    for name in (".DS_Store", "fod.png", "README.md", "Thumbs.db"):
        (folder / name).write_bytes(b"\0")
    report, _, failed = run(folder)
    assert not failed and len(report["files"]) == 1


def test_an_empty_folder_is_told(tmp_path):
    with pytest.raises(CommandError, match="ingen Markdown-filer"):
        call_command("import_articles", str(tmp_path))


def test_a_file_given_twice_is_read_once(folder):
    report, _, _ = run(folder, folder / "ondt-i-foden.md")
    assert len(report["files"]) == 1


def test_two_files_of_one_name_are_not_mixed(folder):
    (folder / "gammel").mkdir()
    (folder / "gammel" / "ondt-i-foden.md").write_text("---\ntitle: En anden\n---\nTekst.")
    report, _, failed = run(folder)
    assert failed
    assert [row["outcome"] for row in report["files"]] == ["created", "failed"]
    assert Article.objects.get().title.startswith("Ondt i foden")


def test_a_failure_in_the_middle_leaves_no_half_article(folder, monkeypatch):
    (folder / "aaa.md").write_text("---\ntitle: Aaa\n---\nTekst.")
    save = Article.save

    def fail_for_one(self, *args, **kwargs):
        save(self, *args, **kwargs)
        if self.slug == "aaa":
            raise RuntimeError("the disk is full")

    monkeypatch.setattr(Article, "save", fail_for_one)
    report, _, failed = run(folder)
    assert failed
    assert outcomes(report) == {"aaa": "failed", "ondt-i-foden": "created"}
    assert not Article.objects.filter(slug="aaa").exists() and not Condition.objects.filter(slug="aaa").exists()


# What the file leaves out


@pytest.mark.parametrize(
    ("content", "title"),
    [
        ("# Hold i nakken\n\nTekst.", "Hold i nakken"),
        ("Tekst.\n\n## Ofte stillede spørgsmål om nakken\n### A?\nJa.", "Nakken"),
        ("Tekst.", "Hold i nakken og ryggen"),
    ],
)
def test_a_missing_title_is_derived_and_told(tmp_path, content, title):
    (tmp_path / "hold-i-nakken-og-ryggen.md").write_text(content)
    report, _, failed = run(tmp_path)
    assert not failed
    assert Article.objects.get().title == title
    assert [warning["code"] for warning in report["files"][0]["warnings"]] == ["title_missing"]


def test_a_missing_title_is_the_name_of_the_known_condition(tmp_path):
    Condition.objects.create(slug="ondt-i-laenden", name="Ondt i lænden")
    (tmp_path / "ondt-i-laenden.md").write_text("Tekst.")
    run(tmp_path)
    assert Article.objects.get().title == "Ondt i lænden"


def test_a_heading_that_is_not_the_title_is_told(tmp_path):
    (tmp_path / "a.md").write_text("---\ntitle: Et\n---\n# To\n\nTekst.")
    assert [warning["code"] for warning in run(tmp_path)[0]["files"][0]["warnings"]] == ["title_twice"]


def test_the_address_is_written_without_danish_letters(tmp_path):
    (tmp_path / "Ømme fødder på Ærø.md").write_text("---\ntitle: A\n---\nTekst.")
    assert outcomes(run(tmp_path)[0]) == {"oemme-foedder-paa-aeroe": "created"}


# What editors decide


def test_an_article_that_an_editor_changed_is_a_conflict(folder):
    run(folder)
    article = Article.objects.get()
    article.body += "\n\nEdith har tilføjet dette."
    save_article(article)
    for _ in range(2):
        report, _, failed = run(folder, "--publish")
        assert not failed
        assert outcomes(report) == {"ondt-i-foden": "conflict"}
        assert "conflict" in [warning["code"] for warning in report["files"][0]["warnings"]]
    article.refresh_from_db()
    assert article.body.endswith("Edith har tilføjet dette.")
    assert article.status == Article.Status.DRAFT


def test_an_article_that_an_editor_wrote_is_a_conflict(folder):
    Article.objects.create(slug="ondt-i-foden", title="Foden", body="Skrevet af Edith.")
    assert outcomes(run(folder)[0]) == {"ondt-i-foden": "conflict"}
    assert Article.objects.get().title == "Foden"


def test_a_save_in_the_admin_that_changes_no_text_is_no_conflict(folder):
    run(folder)
    article = Article.objects.get()
    article.body = article.body.replace("\n", "\r\n")  # what a browser sends back
    article.reviewer, article.description, article.status = "Rita", "Skrevet af Edith.", Article.Status.REVIEW
    article.reviewed_at, article.reviewed_fingerprint = datetime.date(2025, 11, 20), article.fingerprint()
    save_article(article)
    assert outcomes(run(folder)[0]) == {"ondt-i-foden": "unchanged"}
    change(folder, "Hvil foden.", "Hvil.")
    report, _, _ = run(folder, "--publish")
    assert outcomes(report) == {"ondt-i-foden": "updated"}
    assert "review_outdated" in [warning["code"] for warning in report["files"][0]["warnings"]]
    article.refresh_from_db()
    assert (article.reviewer, article.description, article.status) == (
        "Rita",
        "Skrevet af Edith.",
        Article.Status.REVIEW,
    )


def test_an_older_file_is_told(folder):
    run(folder)
    change(folder, "04/11/2025", "03/11/2025")
    report, _, _ = run(folder)
    assert outcomes(report) == {"ondt-i-foden": "updated"}
    assert (3, "older") in [(w["line"], w["code"]) for w in report["files"][0]["warnings"]]


def test_a_known_condition_is_linked_with_its_name_and_matches(folder):
    known = Condition.objects.create(slug="ondt-i-foden", name="Fodsmerter")
    ConditionMatch.objects.create(condition=known, speciality=speciality("Fod"), weight=3)
    run(folder)
    assert Article.objects.get().condition == known
    known.refresh_from_db()
    assert known.name == "Fodsmerter" and known.matches.count() == 1


def test_a_merged_condition_leads_to_the_other(folder):
    other = Condition.objects.create(slug="fodsmerter", name="Fodsmerter")
    Condition.objects.create(slug="ondt-i-foden", name="Ondt i foden", merged_into=other)
    assert run(folder)[0]["files"][0]["condition"] == "fodsmerter"


def test_conditions_merged_in_a_ring_end_somewhere(folder):
    one = Condition.objects.create(slug="ondt-i-foden", name="A")
    two = Condition.objects.create(slug="b", name="B", merged_into=one)
    Condition.objects.filter(pk=one.pk).update(merged_into=two)
    assert not run(folder)[2]


def test_an_editors_condition_stays(folder):
    run(folder)
    chosen = Condition.objects.create(slug="haelspore", name="Hælspore")
    Article.objects.update(condition=chosen)
    change(folder, "Hvil foden.", "Hvil.")
    assert run(folder)[0]["files"][0]["condition"] == "haelspore"


def test_sources_of_the_file_fill_an_empty_list_only(folder):
    run(folder)
    change(folder, "metaTitle:", 'sources: [{title: Fodbogen, url: "https://fod.dk"}]\nmetaTitle:')
    change(folder, "Hvil foden.", "Hvil.")
    run(folder)
    assert Article.objects.get().sources == [{"title": "Fodbogen", "url": "https://fod.dk"}]
    Article.objects.update(sources=[{"title": "Ediths kilde", "url": ""}])
    change(folder, "Hvil.", "Hvil nu.")
    run(folder)
    assert Article.objects.get().sources == [{"title": "Ediths kilde", "url": ""}]


# Examples


def test_a_real_article_takes_the_place_of_an_example(folder):
    import_paths([folder], publish=True, demo=True)
    example = Article.objects.get()
    assert example.is_demo
    Article.objects.update(author="Opdigtet", reviewer="Opdigtet", reviewed_at="2025-01-01")
    assert outcomes(run(folder)[0]) == {"ondt-i-foden": "updated"}
    article = Article.objects.get()
    assert (article.pk, article.is_demo, article.status) == (example.pk, False, Article.Status.DRAFT)
    assert (article.author, article.reviewer, article.reviewed_at) == ("", "", None)
    assert article.condition.slug == "ondt-i-foden"


def test_an_example_never_takes_the_place_of_a_real_article(folder):
    run(folder)
    change(folder, "Hvil foden.", "Hvil.")
    assert outcomes(import_paths([folder], publish=True, demo=True)) == {"ondt-i-foden": "conflict"}
    assert "Hvil foden." in Article.objects.get().body


# The real articles, and many


@needs_real_articles
def test_the_five_real_articles_come_in():
    report, _, failed = run(REAL, "--publish")
    assert not failed
    assert {row["slug"]: (row["faqs"], row["outro"]) for row in report["files"]} == {
        "kramper-i-benene": (7, True),
        "kramper-i-benene-ved-blodprop": (6, True),
        "ondt-i-benene": (7, True),
        "ondt-i-laenden": (8, False),
        "smerter-i-ballen-og-ned-i-benet": (6, False),
    }
    article = Article.objects.published().get(slug="ondt-i-laenden")
    assert (article.updated_on, article.published_on) == (datetime.date(2025, 10, 12), datetime.date(2025, 9, 13))
    assert (article.name, article.condition.slug) == ("Ondt i lænden", "ondt-i-laenden")
    assert "→" in article.meta_title and "→" not in article.title
    assert all(row["condition"] == row["slug"] for row in report["files"])
    again, _, _ = run(REAL, "--publish")
    assert again["summary"]["unchanged"] == 5


def test_the_number_of_questions_to_the_database_grows_only_with_the_files(folder, django_assert_max_num_queries):
    for number in range(9):
        (folder / f"artikel-{number}.md").write_text(f"---\ntitle: Artikel {number}\n---\nTekst.")
    import_paths([folder])
    with django_assert_max_num_queries(10 * 4):  # look up, lock, condition; begin and end of its own transaction
        assert import_paths([folder]).summary["unchanged"] == 10


def test_an_error_nobody_thought_of_is_told_and_logged(folder, monkeypatch, caplog):
    monkeypatch.setattr(importer, "parse", lambda *args, **kwargs: 1 / 0)
    report, _, failed = run(folder)
    assert failed
    assert report["files"][0]["error"] == "Filen kunne ikke importeres (ZeroDivisionError)."
    assert "ondt-i-foden.md" in caplog.text


def test_a_link_out_of_the_folder_is_not_followed(tmp_path):
    secret = tmp_path / "secret.md"
    secret.write_text("# Hemmeligt\n\nNøglen er 1234.\n")
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "laan.md").symlink_to(secret)
    report = import_paths([folder], publish=True)
    assert [result.outcome for result in report.files] == ["failed"]
    assert "uden for mappen" in report.files[0].error
    assert not Article.objects.exists()

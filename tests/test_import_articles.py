"""`manage.py import_articles`: every good file comes in, and nothing of an editor's is overwritten."""

import datetime
import json
import os
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from articles.actions import archive_article, rename_article, save_article
from articles.importer import import_paths
from articles.models import Article
from articles.source_files import LARGEST
from clinics.models import Condition, ConditionMatch, RedFlag
from tests.article_files import FOOT, REAL, lines_of, needs_real_articles
from tests.people import speciality

from .worlds import kept

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
    article.reviewed_at, article.reviewed_fingerprint = datetime.date(2025, 11, 20), article.text_fingerprint()
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


@pytest.mark.parametrize(
    ("first", "second", "name"),
    [
        ("author: Åse", "author: Bo", "author"),
        ("description: Om fødder.", "description: Om tæer.", "description"),
        ("related: [a, b]", "related: [c]", "related_slugs"),
    ],
)
def test_what_the_file_says_beside_its_text_follows_the_file_until_an_editor_says_otherwise(
    folder, first, second, name
):
    run(folder)
    derived = getattr(Article.objects.get(), name)
    change(folder, "metaTitle:", f"{first}\nmetaTitle:")
    assert outcomes(run(folder)[0]) == {"ondt-i-foden": "updated"}
    was = getattr(Article.objects.get(), name)
    assert was not in ("", [], derived)
    assert outcomes(run(folder)[0]) == {"ondt-i-foden": "unchanged"}
    change(folder, first, second)
    assert outcomes(run(folder)[0]) == {"ondt-i-foden": "updated"}
    assert getattr(Article.objects.get(), name) not in (was, derived)
    article = Article.objects.get()
    setattr(article, name, was)  # an editor prefers the old one
    save_article(article)
    assert outcomes(run(folder)[0]) == {"ondt-i-foden": "unchanged"}
    change(folder, "Hvil foden.", "Hvil.")
    assert outcomes(run(folder)[0]) == {"ondt-i-foden": "updated"}
    assert getattr(Article.objects.get(), name) == was


def test_a_field_that_an_editor_emptied_stays_empty(folder):
    change(folder, "metaTitle:", "related: [a, b]\nmetaTitle:")
    run(folder)
    article = Article.objects.get()
    article.related_slugs = []
    save_article(article)
    assert outcomes(run(folder)[0]) == {"ondt-i-foden": "unchanged"}
    assert Article.objects.get().related_slugs == []


def test_a_file_with_an_old_address_means_the_article_that_had_it(folder):
    run(folder)
    rename_article(Article.objects.get(), "fodsmerter")
    assert outcomes(run(folder)[0]) == {"fodsmerter": "unchanged"}
    change(folder, "Hvil foden.", "Hvil.")
    report, _, _ = run(folder)
    assert outcomes(report) == {"fodsmerter": "updated"}
    assert report["files"][0]["condition"] == "ondt-i-foden"
    assert Article.objects.get().slug == "fodsmerter"
    (folder / "fodsmerter.md").write_text(FOOT)
    report, _, failed = run(folder)
    assert failed and sorted(row["outcome"] for row in report["files"]) == ["failed", "updated"]
    assert Article.objects.count() == 1


def test_an_address_of_the_sites_own_is_refused(tmp_path):
    (tmp_path / "soeg.md").write_text("# Søg\n\nTekst.")
    assert "en af sidens egne" in run(tmp_path)[0]["files"][0]["error"]


# Differences


def diff_of(report) -> list[str]:
    return report["files"][0]["diff"].splitlines()


def test_a_conflict_shows_what_differs(folder):
    run(folder)
    article = Article.objects.get()
    article.body = article.body.replace("Hvil foden.", "Hvil foden på en skammel.")
    save_article(article)
    change(folder, "04/11/2025", "05/11/2025")
    report, _, _ = run(folder)
    lines = diff_of(report)
    assert {"--- på siden", "+++ i filen", "-Hvil foden på en skammel.", "+Hvil foden."} <= set(lines)
    assert "-opdateret: 2025-11-04" in lines and "+opdateret: 2025-11-05" in lines
    out = StringIO()
    call_command("import_articles", str(folder), stdout=out)
    assert "    -Hvil foden på en skammel.\n    +Hvil foden.\n" in out.getvalue()


def test_a_dry_run_shows_what_an_update_would_change_and_a_real_one_does_not(folder):
    report, _, _ = run(folder, "--dry-run")
    assert report["files"][0]["diff"] is None
    run(folder)
    assert run(folder, "--dry-run")[0]["files"][0]["diff"] is None
    change(folder, "Hvil foden.", "Hvil.")
    report, _, _ = run(folder, "--dry-run")
    assert outcomes(report) == {"ondt-i-foden": "updated"}
    assert [line for line in diff_of(report) if line[0] in "+-"][2:] == ["-Hvil foden.", "+Hvil."]
    assert run(folder)[0]["files"][0]["diff"] is None


def test_a_difference_of_many_lines_takes_no_time(folder):
    run(folder)
    save_article(Article.objects.get())
    Article.objects.update(body="En anden.")
    lines = "\n".join(f"{number * 7919 % 15_013}" for number in range(9_000))
    (folder / "ondt-i-foden.md").write_text(f"---\ntitle: Foden\n---\n{lines}")
    report, _, _ = run(folder)
    assert outcomes(report) == {"ondt-i-foden": "conflict"}, report["files"][0]["error"]
    assert report["files"][0]["diff"] == "Teksterne er for lange til at vise forskellen."


def test_an_older_file_is_told_of_a_conflict_too(folder):
    run(folder)
    article = Article.objects.get()
    article.body += "\n\nEdith."
    save_article(article)
    change(folder, "04/11/2025", "03/11/2025")
    assert (3, "older") in [(w["line"], w["code"]) for w in run(folder)[0]["files"][0]["warnings"]]


# Related articles


def related(folder, value: str) -> dict:
    (folder / "a.md").write_text(f"---\ntitle: Første\nrelated: {value}\n---\nTekst.")
    return next(row for row in run(folder)[0]["files"] if row["slug"] == "a")


@pytest.mark.parametrize(
    "value",
    [
        "[ondt-i-foden]",
        "ondt-i-foden",
        "[/ordbog/ondt-i-foden/]",
        "['https://fysfinder.dk/ordbog/ondt-i-foden/?a=1#b']",
        "[./artikler/ondt-i-foden.md]",
        "[Ondt i foden]",
        "[ondt i  FODEN]",
        '["Ondt i foden – årsager og gode råd"]',
        "[{title: Ondt i foden}]",
        "[{slug: ondt-i-foden, title: Noget andet}]",
        "\n  - ondt-i-foden\n  - Ondt i foden\n  - a",  # once, and never the article itself
    ],
)
def test_related_articles_are_known_by_any_name_even_before_they_are_in(folder, value):
    row = related(folder, value)
    assert row["warnings"] == []
    assert Article.objects.get(slug="a").related_slugs == ["ondt-i-foden"]


def test_related_articles_of_an_earlier_import_are_known(folder):
    run(folder)
    (folder / "ondt-i-foden.md").unlink()
    assert related(folder, '["Ondt i foden – årsager og gode råd"]')["warnings"] == []


def test_a_related_article_that_nobody_knows_is_told_until_it_comes(folder):
    for _ in range(2):
        row = related(folder, "[ondt-i-foden, haelspore, Ukendt titel]")
        assert [(w["line"], w["code"]) for w in row["warnings"]] == [(3, "related_unknown")] * 2
        assert "haelspore" in row["warnings"][0]["text"]
    assert Article.objects.get(slug="a").related_slugs == ["ondt-i-foden", "haelspore", "ukendt-titel"]
    (folder / "haelspore.md").write_text("---\ntitle: Hælspore\n---\nTekst.")
    (folder / "ukendt-titel.md").write_text("")  # is not imported
    row = related(folder, "[ondt-i-foden, haelspore, Ukendt titel]")
    assert (row["outcome"], [w["code"] for w in row["warnings"]]) == ("unchanged", ["related_unknown"])


@pytest.mark.parametrize("value", ["", "[]", "{}", "[[], {}, '']", "[[[[a]]]]"])
def test_a_related_list_of_any_shape_is_read(folder, value):
    assert related(folder, value)["outcome"] == "created"


# Conditions


def write_article(folder, name: str, title: str, body: str = "Tekst.") -> dict:
    (folder / f"{name}.md").write_text(f"---\ntitle: {title}\n---\n{body}")
    (row,) = run(folder / f"{name}.md")[0]["files"]
    return row


def test_a_generic_article_gets_a_condition_without_clinics(tmp_path):
    row = write_article(tmp_path, "sund-kost", "Sund kost – spis godt")
    assert row["generic"] == {"verdict": True, "reason": "Navnet er et generelt emne (“kost”)."}
    assert row["matches"] == []
    condition = Condition.objects.get(slug="sund-kost")
    assert condition.is_generic and condition.name == "Sund kost"


def test_an_article_about_a_complaint_is_not_generic(folder):
    row = run(folder)[0]["files"][0]
    assert row["generic"] == {"verdict": False, "reason": "Navnet siger en gene eller sygdom (“ondt”)."}
    again = run(folder)[0]["files"][0]
    assert again["generic"] == {
        "verdict": False,
        "reason": "Tilstanden “Ondt i foden” findes og er ikke et generelt emne.",
    }


def test_what_an_editor_decided_about_a_condition_is_never_changed(tmp_path):
    write_article(tmp_path, "kost", "Kost")
    Condition.objects.update(is_generic=False)
    row = write_article(tmp_path, "kost", "Kost", "Ny tekst.")
    assert (row["outcome"], row["generic"]["verdict"]) == ("updated", False)
    assert not Condition.objects.get().is_generic
    Condition.objects.create(slug="ondt-i-haelen", name="Ondt i hælen", is_generic=True)
    assert write_article(tmp_path, "ondt-i-haelen", "Ondt i hælen")["generic"]["verdict"] is True


@kept
def clot():
    values = {"group": "Blodprop", "text": "har en blodprop", "terms": ["blodprop"]}
    return RedFlag.objects.create(key="blodprop", urgency=RedFlag.Urgency.DOCTOR_NOW, **values)


def test_a_new_subject_that_is_a_red_flag_waits_for_an_editor(tmp_path, clot):
    row = write_article(tmp_path, "blodprop-i-benet", "Blodprop i benet – advarselstegn")
    assert row["awaits_acceptance"] is True
    assert [(w["line"], w["code"]) for w in row["warnings"]] == [(2, "acute_subject")]
    assert Condition.objects.get().awaits_acceptance
    Condition.objects.update(awaits_acceptance=False)  # an editor has accepted it
    row = write_article(tmp_path, "blodprop-i-benet", "Blodprop i benet – advarselstegn", "Ny tekst.")
    assert row["awaits_acceptance"] is False and not Condition.objects.get().awaits_acceptance


@pytest.mark.parametrize(
    "change", [{"urgency": "doctor_soon"}, {"urgency": "own_doctor"}, {"kind": "avoid"}, {"terms": ["lungerne"]}]
)
def test_other_subjects_wait_for_nobody(tmp_path, clot, change):
    RedFlag.objects.update(**change)
    row = write_article(tmp_path, "blodprop-i-benet", "Blodprop i benet")
    assert row["awaits_acceptance"] is False and row["warnings"] == []


def test_a_known_condition_waits_for_nobody(tmp_path, clot):
    Condition.objects.create(slug="blodprop-i-benet", name="Blodprop i benet")
    assert write_article(tmp_path, "blodprop-i-benet", "Blodprop i benet")["awaits_acceptance"] is False


@kept
def vocabulary():
    call_command("load_vocabulary", verbosity=0)


TOE = "Storetåen gør ondt, når foden ruller af. Sko med blød sål og indlæg aflaster forfoden og hælen."


def test_a_new_subject_is_matched_by_its_text_until_an_editor_matches_it(tmp_path, vocabulary):
    row = write_article(tmp_path, "ondt-i-storetaaen", "Ondt i storetåen", TOE)
    condition = Condition.objects.get(slug="ondt-i-storetaaen")
    assert "fod-og-ankel" in row["matches"]
    assert {match.origin for match in condition.matches.all()} == {ConditionMatch.Origin.SUGGESTED}
    assert write_article(tmp_path, "ondt-i-storetaaen", "Ondt i storetåen", TOE)["matches"] == row["matches"]
    condition.matches.all().delete()
    ConditionMatch.objects.create(condition=condition, speciality=speciality("Tæer"), weight=3)
    row = write_article(tmp_path, "ondt-i-storetaaen", "Ondt i storetåen", f"{TOE} Nyt.")
    assert (row["outcome"], row["matches"]) == ("updated", ["taeer"])
    assert condition.matches.get().origin == ConditionMatch.Origin.EDITOR


def test_a_text_that_changes_is_matched_anew(tmp_path, vocabulary):
    first = write_article(tmp_path, "ondt-et-sted", "Ondt et sted", TOE)["matches"]
    other = "Skulderen gør ondt, når armen løftes. Slimsækken og rotatormanchetten i skulderen er irriteret."
    row = write_article(tmp_path, "ondt-et-sted", "Ondt et sted", other)
    assert row["matches"] and row["matches"] != first


def test_what_another_article_says_does_not_match_a_shared_condition(tmp_path, vocabulary):
    first = write_article(tmp_path, "ondt-i-storetaaen", "Ondt i storetåen", TOE)["matches"]
    other = Condition.objects.get(slug="ondt-i-storetaaen")
    Condition.objects.create(slug="skulderen", name="Skulderen", merged_into=other)
    row = write_article(tmp_path, "skulderen", "Skulderen", "Skulderen gør ondt, når armen løftes.")
    assert (row["condition"], row["matches"]) == ("ondt-i-storetaaen", first)


def test_the_matches_of_the_vocabulary_are_not_touched(tmp_path, vocabulary):
    known = Condition.objects.get(slug="ondt-i-foden")
    before = list(known.matches.values_list("speciality", "treatment", "weight", "origin"))
    row = write_article(tmp_path, "ondt-i-foden", "Ondt i foden", "Skulderen gør ondt, når armen løftes.")
    assert list(known.matches.values_list("speciality", "treatment", "weight", "origin")) == before
    assert len(row["matches"]) == len(before)


# Safety


def test_a_text_that_is_milder_than_a_red_flag_comes_in_and_is_reported(tmp_path, clot):
    path = tmp_path / "tunge-ben.md"
    path.write_text(
        "---\ntitle: Tunge ben\n---\nIndledning.\n\n## Hvornår?\nVed blodprop kan du kontakte en fysioterapeut.\n"
    )
    for _ in range(2):
        row = run(path, "--publish")[0]["files"][0]
        assert (row["safety"], row["suggested_flags"]) == (1, ["blodprop"])
        assert (7, "weaker") in [(w["line"], w["code"]) for w in row["warnings"]]
    article = Article.objects.published().get()
    assert "weaker" not in [w["code"] for w in article.warnings], "the editors' screens ask the article itself"


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
    with django_assert_max_num_queries(10 * 3 + 6):  # look up; begin and end of its own transaction; the words of links
        assert import_paths([folder]).summary["unchanged"] == 10


def test_an_error_nobody_thought_of_is_told_and_logged(folder, monkeypatch, caplog):
    monkeypatch.setattr("articles.importing.candidate.parse", lambda *args, **kwargs: 1 / 0)
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

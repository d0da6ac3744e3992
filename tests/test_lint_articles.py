"""`manage.py lint_articles`, on stored articles and on files; what the real articles are told, and our own are not."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from articles.lint import lint
from articles.models import Article

from .article_files import FOOT, REAL, needs_real_articles
from .linting import article

pytestmark = pytest.mark.django_db

REAL_TYPOS = {
    "ondt-i-benene": {"Ro og gradvis", "træning kan bruges", "elektrolytter"},
    "kramper-i-benene": {"Kredsløbs-", "Et enkelt vægstræk", "hælløft", "Dokumentationen for"},
    "ondt-i-laenden": {"løsne lænderyggen og de stramme baglår"},
    "smerter-i-ballen-og-ned-i-benet": {"tæerne", "i håndkøb"},
    "kramper-i-benene-ved-blodprop": {"kompressionsstøtte", "massér (eller massere) kraftigt"},
}


@needs_real_articles
@pytest.mark.parametrize(("slug", "expected"), REAL_TYPOS.items())
def test_the_errors_of_the_real_articles_are_reported(slug, expected):
    body = (REAL / f"{slug}.md").read_text(encoding="utf-8").split("---", 2)[2]
    found = {f.suggestion.lower() for f in lint(article(body)) if f.code in ("typo", "english")}
    assert {one.lower() for one in expected} <= found


def lint_json(*arguments, **options) -> dict:
    out = io.StringIO()
    call_command("lint_articles", *arguments, report="json", stdout=out, **options)
    return json.loads(out.getvalue())


def test_our_own_articles_have_no_typos_and_claim_nothing():
    report = lint_json("--path", "articles/demo")
    assert report["summary"]["articles"] == 13
    found = [(a["name"], f["line"], f["text"]) for a in report["articles"] for f in a["findings"]
             if f["code"] in ("typo", "word_twice", "english", "claim", "lix", "lix_danger", "lix_section", "no_sources")
             or f["code"].startswith("link_")]  # fmt: skip
    assert found == []


# The command


def test_the_command_tells_of_every_article(capsys):
    article("Alle symtomer.")
    article("Alle symtomer.", slug="gemt", title="Gemt", status="archived")
    call_command("lint_articles")
    out = capsys.readouterr().out
    assert "proeve:1: advarsel (typo): Skal “symtomer” være “symptomer”?" in out
    assert "gemt" not in out and "1 artikel: 2 advarsler og" not in out
    call_command("lint_articles", "gemt")
    assert "gemt:1: advarsel (typo)" in capsys.readouterr().out


def test_the_command_fails_when_it_is_asked_to():
    article("Alle symtomer.")
    call_command("lint_articles", fail_on="error")
    with pytest.raises(CommandError):
        call_command("lint_articles", fail_on="warning")
    with pytest.raises(CommandError):
        call_command("lint_articles", fail_on="advice")
    with pytest.raises(CommandError, match="findes-ikke"):
        call_command("lint_articles", "findes-ikke")


def test_the_command_reads_files_and_stores_nothing(tmp_path):
    path = tmp_path / "ondt-i-foden.md"
    path.write_text(FOOT.replace("Foden bærer", "Foden symtomer bærer"), encoding="utf-8")
    (tmp_path / "tom.md").write_bytes(b"\xff\xfe")
    report = lint_json("--path", str(tmp_path))
    found = {a["name"]: [(f["level"], f["code"], f["line"]) for f in a["findings"]] for a in report["articles"]}
    assert ("warning", "typo", 8) in found[str(path)], "lines are those of the file"
    assert found[str(tmp_path / "tom.md")] == [("error", "unreadable", 0)]
    assert report["summary"]["error"] >= 1
    assert not Article.objects.exists()
    with pytest.raises(CommandError):
        lint_json("--path", str(tmp_path), fail_on="error")

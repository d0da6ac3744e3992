"""Bringing pages in line: the command, the task and its timetable, and the report of what links where."""

import json
from io import StringIO

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from articles import actions, mentions, rendering, tasks
from articles.models import Article, LinkTerm
from fysfinder import preparation
from fysfinder.celery import app
from fysfinder.roles import EDITOR, sync_roles
from tests.people import condition
from tests.test_links import article, links_of

from .worlds import kept

pytestmark = pytest.mark.django_db


def run(name: str, *arguments: str) -> str:
    out = StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue()


# --- render_articles ---


def test_stale_pages_are_made_anew_and_only_those(monkeypatch):
    page = article("A", "Om iskias.")
    article("Iskias")
    assert "2 articles changed" in run("render_articles", "--stale") or links_of(page)
    assert links_of(page) == [("iskias", "iskias")]
    monkeypatch.setattr(Article, "render", lambda self: pytest.fail("rendered again"))
    assert "0 articles changed" in run("render_articles", "--stale")


def test_a_page_of_an_older_renderer_is_stale(monkeypatch):
    page = article("A", "Tekst.")
    actions.render_stale()
    old = page.document | {"lead_html": "gammelt"}
    Article.objects.filter(pk=page.pk).update(document=old)
    assert actions.render_stale() == 0  # as far as anybody can tell it is in line
    monkeypatch.setattr(rendering, "VERSION", rendering.VERSION + 1)
    assert actions.render_stale() == 1
    page.refresh_from_db()
    assert page.lead_html == "<p>Tekst.</p>\n"


@pytest.mark.parametrize("document", [{}, {"lead_html": "x"}, {"made_from": "1 x"}])
def test_a_page_that_nobody_can_tell_about_is_stale(document):
    page = article("A", "Tekst.")
    Article.objects.update(document=document)
    assert actions.render_stale() == 1
    page.refresh_from_db()
    assert page.lead_html == "<p>Tekst.</p>\n"


def test_all_or_those_named_are_made_from_their_texts():
    article("A", "Tekst.")
    article("B", "Tekst.")
    Article.objects.update(document={}, search_text="")
    assert "1 articles rendered" in run("render_articles", "a")
    assert list(Article.objects.order_by("slug").values_list("search_text", flat=True)) == ["Tekst.", ""]
    assert "2 articles rendered" in run("render_articles")
    with pytest.raises(CommandError, match="findes-ikke"):
        run("render_articles", "a", "findes-ikke")
    with pytest.raises(CommandError, match="not both"):
        run("render_articles", "a", "--stale")


def test_name_and_remarks_that_an_editor_or_import_left_stay():
    page = article("A", "Tekst.", name="Ediths navn", warnings=[])
    Article.objects.update(warnings=[{"line": 3, "code": "title_missing", "text": "Titlen mangler."}])
    run("render_articles")
    page.refresh_from_db()
    assert (page.name, page.warnings[0]["code"]) == ("Ediths navn", "title_missing")


def test_a_page_is_made_before_the_site_answers():
    article("Iskias")
    page = article("A", "Om iskias.")
    Article.objects.filter(pk=page.pk).update(document={})
    said: list[str] = []
    preparation.render_stale(said.append)
    assert len(said) == 1 and said[0].startswith("Articles made anew: ")
    preparation.render_stale(said.append)
    assert len(said) == 1


# --- The task ---


def test_the_task_stands_in_the_timetable_and_may_run_twice():
    entry = settings.CELERY_BEAT_SCHEDULE["render-stale-articles"]
    assert entry["schedule"].minute == set(range(0, 60, 5))
    app.loader.import_default_modules()
    assert entry["task"] == tasks.render_stale.name and entry["task"] in app.tasks
    page = article("A", "Om iskias.")
    article("Iskias")
    tasks.render_stale()
    assert links_of(page) == [("iskias", "iskias")]
    assert tasks.render_stale() == 0


def test_a_broker_that_is_down_harms_nothing(monkeypatch, django_capture_on_commit_callbacks, caplog):
    def fails(**options):
        raise ConnectionError("no broker")

    monkeypatch.setattr(tasks.render_stale, "apply_async", fails)
    page = article("A", "Om iskias.")
    with django_capture_on_commit_callbacks(execute=True):
        actions.publish_article(article("Iskias", status="draft"))
    assert links_of(page) == [("iskias", "iskias")]
    assert "no broker" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_row_that_somebody_is_changing_is_left_for_later():
    """Two editors who publish two articles that mention each other must not wait for each other for ever."""
    busy, free = article("A", "Om iskias."), article("B", "Om iskias.")
    target = article("Iskias", status="draft")
    other = connection.copy()
    try:
        with transaction.atomic(), other.cursor() as cursor:
            other.set_autocommit(False)
            cursor.execute("SELECT 1 FROM articles_article WHERE id = %s FOR UPDATE", [busy.pk])
            actions.publish_article(target)
        assert (links_of(busy), links_of(free)) == ([], [("iskias", "iskias")])
    finally:
        other.rollback()
        other.close()
    assert tasks.render_stale() >= 1
    assert links_of(busy) == [("iskias", "iskias")]


def test_pages_are_done_in_small_portions(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(mentions, "CHUNK", 2)
    pages = [article(f"Side {number}", "Om iskias.") for number in range(5)]
    article("Iskias")
    actions.render_stale()
    assert [links_of(page) for page in pages] == [[("iskias", "iskias")]] * 5


# --- What links where ---


@kept
def linked():
    article(
        "Iskias", "Om [hælen](/ordbog/haelspore/).", condition=condition("Iskias", {}, synonyms=["jag", "begge to"])
    )
    article("Hælspore", "Ingen.", condition=condition("Hælspore", {}, synonyms=["begge to"]))
    article("Ondt i benet", "Om benet.\n\n## Hvad?\nMåske iskias.")
    LinkTerm.objects.create(phrase="fodtøj", article=None)
    actions.render_stale()


def test_the_report_as_json(linked):
    report = json.loads(run("link_report", "--json"))
    assert report["version"] == 1
    assert report["summary"] == {"links": 2, "orphans": 1, "ambiguous": 1, "blocked": 2}
    assert report["links"] == [
        {"source": "iskias", "target": "haelspore", "phrase": "hælen", "section": "", "kind": "text"},
        {"source": "ondt-i-benet", "target": "iskias", "phrase": "iskias", "section": "hvad", "kind": "auto"},
    ]
    assert report["orphans"] == ["ondt-i-benet"]
    assert [(row["phrase"], row["articles"]) for row in report["ambiguous"]] == [("begge to", ["haelspore", "iskias"])]
    assert [(row["phrase"], row["reason"]) for row in report["blocked"]] == [("fodtøj", "never"), ("jag", "short")]


def test_the_report_for_people(linked):
    out = run("link_report")
    assert "ondt-i-benet\n  iskias → iskias in #hvad\n" in out
    assert "  hælen → haelspore (written by the author)" in out
    assert "Nothing leads to: ondt-i-benet" in out
    assert "No link: begge to (haelspore, iskias): flere artikler gør krav på ordet" in out
    assert out.endswith("2 links on 3 public pages\n")


def test_the_report_of_nothing():
    assert "Nothing leads to: none\n0 links on 0 public pages\n" in run("link_report")


# --- Editors ---


@pytest.fixture
def edith(client):
    sync_roles()
    user = get_user_model().objects.create_user("edith@example.org", is_staff=True)
    user.groups.add(Group.objects.get(name=EDITOR))
    client.force_login(user)
    return client


REPORT = "/admin/articles/linkterm/report/"


def test_the_report_in_the_admin(edith, linked):
    page = edith.get(REPORT).content.decode()
    assert '<a href="/ordbog/ondt-i-benet/#hvad">ondt-i-benet</a>' in page
    assert "flere artikler gør krav på ordet" in page and "fodtøj" in page
    assert REPORT in edith.get("/admin/articles/linkterm/").content.decode()


def test_the_report_is_for_editors(client):
    assert client.get(REPORT).status_code == 302
    client.force_login(get_user_model().objects.create_user("sam@example.org", is_staff=True))
    assert client.get(REPORT).status_code == 403


def test_an_editors_word_counts_at_once_until_it_is_taken_away(edith):
    target = article("Iskias")
    page = article("A", "Om nerveklem.")
    edith.post("/admin/articles/linkterm/add/", {"phrase": " Nerveklem ", "article": target.pk})
    assert links_of(page) == [("nerveklem", "iskias")]
    term = LinkTerm.objects.get()
    address = f"/admin/articles/linkterm/{term.pk}"
    assert term.phrase == "Nerveklem"
    edith.post(f"{address}/change/", {"phrase": "andet", "article": target.pk})
    assert links_of(page) == []
    edith.post(f"{address}/change/", {"phrase": "nerveklem", "article": target.pk})
    assert links_of(page) == [("nerveklem", "iskias")]
    edith.post(f"{address}/delete/", {"post": "yes"})
    assert links_of(page) == [] and not LinkTerm.objects.exists()


def test_words_taken_away_together(edith):
    target = article("Iskias")
    LinkTerm.objects.create(phrase="nerveklem", article=target)
    page = article("A", "Om nerveklem.")
    chosen = {"action": "delete_selected", "_selected_action": LinkTerm.objects.get().pk, "post": "yes"}
    edith.post("/admin/articles/linkterm/", chosen)
    assert not LinkTerm.objects.exists() and links_of(page) == []


@pytest.mark.parametrize(
    ("phrase", "sentence"),
    [
        ("Ringe", "er også navnet på et sted"),
        ("–!", "Skriv et ord med bogstaver."),
        ("ISKIAS", "står på listen i forvejen"),
        ("x" * 121, "120"),
        ("", "Dette felt"),
    ],
)
def test_words_that_cannot_stand_on_the_list(edith, phrase, sentence):
    from clinics.models import Place
    from tests.people import place

    place("Ringe", Place.Kind.TOWN, 55.2, 10.5, "fyn")
    LinkTerm.objects.create(phrase="iskias")
    response = edith.post("/admin/articles/linkterm/add/", {"phrase": phrase, "article": ""})
    assert response.status_code == 200 and sentence in response.content.decode()
    assert LinkTerm.objects.count() == 1

"""The preview: the page as it will be, findings by line, and nothing saved."""

import pytest

from articles.lint import LEVELS

from .editors import CHANGELIST, MILD, TEXT, address, article, edith, form_of, unsafe

pytestmark = pytest.mark.django_db


def test_the_preview_shows_what_is_written_and_saves_nothing():
    one = article()
    response = edith().post(address(one, "preview"), {"title": "Ny titel", "body": "Ind.\n\n## Nyt afsnit\n\nTekst."})
    said = response.content.decode()
    assert '<h2 id="nyt-afsnit">Nyt afsnit</h2>' in said and "Ny titel" in said
    one.refresh_from_db()
    assert (one.title, one.body, one.history.count()) == ("Ondt i knæet", TEXT, 1)


def test_the_preview_names_findings_by_line():
    said = edith().post(
        address(article(), "preview"), {"title": "T", "body": "Ind.\n\n## Afsnit\n\nVi garanterer resultatet.\n"}
    )
    assert 'data-line="5"' in said.content.decode()


def test_the_preview_of_a_new_article_and_of_nothing():
    browser = edith()
    assert "Hej." in browser.post(f"{CHANGELIST}new/preview/", {"title": "T", "body": "Hej."}).content.decode()
    assert browser.post(f"{CHANGELIST}new/preview/", {}).status_code == 200


def test_what_is_too_long_for_a_preview_is_told():
    said = edith().post(address(article(), "preview"), {"title": "T", "body": "x" * 1_000_001}).content.decode()
    assert "over 1 MB" in said


def test_scripts_do_not_survive_the_preview():
    said = edith().post(
        address(article(), "preview"), {"title": "<script>1</script>", "body": "<script>alert(2)</script>"}
    )
    assert "<script" not in said.content.decode()


@pytest.mark.parametrize("part", ["preview", "change", "history", "trin/published", "gennemgang", "adresse", "safety"])
def test_the_screens_of_an_article_are_for_editors(client, django_user_model, part):
    one = article()
    client.force_login(django_user_model.objects.create_user("sam@example.org", is_staff=True))
    answers = {client.get(address(one, part)).status_code, client.post(address(one, part)).status_code}
    assert answers <= {403, 405}


def test_the_whole_page_shows_what_is_in_the_form_without_saving():
    one, browser = article(), edith()
    values = form_of(browser.get(address(one, "change"))) | {"body": "Ind.\n\n## Helt nyt\n\nTekst.", "_preview": "1"}
    said = browser.post(address(one, "change"), values).content.decode()
    assert "Helt nyt" in said and "Intet er gemt" in said and "noindex" in said
    one.refresh_from_db()
    assert one.body == TEXT


def test_the_worst_finding_stands_first():
    body = "Ind.\n\n## Afsnit\n\nVi garanterer resultatet.\n\n" + "Et [link](/ordbog/findes-ikke/).\n"
    shown = edith().post(address(unsafe(), "preview"), {"title": "T", "body": body + f"\n{MILD}\n"}).context["preview"]
    levels = [LEVELS.index(one.level) for one in shown.findings]
    assert levels == sorted(levels) and levels[0] == 0 and len(set(levels)) > 1

"""Every version of an article can be read, compared and brought back; nothing is lost by it."""

import pytest
from django.contrib.auth import get_user_model

from articles import actions, workflow
from articles.models import Article
from clinics.models import Condition
from fysfinder.roles import ADMINISTRATOR

from .editors import MILD, TEXT, address, article, edith, messages_of, save, staff, unsafe

pytestmark = pytest.mark.django_db


def versions(one: Article) -> list[int]:
    """Keys of the versions, the oldest first."""
    return list(one.history.order_by("history_id").values_list("history_id", flat=True))


def restore(browser, one: Article, version: int):
    latest = versions(one)[-1]
    return browser.post(address(one, "history", version), {"latest": latest}, follow=True)


def test_the_list_says_who_when_why_and_what():
    one = article()
    save(edith(), one, title="Ondt i et knæ", change_reason="Bedre titel")
    said = edith().get(address(one, "history")).content.decode()
    assert "edith@example.org: Bedre titel" in said
    assert "Ændret: Titel" in said and "Første version" in said and " kl. " in said


def test_a_version_shows_the_words_that_changed():
    one = article()
    save(edith(), one, body=TEXT.replace("hver dag", "to gange om dagen"))
    said = edith().get(address(one, "history", versions(one)[-1])).content.decode()
    assert "<del>Gå en tur<mark> hver dag</mark>.</del>" in said
    assert "<ins>Gå en tur<mark> to gange om dagen</mark>.</ins>" in said
    assert "Sådan ser artiklen ud nu." in said, "the newest cannot be restored"


def test_restoring_makes_a_new_version_and_a_new_page():
    one, browser = article(), edith()
    save(browser, one, body="Kort.", title="Anden titel")
    first, second = versions(one)
    response = restore(browser, one, first)
    one.refresh_from_db()
    assert (one.title, one.body) == ("Ondt i knæet", TEXT)
    assert [section["heading"] for section in one.sections] == ["Hvad er det?", "Hvad kan jeg gøre?"]
    assert len(versions(one)) == 3
    assert one.history.get(pk=second).body == "Kort."
    newest = one.history.order_by("-history_id").first()
    assert newest.history_change_reason.startswith("Gendannet fra versionen af ")
    assert str(newest.history_user) == "edith@example.org"
    assert "er gendannet" in messages_of(response)[-1]


def test_restoring_changes_neither_status_nor_address_nor_review():
    one = article()
    save(edith(), one, body="Kort.")
    actions.publish_article(one)
    actions.rename_article(one, "nyt-knae")
    restore(edith(), one, versions(one)[0])
    one.refresh_from_db()
    assert (one.body, one.status, one.slug) == (TEXT, "published", "nyt-knae")


def test_a_public_article_gets_no_mild_words_back():
    one, browser = unsafe(), edith()
    save(browser, one, body="Ind.\n\n## Hvad nu?\n\nGå en tur.\n")
    one.refresh_from_db()
    workflow.move(one, to="published", by=get_user_model().objects.get())
    response = restore(browser, one, versions(one)[0])
    assert "Versionen er ikke gendannet." in messages_of(response)[-1] and MILD in messages_of(response)[-1]
    one.refresh_from_db()
    assert MILD not in one.body
    workflow.move(one, to="draft", by=get_user_model().objects.get())
    assert "er gendannet" in messages_of(restore(browser, one, versions(one)[0]))[-1]


def test_restoring_past_somebody_elses_change_asks_again():
    one, browser = article(), edith()
    save(browser, one, body="Kort.")
    first, seen = versions(one)
    save(staff("adam", ADMINISTRATOR), one, body="Adams.")
    response = browser.post(address(one, "history", first), {"latest": seen}, follow=True)
    assert "Se forskellen igen" in messages_of(response)[-1]
    one.refresh_from_db()
    assert one.body == "Adams."


def test_a_condition_that_is_gone_does_not_stop_a_restore():
    gone = Condition.objects.create(name="Væk", slug="vaek")
    one = article(condition=gone)
    save(edith(), one, condition="", body="Kort.")
    gone.delete()
    assert "Væk" not in edith().get(address(one, "history", versions(one)[-1])).content.decode()
    restore(edith(), one, versions(one)[0])
    one.refresh_from_db()
    assert (one.body, one.condition) == (TEXT, None)


def test_who_only_reads_restores_nothing(django_user_model, client):
    from django.contrib.auth.models import Permission

    one = article()
    save(edith(), one, body="Kort.")
    sam = django_user_model.objects.create_user("sam@example.org", is_staff=True)
    sam.user_permissions.add(Permission.objects.get(codename="view_article"))
    client.force_login(sam)
    page = address(one, "history", versions(one)[0])
    assert client.get(page).status_code == 200
    assert "Gendan versionen" not in client.get(page).content.decode()
    assert client.post(page, {"latest": versions(one)[-1]}).status_code == 403


def test_another_articles_version_is_not_shown_here():
    one, other = article(), article(slug="iskias", title="Iskias")
    assert edith().get(address(one, "history", versions(other)[0])).status_code == 404


def test_many_versions_come_in_pages_with_a_constant_number_of_queries(django_assert_max_num_queries):
    one = article()
    for number in range(35):
        one.title = f"Titel {number}"
        actions.save_article(one)
    browser = edith()
    with django_assert_max_num_queries(12):
        first = browser.get(address(one, "history")).content.decode()
    second = browser.get(address(one, "history"), {"side": 2}).content.decode()
    assert "Side 1 af 2" in first and "Første version" not in first and "Første version" in second
    assert browser.get(address(one, "history"), {"side": "x"}).status_code == 200


def test_a_very_long_difference_is_shown_in_part():
    one = article()
    browser = edith()
    save(browser, one, body="\n".join(f"linje {number}" for number in range(5_000)))
    said = browser.get(address(one, "history", versions(one)[-1])).content.decode()
    assert said.count('class="diff__row ') < 2_100
    assert "Kun de første 2.000 linjer er vist." in said

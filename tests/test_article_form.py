"""Edith writes in the form of an article: nothing she typed is lost, and nothing of anybody else's is overwritten."""

import pytest

from articles.models import Article
from clinics.models import SlugHistory
from fysfinder.roles import ADMINISTRATOR

from .editors import CHANGELIST, TEXT, address, article, edith, form_of, save, seen_of, staff

pytestmark = pytest.mark.django_db


def test_saving_without_a_change_leaves_no_version():
    one = article(sources=[{"title": "Bog", "url": "https://example.org/"}], related_slugs=["kommer-senere"])
    assert save(edith(), one).status_code == 302
    one.refresh_from_db()
    assert one.history.count() == 1 and one.edited_at is None


def test_a_change_is_kept_with_who_and_why():
    one = article()
    assert save(edith(), one, body=TEXT + "\r\nMere.\r\n", change_reason="Nyt afsnit").status_code == 302
    one.refresh_from_db()
    version = one.history.first()
    assert one.body == TEXT + "\nMere.\n" and one.edited_at
    assert (str(version.history_user), version.history_change_reason) == ("edith@example.org", "Nyt afsnit")


def test_sources_are_lines_and_links_to_read_next_are_addresses():
    one, other = article(), article(slug="iskias", title="Iskias")
    lines = "Sundhed.dk | https://www.sundhed.dk/\r\n\r\nEn bog om knæ\r\nhttps://example.org/"
    assert (
        save(edith(), one, sources=lines, related_slugs="https://fysfinder.dk/ordbog/iskias/#oevelser").status_code
        == 302
    )
    one.refresh_from_db()
    assert one.sources == [
        {"title": "Sundhed.dk", "url": "https://www.sundhed.dk/"},
        {"title": "En bog om knæ", "url": ""},
        {"title": "https://example.org/", "url": "https://example.org/"},
    ]
    assert one.related_slugs == [other.slug]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        (
            "sources",
            "Bog | www.example.org",
            "Linje 1: “www.example.org” er ikke en adresse, der begynder med https://.",
        ),
        ("sources", "Skidt | javascript:alert(1)", "er ikke en adresse"),
        ("related_slugs", "iskias, findes-ikke", "Der er ingen artikel med adressen “findes-ikke”."),
        ("related_slugs", "knae", "Artiklen kan ikke henvise til sig selv."),
        ("body", "x" * 1_000_001, "Teksten fylder over 1 MB"),
        ("title", "", "Dette felt er påkrævet."),
    ],
)
def test_a_mistake_is_named_and_nothing_that_was_typed_is_lost(field, value, sentence):
    article(slug="iskias", title="Iskias")
    one = article()
    typed = {"description": "Det, jeg lige skrev."} | {field: value}
    response = save(edith(), one, **typed)
    assert response.status_code == 200
    assert sentence in str(response.context["adminform"].form.errors)
    page = response.content.decode()
    assert "Det, jeg lige skrev." in page
    one.refresh_from_db()
    assert one.description != "Det, jeg lige skrev." and one.history.count() == 1


@pytest.mark.parametrize("field", ["title", "body", "sources", "related_slugs", "description", "change_reason"])
def test_what_the_database_cannot_hold_is_refused_kindly(field):
    response = save(edith(), article(), **{field: "Ondt\0i foden"})
    assert response.status_code == 200 and field in response.context["adminform"].form.errors


def test_an_old_address_to_read_next_becomes_the_new_one():
    one, other = article(), article(slug="ny", title="Ny")
    SlugHistory.objects.create(kind="article", slug="gammel", object_id=other.pk)
    assert save(edith(), one, related_slugs="gammel").status_code == 302
    one.refresh_from_db()
    assert one.related_slugs == ["ny"]


def test_a_new_article_gets_its_address_from_the_title():
    browser = edith()
    values = form_of(browser.get(f"{CHANGELIST}add/")) | {"title": "Ondt i foden på ferie", "body": TEXT}
    response = browser.post(f"{CHANGELIST}add/", values)
    assert response.status_code == 302, response.context["adminform"].form.errors
    assert Article.objects.get().slug == "ondt-i-foden-paa-ferie"
    assert Article.objects.get().status == "draft"


def test_the_address_of_another_article_is_refused():
    other = article(slug="knae")
    SlugHistory.objects.create(kind="article", slug="gammelt-knae", object_id=other.pk)
    browser = edith()
    values = form_of(browser.get(f"{CHANGELIST}add/")) | {"title": "Nyt", "body": TEXT}
    for slug in ("knae", "gammelt-knae", "!!!"):
        assert browser.post(f"{CHANGELIST}add/", values | {"slug": slug}).status_code == 200
    assert Article.objects.count() == 1


def test_the_status_is_no_field():
    one = article()
    save(edith(), one, status="published", publish_at_0="2020-01-01", publish_at_1="08:00", body="Nyt.")
    one.refresh_from_db()
    assert (one.status, one.publish_at, one.body) == ("draft", None, "Nyt.")


# Two at once


def test_what_somebody_saved_meanwhile_is_not_overwritten_unseen():
    one, browser = article(), edith()
    page = address(one, "change")
    mine = form_of(browser.get(page)) | {"body": TEXT + "\nMin linje.\n"}
    save(staff("adam", ADMINISTRATOR), one, body=TEXT + "\nAdams linje.\n")
    response = browser.post(page, mine)
    said = response.content.decode()
    assert response.status_code == 200
    assert "adam@example.org har gemt imens" in said and "Adams" in said and "Min linje." in said
    one.refresh_from_db()
    assert one.body.endswith("Adams linje.\n")
    # Again, without having said yes: still nothing.
    assert browser.post(page, mine).status_code == 200
    conflict = response.context["conflict"]
    assert browser.post(page, mine | {"accepted_version": conflict.version}).status_code == 302
    one.refresh_from_db()
    assert one.body.endswith("Min linje.\n")
    assert one.history.count() == 3, "both versions can be read again"


def test_a_yes_to_one_version_is_no_yes_to_the_next():
    one, browser = article(), edith()
    page = address(one, "change")
    mine = form_of(browser.get(page)) | {"body": "Mit."}
    adam = staff("adam", ADMINISTRATOR)
    save(adam, one, body="Adams.")
    seen = browser.post(page, mine).context["conflict"].version
    save(adam, one, body="Adams igen.")
    assert browser.post(page, mine | {"accepted_version": seen}).status_code == 200
    one.refresh_from_db()
    assert one.body == "Adams igen."


def test_a_step_of_the_workflow_meanwhile_is_no_conflict():
    one, browser = article(), edith()
    page = address(one, "change")
    mine = form_of(browser.get(page)) | {"body": "Mit."}
    staff("adam", ADMINISTRATOR).post(address(one, "trin", "ready"), {"seen": seen_of(one)})
    assert browser.post(page, mine).status_code == 302
    one.refresh_from_db()
    assert (one.body, one.status) == ("Mit.", "ready"), "and the status is not set back"

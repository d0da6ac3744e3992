"""An article that moved is found under every address it ever had, and no way runs in a circle."""

import pytest
from django.contrib.auth import get_user_model

from articles import actions
from articles.importer import import_paths
from articles.models import Article
from clinics import addresses
from clinics.addresses import ARTICLE, AddressError
from clinics.models import SlugHistory
from tests.people import condition

pytestmark = pytest.mark.django_db


def article(slug: str, title: str = "", **fields) -> Article:
    fields = {"status": Article.Status.PUBLISHED, "body": "Indledningen."} | fields
    return Article.objects.create(slug=slug, title=title or slug.capitalize(), **fields)


def history() -> set[str]:
    return set(SlugHistory.objects.values_list("slug", flat=True))


def test_the_old_address_leads_to_the_article():
    made = article("a")
    edith = get_user_model().objects.create_user("edith@example.org")
    actions.rename_article(made, "Ondt i lænden", by=edith)
    made.refresh_from_db()
    assert made.slug == "ondt-i-laenden"
    assert addresses.current(ARTICLE, "a") == made.pk
    version = made.history.first()
    assert (version.slug, version.history_user) == ("ondt-i-laenden", edith)
    assert version.history_change_reason == "Ny adresse: a → ondt-i-laenden"


def test_there_and_back_again():
    made = article("a")
    for slug in ("b", "c"):
        actions.rename_article(made, slug)
    assert history() == {"a", "b"}
    actions.rename_article(made, "a")
    assert history() == {"b", "c"}
    assert {addresses.current(ARTICLE, slug) for slug in ("b", "c")} == {made.pk}
    actions.rename_article(made, "a")  # where it is
    assert history() == {"b", "c"} and Article.objects.get().slug == "a"


@pytest.mark.parametrize(
    ("slug", "sentence"),
    [
        ("", "Skriv en adresse"),
        ("—", "Skriv en adresse"),
        ("x" * 121, "plads til 120 tegn"),
        ("kladde", "bruges af siden selv"),
        ("Søg", "bruges af siden selv"),
        ("optaget", "bruges af en anden artikel: “Optaget”"),
        ("gammel", "er den gamle adresse på “Optaget”"),
    ],
)
def test_addresses_that_cannot_be_used(slug, sentence):
    other = article("gammel", "Optaget")
    actions.rename_article(other, "optaget")
    made = article("a")
    with pytest.raises(AddressError, match=sentence):
        actions.rename_article(made, slug)
    assert Article.objects.filter(slug="a").exists() and history() == {"gammel"}


def test_the_address_of_what_is_gone_is_free():
    gone = article("gammel")
    actions.rename_article(gone, "ny")
    actions.delete_article(gone)
    assert history() == set()
    made = article("a")
    actions.rename_article(made, "gammel")
    actions.rename_article(made, "ny")
    assert addresses.current(ARTICLE, "gammel") == made.pk


def test_a_null_byte_is_no_address():
    assert addresses.current(ARTICLE, "a\0") is None


# --- Import ---


def test_a_file_with_an_old_name_updates_the_article_that_moved(tmp_path):
    file = tmp_path / "ondt-i-foden.md"
    file.write_text('---\ntitle: "Ondt i foden"\n---\nFørst.\n', encoding="utf-8")
    import_paths([tmp_path], publish=True)
    made = Article.objects.get()
    actions.rename_article(made, "fodsmerter")
    assert import_paths([tmp_path]).summary["unchanged"] == 1
    file.write_text('---\ntitle: "Ondt i foden"\n---\nSå.\n', encoding="utf-8")
    report = import_paths([tmp_path])
    assert report.summary["updated"] == 1
    made = Article.objects.get()
    assert (made.slug, made.body.strip(), made.condition.slug) == ("fodsmerter", "Så.", "ondt-i-foden")


# --- Pages ---


def test_every_old_address_leads_there_in_one_step(client):
    made = article("a")
    for slug in ("b", "c"):
        actions.rename_article(made, slug)
    for slug in ("a", "b"):
        response = client.get(f"/ordbog/{slug}/?sted=8000")
        assert (response.status_code, response["Location"]) == (301, "/ordbog/c/?sted=8000")
    assert client.get("/ordbog/c/").status_code == 200
    assert client.get("/ordbog/findes-ikke/").status_code == 404


@pytest.mark.parametrize(("status", "answer"), [("archived", 410), ("draft", 404)])
def test_an_old_address_of_what_nobody_may_read_leads_nowhere(client, status, answer):
    made = article("a")
    actions.rename_article(made, "b")
    Article.objects.update(status=status)
    assert client.get("/ordbog/a/").status_code == answer
    assert client.get("/ordbog/b/").status_code == answer


def test_the_address_of_a_merged_condition_leads_to_the_others_article(client):
    from clinics.merging import merge_conditions

    kept, other = condition("Iskias", {}), condition("Nerverod", {})
    article("iskias", condition=kept)
    own = article("nerverod", condition=other)
    merge_conditions(source=other, target=kept)
    assert client.get("/ordbog/nerverod/").status_code == 200  # its own article is still there
    for status in ("archived", "draft"):
        Article.objects.filter(pk=own.pk).update(status=status)
        response = client.get("/ordbog/nerverod/?sted=8000")
        assert (response.status_code, response["Location"]) == (301, "/ordbog/iskias/?sted=8000")
    own.delete()
    assert client.get("/ordbog/nerverod/")["Location"] == "/ordbog/iskias/"
    Article.objects.update(status="draft")
    assert client.get("/ordbog/nerverod/").status_code == 404

"""Edith writes in the form of an article: nothing she typed is lost, and nothing of anybody else's is overwritten."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from articles import workflow
from articles.models import Article, SignOff
from clinics.models import SlugHistory
from fysfinder.roles import ADMINISTRATOR, MEDICAL_REVIEWER

from .editors import CHANGELIST, MILD, TEXT, address, article, edith, form_of, messages_of, save, seen_of, staff, unsafe
from .pictures import photo

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


def test_saving_and_staying_says_so():
    one, browser = article(), edith()
    page = address(one, "change")
    said = browser.post(page, form_of(browser.get(page)) | {"author": "Edith", "_continue": "1"}, follow=True)
    assert messages_of(said) == ["Gemt. Du kan rette videre herunder."]


def test_who_may_only_look_is_not_asked_what_changed_or_how_to_write():
    one = article(related_slugs=["hofte"])
    said = staff("frida", MEDICAL_REVIEWER).get(address(one, "change")).content.decode()
    assert "Change reason" not in said and "Adskil med komma" not in said and "Liste af" not in said
    assert "står først under “Læs også”" in said


@pytest.mark.parametrize("field", ["published_on", "updated_on"])
def test_a_date_long_before_the_site_is_a_slip(field):
    response = save(edith(), article(), **{field: "01.01.0001"})
    assert "Datoen ligger før 1990. Tjek årstallet." in response.content.decode()


PUBLIC = [
    {"status": "published"},
    {"status": "ready", "publish_at": datetime.datetime(2099, 1, 1, tzinfo=datetime.UTC)},
]


@pytest.mark.parametrize("standing", PUBLIC, ids=["published", "scheduled"])
def test_what_everybody_reads_becomes_no_milder_without_a_reason(standing):
    one, browser = unsafe(body="Ind.\n\n## Hvad nu?\n\nGå en tur.\n", places=0, **standing), edith()
    hidden = '<input type="hidden" name="safety_reason"'
    assert hidden in browser.get(address(one, "change")).content.decode()
    mild = f"Ind.\n\n## Hvad nu?\n\n{MILD}\n"
    said = save(browser, one, body=mild).content.decode()
    assert f"linje 5: “{MILD}”" in said and "Skriv en begrundelse" in said and hidden not in said
    one.refresh_from_db()
    assert MILD not in one.body
    assert save(browser, one, body=mild, safety_reason="Gælder efter lægens ja.").status_code == 302
    one.refresh_from_db()
    assert MILD in one.body and not one.needs_attention
    signed = SignOff.objects.get()
    assert (signed.reason, str(signed.by)) == ("Gælder efter lægens ja.", "edith@example.org")
    assert save(browser, one, body=mild + "\nMere.\n").status_code == 302, "it is asked about once"


def test_a_public_text_with_an_old_place_is_corrected_without_a_reason():
    one = unsafe(status="published")
    assert save(edith(), one, body=one.body + "\nEt råd mere.\n").status_code == 302
    one.refresh_from_db()
    assert "Et råd mere." in one.body and one.needs_attention and not SignOff.objects.exists()


def test_a_draft_is_written_without_a_reason():
    one = unsafe(body="Ind.\n", places=0)
    assert save(edith(), one, body=MILD).status_code == 302


def test_a_step_is_taken_together_with_a_new_picture():
    one = article(body="Ind.\n\n![Et knæ](knae.jpg)\n")
    picture = {
        "images-TOTAL_FORMS": "1",
        "images-0-file": SimpleUploadedFile("knae.jpg", photo()),
        "images-0-alt": "Et knæ",
        "images-0-name": "",
        "images-0-credit": "",
    }
    assert save(edith(), one, _step="published", **picture).status_code == 302
    one.refresh_from_db()
    assert one.status == "published" and one.images.count() == 1 and workflow.comes_out(one)

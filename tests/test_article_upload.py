"""Upload: first what would happen, then exactly that, and only once."""

import datetime
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from articles import tasks
from articles.models import Article, Upload
from clinics import clock
from fysfinder.roles import ADMINISTRATOR

from .editors import CHANGELIST, article, edith, messages_of, save, staff

pytestmark = pytest.mark.django_db

UPLOAD = f"{CHANGELIST}upload/"
FILE = """---
title: "Ondt i foden"
---
Indledning om foden.

## Hvad er det?

En forklaring.

### Øvelse uden afsnit

Tekst.

## Ofte stillede spørgsmål om foden

### Går det over?

Ja, som regel.
"""


def file(name: str = "ondt-i-foden.md", text: str | bytes = FILE) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)


def zipped(**files: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.md", text)
    return packed.getvalue()


def send(browser, *files: SimpleUploadedFile):
    """Upload, and read the page that it leads to."""
    return browser.post(UPLOAD, {"chosen": list(files)}, follow=True)


def apply(browser, **button: str):
    return browser.post(f"{UPLOAD}{Upload.objects.get().pk}/", button or {"apply": "1"}, follow=True)


def test_first_only_a_look():
    response = send(edith(), file())
    said = response.content.decode()
    assert "Intet er ændret endnu." in said and "1 ny" in said
    assert "Hvad er det?" in said and "Går det over?" in said, "the tree"
    assert not Article.objects.exists()
    assert Upload.objects.get().report["dry_run"]


def test_then_exactly_that():
    browser = edith()
    send(browser, file())
    response = apply(browser)
    said = response.content.decode()
    assert messages_of(response) == ["Importeret."]
    assert "Resultat af importen" in said and "Importér" not in said.split("content-main")[1]
    one = Article.objects.get()
    assert (one.slug, one.title, one.status) == ("ondt-i-foden", "Ondt i foden", "draft")
    assert str(one.history.first().history_user) == "edith@example.org"
    assert f"{CHANGELIST}{one.pk}/change/" in said


def test_with_publishing():
    browser = edith()
    send(browser, file())
    response = apply(browser, publish="1")
    assert Article.objects.get().status == "published"
    assert messages_of(response) == ["Importeret. Ingen af artiklerne er dermed fagligt gennemgået."]


def test_twice_is_refused_kindly_and_changes_nothing():
    browser = edith()
    send(browser, file())
    apply(browser)
    Article.objects.get().delete()
    assert messages_of(apply(browser)) == ["Filerne er importeret allerede. Her er resultatet."]
    assert not Article.objects.exists()


def test_another_editor_may_finish_it():
    send(edith(), file())
    assert messages_of(apply(staff("adam", ADMINISTRATOR))) == ["Importeret."]


@pytest.mark.parametrize("page", ["", "1/"])
def test_who_may_not_add_articles_uploads_nothing(client, django_user_model, page):
    client.force_login(django_user_model.objects.create_user("sam@example.org", is_staff=True))
    assert client.get(UPLOAD + page).status_code == 403
    assert client.post(UPLOAD + page, {"chosen": file()}).status_code == 403
    assert not Upload.objects.exists()


def test_a_conflict_shows_the_difference_and_overwrites_nothing():
    browser = edith()
    send(browser, file())
    apply(browser)
    Upload.objects.all().delete()
    one = Article.objects.get()
    save(browser, one, body=one.body.replace("Ja, som regel.", "Ja, næsten altid."))
    said = send(browser, file(text=FILE.replace("Ja, som regel.", "Nej, sjældent."))).content.decode()
    assert "1 rettet her" in said
    assert "næsten altid" in said and "sjældent" in said
    assert "bliver ikke overskrevet" in said
    apply(browser)
    one.refresh_from_db()
    assert "næsten altid" in one.body


def test_an_update_shows_the_difference():
    browser = edith()
    send(browser, file())
    apply(browser)
    Upload.objects.all().delete()
    said = send(browser, file(text=FILE.replace("som regel", "næsten altid"))).content.decode()
    assert "1 opdateret" in said and "<mark>" in said


def test_warnings_stand_with_their_line():
    said = send(edith(), file(text=FILE.replace('title: "Ondt i foden"\n', ""))).content.decode()
    assert "Titlen mangler" in said and "linje" in said


def test_several_files_and_their_pictures_together():
    response = send(edith(), file(), file("ondt-i-taaen.md"), file("taa.jpg", b"not a picture"))
    assert "2 nye" in response.content.decode()
    assert Upload.objects.get().name.startswith("3 filer")


def test_a_zip_as_it_is():
    response = send(edith(), file("artikler.zip", zipped(en=FILE, to=FILE)))
    assert "2 nye" in response.content.decode()


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([], "Vælg mindst én fil."),
        ([file("virus.exe", b"MZ")], "“virus.exe” kan ikke bruges."),
        ([file("a.zip", zipped(a=FILE)), file()], "Vælg enten én zip-fil eller løse filer"),
        ([file("A.md"), file("a.md")], "To af filerne har samme navn."),
        ([file("stor.md", b"x" * (25 * 1024 * 1024 + 1))], "over 25 MB"),
    ],
)
def test_what_cannot_be_taken_is_refused_before_anything_is_kept(files, sentence):
    for one in files:
        one.seek(0)
    response = send(edith(), *files)
    assert response.status_code == 200 and sentence in response.content.decode()
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("name", "data"),
    [("en.zip", b"PK\x03\x04 not really"), ("en.zip", b""), ("en.md", b""), ("en.md", b"\x00\x01\x02")],
)
def test_a_broken_file_is_a_line_in_the_report(name, data):
    response = send(edith(), file(name, data))
    assert response.status_code == 200
    said = response.content.decode()
    assert "1 fejl" in said and 'name="apply"' not in said


def test_one_bad_file_stops_none_of_the_others():
    browser = edith()
    send(browser, file(), file("tom.md", ""))
    response = apply(browser)
    assert messages_of(response) == ["Importeret, men 1 fil havde fejl."]
    assert Article.objects.get().slug == "ondt-i-foden"


def test_names_and_words_of_a_file_are_only_text():
    said = send(edith(), file("<img src=x onerror=alert(1)>.md", FILE.replace("foden", "<script>alert(1)</script>")))
    assert "<script>alert" not in said.content.decode() and "<img src=x" not in said.content.decode()


def test_old_uploads_are_forgotten():
    browser = edith()
    send(browser, file())
    send(browser, file("anden.md"))
    old = Upload.objects.first()
    Upload.objects.filter(pk=old.pk).update(created_at=clock.now() - datetime.timedelta(days=8))
    assert tasks.purge_uploads() == 1
    assert not Upload.objects.filter(pk=old.pk).exists() and Upload.objects.count() == 1


def test_an_upload_that_was_forgotten_meanwhile_says_so():
    browser = edith()
    send(browser, file())
    pk = Upload.objects.get().pk
    Upload.objects.all().delete()
    response = browser.post(f"{UPLOAD}{pk}/", {"apply": "1"}, follow=True)
    assert messages_of(response) == ["Filerne er slettet igen. Upload dem én gang til."]


def test_what_was_imported_takes_no_room_any_more():
    browser = edith()
    send(browser, file())
    apply(browser)
    assert bytes(Upload.objects.get().files) == b""


def test_an_article_that_stands_here_is_linked():
    one = article(slug="ondt-i-foden", title="Min egen")
    said = send(edith(), file()).content.decode()
    assert f"{CHANGELIST}{one.pk}/change/" in said

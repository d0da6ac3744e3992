"""What else belongs to an article in the admin: its address, its pictures, the policy."""

import io

import pytest
from PIL import Image as Pillow

from clinics.models import SlugHistory

from .editors import address, article, edith, save

pytestmark = pytest.mark.django_db


def test_another_address_leads_on():
    one, browser = article(status="published"), edith()
    page = address(one, "adresse")
    assert browser.post(page, {"slug": "Ondt i knæ"}).status_code == 302
    one.refresh_from_db()
    assert one.slug == "ondt-i-knae" and SlugHistory.objects.get().slug == "knae"
    assert "/ordbog/knae/" in browser.get(page).content.decode()
    article(slug="taget", title="Taget")
    assert "bruges af en anden artikel" in browser.post(page, {"slug": "taget"}).content.decode()


def picture(color: str = "red", kind: str = "PNG") -> io.BytesIO:
    file = io.BytesIO()
    Pillow.new("RGB", (600, 300), color).save(file, kind)
    file.seek(0)
    file.name = f"knæ {color}.{kind.lower()}"
    return file


def images(**fields) -> dict[str, object]:
    return {"images-TOTAL_FORMS": 1} | {f"images-0-{name}": value for name, value in fields.items()}


def test_a_picture_is_uploaded_described_and_shown(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    one, browser = article(body="Ind.\n\n## Et\n\n![](<knæ red.png>)\n"), edith()
    assert save(browser, one, **images(file=picture(), name="", alt="Et knæ", credit="Foto: os")).status_code == 302
    row = one.images.get()
    assert (row.name, row.alt, row.width) == ("knæ red.png", "Et knæ", 600)
    one.refresh_from_db()
    assert "/billeder/" in str(one.document)
    said = browser.get(address(one, "change")).content.decode()
    assert "![Et knæ](&lt;knæ red.png&gt;)" in said
    assert save(browser, one, **images(id=row.pk, alt="Et rødt knæ")).status_code == 302
    one.refresh_from_db()
    assert "Et rødt knæ" in str(one.document)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"file": io.BytesIO(b"<svg onload=alert(1)>"), "alt": "x"}, "ikke et billede"),
        ({"file": picture(), "alt": ""}, "påkrævet"),
        ({"alt": "Uden fil"}, "Vælg et billede."),
    ],
)
def test_a_picture_that_cannot_be_used_is_refused(settings, tmp_path, fields, sentence):
    settings.MEDIA_ROOT = tmp_path
    if "file" in fields:
        fields["file"].seek(0)
        fields["file"].name = "knæ.png"
    one = article()
    response = save(edith(), one, **images(**fields))
    assert response.status_code == 200 and sentence in response.content.decode()
    assert not one.images.exists() and not list(tmp_path.iterdir())


def test_the_form_opens_under_the_policy_and_names_editors_only():
    response = edith().get(address(article(), "change"))
    said = response.content.decode()
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "style=" not in said and " onclick=" not in said

"""Pictures of a clinic: what an owner may send, what a stranger may not, and what is shown of it."""

import datetime
import io

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from articles.models import Article
from clinics import clock, image_files, images
from clinics.models import Photo
from clinics.photos import MOST, photos_part
from clinics.whole import fill

from .clinic_form import address_of, bare, faults, row, send
from .people import clinic
from .pictures import huge_png, photo, photo_with_place
from .worlds import kept

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path_factory):
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")
    return settings.MEDIA_ROOT


@kept
def one():
    return clinic("Havnens Fysioterapi", "Aarhus C", phone="+4586121212")


def files(media) -> list[str]:
    return sorted(path.name for path in media.rglob("*") if path.is_file())


def upload(data: bytes, name: str = "indgang.jpg", kind: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, kind)


def new(data: bytes, number: int = 0, *, initial: int = 0, name: str = "indgang.jpg", **fields):
    """The fields of one new picture."""
    fields = {"alt": "Indgangen fra gården", "kind": "photo", "position": number} | fields
    return row("photos", number, initial=initial, file=upload(data, name), **fields)


def rows_of(one) -> dict:
    """The fields of the pictures that are there, unchanged."""
    fields = {"photos-TOTAL_FORMS": one.photos.count(), "photos-INITIAL_FORMS": one.photos.count()}
    for number, photo_ in enumerate(one.photos.all()):
        values = {
            "id": photo_.pk,
            "clinic": one.pk,
            "alt": photo_.alt,
            "kind": photo_.kind,
            "position": photo_.position,
        }
        fields |= {f"photos-{number}-{name}": value for name, value in values.items()}
    return fields


def post(admin_client, one, **fields):
    return admin_client.post(address_of(one), bare(one) | fields)


def keep(one, color: str, **fields) -> Photo:
    picture = images.store(photo(color=color))
    measures = {"digest": picture.digest, "width": picture.width, "height": picture.height}
    return one.photos.create(**{"alt": color, **measures, **fields})


# What is sent


@pytest.mark.parametrize(
    ("form", "name"), [("JPEG", "a.jpg"), ("PNG", "b.PNG"), ("WEBP", "c.webp"), ("PNG", "løgn.jpg")]
)
def test_a_picture_comes_in(admin_client, one, form, name):
    response = admin_client.post(address_of(one), bare(one) | new(photo(2000, 1000, form=form), name=name))
    assert faults(response) == ""
    kept = one.photos.get()
    assert (kept.width, kept.height, kept.alt, kept.kind) == (2000, 1000, "Indgangen fra gården", "photo")
    assert all(default_storage.exists(images.file_name(kept.digest, width)) for width in (480, 960, 1440))


def test_the_whole_form_with_a_picture_from_a_browser(admin_client, one):
    assert faults(send(admin_client, one, new(photo()))) == ""
    assert one.photos.count() == 1
    page = admin_client.get(address_of(one)).content.decode()
    assert 'enctype="multipart/form-data"' in page and f"/billeder/{one.photos.get().digest}-480.webp" in page


def test_where_it_was_taken_is_not_in_what_is_served(admin_client, one, client):
    sent = photo_with_place()
    assert b"Hemmeligt" in sent
    assert faults(post(admin_client, one, **new(sent))) == ""
    kept = one.photos.get()
    for width in (480, 600):
        response = client.get(images.address(kept.digest, width))
        assert (response.status_code, response["Content-Type"]) == (200, "image/webp")
        assert b"Hemmeligt" not in response.content and b"Exif" not in response.content
        with Image.open(io.BytesIO(response.content)) as shown:
            assert not shown.getexif() and "exif" not in shown.info and "xmp" not in shown.info
    assert "sandbox" in response["Content-Security-Policy"] and response["X-Content-Type-Options"] == "nosniff"


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("data", "name", "word"),
    [
        (SVG, "logo.jpg", "ikke et billede"),
        (b"<!doctype html><script>alert(1)</script>", "indgang.jpg", "ikke et billede"),
        (b"GIF89a" + b"\0" * 100, "a.gif", "ikke et billede"),
        (b"\0\0\0\x18ftypmp42" + b"\0" * 500, "film.mp4", "ikke et billede"),
        (b"%PDF-1.4", "a.jpg", "ikke et billede"),
        (b"", "tom.jpg", "tom"),
        (huge_png(50_000, 50_000), "bombe.png", "for stort"),
        (huge_png(15_000, 3_000), "lang.png", "for stort"),
        (photo()[:400], "halv.jpg", "i stykker"),
        (photo() + b"\0" * (images.LARGEST + 1), "stor.jpg", "10 MB"),
    ],
)
def test_what_is_no_picture_gets_one_sentence_and_nothing_is_kept(admin_client, one, media, data, name, word):
    response = post(admin_client, one, **new(data, name=name), street="En anden vej 1")
    assert word in faults(response)
    assert "Billeder, du havde valgt, skal vælges igen." in response.content.decode()
    one.refresh_from_db()
    assert not one.photos.exists() and one.street == "" and files(media) == []


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"alt": ""}, "Beskriv billedet"),
        ({"alt": "x" * 201}, "200"),
        ({"alt": "Danmarks bedste klinik"}, "må ikke stå her"),
        ({"alt": "En\nlinje"}, "én linje"),
        ({"kind": "video"}, "gyldig valgmulighed"),
        ({"position": "-1"}, "større end eller lig"),
    ],
)
def test_words_about_a_picture(admin_client, one, media, fields, word):
    assert word in faults(post(admin_client, one, **new(photo(), **fields)))
    assert not one.photos.exists() and files(media) == []


def test_a_row_without_a_file_is_asked_for_it(admin_client, one):
    assert "Vælg et billede." in faults(
        post(admin_client, one, **row("photos", alt="Et skilt", kind="photo", position="0"))
    )


def test_nobody_says_by_hand_which_file_it_is(admin_client, one):
    fields = new(photo()) | {"photos-0-digest": "a" * 64, "photos-0-width": "9", "photos-0-clinic": ""}
    assert faults(post(admin_client, one, **fields)) == ""
    assert (one.photos.get().digest, one.photos.get().width) == (images.digest_of(photo()), 600)


def test_the_same_picture_twice_is_refused_kindly(admin_client, one):
    keep(one, "teal", alt="Skiltet")
    response = post(admin_client, one, **(rows_of(one) | new(photo(), 1, initial=1)))
    assert "Det samme billede er der allerede: “Skiltet”" in faults(response)
    both = new(photo(color="red")) | new(photo(color="red"), 1)
    assert "Det samme billede er der allerede" in faults(post(admin_client, one, **both))
    assert one.photos.count() == 1
    other = clinic("Den anden", "Aarhus C")
    assert faults(post(admin_client, other, **new(photo()))) == "", "another clinic may show the same house"


def test_twelve_and_a_logo(admin_client, one):
    for number in range(MOST):
        picture = {"digest": f"{number:064x}", "width": 600, "height": 400}
        one.photos.create(alt=f"Rum {number}", position=number, **picture)
    assert "plads til 12 billeder" in faults(
        post(admin_client, one, **(rows_of(one) | new(photo(), MOST, initial=MOST)))
    )
    logo = rows_of(one) | new(photo(), MOST, initial=MOST, kind="logo")
    assert faults(post(admin_client, one, **logo)) == ""
    assert one.photos.count() == MOST + 1
    instead = rows_of(one) | new(photo(color="red"), MOST + 1, initial=MOST + 1) | {"photos-0-DELETE": "on"}
    assert faults(post(admin_client, one, **instead)) == ""


def test_one_logo_and_how_it_is_changed(admin_client, one):
    old = keep(one, "teal", kind="logo", alt="Gammelt logo")
    assert "allerede et logo" in faults(
        post(admin_client, one, **(rows_of(one) | new(photo(color="red"), 1, initial=1, kind="logo")))
    )
    both = rows_of(one) | new(photo(color="red"), 1, initial=1, kind="logo") | {"photos-0-DELETE": "on"}
    assert faults(post(admin_client, one, **both)) == ""
    assert one.photos.get().kind == "logo" and not Photo.objects.filter(pk=old.pk).exists()
    keep(one, "blue", position=5)
    swapped = rows_of(one) | {"photos-0-kind": "photo", "photos-1-kind": "logo"}
    assert faults(post(admin_client, one, **swapped)) == ""
    assert {(p.alt, p.kind) for p in one.photos.all()} == {("blue", "logo"), ("Indgangen fra gården", "photo")}
    assert faults(post(admin_client, one, **rows_of(one))) == ""
    assert one.photos.get(kind="logo").alt == "blue", "an unchanged logo stays the logo"


def test_a_form_without_its_pictures_changes_none(admin_client, one):
    keep(one, "teal", kind="logo", alt="Logo")
    assert faults(post(admin_client, one)) == ""
    assert one.photos.get().kind == "logo"
    assert "allerede et logo" in faults(post(admin_client, one, **new(photo(color="red"), kind="logo")))
    assert "Det samme billede er der allerede: “Logo”" in faults(post(admin_client, one, **new(photo(color="teal"))))
    assert one.photos.count() == 1


# What is shown


def test_pictures_are_shown_in_the_clinics_order(one):
    keep(one, "red", position=2)
    keep(one, "teal", position=1)
    keep(one, "blue", kind="logo")
    fill([one])
    part = photos_part(one)
    assert [(shown.alt, shown.lazy) for shown in part.photos] == [("teal", False), ("red", True)]
    assert part.logo.alt == "blue"
    assert not photos_part(clinic("Uden", "Aarhus C"))


def test_a_filled_clinic_is_asked_nothing(one, django_assert_num_queries):
    keep(one, "red")
    fill([one])
    with django_assert_num_queries(0):
        photos_part(one)


def test_the_page_gives_every_picture_its_room(one, client):
    wide = images.store(photo(3000, 1500))
    one.photos.create(alt='Et "skilt" <b>', digest=wide.digest, width=3000, height=1500, credit="Åse & Søn")
    keep(one, "red", position=2)
    keep(one, "blue", kind="logo")
    page = client.get(f"/klinik/{one.slug}/").content.decode()
    named = ", ".join(f"/billeder/{wide.digest}-{width}.webp {width}w" for width in (480, 960, 1440))
    assert f'srcset="{named}"' in page and 'width="1440" height="720"' in page
    assert 'alt="Et &quot;skilt&quot; &lt;b&gt;"' in page and "Foto: Åse &amp; Søn" in page
    assert page.count('loading="lazy"') == 1
    assert page.index('class="logo"') < page.index("<h1")


# What is no longer used


def later(days: float = 2):
    return time_machine.travel(clock.now() + datetime.timedelta(days=days), tick=False)


def test_files_that_nobody_names_any_more_go(admin_client, one, media):
    keep(one, "red")
    shared, other = keep(one, "teal"), clinic("Den anden", "Aarhus C")
    other.photos.create(alt="Huset", digest=shared.digest, width=600, height=400)
    article = Article.objects.create(slug="a", title="A", body="")
    in_text = images.store(photo(color="blue"))
    article.images.create(name="a.jpg", digest=in_text.digest, width=600, height=400)
    one.photos.all().delete()
    (media / "billeder" / "læs.txt").write_text("not ours")
    assert image_files.remove_unused() == 0, "younger than a day: its row may be on the way"
    with later():
        assert image_files.remove_unused() == 2
        assert image_files.remove_unused() == 0
    left = {name.split("-")[0] for name in files(media)}
    assert left == {shared.digest, in_text.digest, "læs.txt"}


def test_without_any_picture_there_is_nothing_to_do():
    assert image_files.remove_unused() == 0

"""Pictures: what is taken in, what is kept of it, and how it is served."""

import io

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from clinics import images
from clinics.images import ImageError

from .pictures import huge_png, photo, photo_with_place


@pytest.fixture(autouse=True)
def media(settings, tmp_path_factory):
    """Where pictures are kept meanwhile."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")
    return settings.MEDIA_ROOT


def stored(picture, width) -> Image.Image:
    with default_storage.open(images.file_name(picture.digest, width)) as file:
        return Image.open(io.BytesIO(file.read()))


# What is kept


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_kept_as_webp_in_three_widths(form):
    picture = images.store(photo(2000, 1000, form=form))
    assert (picture.width, picture.height, picture.widths) == (2000, 1000, [480, 960, 1440])
    for width in picture.widths:
        file = stored(picture, width)
        assert (file.format, file.size) == ("WEBP", (width, width // 2))
        assert file.convert("RGB").getpixel((width // 3, width // 3))[2] == pytest.approx(128, abs=6)  # teal


@pytest.mark.parametrize(
    ("width", "widths"),
    [(300, [300]), (480, [480]), (481, [480, 481]), (1000, [480, 960, 1000]), (1440, [480, 960, 1440])],
)
def test_a_small_picture_is_never_enlarged(width, widths):
    picture = images.store(photo(width, 50))
    assert picture.widths == widths
    assert [stored(picture, wide).width for wide in widths] == widths


@pytest.mark.parametrize(
    ("orientation", "size", "red"),
    [(1, (600, 400), (50, 50)), (3, (600, 400), (550, 350)), (6, (400, 600), (350, 50)), (8, (400, 600), (50, 550))],
)
def test_a_photo_is_turned_the_right_way_up_and_says_nothing_of_where_it_was_taken(orientation, size, red):
    picture = images.store(photo_with_place(orientation))
    assert (picture.width, picture.height) == size
    file = stored(picture, picture.widths[-1])
    assert file.size == (min(size[0], 1440), size[1])
    assert file.convert("RGB").getpixel(red)[0] > 200
    assert not file.getexif() and not {"exif", "icc_profile", "xmp"} & file.info.keys()
    with default_storage.open(images.file_name(picture.digest, 400 if 400 in picture.widths else 480)) as raw:
        assert b"Hemmeligt" not in raw.read()


def test_the_two_pictures_in_a_telephones_file_are_one_photo():
    out = io.BytesIO()
    small = Image.new("RGB", (60, 40))
    Image.new("RGB", (600, 400)).save(out, "MPO", save_all=True, append_images=[small])
    assert images.store(out.getvalue()).width == 600


def test_transparency_is_kept():
    out = io.BytesIO()
    Image.new("RGBA", (100, 100), (255, 0, 0, 0)).save(out, "PNG")
    assert stored(images.store(out.getvalue()), 100).getpixel((5, 5))[3] == 0


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16"])
def test_colours_of_every_kind_are_read(mode):
    out = io.BytesIO()
    Image.new(mode, (20, 20)).save(out, "JPEG" if mode == "CMYK" else "PNG")
    assert stored(images.store(out.getvalue()), 20).size == (20, 20)


def test_the_same_picture_is_written_once(media, monkeypatch):
    first = images.store(photo())
    before = {path: path.stat().st_mtime_ns for path in media.rglob("*.webp")}
    assert len(before) == 2
    monkeypatch.setattr(default_storage, "save", None)  # would raise
    assert images.store(photo()) == first
    assert {path: path.stat().st_mtime_ns for path in media.rglob("*.webp")} == before


def test_half_a_file_is_taken_away_again(media, monkeypatch):
    def full(name, content):
        (media / name).parent.mkdir(parents=True)
        (media / name).write_bytes(b"half")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(default_storage, "save", full)
        with pytest.raises(OSError, match="No space"):
            images.store(photo(90, 90))
    assert stored(images.store(photo(90, 90)), 90).size == (90, 90)


def test_looking_keeps_nothing(media):
    assert images.check(photo(700, 300)) == images.Picture(images.digest_of(photo(700, 300)), 700, 300)
    assert not list(media.rglob("*"))


# What is refused


def animation(form: str) -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), color) for color in ("red", "blue")]
    frames[0].save(out, form, save_all=True, append_images=frames[1:])
    return out.getvalue()


BAD = [
    (b"", "ikke et billede i JPEG, PNG eller WebP"),
    (b"hello", "ikke et billede i JPEG, PNG eller WebP"),
    (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "ikke et billede i JPEG, PNG eller WebP"),
    (photo(form="GIF"), "ikke et billede i JPEG, PNG eller WebP"),
    (photo(form="BMP"), "ikke et billede i JPEG, PNG eller WebP"),
    (photo(form="TIFF"), "ikke et billede i JPEG, PNG eller WebP"),
    (animation("GIF"), "ikke et billede i JPEG, PNG eller WebP"),
    (animation("PNG"), "animation"),
    (animation("WEBP"), "animation"),
    (photo()[:-200], "i stykker"),
    (photo(form="PNG")[:-60], "i stykker"),
    (huge_png(100, 100), "i stykker"),
    (huge_png(8_000, 6_000), "for stort"),
    (huge_png(10_000, 10_000), "for stort"),
    (huge_png(30_000, 30_000), "for stort"),
    (huge_png(100_000, 1), "for stort"),
    (photo() + b"\0" * images.LARGEST, "fylder mere end 10 MB"),
]


@pytest.mark.parametrize(("data", "text"), BAD)
def test_what_is_no_picture_of_ours_is_refused_in_words(media, data, text):
    for take in (images.check, images.store):
        with pytest.raises(ImageError) as error:
            take(data)
        assert text in error.value.text and error.value.text.endswith(".")
    assert not list(media.rglob("*"))


def test_a_picture_with_unreadable_notes_of_the_camera_is_still_a_picture():
    broken = (
        photo_with_place().replace(b"Exif\0\0MM\0*", b"Exif\0\0MM\0\xff").replace(b"Exif\0\0II*\0", b"Exif\0\0II\xff\0")
    )
    assert images.store(broken).width == 600


# How it is served


def test_a_picture_is_served_with_headers_that_let_it_do_nothing(client):
    picture = images.store(photo(1000, 500))
    response = client.get(images.address(picture.digest, 960))
    assert response.status_code == 200
    assert Image.open(io.BytesIO(response.content)).size == (960, 480)
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert not response.cookies
    assert client.head(images.address(picture.digest, 960)).status_code == 200
    assert client.post(images.address(picture.digest, 960)).status_code == 405


D = "a" * 64


@pytest.mark.parametrize(
    "path",
    [
        f"/billeder/{D}-480.webp",
        f"/billeder/{D}-481.webp",
        f"/billeder/{D}-99999.webp",
        f"/billeder/{D}-0480.webp",
        f"/billeder/{D}-480.webp%0A",
        f"/billeder/{D}-480.png",
        f"/billeder/{'A' * 64}-480.webp",
        f"/billeder/{'a' * 63}-480.webp",
        "/billeder/../../etc/passwd",
        "/billeder/..%2F..%2Fsecret_key",
        f"/billeder/..%2f{D}-480.webp",
        f"/billeder/{D}/../{D}-480.webp",
        "/billeder/%00.webp",
        "/billeder/",
    ],
)
def test_everything_else_is_not_there(client, media, path):
    (media / "secret_key").write_text("1234")
    assert client.get(path).status_code == 404

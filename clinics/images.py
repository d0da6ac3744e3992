"""Pictures that people send us: checked, re-encoded as WebP in a few widths, and kept under the digest of what was sent.

Nothing of the original file is ever served: what it hides (where a photo was taken, a script after the last pixel) stays
behind. The same file gives the same names, so it is stored once, and an address never shows anything else.
"""

import hashlib
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image, ImageOps, UnidentifiedImageError

WIDTHS = (480, 960, 1440)  # pixels; a smaller picture is never enlarged
LARGEST = 10 * 1024 * 1024  # bytes of the file that is sent
MOST_PIXELS = 40_000_000  # a telephone's photo has 12 or 24 million
LONGEST_SIDE = 16_000  # WebP ends at 16 383
FOLDER = "billeder"
_FILE = re.compile(r"(?:\A|/)([0-9a-f]{64})-[0-9]+\.webp\Z")
_QUALITY = 80
_FORMATS = ("JPEG", "PNG", "WEBP")  # by content; what else Pillow can read is never tried
_MAY_HAVE_FRAMES = "MPO"  # the JPEG of many telephones: the photo, then a small copy of it

Image.MAX_IMAGE_PIXELS = MOST_PIXELS  # where Pillow itself begins to warn


class ImageError(Exception):
    """A picture that cannot be used, as one Danish sentence."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass(frozen=True)
class Picture:
    """A picture as it is shown: `width` and `height` in pixels of the whole, turned the right way up."""

    digest: str
    width: int
    height: int

    @property
    def widths(self) -> list[int]:
        """The widths of its files, smallest first: those of WIDTHS below its own, and its own or the largest."""
        return sorted({min(width, self.width) for width in WIDTHS})

    @property
    def shown_size(self) -> tuple[int, int]:
        """Width and height of its largest file."""
        width = self.widths[-1]
        return width, _height(self, width)


def check(data: bytes) -> Picture:
    """Look at a picture without keeping it. Raises ImageError for whatever is not one that we can show."""
    with _opened(data) as (image, picture):
        if image.format == "JPEG":
            image.draft("RGB", (1, 1))  # reads all of it, keeps an eighth
        image.load()
    return picture


def store(data: bytes) -> Picture:
    """Keep a picture; one that is kept already is not written again. Raises ImageError."""
    with _opened(data) as (image, picture):
        missing = [width for width in picture.widths if not default_storage.exists(file_name(picture.digest, width))]
        if missing:
            if image.format == "JPEG":
                image.draft("RGB", (WIDTHS[-1], WIDTHS[-1]))  # decodes no more of a large photo than is shown
            upright = _plain(_upright(image))
            files = [(width, _webp(upright, picture, width)) for width in missing]
        else:
            files = []
    for width, content in files:
        _write(file_name(picture.digest, width), content)
    return picture


def file_name(digest: str, width: int) -> str:
    """Where the storage has it. Folders of a few hundred files each."""
    return f"{FOLDER}/{digest[:2]}/{digest}-{width}.webp"


def digest_in(name: str) -> str:
    """The digest in the name of a file, with or without its folders; "" when it is no file of a picture."""
    found = _FILE.search(name)
    return found[1] if found else ""


def address(digest: str, width: int) -> str:
    return reverse("clinics:image", args=[digest, width])


def digest_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@contextmanager
def _opened(data: bytes) -> Iterator[tuple[Image.Image, Picture]]:
    """The picture, not decoded yet, and its measures."""
    if len(data) > LARGEST:
        raise ImageError(f"Billedet fylder mere end {LARGEST // 1024**2} MB.")
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            if image.width * image.height > MOST_PIXELS or max(image.size) > LONGEST_SIDE:
                raise ImageError(_TOO_MANY)
            if getattr(image, "n_frames", 1) > 1 and image.format != _MAY_HAVE_FRAMES:
                raise ImageError("Billedet er en animation. Gem det som et enkelt billede.")
            width, height = image.size
            if _turned(image):
                width, height = height, width
            yield image, Picture(digest_of(data), width, height)
    except ImageError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ImageError(_TOO_MANY) from error
    except UnidentifiedImageError as error:
        raise ImageError("Filen er ikke et billede i JPEG, PNG eller WebP.") from error
    except Exception as error:  # a broken file makes Pillow's decoders raise nearly anything
        raise ImageError("Billedet er i stykker og kan ikke læses.") from error


_TOO_MANY = (
    f"Billedet er for stort: højst {MOST_PIXELS // 10**6} millioner pixel, højst {LONGEST_SIDE} på den lange led."
)


def _turned(image: Image.Image) -> bool:
    """Whether the camera was held on its side: EXIF's orientations 5 to 8 swap width and height."""
    try:
        return image.getexif().get(0x0112) in (5, 6, 7, 8)
    except Exception:  # unreadable notes of a camera make no picture unreadable
        return False


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image) if image.getexif().get(0x0112) else image
    except Exception:
        image.load()  # raises when it is the picture itself that is broken
        return image


def _plain(image: Image.Image) -> Image.Image:
    """Only pixels: no EXIF, no place, no colour profile, no palette."""
    plain = image.convert("RGBA" if image.has_transparency_data else "RGB")
    plain.info = {}
    return plain


def _webp(image: Image.Image, picture: Picture, width: int) -> bytes:
    size = (width, _height(picture, width))
    out = io.BytesIO()
    (image if image.size == size else image.resize(size, Image.Resampling.LANCZOS)).save(
        out, "WEBP", quality=_QUALITY, method=4
    )
    return out.getvalue()


def _height(picture: Picture, width: int) -> int:
    return max(1, round(picture.height * width / picture.width))


def _write(name: str, content: bytes) -> None:
    try:
        stored = default_storage.save(name, ContentFile(content))
    except OSError:
        default_storage.delete(name)  # half a file would count as there
        raise
    if stored != name:  # somebody else wrote the same in the meantime
        default_storage.delete(stored)

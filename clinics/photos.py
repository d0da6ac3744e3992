"""The pictures of a clinic as a page shows them. The files are `clinics.images`' work."""

from dataclasses import dataclass

from . import images
from .images import Picture
from .models import Clinic, Photo

MOST = 12  # pictures of a clinic, besides its logo
# A telephone's whole width, otherwise one of two or three beside each other (static/css/profile-parts.css).
SIZES = "(min-width: 64em) 20em, (min-width: 40em) 45vw, 100vw"
_USUAL = 960  # pixels; for browsers that do not choose for themselves


@dataclass(frozen=True)
class Shown:
    """One `<img>`: `width` and `height` are its largest file's, in pixels. `lazy`: not fetched before it is near."""

    src: str
    srcset: str
    sizes: str
    width: int
    height: int
    alt: str
    credit: str
    lazy: bool


@dataclass(frozen=True)
class PhotosPart:
    """False when there is nothing to show."""

    logo: Shown | None
    photos: tuple[Shown, ...]

    def __bool__(self) -> bool:
        return bool(self.logo or self.photos)


def photos_part(clinic: Clinic) -> PhotosPart:
    """The logo and the photos in the clinic's order. Asks nothing for a clinic that was filled (`clinics.whole`)."""
    rows = list(clinic.photos.all())
    logo = next((row for row in rows if row.kind == Photo.Kind.LOGO), None)
    photos = [row for row in rows if row.kind == Photo.Kind.PHOTO][:MOST]
    return PhotosPart(
        logo=_shown(logo, sizes="6em") if logo else None,
        photos=tuple(_shown(row, lazy=bool(number)) for number, row in enumerate(photos)),
    )


def _shown(row: Photo, *, sizes: str = SIZES, lazy: bool = False) -> Shown:
    picture = Picture(row.digest, row.width, row.height)
    widths = picture.widths
    usual = max((width for width in widths if width <= _USUAL), default=widths[0])
    width, height = picture.shown_size
    return Shown(
        src=images.address(row.digest, usual),
        srcset=", ".join(f"{images.address(row.digest, width)} {width}w" for width in widths),
        sizes=sizes,
        width=width,
        height=height,
        alt=row.alt,
        credit=row.credit,
        lazy=lazy,
    )

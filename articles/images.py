"""Pictures of an article: what the page shows in the place of `![beskrivelse](navn "Foto: nogen")`.

The text itself says what a picture shows and who took it. What an editor writes in the row stands instead of that. The
description of the row follows the text as long as no editor wrote another: so nothing of an editor's is overwritten.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from articles.addresses import LONGEST_IMAGE_NAME, image_name
from articles.document import parse
from clinics import images as files
from clinics.images import ImageError, Picture

if TYPE_CHECKING:
    from articles.models import Article, Image

__all__ = ["SIZES", "ImageError", "ImageSource", "put_picture", "sources_of", "store_image"]

# How wide a picture stands: the whole of a telephone, else the column of the text (static/css/article.css).
SIZES = "(min-width: 48em) 44em, 100vw"
_USUAL = 960  # pixels; for browsers that do not choose for themselves


@dataclass(frozen=True)
class ImageSource:
    """One picture as `<img>` names it. `alt` and `credit` are an editor's own words, empty where the text's count."""

    src: str
    srcset: str
    sizes: str
    width: int
    height: int
    alt: str
    credit: str


def sources_of(article: "Article") -> dict[str, ImageSource]:
    """The pictures that the article has, by their name in the text. One query, none for a text without pictures."""
    if article.pk is None or "![" not in article.body:
        return {}
    return {row.name: _source(row) for row in article.images.all()}


def store_image(article: "Article", name: str, data: bytes, alt: str = "", credit: str = "") -> "Image":
    """Keep a picture that an editor sends, under its name in the text; one of that name is replaced.

    Its row must be saved before the article is rendered again. Raises ImageError.
    """
    known = image_name(name)
    if known is None or known != name:
        raise ImageError(
            f"Billedets navn kan ikke bruges. Brug et filnavn på højst {LONGEST_IMAGE_NAME} tegn, fx knæ.jpg."
        )
    words = {field: text for field, text in (("alt", alt), ("credit", credit)) if text}
    return put_picture(article, name, files.store(data), **words)


def follow_text(article: "Article", before: str) -> None:
    """Describe the pictures as the text does, where the row says nothing or what the text said `before` (Markdown).

    One query to read for a text with pictures, none for others; the article must be rendered after it.
    """
    if article.pk is None or "![" not in article.body:
        return
    now, then = _described(article.body), _described(before)
    for row in article.images.all():
        words = now.get(row.name, "")
        if words and row.alt != words and row.alt in ("", then.get(row.name)):
            row.alt = words
            row.save(update_fields=["alt"])


def _described(text: str) -> dict[str, str]:
    """Name → description, of the pictures that the text describes in one way only."""
    uses: dict[str, set[str]] = {}
    for image in parse(text).images if "![" in text else ():
        uses.setdefault(image.name, set()).add(image.alt.strip()[:300])
    return {name: words.pop() for name, words in uses.items() if len(words) == 1}


def put_picture(article: "Article", name: str, picture: Picture, **words: str) -> "Image":
    """The row of a picture whose files are there."""
    measures = {"digest": picture.digest, "width": picture.width, "height": picture.height}
    return article.images.update_or_create(name=name, defaults=measures | words)[0]


def _source(row: "Image") -> ImageSource:
    picture = Picture(row.digest, row.width, row.height)
    widths = picture.widths
    usual = max((width for width in widths if width <= _USUAL), default=widths[0])
    width, height = picture.shown_size
    return ImageSource(
        src=files.address(row.digest, usual),
        srcset=_srcset(row.digest, widths),
        sizes=SIZES,
        width=width,
        height=height,
        alt=row.alt,
        credit=row.credit,
    )


def _srcset(digest: str, widths: Iterable[int]) -> str:
    return ", ".join(f"{files.address(digest, width)} {width}w" for width in widths)

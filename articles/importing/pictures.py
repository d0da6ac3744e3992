"""The pictures that an article names: looked up beside it, and stored when they are new or others than before."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from articles.document import Document
from articles.images import follow_text, put_picture
from articles.importing.beside import PictureFile
from articles.models import Article
from articles.remarks import Remark
from articles.source_files import SourceError, SourceFile
from clinics import images as files
from clinics.images import ImageError


@dataclass
class Found:
    """`new`: what is to be stored, by name in the text. `problems`: name → code and sentence of a warning."""

    new: dict[str, PictureFile] = field(default_factory=dict)
    problems: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def kept(self) -> bool:
        return any(code == "image_kept" for code, _ in self.problems.values())


def look_for(names: Iterable[str], source: SourceFile, stored: Article | None) -> Found:
    """What the file brings of the pictures that its text names. `stored`: the article as it is now.

    Once an editor has saved the article after the last import, a picture that it has stays: it may be an editor's.
    """
    found = Found()
    if not (names := list(dict.fromkeys(names))):
        return found
    rows = dict(stored.images.values_list("name", "digest")) if stored else {}
    edited = bool(stored and stored.edited_at and stored.imported_at and stored.edited_at > stored.imported_at)
    for name in names:
        meant = source.pictures.find(name, source.folder) if source.pictures else []
        shown = name[:80]
        if len(meant) != 1:
            if name not in rows:
                text = f"Billedet {shown} ligger ikke ved artiklen."
                if meant:
                    text = f"Flere billeder kan være {shown}: {', '.join(sorted(file.path for file in meant[:3]))}."
                found.problems[name] = ("image_missing", text)
            continue
        try:
            if meant[0].digest == rows.get(name):
                continue
            meant[0].check()
        except (SourceError, ImageError) as error:
            found.problems[name] = ("image_unreadable", f"Billedet {shown} kan ikke bruges. {error.text}")
            continue
        if name in rows and edited:
            text = f"Billedet {shown} er et andet end filens og er ikke skiftet, for artiklen er rettet her på siden."
            found.problems[name] = ("image_kept", text)
        else:
            found.new[name] = meant[0]
    return found


def store_pictures(article: Article, found: Found, before: str, *, dry_run: bool) -> None:
    """Keep what is new, with the words of the text. `before`: the text that the article had, as Markdown.

    A dry run writes rows, which it takes back, but no files.
    """
    for name, file in found.new.items():
        put_picture(article, name, file.check() if dry_run else files.store(file.read()))
    follow_text(article, before)


def remarks_about(document: Document, found: Found, article: Article) -> list[Remark]:
    """What is wrong with the pictures, each with the line of its first mention; and those that nobody described."""
    remarks: dict[tuple[str, str], Remark] = {}
    if not (uses := document.images):
        return []
    described = set(article.images.exclude(alt="").values_list("name", flat=True)) if article.pk else set()
    for image in uses:
        if problem := found.problems.get(image.name):
            remarks.setdefault((image.name, problem[0]), Remark(image.line, *problem))
        if not image.alt.strip() and image.name not in described:
            text = f"Billedet {image.name[:80]} mangler en beskrivelse til dem, der ikke kan se det: ![beskrivelse](…)."
            remarks.setdefault((image.name, "image_alt"), Remark(image.line, "image_alt", text))
    return list(remarks.values())

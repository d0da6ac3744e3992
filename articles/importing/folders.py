"""Articles and pictures in folders, and single files with what lies around them."""

import os
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path

from articles.importing.beside import PictureFile, Pictures, is_picture
from articles.source_files import LARGEST, SourceError, SourceFile, is_article, is_noise, unreadable
from clinics.images import LARGEST as LARGEST_PICTURE

_MOST_LOOKED_AT = 50_000  # names around a single file, whose folder may be somebody's home


def in_folder(folder: Path) -> Iterator[SourceFile]:
    errors: list[OSError] = []
    pictures: list[PictureFile] = []
    beside = Pictures(lambda: pictures)
    for path in _files_below(folder, errors.append):
        name = path.relative_to(folder).as_posix()
        if is_noise(path.name):
            continue
        if is_picture(name):
            pictures.append(_picture(folder, path))
        elif _is_inside(path, folder):
            yield single_file(path, beside, name.rpartition("/")[0])
        else:  # somebody else's folder must not be able to publish a file of this machine
            yield unreadable(str(path), "Filen er en genvej til et sted uden for mappen. Læg selve filen i mappen.")
    for error in errors:
        yield unreadable(str(error.filename), f"Mappen kan ikke læses ({reason(error)}).")


def single_file(path: Path, pictures: Pictures, folder: str = "") -> SourceFile:
    if is_article(path.name) or not path.exists():
        return SourceFile(str(path), partial(_content, path, LARGEST), pictures, folder, True)
    if path.suffix.lower() == ".zip":
        return unreadable(str(path), "En zip-fil inde i en mappe bliver ikke læst. Importér den for sig.")
    return unreadable(str(path), "Filen er ikke Markdown (.md).")


def pictures_below(folder: Path) -> Pictures:
    def listed() -> Iterable[PictureFile]:
        paths = islice(_files_below(folder), _MOST_LOOKED_AT)
        return [_picture(folder, path) for path in paths if is_picture(path.name)]

    return Pictures(listed)


def reason(error: Exception) -> str:
    """What the system says is wrong, in Danish where we have the words."""
    known: dict[type[Exception], str] = {PermissionError: "ingen adgang", FileNotFoundError: "findes ikke"}
    return known.get(type(error), str(getattr(error, "strerror", None) or error))


def _files_below(folder: Path, failed: Callable[[OSError], object] = lambda error: None) -> Iterator[Path]:
    for root, folders, names in os.walk(folder, onerror=failed):
        folders[:] = sorted(name for name in folders if not is_noise(name))
        yield from (Path(root, name) for name in sorted(names))


def _picture(folder: Path, path: Path) -> PictureFile:
    def read() -> bytes:
        if not _is_inside(path, folder):
            raise SourceError("Filen er en genvej til et sted uden for mappen.")
        return _content(path, LARGEST_PICTURE)

    return PictureFile(path.relative_to(folder).as_posix(), read)


def _is_inside(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def _content(path: Path, limit: int) -> bytes:
    """At most `limit` + 1 bytes, so that the reader sees what is too long."""
    try:
        if not path.exists():
            raise SourceError("Filen eller mappen findes ikke.")
        if not path.is_file():  # a pipe or a device would never end
            raise SourceError("Det er ikke en almindelig fil.")
        with path.open("rb") as stream:
            return stream.read(limit + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise SourceError(f"Filen kan ikke læses ({reason(error)}).") from error

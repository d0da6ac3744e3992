"""The pictures that lie beside the articles in a folder or zip, and which of them a name in a text means.

Texts have been moved, copied between systems and typed by hand: a name may be relative to the article or to the whole
(`/images/x.jpg`), differ in case or in how its æøå are composed, or be right only at its end. Nothing but what was
listed here can be found, so no name leads out of the folder or zip.
"""

import posixpath
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from clinics import images

# Also of kinds that we do not show: an article that names one is told so, the others lie there in peace.
_ENDINGS = (
    ".png",
    ".jpg",
    ".jpeg",
    ".jfif",
    ".webp",
    ".gif",
    ".avif",
    ".svg",
    ".bmp",
    ".tif",
    ".tiff",
    ".heic",
    ".heif",
)


@dataclass
class PictureFile:
    """One picture. `path` is that inside the folder or zip; `read` gives its bytes or raises SourceError.

    It is read as often as it must, and only what is known of it is remembered: an import may bring thousands.
    """

    path: str
    read: Callable[[], bytes]

    @cached_property
    def digest(self) -> str:
        return images.digest_of(self.read())

    def check(self) -> images.Picture:
        """Its measures. Raises SourceError or ImageError."""
        if self._checked is None:
            self._checked = images.check(self.read())
        return self._checked

    _checked: images.Picture | None = None


def is_picture(path: str) -> bool:
    return path.lower().endswith(_ENDINGS)


class Pictures:
    """The pictures of one folder or zip, listed when the first article asks for one."""

    def __init__(self, listed: Callable[[], Iterable[PictureFile]]) -> None:
        self._listed = listed

    def find(self, name: str, folder: str = "") -> list[PictureFile]:
        """The pictures that an article in `folder` can mean by `name`: one when all is well, none, or several.

        Tried in this order: from the article's own folder, from the top, the end of a path, the file's name alone.
        """
        name = name.replace("\\", "/")
        paths = [posixpath.normpath(name.lstrip("/"))]
        if not name.startswith("/"):
            paths.insert(0, posixpath.normpath(posixpath.join(folder, name)))
        for path in paths:
            if found := self._by_path.get(_key(path)):
                return _exactly(found, path)
        tail = paths[-1]
        while tail.startswith("../"):
            tail = tail[3:]
        same_name = self._by_name.get(_key(posixpath.basename(tail)), [])
        ending = [file for file in same_name if _key(file.path).endswith("/" + _key(tail))]
        return ending or same_name

    @cached_property
    def _by_path(self) -> dict[str, list[PictureFile]]:
        return _grouped(self._listed(), lambda file: file.path)

    @cached_property
    def _by_name(self) -> dict[str, list[PictureFile]]:
        files = [file for files in self._by_path.values() for file in files]
        return _grouped(files, lambda file: posixpath.basename(file.path))


def _grouped(files: Iterable[PictureFile], named: Callable[[PictureFile], str]) -> dict[str, list[PictureFile]]:
    groups: dict[str, list[PictureFile]] = {}
    for file in files:
        groups.setdefault(_key(named(file)), []).append(file)
    return groups


def _exactly(found: list[PictureFile], path: str) -> list[PictureFile]:
    """`Knæ.jpg` and `knæ.jpg` may lie side by side; the one that is written like that is meant."""
    same = [file for file in found if _composed(file.path) == _composed(path)]
    return same if len(same) == 1 else found


def _key(path: str) -> str:
    return _composed(path).casefold()


def _composed(path: str) -> str:
    return unicodedata.normalize("NFC", path)

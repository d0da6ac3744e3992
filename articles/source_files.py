"""One file of an import: where it comes from and its text. Everything that can be wrong with it is told in words."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from articles.importing.beside import Pictures

LARGEST = 1_000_000  # bytes; the longest real article has 10 000
_MARKDOWN = (".md", ".markdown")
# Beside the articles, and nothing an editor wants to hear of.
_NOT_ARTICLES = ("readme.md", "license.md", "thumbs.db", "desktop.ini")
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")


class SourceError(Exception):
    """A file or folder that cannot be imported: a Danish sentence, and the line where one is known."""

    def __init__(self, text: str, line: int | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.line = line


@dataclass(frozen=True)
class SourceFile:
    """One file to import. `path` is how the user knows it; `read` gives its bytes (at most LARGEST + 1) or raises.

    `pictures` lie beside it, and `folder` is where among them the file itself lies ("" at the top). `stands_alone`: it is no
    part of something that is open, so that a second process can read it too.
    """

    path: str
    read: Callable[[], bytes]
    pictures: Pictures | None = None
    folder: str = ""
    stands_alone: bool = False

    @property
    def name(self) -> str:
        # Old archives hold names that are not UTF-8; the database takes only those that are.
        return Path(self.path).name.encode(errors="replace").decode()


def unreadable(path: str, text: str) -> SourceFile:
    """A line of the report that says why."""

    def read() -> bytes:
        raise SourceError(text)

    return SourceFile(path, read)


def is_article(path: str) -> bool:
    return path.lower().endswith(_MARKDOWN)


def is_noise(path: str) -> bool:
    """Whether a file is hidden, left behind by a system, or about the folder that it lies in."""
    parts = PurePosixPath(path.lower()).parts
    hidden = any((part.startswith(".") and part != "..") or part == "__macosx" for part in parts)
    return hidden or (bool(parts) and parts[-1] in _NOT_ARTICLES)


def text_of(data: bytes) -> str:
    """The text of a file: UTF-8, NFC, plain line ends, nothing invisible. Raises SourceError for anything else."""
    if len(data) > LARGEST:
        raise SourceError("Filen er for stor: en artikel fylder højst 1 MB.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SourceError("Filen er gemt som UTF-16. Gem den som UTF-8.")
    nul = data.find(b"\0")
    if nul >= 0:
        raise SourceError("Filen er ikke tekst, så den kan ikke læses som Markdown.", 1 + data.count(b"\n", 0, nul))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError("Filen er ikke gemt som UTF-8.", 1 + data.count(b"\n", 0, error.start)) from error
    text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if not text.strip():
        raise SourceError("Filen er tom.")
    return unicodedata.normalize("NFC", text)

"""Which files an import reads, and their text. Everything that can be wrong with a file itself is told here."""

import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

LARGEST = 1_000_000  # bytes; the longest real article has 10 000
_MARKDOWN = (".md", ".markdown")
# Beside the articles in a folder, and nothing an editor wants to hear of.
_BESIDE = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif", ".svg")
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
    """One file to import. `path` is how the user knows it; `read` gives its bytes (at most LARGEST + 1) or raises."""

    path: str
    read: Callable[[], bytes]

    @property
    def name(self) -> str:
        # Old archives hold names that are not UTF-8; the database takes only those that are.
        return Path(self.path).name.encode(errors="replace").decode()


def find_sources(paths: Iterable[str | Path]) -> list[SourceFile]:
    """The files behind the paths, folders searched to the bottom, each file once.

    What is missing, unreadable or not Markdown is in the list too, with a `read` that raises: it belongs in the report.
    """
    found: dict[str, SourceFile] = {}
    for path in map(Path, paths):
        for source in _in_folder(path) if path.is_dir() else [_file(path)]:
            found.setdefault(os.path.realpath(source.path), source)
    return list(found.values())


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


def _in_folder(folder: Path) -> Iterator[SourceFile]:
    errors: list[OSError] = []
    for root, folders, names in os.walk(folder, onerror=errors.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            low = name.lower()
            if low.startswith(".") or low.endswith(_BESIDE) or low in _NOT_ARTICLES:
                continue
            path = Path(root, name)
            if path.resolve().is_relative_to(folder.resolve()):
                yield _file(path)
            else:  # somebody else's folder must not be able to publish a file of this machine
                yield _unreadable(
                    str(path), "Filen er en genvej til et sted uden for mappen. Læg selve filen i mappen."
                )
    for error in errors:
        yield _unreadable(str(error.filename), f"Mappen kan ikke læses ({_reason(error)}).")


def _file(path: Path) -> SourceFile:
    if path.suffix.lower() not in _MARKDOWN and path.exists():
        return _unreadable(str(path), "Filen er ikke Markdown (.md).")

    def read() -> bytes:
        try:
            if not path.exists():
                raise SourceError("Filen eller mappen findes ikke.")
            if not path.is_file():  # a pipe or a device would never end
                raise SourceError("Det er ikke en almindelig fil.")
            with path.open("rb") as stream:
                return stream.read(LARGEST + 1)
        except (OSError, ValueError) as error:  # ValueError: a NUL in the path
            raise SourceError(f"Filen kan ikke læses ({_reason(error)}).") from error

    return SourceFile(str(path), read)


def _unreadable(path: str, text: str) -> SourceFile:
    def read() -> bytes:
        raise SourceError(text)

    return SourceFile(path, read)


def _reason(error: Exception) -> str:
    known: dict[type[Exception], str] = {PermissionError: "ingen adgang", FileNotFoundError: "findes ikke"}
    return known.get(type(error), str(getattr(error, "strerror", None) or error))

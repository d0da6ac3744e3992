"""Zips of articles and pictures, read where they lie: nothing is unpacked, and no more is read than may be used.

A zip comes from anybody. Its list of contents and each member's size are claims, so everything is counted while it is
read, and what could stand for something else than a small file (links, locks, rare ways of packing) is refused.
"""

import posixpath
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable
from functools import partial
from typing import Any, BinaryIO
from unicodedata import category

from articles.importing.beside import PictureFile, Pictures, is_picture
from articles.source_files import LARGEST, SourceError, SourceFile, is_article, is_noise, unreadable
from clinics.images import LARGEST as LARGEST_PICTURE

MOST_MEMBERS = 5_000
MOST_BYTES = 300_000_000  # of all members together, unpacked
_LONGEST_LIST = 4_000_000  # bytes of the list of contents: 5 000 members take about 600 000
_ENCRYPTED, _UTF8 = 0x1, 0x800
_UNICODE_PATH = 0x7075  # a name in UTF-8 beside the old one
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, struct.error, OverflowError)
_DANISH = frozenset("æøåÆØÅéÉöÖäÄüÜ")


def sources_in(stream: BinaryIO, name: str) -> list[SourceFile]:
    """The articles of a zip; what cannot be read is in the list too and raises. `stream` must stay open meanwhile."""
    try:
        archive = zipfile.ZipFile(_Careful(stream))
        members = archive.infolist()
    except SourceError as error:
        return [unreadable(name, error.text)]
    except (*_BROKEN, NotImplementedError):
        return [unreadable(name, "Zip-filen er i stykker og kan ikke læses. Pak den igen.")]
    if len(members) > MOST_MEMBERS:
        return [unreadable(name, _TOO_MANY)]
    return _Archive(archive, name).sources(members)


_TOO_MANY = f"Der er for mange filer i zip-filen: højst {MOST_MEMBERS}."
_TOO_MUCH = f"Zip-filen fylder for meget, når den pakkes ud: højst {MOST_BYTES // 10**6} MB."


class _Careful:
    """A file of which nobody can have more at once than a list of contents may take, whatever the zip says."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)

    def read(self, size: int = -1) -> bytes:
        if size > _LONGEST_LIST:
            raise SourceError(_TOO_MANY)
        data = self.stream.read(_LONGEST_LIST + 1 if size < 0 else size)
        if len(data) > _LONGEST_LIST:
            raise SourceError(_TOO_MANY)
        return data


class _Archive:
    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self.archive = archive
        self.name = name
        self.left = MOST_BYTES
        self.counted: set[int] = set()  # by where they begin; a picture may be read for several articles

    def sources(self, members: Iterable[zipfile.ZipInfo]) -> list[SourceFile]:
        sources: list[SourceFile] = []
        pictures: list[PictureFile] = []
        beside = Pictures(lambda: pictures)
        declared = 0
        for member in members:
            path = _path(member)
            if path.endswith("/") or (is_noise(path) and not _leads_out(path)):
                continue
            limit = LARGEST if is_article(path) else LARGEST_PICTURE
            read = partial(self._read, member, path, limit)
            if is_picture(path):
                pictures.append(PictureFile(path, read))
            elif is_article(path):
                folder = "" if _refusal(member, path) else posixpath.dirname(path)
                sources.append(SourceFile(f"{self.name}/{path}", read, beside, folder))
            else:
                sources.append(unreadable(f"{self.name}/{path}", _refusal(member, path) or _not_markdown(path)))
                continue
            declared += member.file_size if member.file_size <= limit else 0  # a larger one is never read
        return [unreadable(self.name, _TOO_MUCH)] if declared > MOST_BYTES else sources

    def _read(self, member: zipfile.ZipInfo, path: str, limit: int) -> bytes:
        """At most `limit` + 1 bytes, so that the reader sees what is too long."""
        if refusal := _refusal(member, path):
            raise SourceError(refusal)
        if member.file_size > limit:
            raise SourceError(f"Filen fylder mere end {limit // 10**6} MB, når den pakkes ud.")
        data = bytearray()
        try:
            with self.archive.open(member) as stream:
                while len(data) <= limit and (some := stream.read(min(65_536, limit + 1 - len(data)))):
                    data += some
        except (*_BROKEN, NotImplementedError) as error:
            raise SourceError("Filen er i stykker i zip-filen. Pak den igen.") from error
        if member.header_offset not in self.counted:
            self.counted.add(member.header_offset)
            self.left -= len(data)
        if self.left < 0:
            raise SourceError(_TOO_MUCH)
        return bytes(data)


def _refusal(member: zipfile.ZipInfo, path: str) -> str:
    """Why a member is not read whatever it holds, or an empty text."""
    kind = stat.S_IFMT(member.external_attr >> 16)
    if _leads_out(path):
        return "Filens sti i zip-filen fører ud af den. Pak zip-filen igen."
    if kind not in (0, stat.S_IFREG):
        return "Filen er en genvej til en anden. Læg selve filen i zip-filen."
    if member.flag_bits & _ENCRYPTED:
        return "Filen er låst med en adgangskode. Pak zip-filen uden."
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "Filen er pakket på en måde, vi ikke kan læse. Pak zip-filen igen som almindelig zip."
    return ""


def _leads_out(path: str) -> bool:
    return path.startswith("/") or path[1:2] == ":" or ".." in path.split("/")


def _not_markdown(path: str) -> str:
    if path.lower().endswith(".zip"):
        return "En zip-fil inde i en zip-fil bliver ikke læst. Pak den ud først."
    return "Filen er ikke Markdown (.md)."


def _path(member: zipfile.ZipInfo) -> str:
    """The name of a member as a person wrote it; zips name their own way of writing æøå too seldom.

    What is no letter (NUL, line ends, half an emoji) is a question mark: no database or report can hold it.
    """
    name = member.filename
    if not member.flag_bits & _UTF8:
        old = name.encode("cp437", "replace")
        name = _unicode_path(member.extra) or _decoded(old)
    return "".join("?" if category(letter).startswith("C") else letter for letter in name.replace("\\", "/"))


def _unicode_path(extra: bytes) -> str:
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        if kind == _UNICODE_PATH and size > 5:
            return extra[9 : 4 + size].decode("utf-8", "replace")  # after a version and a checksum
        extra = extra[4 + size :]
    return ""


def _decoded(name: bytes) -> str:
    """A Mac writes UTF-8 and does not say so, Danish Windows code page 850, some programs Windows' other one."""
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        guesses = [name.decode(page, "replace") for page in ("cp850", "cp1252")]
        return max(guesses, key=_danish_letters)


def _danish_letters(text: str) -> int:
    return sum(letter in _DANISH for letter in text)

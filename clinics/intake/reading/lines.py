"""A file of unknown origin → lines of text, a piece at a time: any line end, UTF-8, Windows-1252 and UTF-16."""

import codecs
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from .raw import MOST_BYTES, UnreadableError

_PIECE = 1 << 16
_TOO_MUCH = f"Filen er større end {MOST_BYTES // 1024**2} MB, når den er pakket ud. Del den i flere."
_NOT_TEXT = "Filen er ikke en tekstfil. Er det et regneark, så gem det som CSV."
_SAVE_AS_CSV = "Filen er et regneark. Gem den som CSV (UTF-8), og send den fil."
_FAMILIAR = (
    (b"PK\x03\x04", _SAVE_AS_CSV),  # xlsx and ods
    (b"\xd0\xcf\x11\xe0", _SAVE_AS_CSV),  # xls
    (b"%PDF", "Filen er en PDF. Vi kan kun læse CSV og GeoJSON."),
    (b"{\\rtf", "Filen er et tekstdokument. Vi kan kun læse CSV og GeoJSON."),
    (b"\x1f\x8b", "Filen er pakket (gzip). Pak den ud, og send den, der ligger i den."),
    (b"7z\xbc\xaf", "Filen er pakket (7z). Pak den ud, og send den, der ligger i den."),
    (b"\xff\xfe\x00\x00", "Filen er gemt som UTF-32. Gem den som CSV (UTF-8)."),
    (b"\x00\x00\xfe\xff", "Filen er gemt som UTF-32. Gem den som CSV (UTF-8)."),
)


class Line(NamedTuple):
    """`cut`: the line was longer than wanted, and the rest of it is passed over. `ended`: it had a line end."""

    text: str
    cut: bool
    ended: bool


def pieces(content: BinaryIO) -> Iterator[bytes]:
    """The file as UTF-8, or whatever it is that is not UTF-16, without a byte order mark. Never empty pieces.

    Raises UnreadableError: empty, known not to be text, or too much.
    """
    first = content.read(_PIECE)
    if not first.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise UnreadableError("Filen er tom.")
    for sign, text in _FAMILIAR:
        if first.startswith(sign):
            raise UnreadableError(text)
    encoding = _wide(first)
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace") if encoding else None
    if not encoding and b"\x00" in first:
        raise UnreadableError(_NOT_TEXT)
    read, piece = 0, first.removeprefix(codecs.BOM_UTF8)
    while piece:
        read += len(piece)
        if read > MOST_BYTES:
            raise UnreadableError(_TOO_MUCH)
        told = decoder.decode(piece).encode("utf-8", "replace") if decoder else piece
        if told:
            yield told
        piece = content.read(_PIECE)


def _wide(first: bytes) -> str:
    """`"utf-16"` and the like, "" for what has a byte for a letter."""
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    start = first[:1000]
    even, odd = start[::2].count(0), start[1::2].count(0)
    if odd > len(start) * 0.35 and not even:
        return "utf-16-le"
    return "utf-16-be" if even > len(start) * 0.35 and not odd else ""


def lines(content: BinaryIO, longest: int) -> Iterator[Line]:
    """The lines of a file in order, without their ends; CRLF, LF and CR all end one. Of each, `longest` bytes at most.

    Raises UnreadableError as `pieces` does.
    """
    left, cut = b"", False  # what is begun; whether the rest of it is passed over
    for piece in pieces(content):
        # "\r" at the end of a piece may be half of "\r\n": it waits.
        whole = (left + piece).splitlines(keepends=True)
        left = b"" if whole[-1].endswith(b"\n") else whole.pop()
        for one in whole:
            yield Line(decoded(one.rstrip(b"\r\n")[:longest]), cut or len(one) > longest + 2, True)
            cut = False
        if len(left) > longest and not left.endswith(b"\r"):
            left, cut = left[: longest + 1], True
    if left:
        yield Line(decoded(left.rstrip(b"\r")[:longest]), cut or len(left) > longest + 1, left.endswith(b"\r"))


def decoded(line: bytes) -> str:
    """Line by line: text in Windows-1252 with a letter beyond ASCII is next to never UTF-8 by chance, so nobody needs to know
    where in a file the first such letter stands, and two lists that were pasted together are both read."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and not line[: error.start].isascii():
            return line[: error.start].decode("utf-8")  # UTF-8, cut off within a letter
        return line.decode("cp1252", "replace")

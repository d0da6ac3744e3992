"""Pictures for tests, drawn here."""

import io
import struct
import zlib

from PIL import Image


def photo(width: int = 600, height: int = 400, color: str = "teal", form: str = "JPEG", **options) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), color).save(out, form, **options)
    return out.getvalue()


def photo_with_place(orientation: int = 1, width: int = 600, height: int = 400) -> bytes:
    """As a telephone saves it: held in some way, with a name and the place where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Hemmeligt kamera"
    exif[0x8825] = {1: "N", 2: (55.0, 40.0, 12.0)}
    picture = Image.new("RGB", (width, height), "teal")
    picture.paste("red", (0, 0, width // 2, height // 2))  # the corner that tells which way is up
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, quality=95)
    return out.getvalue()


def huge_png(width: int, height: int) -> bytes:
    """A few hundred bytes that say they are so large."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )

"""A file that shall show that somebody belongs to a clinic: PDF, JPG or PNG, by what is in it and not by its name."""

from django.core.files.uploadedfile import UploadedFile

from clinics import images
from clinics.actions import ActionError
from clinics.text import slugify_da

LARGEST = 5 * 1024 * 1024
KINDS = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}
_STARTS = {"pdf": b"%PDF-", "jpg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n"}
_ENDS = b"%%EOF"

TOO_LARGE = "Filen er for stor: der er plads til 5 MB."
WRONG_KIND = "Vælg en PDF, eller et billede som JPG eller PNG. Filen her er noget andet, eller den er gået i stykker."


def read(upload: UploadedFile) -> tuple[bytes, str]:
    """The bytes and a name that is safe in a header, `"cvr-udskrift.pdf"`. Raises ActionError."""
    if (upload.size or 0) > LARGEST:
        raise ActionError(TOO_LARGE)
    data = upload.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ActionError(TOO_LARGE)
    kind = kind_of(data)
    if not kind:
        raise ActionError(WRONG_KIND)
    stem = slugify_da((upload.name or "").rpartition(".")[0])[:80].strip("-") or "dokument"
    return data, f"{stem}.{kind}"


def kind_of(data: bytes) -> str:
    """`"pdf"`, `"jpg"`, `"png"`, or "" for anything else."""
    kind = next((kind for kind, start in _STARTS.items() if data.startswith(start)), "")
    if kind == "pdf":
        return kind if _ENDS in data[-2048:] else ""
    if kind in ("jpg", "png"):
        try:
            images.check(data)
        except images.ImageError:
            return ""
    return kind

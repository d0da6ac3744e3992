"""Taking a list in: the file, gzipped, and a batch that the worker reads. Nothing of it is looked at here."""

import datetime
import gzip
import hashlib
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import PurePath
from typing import IO, BinaryIO, cast

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models.functions import Length, Substr

from clinics import clock
from clinics.actions import ActionError
from clinics.models import ImportBatch, ImportFile
from clinics.models.clinic import Source
from clinics.plain_text import plain

from . import working
from .reading.raw import MOST_BYTES

LARGEST = MOST_BYTES  # as it comes
LARGEST_PACKED = 64 * 1024 * 1024  # bytes gzipped, which is what the database keeps; text shrinks to a fifth or less
_PIECE = 256 * 1024
LONGEST = {"name": 120, "licence": 60, "file_name": 200}
SOURCES = (Source.REGISTER, Source.IMPORT)


class StillWorkingError(ActionError):
    """The same file is being read, applied or rolled back already, as `batch`."""

    def __init__(self, batch: ImportBatch) -> None:
        self.batch = batch
        super().__init__(f"Den samme fil er der allerede som liste {batch.pk}, og den {batch.get_status_display()}.")


@transaction.atomic
def receive(
    *,
    content: BinaryIO,
    file_name: str,
    by: User | None,
    name: str,
    licence: str = "",
    stated_on: datetime.date | None = None,
    source: str = Source.IMPORT,
    format: str = ImportBatch.Format.CSV,
    columns: Mapping[str, str] | None = None,
    nudge: bool = True,
) -> ImportBatch:
    """Keep the file and have it read after the commit. `columns`: heading → fact. `nudge`: False for who reads it itself.

    `content` is read once from where it stands. Raises ActionError, and StillWorkingError for a second copy; OSError comes
    through from `content`.
    """
    texts = {
        "name": _line(name),
        "licence": _line(licence),
        "file_name": _line(PurePath(file_name or "fil").name)[-200:],
    }
    if not texts["name"]:
        raise ActionError("Skriv, hvad listen hedder. Navnet står som kilde på klinikkernes sider.")
    for field, label in (("name", "Listens navn"), ("licence", "Vilkårene")):
        if len(texts[field]) > LONGEST[field]:
            raise ActionError(f"{label} må højst fylde {LONGEST[field]} tegn.")
    if stated_on and stated_on > clock.today():
        raise ActionError("Listens dato ligger i fremtiden. Skriv den dag, kilden selv siger det.")
    if source not in SOURCES or format not in ImportBatch.Format.values:
        raise ActionError("Vælg, hvad det er for en liste.")
    packed, digest = _packed(content)
    # Two uploads of one file at the same moment do not see each other's row. The lock is held until the commit, which may be
    # long after (a dry run), so nobody waits for it.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"import {digest}"])
        if not cursor.fetchone()[0]:
            raise ActionError(
                "Den samme fil bliver læst ind lige nu. Prøv igen om lidt, hvis den ikke dukker op på listen."
            )
    if same := ImportBatch.objects.filter(digest=digest, status__in=ImportBatch.WORKING).first():
        raise StillWorkingError(same)
    batch = ImportBatch.objects.create(
        **texts, stated_on=stated_on, source=source, format=format, columns=dict(columns or {}), digest=digest,
        created_by=by, started_at=clock.now(),
    )  # fmt: skip
    ImportFile.objects.create(batch=batch, content=packed)
    if nudge:
        working.nudge_on_commit(batch.pk)
    return batch


@contextmanager
def opened(batch_pk: int) -> Iterator[BinaryIO]:
    """The file as it came, from its beginning, a piece in memory at a time. Raises ImportFile.DoesNotExist when it was purged."""
    stored = _Stored(batch_pk)
    with io.BufferedReader(stored, _PIECE) as raw, gzip.GzipFile(fileobj=cast(IO[bytes], raw), mode="rb") as whole:
        yield cast(BinaryIO, whole)


class _Stored(io.RawIOBase):
    """The column of one `ImportFile`, piece by piece."""

    def __init__(self, batch_pk: int) -> None:
        self._row = ImportFile.objects.filter(pk=batch_pk)
        self._at = 0
        self._size = self._row.annotate(size=Length("content")).values_list("size", flat=True).get()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        if self._at >= self._size:
            return 0
        piece = (
            self._row.annotate(piece=Substr("content", self._at + 1, len(buffer))).values_list("piece", flat=True).get()
        )
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


def _packed(content: BinaryIO) -> tuple[bytes, str]:
    """Gzipped, and the digest of what came. Raises ActionError for nothing and for too much."""
    digest, size, packed = hashlib.sha256(), 0, io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=6, mtime=0) as zipped:
        while piece := content.read(_PIECE):
            size += len(piece)
            if size > LARGEST or packed.tell() > LARGEST_PACKED:
                raise ActionError(f"Filen fylder for meget. Der er plads til {LARGEST // 1024**2} MB tekst.")
            digest.update(piece)
            zipped.write(piece)
    if not size:
        raise ActionError("Filen er tom.")
    return packed.getvalue(), digest.hexdigest()


def _line(text: str) -> str:
    return " ".join(plain(text).split())

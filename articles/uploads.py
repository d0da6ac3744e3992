"""Files that an editor uploads: first looked at, then imported, exactly those and exactly once."""

import io
import zipfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import PurePath
from typing import Any

from django.db import transaction

from articles.importer import import_upload
from articles.models import Upload
from clinics import clock

LARGEST_UPLOAD = 25 * 1024 * 1024  # bytes of all files together
KEPT = timedelta(days=7)
TEXTS, IMAGES = (".md", ".markdown"), (".jpg", ".jpeg", ".png", ".webp")


class UploadError(Exception):
    """An upload that cannot be taken or imported; the text is one Danish sentence for the editor."""


def look_at_files(files: Sequence[tuple[str, bytes]], *, by: Any) -> Upload:
    """Keep the files (name, content) with a report of what importing them would do. Nothing else is changed.

    Raises UploadError.
    """
    name, data = _one_zip(files)
    report = import_upload(data, name, dry_run=True, publish=False, tree=True)
    return Upload.objects.create(name=name, files=data, report=report.as_json(), created_by=by)


@transaction.atomic
def apply_upload(*, pk: int, publish: bool, by: Any) -> Upload:
    """Import what was looked at. All of it or, should the process die, nothing. Raises UploadError the second time."""
    upload = Upload.objects.select_for_update().filter(pk=pk).first()
    if upload is None:
        raise UploadError("Filerne er slettet igen. Upload dem én gang til.")
    if upload.applied_at:
        raise UploadError("Filerne er importeret allerede. Her er resultatet.")
    report = import_upload(bytes(upload.files), upload.name, dry_run=False, publish=publish, tree=False)
    upload.report, upload.applied_at, upload.files = report.as_json(), clock.now(), b""
    upload.save()
    return upload


def purge_uploads() -> int:
    """Forget uploads that are older than a week. Returns how many."""
    return Upload.objects.filter(created_at__lt=clock.now() - KEPT).delete()[0]


def _one_zip(files: Sequence[tuple[str, bytes]]) -> tuple[str, bytes]:
    if sum(len(data) for _, data in files) > LARGEST_UPLOAD:
        raise UploadError(f"Filerne fylder tilsammen over {LARGEST_UPLOAD // 1024**2} MB. Del dem i flere omgange.")
    for name, _ in files:
        if _kind(name) not in (*TEXTS, *IMAGES, ".zip"):
            raise UploadError(f"“{name[:80]}” kan ikke bruges. Vælg Markdown-filer (.md), billeder eller en zip-fil.")
    if len(files) == 1 and _kind(files[0][0]) == ".zip":
        return files[0]
    if any(_kind(name) == ".zip" for name, _ in files):
        raise UploadError("Vælg enten én zip-fil eller løse filer, ikke begge dele.")
    names = [name.casefold() for name, _ in files]
    if len(set(names)) < len(names):
        raise UploadError("To af filerne har samme navn.")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    label = files[0][0] if len(files) == 1 else f"{len(files)} filer"
    return f"{label[:240]}.zip", packed.getvalue()


def _kind(name: str) -> str:
    return PurePath(name).suffix.casefold()

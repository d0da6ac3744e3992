"""What an import is given (files, folders, zips, an upload) → the files to read, one after the other."""

import io
import os
from collections.abc import Iterable
from contextlib import ExitStack
from functools import cache
from pathlib import Path, PurePosixPath

from articles.importing.archives import MOST_BYTES, sources_in
from articles.importing.folders import in_folder, pictures_below, reason, single_file
from articles.source_files import SourceFile, is_article, unreadable

_ZIP_BEGINS = (b"PK\x03\x04", b"PK\x05\x06")  # the second: an empty one


def find_sources(paths: Iterable[str | Path], opened: ExitStack) -> list[SourceFile]:
    """The files behind the paths, folders and zips searched to the bottom, each file once. `opened` closes the zips.

    What is missing, unreadable or not Markdown is in the list too, with a `read` that raises: it belongs in the report.
    """
    found: dict[tuple[str, int], SourceFile] = {}
    around = cache(pictures_below)  # one list for all the files that are given from one folder
    for path in map(Path, paths):
        if path.suffix.lower() == ".zip" and path.is_file():
            # By number: two members of a zip may bear one name, and both belong in the report.
            for number, source in enumerate(_zip(path, opened)):
                found.setdefault((os.path.realpath(path), number), source)
            continue
        for source in in_folder(path) if path.is_dir() else [single_file(path, around(path.parent))]:
            found.setdefault((os.path.realpath(source.path), 0), source)
    return list(found.values())


def uploaded_sources(data: bytes, name: str) -> list[SourceFile]:
    """The same for one file that was sent to us: an article or a zip, told apart by what it holds."""
    name = PurePosixPath(name.replace("\\", "/")).name
    if data.startswith(_ZIP_BEGINS):
        if len(data) > MOST_BYTES:
            return [unreadable(name, f"Zip-filen er for stor: højst {MOST_BYTES // 10**6} MB.")]
        return sources_in(io.BytesIO(data), name)
    if name.lower().endswith(".zip"):
        return [unreadable(name, "Filen er ikke en zip-fil, selv om den hedder sådan.")]
    if is_article(name):
        return [SourceFile(name, lambda: data)]
    return [
        unreadable(name, "Filen er ikke Markdown (.md). Et billede skal ligge i en zip-fil sammen med sin artikel.")
    ]


def _zip(path: Path, opened: ExitStack) -> list[SourceFile]:
    try:
        return sources_in(opened.enter_context(path.open("rb")), str(path))
    except OSError as error:
        return [unreadable(str(path), f"Filen kan ikke læses ({reason(error)}).")]

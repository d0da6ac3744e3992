"""Making the files, all of one moment, and putting them in the place of the old ones in one step.

Each build has a folder of its own below `MEDIA_ROOT/open-data/`, which nobody reads until `current.json` names it. That
small file is replaced by renaming: a reader has the old files or the new ones, whole, and their digests with them. Who is
killed half way leaves a folder that nobody names; the next build takes it away.
"""

import datetime
import json
import logging
import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from clinics import clock

from . import vocabulary, writing
from .clinic_rows import batches
from .columns import record
from .files import CLINICS_CSV, CLINICS_GEOJSON, TABLES, VOCABULARY, File

logger = logging.getLogger(__name__)

FOLDER = "open-data"
CURRENT = "current.json"
LOCK = 0x0F75DA7A  # of ours alone among the advisory locks of this database


def root() -> Path:
    return Path(settings.MEDIA_ROOT, FOLDER)


def build() -> dict[str, Any] | None:
    """Make all files anew. Returns what `current.json` now says, None when somebody else is making them just now.

    Whatever goes wrong, the old files stay. Safe to run at any time, twice, and twice at once.
    """
    with _snapshot() as alone:
        if not alone:
            logger.info("the open data are being made already")
            return None
        made_at = clock.now().replace(microsecond=0)
        root().mkdir(parents=True, exist_ok=True)
        folder = root() / f"{made_at:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
        folder.mkdir()
        try:
            facts = [*_clinics(folder, made_at), *_vocabulary(folder, made_at)]
            writing.sync_folder(folder)
            current = {"folder": folder.name, "made_at": made_at.isoformat(), "files": facts}
            writing.replace(root() / CURRENT, json.dumps(current, indent=1) + "\n")
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        _sweep(folder.name)
        return current


@contextmanager
def _snapshot() -> Iterator[bool]:
    """One moment of the database for all files, read by one builder at a time: False for the second one.

    The lock goes with the connection, so one that was killed holds nobody up.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if outermost:  # inside somebody's transaction (a test's) it is too late to ask for it
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        yield cursor.fetchone()[0]


def _clinics(folder: Path, made_at: datetime.datetime) -> list[dict[str, Any]]:
    about = {"name": "FysFinder: klinikker", "made_at": made_at.isoformat(), "licence": "see each feature"}
    with ExitStack() as stack:
        table, features = (
            stack.enter_context(writing.Output(folder, one.name)) for one in (CLINICS_CSV, CLINICS_GEOJSON)
        )
        writers = (
            writing.Csv(table, CLINICS_CSV.columns),
            writing.GeoJson(features, about),
        )
        for rows in batches(made_at.date()):
            for row in rows:
                for writer in writers:
                    writer.add(row)
        writing.close_all(writers)
    return [table.facts, features.facts]


def _vocabulary(folder: Path, made_at: datetime.datetime) -> list[dict[str, Any]]:
    tables = vocabulary.rows(made_at.date())
    with writing.Output(folder, VOCABULARY.name) as whole:
        writing.dump(whole, vocabulary.document(tables, made_at), sum(map(len, tables.values())))
    return [whole.facts, *(_table(folder, one, tables[one.table]) for one in TABLES)]


def _table(folder: Path, file: File, rows: list[vocabulary.Entry]) -> dict[str, Any]:
    with writing.Output(folder, file.name) as output:
        writer = writing.Csv(output, file.columns)
        for row in rows:
            writer.add(record(file.columns, row))
    return output.facts


def _sweep(current: str) -> None:
    """What older builds left. Whoever is still sending one of their files has it open, and sends it to its end."""
    for path in root().iterdir():
        if path.name in (current, CURRENT):
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)

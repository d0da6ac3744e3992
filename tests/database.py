"""A test database is a copy of one that the same migrations made before: to run them takes ten times as long as to copy."""

import hashlib
import inspect
from pathlib import Path

import django
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

PREFIX = "fysfinder_template_"
BASE_DIR = Path(__file__).resolve().parents[1]
KEPT = 2  # beside the newest: somebody may be about to copy one, and a branch comes back
LOCK = 0x66797366  # of whoever makes one: the processes of one run start at once, and the others wait for it


def start_from_a_copy(draft: str) -> None:
    """Test databases of this process will be copies; made first, under the name `draft`, when there is nothing to copy."""
    name = _name()
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])  # until this connection ends
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid", [PREFIX])
        there = [row[0] for row in cursor.fetchall()]
        if name not in there:
            _make(draft)
            cursor.execute(f'ALTER DATABASE "{draft}" RENAME TO "{name}"')
            cursor.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')  # a connection would stop who copies
            for old in there[:-KEPT]:
                cursor.execute(f'DROP DATABASE IF EXISTS "{old}"')
    connection.settings_dict["TEST"]["TEMPLATE"] = name


def _name() -> str:
    """Another one as soon as a migration changes, or something that they are made of."""
    migrations = MigrationLoader(None, ignore_no_migrations=True).disk_migrations.values()
    files = {Path(inspect.getfile(type(one))) for one in migrations}
    files |= {file for app in ("articles", "clinics") for file in (BASE_DIR / app / "models").rglob("*.py")}
    files.add(BASE_DIR / "clinics" / "extensions.py")
    digest = hashlib.sha256(django.__version__.encode())
    for file in sorted(files):
        digest.update(file.read_bytes())
    return PREFIX + digest.hexdigest()[:16]


def _make(draft: str) -> None:
    usual, test = connection.settings_dict["NAME"], connection.settings_dict["TEST"]
    name = test["NAME"]
    test["NAME"] = draft
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    finally:
        connection.close()
        test["NAME"] = name
        connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = usual

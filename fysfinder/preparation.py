"""What has to be true before the site can answer: database, migrations, demo data, static files. Quick when it is."""

import hashlib
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from articles import actions
from clinics import index, open_data
from clinics.models import Clinic

Say = Callable[[str], None]

# Idempotent, in this order; they print their own progress.
DEMO_COMMANDS = ("load_vocabulary", "load_places", "seed_demo")


def migrate(say: Say) -> None:
    """Apply what is pending. `migrate` itself takes half a second to find nothing to do."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        with timed(say, f"Migrations: {len(plan)}"):
            call_command("migrate", interactive=False, verbosity=0)
            call_command("createcachetable", verbosity=0)


def load_demo(say: Say) -> None:
    """Load vocabulary, places and demo data, again when the files they come from have changed.

    The note that they are loaded lies inside the database's folder, so that it goes where the data go.
    """
    if settings.EMBEDDED_POSTGRES is None:
        return  # production: `manage.py load_vocabulary` and `load_places` are run by hand
    folders = [Path(config.path, name) for config in apps.get_app_configs() for name in ("data", "demo")]
    state = digest(path for folder in folders if folder.is_dir() for path in folder.rglob("*") if path.is_file())
    note = settings.EMBEDDED_POSTGRES / "demo-loaded"
    if note.exists() and note.read_text() == state:
        return
    with timed(say, "Demo data"):
        for command in DEMO_COMMANDS:
            if command == "seed_demo" and Clinic.objects.filter(is_example=False).exists():
                say("Demo clinics: left alone, there are real ones in this database")
                continue
            call_command(command)
        with connection.cursor() as cursor:
            cursor.execute("CHECKPOINT")  # or whoever stops us right now waits for it
    note.write_text(state)


def bring_index_in_line(say: Say) -> None:
    """After an upgrade that changed what the search index holds, and after nights in which nothing ran."""
    if settings.EMBEDDED_POSTGRES is None:
        return  # production: `manage.py rebuild_search_index` is run by hand, and the nightly check mends what was forgotten
    state = index.definition()
    note = settings.EMBEDDED_POSTGRES / "index-built"
    upgraded = not note.exists() or note.read_text() != state
    if changed := index.rebuild(None if upgraded else index.lapsed()):
        say(f"Search index: {changed} rows made anew")
    note.write_text(state)


def render_stale(say: Say) -> None:
    """After an upgrade: pages that an older renderer made, and links that no longer hold."""
    started = time.monotonic()
    if changed := actions.render_stale():
        say(f"Articles made anew: {changed} in {time.monotonic() - started:.1f} s")


def make_open_data(say: Say) -> None:
    """The first time: `/om/data/` has something to show before the first night. The worker makes the files anew every night."""
    if open_data.published() is not None:
        return
    try:
        with timed(say, "Open data"):
            open_data.build()
    except OSError as error:  # the worker tries again, and says where it failed
        say(f"Open data: not made ({error.strerror})")


def collect_static(say: Say) -> None:
    """Copy, hash and compress the static files, when one of them has changed."""
    found = (storage.path(name) for finder in get_finders() for name, storage in finder.list([]))
    state = digest(Path(path) for path in found)
    note = settings.VAR / "static-collected"
    if note.exists() and note.read_text() == state and settings.STATIC_ROOT.is_dir():
        return
    with timed(say, "Static files"):
        logging.getLogger("whitenoise").setLevel(logging.WARNING)
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    note.write_text(state)


def digest(paths: Iterable[Path]) -> str:
    """A short text that changes when one of the files does."""
    seen = sorted((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in paths)
    return hashlib.sha256(repr(seen).encode()).hexdigest()


@contextmanager
def timed(say: Say, what: str) -> Iterator[None]:
    say(f"{what} …")
    started = time.monotonic()
    yield
    say(f"{what}: done in {time.monotonic() - started:.1f} s")

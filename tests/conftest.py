"""What every test stands on: a real PostgreSQL, and no way out to the network (see also addopts in pyproject.toml)."""

import gc
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import pytest_socket
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import blocking_manager_key

from .folders import open_folder

PREFIX = "test_fysfinder_"

# What hypothesis makes up is the same in every run of a gate, and a slow machine is no fault: one test says how many examples,
# and nothing else. Long runs with ever new ones: tests/fuzz.
hypothesis_settings.register_profile(
    "suite", deadline=None, derandomize="CI" in os.environ, print_blob=True, suppress_health_check=list(HealthCheck)
)
hypothesis_settings.load_profile("suite")
LOOPBACK = {None, "", "localhost", "127.0.0.1", "::1"}


def pytest_configure(config: pytest.Config) -> None:
    """Runs before Django looks at its settings, and in every xdist worker too."""
    from django.conf import settings

    if settings.EMBEDDED_POSTGRES:
        from fysfinder.postgres import Server

        server = Server(settings.EMBEDDED_POSTGRES)
        server.start()
        if not hasattr(config, "workerinput"):
            drop_left_overs(server)
    # One database per process: two runs at once in one checkout never meet.
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"{PREFIX}{os.getpid()}"
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True  # no collected files needed
    # A password shall take long to check: a third of the time of a form's tests went on that. The true hasher reads its own.
    fast = "django.contrib.auth.hashers.MD5PasswordHasher"
    settings.PASSWORD_HASHERS = [fast, *settings.PASSWORD_HASHERS]
    settings.CELERY_BROKER_URL = "memory://"
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {}
    socket.getaddrinfo = only_loopback


def pytest_terminal_summary(terminalreporter) -> None:
    """Why a test failed that passed at its second try (.ci/run): otherwise only its name is told."""
    for report in terminalreporter.getreports("rerun"):
        terminalreporter.section(f"first try: {report.nodeid}", sep="_")
        terminalreporter.write_line(report.longreprtext)


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session):
    """Ten thousand tests stay as long as the process does: looking through them for rubbish took a tenth of its time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
        gc.set_threshold(50_000, 20, 50)  # a page makes 10,000 objects, and a test a few pages


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, django_db_blocker) -> None:
    """Asked by pytest-django before it makes the database of this process."""
    from .database import start_from_a_copy

    with django_db_blocker.unblock():
        start_from_a_copy(f"{PREFIX}{os.getpid()}_template")


# Rows that tests share (tests/worlds.py) are made just before pytest-django begins the transaction of a test, and undone
# just after its end.
NEXT = pytest.StashKey[pytest.Item | None]()


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef, request: pytest.FixtureRequest) -> None:
    if fixturedef.argname == "_django_db_helper":
        from . import worlds

        worlds.before_the_transaction_of(request.node, request.config.stash[blocking_manager_key])


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    item.config.stash[NEXT] = nextitem


def pytest_fixture_post_finalizer(fixturedef: pytest.FixtureDef, request: pytest.FixtureRequest) -> None:
    if fixturedef.argname == "_django_db_helper":
        from . import worlds

        worlds.after_the_transaction(request.config.stash[NEXT], request.config.stash[blocking_manager_key])


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where a PostgreSQL server of the test's own can live."""
    with open_folder() as path:
        yield path


def drop_left_overs(server) -> None:
    """Drop the test databases of processes that were killed."""
    with server.connect() as connection:
        for (name,) in connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX]):
            if not Path("/proc", name.removeprefix(PREFIX).split("_")[0]).exists():
                connection.execute(f'DROP DATABASE IF EXISTS "{name}"')


def only_loopback(host, *arguments, _ask=socket.getaddrinfo, **options):
    """pytest-socket stops connections but lets questions for names out."""
    if host not in LOOPBACK:
        raise pytest_socket.SocketBlockedError(f"A test asked for the address of {host!r}.")
    return _ask(host, *arguments, **options)


@pytest.fixture(autouse=True)
def _forget_what_the_process_remembers():
    """A test's database goes back in time; what the process remembers of it must go with it."""
    from .memory import forget

    forget()

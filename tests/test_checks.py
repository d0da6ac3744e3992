"""The check that a database keeps Danish letters, on databases that do and do not."""

from collections.abc import Callable, Iterator

import psycopg
import pytest
from django.db import connection, connections

from fysfinder import checks

LOSES_ALL = "LOCALE_PROVIDER libc LOCALE 'C'"
LOSES_TRIGRAMS = "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C' LC_CTYPE 'C'"


@pytest.fixture
def database_with(django_db_setup, django_db_blocker) -> Iterator[Callable[[str], str]]:
    """Make a second database with the locale given; its Django alias."""
    name = f"{connection.settings_dict['NAME']}_locale"

    def make(locale: str) -> str:
        with connect("postgres") as admin:
            admin.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' {locale}")
        with connect(name) as new:
            new.execute("CREATE EXTENSION pg_trgm")
        connections.settings["other"] = connections.settings["default"] | {"NAME": name}
        return "other"

    with django_db_blocker.unblock():
        yield make
        if "other" in connections.settings:
            connections["other"].close()
            del connections["other"], connections.settings["other"]
        with connect("postgres") as admin:
            admin.execute(f"DROP DATABASE IF EXISTS {name}")


def connect(database: str) -> psycopg.Connection:
    settings = connection.settings_dict
    return psycopg.connect(
        host=settings["HOST"] or None,
        port=settings["PORT"] or None,
        user=settings["USER"] or None,
        password=settings["PASSWORD"] or None,
        dbname=database,
        autocommit=True,
    )


@pytest.mark.django_db
def test_our_own_database_keeps_them():
    assert checks.check_database(databases=["default"]) == []


def test_no_database_asked_for_no_answer():
    assert checks.check_database(databases=None) == []


def test_a_locale_that_loses_everything(database_with):
    [error] = checks.check_database(databases=[database_with(LOSES_ALL)])
    assert error.id == "fysfinder.E003"
    for name in (*checks.PROBES, "word_similarity"):
        assert name in error.msg
    assert "CREATE DATABASE" in error.hint


@pytest.mark.django_db
def test_a_locale_that_loses_only_trigrams(database_with):
    if connection.pg_version < 17_00_00:
        pytest.skip("PostgreSQL 17 brought the builtin locale")
    [error] = checks.check_database(databases=[database_with(LOSES_TRIGRAMS)])
    assert "word_similarity" in error.msg
    assert "lower" not in error.msg
    assert "LC_CTYPE 'C.UTF-8'" in error.hint


@pytest.mark.parametrize(("version", "provider"), [(15, "libc"), (16, "libc"), (17, "builtin"), (18, "builtin")])
def test_the_remedy_fits_the_version(version, provider):
    assert f"LOCALE_PROVIDER {provider} " in checks.remedy(version)


@pytest.mark.parametrize(
    ("production", "backend", "said"),
    [
        (True, "clinics.mailing.printed.EmailBackend", ["fysfinder.W001"]),
        (True, "django.core.mail.backends.smtp.EmailBackend", []),
        (False, "clinics.mailing.printed.EmailBackend", []),
    ],
)
def test_production_is_told_that_nobody_gets_mail(settings, production, backend, said):
    settings.PRODUCTION, settings.EMAIL_BACKEND = production, backend
    assert [warning.id for warning in checks.check_mail()] == said

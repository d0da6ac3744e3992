"""The check that a database keeps Danish letters, on databases that do and do not."""

import psycopg
import pytest
from django.db import connection, connections

from fysfinder import checks

LOSES_ALL = "LOCALE_PROVIDER libc LOCALE 'C'"
LOSES_TRIGRAMS = "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C' LC_CTYPE 'C'"


@pytest.mark.django_db
def test_our_own_database_keeps_them():
    assert checks.check_database(databases=["default"]) == []


def test_no_database_asked_for_no_answer():
    assert checks.check_database(databases=None) == []


@pytest.fixture
def other_database(django_db_setup, django_db_blocker):
    """Make an alias `other` for a new database with the locale given."""
    made = []

    def make(locale: str) -> str:
        name = f"{connection.settings_dict['NAME']}_locale"
        with django_db_blocker.unblock(), psycopg.connect(**server(), autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' {locale}")
        made.append(name)
        with psycopg.connect(**server() | {"dbname": name}, autocommit=True) as new:
            new.execute("CREATE EXTENSION pg_trgm")
        connections.settings["other"] = connections.settings["default"] | {"NAME": name}
        return "other"

    with django_db_blocker.unblock():
        yield make
    connections["other"].close()
    del connections["other"]
    del connections.settings["other"]
    with psycopg.connect(**server(), autocommit=True) as admin:
        for name in made:
            admin.execute(f"DROP DATABASE {name}")


def server() -> dict:
    return {
        "host": connection.settings_dict["HOST"],
        "port": connection.settings_dict["PORT"] or None,
        "user": connection.settings_dict["USER"],
        "password": connection.settings_dict["PASSWORD"] or None,
        "dbname": "postgres",
    }


def test_a_locale_that_loses_everything(other_database):
    [error] = checks.check_database(databases=[other_database(LOSES_ALL)])
    assert error.id == "fysfinder.E003"
    for name in (*checks.PROBES, "word_similarity"):
        assert name in error.msg
    assert "LC_CTYPE 'C.UTF-8'" in error.hint


def test_a_locale_that_loses_only_trigrams(other_database):
    [error] = checks.check_database(databases=[other_database(LOSES_TRIGRAMS)])
    assert "word_similarity" in error.msg
    assert "lower" not in error.msg


@pytest.mark.parametrize(("version", "provider"), [(15, "libc"), (16, "libc"), (17, "builtin"), (18, "builtin")])
def test_the_remedy_fits_the_version(version, provider):
    assert f"LOCALE_PROVIDER {provider} " in checks.remedy(version)

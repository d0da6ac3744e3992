"""Does the database keep Danish letters, and does mail go out? System checks of what a machine was set up with.

A locale that loses æøå still looks healthy: pages load, and searches for "Ærø" quietly find nothing, or everything.
Runs with `manage.py migrate`, `manage.py check --database default` and `make run`.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper

from clinics.geocoding import geocoders

OLDEST = 15

# What is tried → (SQL, the right answer).
PROBES = {
    "lower('ÆØÅ')": ("SELECT lower('ÆØÅ')", "æøå"),
    "ILIKE": ("SELECT 'Ærø Øst på Ålborg' ILIKE '%ærø øst PÅ ålborg%'", True),
    "danish full text": ("SELECT to_tsvector('danish', 'ØMHED i ÅREN') @@ to_tsquery('danish', 'ømhed & åren')", True),
}
# Trigrams without æøå leave "r" of both, and r equals r.
TRIGRAM_PROBE = "SELECT word_similarity('ærø', '8760 rørig') < 0.5"


@register(Tags.database)
def check_database(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """One error for a server that is too old, one for a locale that loses Danish letters, with what to do."""
    return [message for alias in databases or [] for message in _check(alias)]


@register()
def check_mail(**_: Any) -> list[CheckMessage]:
    """Whoever signs up in production waits for a code; without a mail server it is printed where nobody reads it."""
    if not settings.PRODUCTION or settings.EMAIL_BACKEND != "clinics.mailing.printed.EmailBackend":
        return []
    hint = "Set EMAIL_URL to smtp+tls://user:password@host:587."
    return [
        Warning("No mail server: mails, with codes in them, go to the worker's log.", hint=hint, id="fysfinder.W001")
    ]


@register()
def check_geocoder(**_: Any) -> list[CheckMessage]:
    """A name of a geocoder that nobody knows would quietly leave every clinic at its postcode's point."""
    try:
        geocoders.read(settings.GEOCODER_URL)
    except ValueError as error:
        hint = "docs/geocoding.md lists what GEOCODER_URL may be; empty: no geocoder."
        return [Error(f"GEOCODER_URL cannot be used: {error}.", hint=hint, id="fysfinder.E004")]
    return []


def _check(alias: str) -> list[CheckMessage]:
    connection = connections[alias]
    if not isinstance(connection, DatabaseWrapper):
        return [Error("FysFinder needs PostgreSQL.", hint="Set DATABASE_URL to postgres://…", id="fysfinder.E001")]
    with connection.cursor() as cursor:
        version = connection.pg_version // 10000
        if version < OLDEST:
            hint = f"Upgrade to PostgreSQL {OLDEST} or later."
            return [Error(f"PostgreSQL {version} is too old.", hint=hint, id="fysfinder.E002")]
        wrong = []
        for name, (sql, answer) in PROBES.items():
            cursor.execute(sql)
            if cursor.fetchone() != (answer,):
                wrong.append(name)
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        if cursor.fetchone():  # comes with the first migration
            cursor.execute(TRIGRAM_PROBE)
            if cursor.fetchone() != (True,):
                wrong.append("word_similarity (pg_trgm)")
    if not wrong:
        return []
    problem = f"The locale of this database loses the Danish letters æøå in {', '.join(wrong)}."
    return [Error(problem, hint=f"{remedy(version)} Then move the data with pg_dump and psql.", id="fysfinder.E003")]


def remedy(version: int) -> str:
    """How to make a database that keeps Danish letters, on this version of PostgreSQL."""
    create = "CREATE DATABASE fysfinder TEMPLATE template0 ENCODING 'UTF8'"
    if version < 17:
        return f"Make it again with a UTF-8 locale of the system: {create} LOCALE_PROVIDER libc LOCALE 'C.UTF-8';"
    return (
        "Make it again with the builtin locale, and LC_CTYPE in UTF-8 for pg_trgm: "
        f"{create} LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C' LC_CTYPE 'C.UTF-8';"
    )

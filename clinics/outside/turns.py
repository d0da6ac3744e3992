"""One at a time, and a pause after each, of all workers together: who wants to ask holds a lock of the database until he has
his answer. Geocoders and clinics' websites each have turns of their own.

Exact, because the pause begins when the answer is there: however late a process wakes up, two requests never lie closer. The
moment is written down before the request too, for whoever comes after a process that was killed in the middle of it.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

PATIENCE = 20  # seconds in a queue at the door; a worker has other things to do, and beat comes again
_LOCK = "hashtextextended('clinics.outside.' || %(what)s, 0)"

# A row of clinics.rate_limit: `expires_at` is when the next may ask, after which nobody needs it.
STAMP = """
INSERT INTO clinics_ratecount (key, count, expires_at)
VALUES (%(key)s, 0, clock_timestamp() + %(pause)s * interval '1 second')
ON CONFLICT (key) DO UPDATE SET expires_at = EXCLUDED.expires_at
"""


class NotNowError(Exception):
    """Nobody can be asked now; it is done later."""


class BusyError(NotNowError):
    """Others ask, and the queue is long."""


@contextmanager
def turn(what: str, pause: float) -> Iterator[None]:
    """Wait for it, ask inside. The lock goes with the connection: a process that dies lets the next one in. Raises BusyError.

    `what`: a short name of ours; `pause`: seconds.
    """
    _take(what)
    try:
        time.sleep(min(_wait(what), pause))
        _stamp(what, pause)
        try:
            yield
        finally:
            _stamp(what, pause)
    finally:
        _say(f"SELECT pg_advisory_unlock({_LOCK})", {"what": what})


@contextmanager
def alone(what: str) -> Iterator[bool]:
    """False when somebody does this already. The lock goes with the connection, as `turn`'s does."""
    lock = {"what": f"alone:{what}"}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_lock({_LOCK})", lock)
        (mine,) = cursor.fetchone()
    try:
        yield mine
    finally:
        if mine:
            _say(f"SELECT pg_advisory_unlock({_LOCK})", lock)


def key(what: str) -> str:
    return f"{what}:next"


def _take(what: str) -> None:
    try:
        with transaction.atomic():  # the limit on waiting ends with it, the lock does not
            _say(f"SET LOCAL lock_timeout = '{round(PATIENCE * 1000)}ms'")
            _say(f"SELECT pg_advisory_lock({_LOCK})", {"what": what})
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != "55P03":  # lock_not_available
            raise
        raise BusyError from error


def _wait(what: str) -> float:
    """Seconds until the next may ask, by the clock of the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM expires_at - clock_timestamp())::float FROM clinics_ratecount WHERE key = %s",
            [key(what)],
        )
        row = cursor.fetchone()
    return max(0.0, row[0]) if row else 0.0


def _stamp(what: str, pause: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute(STAMP, {"key": key(what), "pause": pause})


def _say(statement: str, values: dict[str, str] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)

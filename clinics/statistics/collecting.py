"""What this process has seen and not written yet, and the thread that writes it.

A page view must cost its visitor no statement, so events are added up in memory. A killed process loses what it saw since it
last wrote (`SECONDS` at most); one that ends as it should writes first (gunicorn.conf.py).
"""

import datetime
import logging
import os
import threading
import time
from collections import Counter
from collections.abc import Iterable

from django.db import Error, connections, transaction

from clinics import clock
from clinics.models import DailyStatistic

from .keeping import add

logger = logging.getLogger(__name__)

SECONDS = 15  # how long something that was seen may wait
MANY = 2_000  # different things that are written at once instead
MOST = 100_000  # different things kept while the database is away; what is new after that is not counted

Key = tuple[int, datetime.date, str]  # clinic, day, event


class _Collected:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.writing = threading.Lock()  # a process that ends waits for what its thread is writing
        self.counts: Counter[Key] = Counter()
        self.many = threading.Event()
        self.thread: threading.Thread | None = None

    def put(self, counts: Counter[Key]) -> None:
        with self.lock:
            for key, count in counts.items():
                if key in self.counts or len(self.counts) < MOST:
                    self.counts[key] += count
            if len(self.counts) >= MANY:
                self.many.set()

    def take(self) -> Counter[Key]:
        with self.lock:
            taken, self.counts = self.counts, Counter()
            self.many.clear()
            return taken


_collected = _Collected()
_is_kept = False


def seen(event: str, clinic_ids: Iterable[int]) -> None:
    """That happened to each of these clinics today. Asks nothing of the database and never fails."""
    day = clock.today()
    _collected.put(Counter((pk, day, DailyStatistic.Event(event).value) for pk in clinic_ids))
    if _is_kept:
        _start()


def flush() -> int:
    """Write what this process has seen, in one statement. Returns how many rows that were.

    When the database is away it is kept for the next time, and said in the log: whoever calls goes on.
    """
    with _collected.writing:
        taken = _collected.take()
        if not taken:
            return 0
        try:
            with transaction.atomic():
                add(taken)
        except Error:
            _collected.put(taken)
            logger.exception("figures of clinics could not be written, kept for the next time")
            return 0
        return len(taken)


def forget() -> None:
    """For tests: their database goes back in time, and what was seen goes with it."""
    _collected.take()


def keep_flushing() -> None:
    """From now on a thread of each process that sees something writes it. For servers; a test and a command flush themselves."""
    global _is_kept
    _is_kept = True


def _start() -> None:
    """Begun by the first event and not by loading: a thread does not live on in the processes that are forked later."""
    if _collected.thread and _collected.thread.is_alive():
        return
    with _collected.lock:
        if _collected.thread is None or not _collected.thread.is_alive():
            _collected.thread = threading.Thread(target=_run, args=[_collected], name="figures", daemon=True)
            _collected.thread.start()


def _run(mine: _Collected) -> None:
    while mine is _collected:
        mine.many.wait(SECONDS)
        try:
            flush()
        except Exception:  # the thread goes on, whatever it was
            logger.exception("figures of clinics could not be written")
        finally:
            connections.close_all()  # a connection that waits is one that somebody else cannot have
        time.sleep(1)  # the database is away and much waits: not at once again


def _begin_anew() -> None:
    """In a forked process: what its parent has seen is the parent's to write, and a lock may have been held."""
    global _collected
    _collected = _Collected()


os.register_at_fork(after_in_child=_begin_anew)

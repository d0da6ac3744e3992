"""Files read ahead in a second process, while this one stores those that come before: reading is half of what one costs.

Only pure functions run there: it is a copy of this process that never touches the database, and what it cannot read is
read again here, which tells why. So a run with it and one without it give the same articles and the same report.
"""

import logging
import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from multiprocessing.connection import Connection

from articles import rendering
from articles.document import parse
from articles.frontmatter import FrontmatterError
from articles.importing.candidate import Read, read_front
from articles.safety.findings import read_ahead
from articles.source_files import SourceError, SourceFile, text_of
from clinics.registry import registry_for

FEWEST = 20  # files; for fewer the second process is not worth its start

logger = logging.getLogger(__name__)


class Ahead:
    """What the other process has read, in its order."""

    def __init__(self, sources: Sequence[SourceFile], results: Connection) -> None:
        self._waiting = {source: number for number, source in enumerate(sources)}
        self._results: Connection | None = results

    def take(self, source: SourceFile) -> Read | None:
        """What was read of the file; None when it is to be read here. Asked for in the order of the files."""
        wanted = self._waiting.pop(source, None)
        while wanted is not None and self._results:
            try:
                number, read = self._results.recv()
            except (EOFError, OSError, pickle.UnpicklingError):  # the other process has ended, whatever ended it
                logger.warning("The process that reads ahead has ended early")
                self._results = None
                return None
            if number >= wanted:
                return read if number == wanted else None
        return None


@contextmanager
def reading_ahead(sources: Sequence[SourceFile]) -> Iterator[Ahead | None]:
    """Begin to read these files; None where a second process is of no use, or where threads make a copy of this one unsafe.

    What it reads them with is what is held (`actions.later`) when it begins.
    """
    sources = [source for source in sources if source.stands_alone]
    if len(sources) < FEWEST or len(os.sched_getaffinity(0)) < 2 or threading.active_count() > 1:
        yield None
        return
    # Forked, so that it needs no start of its own; nothing but results goes through the pipe, so nobody waits for each other.
    context = multiprocessing.get_context("fork")
    results, sending = context.Pipe(duplex=False)
    process = context.Process(target=_read_all, args=(sources, sending, results), daemon=True)
    process.start()
    sending.close()
    try:
        with closing(results):
            yield Ahead(sources, results)
    finally:
        process.join(1)  # nobody listens any more, so it ends at its next word
        process.kill()
        process.join()


def _read_all(sources: Sequence[SourceFile], sending: Connection, results: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that was started; this one ends with it
    results.close()
    for number, source in enumerate(sources):
        try:
            sending.send((number, _read(source)))
        except BrokenPipeError:
            return


def _read(source: SourceFile) -> Read | None:
    try:
        front = read_front(text_of(source.read()))
        document = parse(front.body)
        document.said = read_ahead(document, registry_for(None).flags)
        if not document.images:  # those are known when they are stored
            document.page = rendering.render(document)
    except (SourceError, FrontmatterError):
        return None
    except Exception:  # whatever it is, it happens again where it is told
        logger.debug("%s could not be read ahead", source.path, exc_info=True)
        return None
    return Read(front, document)

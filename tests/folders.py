"""Folders for tests that start PostgreSQL servers of their own."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def open_folder() -> Iterator[Path]:
    """Not pytest's `tmp_path`: root's server runs as another user, whom each new pytest run shuts out of there."""
    with tempfile.TemporaryDirectory(prefix="fysfinder-test-", ignore_cleanup_errors=True) as name:
        yield Path(name)

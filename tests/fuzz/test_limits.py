"""Texts written to keep a parser busy: bounded in time whatever their size, and never worse than in proportion."""

import time

import pytest

from articles.document import Document, parse
from articles.rendering import render
from tests.hostile import SHAPES
from tests.machine import slowness

_LARGEST = 1_000_000  # characters: what a file may have
_SLOWEST = 5.0  # seconds of this process on the machine of tests/machine.py


def work(text: str) -> tuple[float, Document]:
    """Seconds of computing, not of waiting, for everything that is done with a text."""
    started = time.process_time()
    document = parse(text)
    render(document)
    list(document.sentences())
    return time.process_time() - started, document


@pytest.mark.parametrize("shape", SHAPES)
def test_the_largest_file_takes_seconds_at_most(shape):
    for size in (_LARGEST, 399_000, 40_000):  # the first is refused, the last mostly just read
        seconds, _ = work(SHAPES[shape](size))
        assert seconds < _SLOWEST or seconds < _SLOWEST * slowness(), f"{size} characters took {seconds:.1f} s"


@pytest.mark.parametrize("shape", SHAPES)
def test_four_times_the_text_takes_no_more_than_four_times_the_time(shape):
    """With slack on top; what grows with the square of the text would take sixteen times."""
    for _attempt in range(4):  # another process may have been in the way
        small, _ = work(SHAPES[shape](2_300))
        large, _ = work(SHAPES[shape](9_200))
        if large < 9 * max(small, 0.003):
            return
    pytest.fail(f"{small:.3f} s for 2 300 characters, {large:.3f} s for 9 200")

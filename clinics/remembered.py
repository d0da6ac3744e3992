"""What a process remembers of its database for a short while, so that the same rows are not read for every page."""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")

SECONDS = 20.0  # what another process has changed shows this much later at most


class Remembered(Generic[T]):
    """The answer of a question without parameters, asked anew when it is `SECONDS` old or was forgotten.

    >>> rows = Remembered(lambda: list(Condition.objects.all()))
    >>> rows()  # asks the database, and for the next 20 seconds nobody does
    """

    def __init__(self, read: Callable[[], T]) -> None:
        self._read = read
        self._known: tuple[float, T] | None = None

    def __call__(self) -> T:
        known, now = self._known, time.monotonic()
        if known is None or now - known[0] > SECONDS:
            known = self._known = (now, self._read())
        return known[1]

    def forget(self, **kwargs: object) -> None:
        """Also as a receiver of signals: this process sees at once what it changes itself."""
        self._known = None

"""How far a long job is: on a terminal one line that is redrawn, elsewhere a line now and then."""

import time
from collections.abc import Callable

OFTEN = 0.2  # seconds between two pictures on a terminal
SELDOM, SHARE = 10.0, 0.1  # seconds, or a part of the whole, between two lines elsewhere
_WIDTH = 24


class Progress:
    """Call it with what is done and how much there is in all (None: nobody knows). Counting from the beginning again is the
    next step: `labels` in their order, the last one for whatever follows. `write` shows its text at once.
    """

    def __init__(
        self, write: Callable[[str], object], *labels: str, is_tty: bool, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._write, self._labels, self._is_tty, self._now = write, list(labels), is_tty, now
        self._done, self._first = (
            -1,
            (0, now()),
        )  # the first that was told of this step, and when: a rest is counted from there
        self._shown, self._shown_at, self._is_drawn = 0, now(), False

    def __call__(self, done: int, total: int | None) -> None:
        now = self._now()
        if done < self._done:
            self.begin(*(self._labels[1:] or self._labels))
        if self._done < 0:
            self._first = (done, now)
        self._done = done
        since, step = now - self._shown_at, done - self._shown
        due = since >= OFTEN if self._is_tty else since >= SELDOM or (total and step >= SHARE * total)
        if not due and not (done == total and step):
            return
        self._shown, self._shown_at, self._is_drawn = done, now, self._is_tty
        line = self._line(done, total, now)
        self._write(f"\r\033[K{line}" if self._is_tty else f"{line}\n")

    def begin(self, *labels: str) -> None:
        """Another job."""
        self.end()
        self._labels, self._done, self._shown = list(labels), -1, 0

    def end(self) -> None:
        """The line stays, and what follows begins on the next one."""
        if self._is_drawn:
            self._write("\n")
            self._is_drawn = False

    def _line(self, done: int, total: int | None, now: float) -> str:
        label = self._labels[0] if self._labels else ""
        if not total:
            return f"{label}: {_number(done)}"
        share, (before, began) = min(done / total, 1), self._first
        bar = "#" * round(share * _WIDTH)
        left = ""
        if before < done < total:
            left = f", {_left((now - began) / (done - before) * (total - done))} tilbage"
        return f"{label}: [{bar:.<{_WIDTH}}] {share:.0%}, {_number(done)} af {_number(total)}{left}"


def _number(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _left(seconds: float) -> str:
    """`"40 s"`, `"3 min. 20 s"`, `"1 t. 5 min."`"""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min. {whole % 60} s"
    return f"{whole // 3600} t. {whole % 3600 // 60} min."

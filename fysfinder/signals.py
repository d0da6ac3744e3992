"""How a long command is asked to stop: by a signal to itself, or to the `make` that started it. Standard library only.

GNU make passes SIGTERM on to its child, but on SIGINT or SIGHUP to make alone it only restores the signal's default
action and waits for the child to end. So the child looks at its parent: a make that no longer catches these signals
has been told to stop.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

STOPPING = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)
LOOK_EVERY = 0.2  # seconds


class Stop(BaseException):
    """Somebody asked this process to end; raised once, wherever it happens to be."""


@contextmanager
def listening() -> Iterator[None]:
    """Within, a request to stop raises Stop in the main thread."""
    for number in STOPPING:
        if number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN:
            continue  # nohup
        signal.signal(number, _stop)
    parent = os.getppid()
    if _is_make(parent):
        signal.signal(signal.SIGALRM, lambda *_: _stop() if _was_told(parent) else None)
        signal.setitimer(signal.ITIMER_REAL, LOOK_EVERY, LOOK_EVERY)  # a timer, not a thread: we fork children
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)  # it would outlive its handler: in Python's last moments, or after exec


def deafen() -> None:
    """Ignore further requests: what is going on is already the end."""
    signal.setitimer(signal.ITIMER_REAL, 0)
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)


def restore() -> None:
    """Back to the defaults, for a program that takes our place through exec."""
    for number in STOPPING:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


def _stop(_number: int = 0, _frame: FrameType | None = None) -> None:
    deafen()
    raise Stop


def _is_make(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip() in ("make", "gmake")
    except OSError:
        return False


def _was_told(make: int) -> bool:
    if os.getppid() != make:
        return True  # it is gone
    try:
        status = Path(f"/proc/{make}/status").read_text()
    except OSError:
        return True
    masks = dict(line.split(":", 1) for line in status.splitlines() if line.startswith(("SigCgt", "SigIgn")))
    heard = int(masks["SigCgt"], 16) | int(masks["SigIgn"], 16)
    return any(not heard >> (number - 1) & 1 for number in STOPPING)

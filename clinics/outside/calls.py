"""A call over the network that is over after so many seconds, whatever the other end does.

Time-outs of sockets are counted for each read anew, so that a server which sends a byte now and then keeps a worker for hours;
a question for a name has none at all. So all of it happens in a thread that is waited for once.
"""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

T = TypeVar("T")


class OverError(TimeoutError):
    """Nobody waits for this call any more."""


class Call:
    """What is under way: who makes it asks how long there is, and says which connection can be hung up."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._is_over = False

    @property
    def left(self) -> float:
        """Seconds. Raises OverError when there are none: after a name that took its time, nobody is rung up any more."""
        left = self._until - time.monotonic()
        if left <= 0 or self._is_over:
            raise OverError
        return left

    def holds(self, connected: socket.socket) -> None:
        """This is the connection from now on. Raises OverError."""
        with self._lock:
            if self._is_over:
                raise OverError
            self._socket = connected

    def hang_up(self) -> None:
        """Whoever waited has gone: the thread gets an end of file, and ends."""
        with self._lock:
            self._is_over = True
            if self._socket is not None:
                with suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)


def within(seconds: float, ask: Callable[[Call], T]) -> T:
    """What `ask` returns or raises; OverError when it takes longer. `ask` runs in a thread, and must not touch the database."""
    call = Call(seconds)
    thread = _Asking(call, ask)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        call.hang_up()
        raise OverError
    if thread.error is not None:
        raise thread.error
    return thread.answer


class _Asking(threading.Thread, Generic[T]):
    answer: T

    def __init__(self, call: Call, ask: Callable[[Call], T]) -> None:
        super().__init__(daemon=True)  # one that hangs in a question for a name does not keep the worker from ending
        self.call, self.ask = call, ask
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self.answer = self.ask(self.call)
        except BaseException as error:  # told to whoever waits, not to the thread
            self.error = error

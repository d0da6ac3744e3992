"""Rows that many tests of a module stand on, made once: `@kept` instead of `@pytest.fixture`.

A function of a module that makes rows is called when the first test asks for it. Its rows stay, in a transaction around that
of each test, for as long as test after test asks for them, and go before one that does not: no test meets rows that it did not
ask for, in whatever order they run. Each test gets a copy of what the function returned, so that what it changes is its own.
"""

import copy
import datetime
import inspect
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import pytest
import time_machine
from django.db import transaction

from .memory import forget

Make = Callable[..., Any]
# What is there now, the oldest first: who made it, what was returned, and how it is undone.
_there: list[tuple[Make, Any, AbstractContextManager[None]]] = []
_copies: dict[Make, Any] = {}  # for the test that runs


def kept(make: Make | None = None, *, at: datetime.datetime | None = None, autouse: bool = False) -> Any:
    """A fixture of what `make` returns. It may ask for other kept fixtures that stand above it, and for nothing else.

    `at` is the moment at which the rows are made: a fixture that stops the clock does so for the test alone. `autouse` as in
    pytest.
    """
    if make is None:
        return lambda make: kept(make, at=at, autouse=autouse)

    def fixture(db: None, **others: Any) -> Any:
        return _copies[make] if make in _copies else _make(make, at, others.__getitem__)

    names = ["db", *inspect.signature(make).parameters]
    kind = inspect.Parameter.KEYWORD_ONLY
    fixture.__signature__ = inspect.Signature([inspect.Parameter(name, kind) for name in names])  # type: ignore[attr-defined]
    fixture.__name__ = make.__name__
    fixture.__doc__ = make.__doc__
    fixture.kept = (make, at)  # type: ignore[attr-defined]
    return pytest.fixture(fixture, autouse=autouse)


def before_the_transaction_of(item: pytest.Item, blocker: Any) -> None:
    """Make what the test asks for, and undo what it does not. For tests/conftest.py."""
    wanted = [] if _commits(item) else _asked_by(item)
    with blocker.unblock():
        _undo_from(_in_common(wanted))
        for make, at in wanted[len(_there) :]:
            rows = _rows()
            rows.__enter__()
            try:
                made = _make(make, at, lambda name: next(one for maker, one, _ in _there if maker.__name__ == name))
            except Exception:  # the fixture makes it again, and the test says what is wrong
                rows.__exit__(None, None, None)
                _undo_from(0)
                break
            _there.append((make, made, rows))
    # Together: what two of them name stays one thing.
    _copies.clear()
    _copies.update(zip((make for make, *_ in _there), copy.deepcopy([made for _, made, _ in _there]), strict=True))


def after_the_transaction(next_item: pytest.Item | None, blocker: Any) -> None:
    """What the next test does not ask for goes."""
    _copies.clear()
    if _there:
        with blocker.unblock():
            _undo_from(_in_common(_asked_by(next_item) if next_item else []))


def _asked_by(item: pytest.Item) -> list[tuple[Make, datetime.datetime | None]]:
    """In the order in which they stand in the module."""
    fixtures = getattr(item, "_fixtureinfo").name2fixturedefs  # noqa: B009  pytest tells it nowhere else
    found = [one.kept for (*_, last) in fixtures.values() if (one := last.func) and hasattr(one, "kept")]
    return sorted(found, key=lambda asked: asked[0].__code__.co_firstlineno)


def _commits(item: pytest.Item) -> bool:
    """Such a test makes its rows for itself: it begins with an empty database and no transaction around it."""
    mark = item.get_closest_marker("django_db")
    asked = {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    return bool(asked or (mark and (mark.kwargs.get("transaction") or mark.args[:1] == (True,))))


def _make(make: Make, at: datetime.datetime | None, value_of: Callable[[str], Any]) -> Any:
    with time_machine.travel(at, tick=False) if at else nullcontext():
        return make(**{name: value_of(name) for name in inspect.signature(make).parameters})


def _in_common(wanted: list[tuple[Make, Any]]) -> int:
    """How many of those that are there, from the oldest on, are wanted in the same order."""
    for number, (make, *_) in enumerate(_there):
        if number >= len(wanted) or wanted[number][0] is not make:
            return number
    return len(_there)


def _undo_from(number: int) -> None:
    while len(_there) > number:
        *_, rows = _there.pop()
        rows.__exit__(None, None, None)
        forget()


@contextmanager
def _rows() -> Iterator[None]:
    forget()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)

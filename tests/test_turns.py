"""One request at a time, and a pause after each, whoever asks: with real connections that work at once."""

import threading
import time
from functools import partial
from itertools import pairwise

import pytest
from django.db import connection

from clinics.models import RateCount
from clinics.outside import turns
from clinics.outside.turns import BusyError

PAUSE = 0.05
turn = partial(turns.turn, "geocoder")


def at_once(job, times: int) -> list[BaseException]:
    """In threads with connections of their own. Returns what went wrong."""
    wrong: list[BaseException] = []
    barrier = threading.Barrier(times)

    def run() -> None:
        try:
            barrier.wait(30)
            job()
        except BaseException as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(120)
    return wrong


@pytest.mark.django_db(transaction=True)
def test_two_requests_never_lie_closer_than_the_pause():
    spans: list[tuple[float, float]] = []

    def ask() -> None:
        for number in range(3):
            with turn(PAUSE):
                began = time.monotonic()
                time.sleep(0.01 * number)
                spans.append((began, time.monotonic()))

    assert at_once(ask, 6) == []
    spans.sort()
    gaps = [after[0] - before[1] for before, after in pairwise(spans)]
    # Two clocks measure the pause, the database's and ours: a thousandth of a second may lie between them.
    assert len(spans) == 18 and min(gaps) >= PAUSE - 0.001


@pytest.mark.django_db(transaction=True)
def test_whoever_comes_after_a_process_that_was_killed_waits_too():
    """The connection goes, and with it the lock; when it asked is known all the same."""
    asked = []

    def ask_and_die() -> None:
        with pytest.raises(Exception, match="clos"), turn(0.5):
            asked.append(time.monotonic())
            connection.connection.close()  # as kill -9 does

    assert at_once(ask_and_die, 1) == []
    with turn(0.5):
        assert time.monotonic() - asked[0] >= 0.5 - 0.001


@pytest.mark.django_db(transaction=True)
def test_a_long_queue_is_left(monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.2)
    inside, done = threading.Event(), threading.Event()

    def hold() -> None:
        with turn(0):
            inside.set()
            assert done.wait(60)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert inside.wait(60)
    try:
        with pytest.raises(BusyError), turn(0):
            pytest.fail("two at once")
    finally:
        done.set()
        holder.join(60)
    with turn(0):
        pass  # free again, on the connection that was refused too


@pytest.mark.django_db
def test_an_error_inside_lets_the_next_one_in():
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), turn(0):
            1 / 0  # noqa: B018
    assert RateCount.objects.filter(key=turns.key("geocoder")).count() == 1


@pytest.mark.django_db
def test_a_clock_that_was_put_back_costs_one_pause():
    """A moment far ahead, from a database whose clock was wrong, keeps nobody waiting for a year."""
    with turn(0):
        pass
    RateCount.objects.update(expires_at="2099-01-01T00:00:00Z")
    began = time.monotonic()
    with turn(0.1):
        assert time.monotonic() - began >= 0.1
    assert RateCount.objects.get(key=turns.key("geocoder")).expires_at.year < 2099

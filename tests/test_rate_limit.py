"""Exactly so many and no more, whoever asks at once; nobody's address is kept, and nobody can pretend to be another."""

import datetime
import re
import threading

import pytest
import time_machine
from django.db import connection
from django.test import RequestFactory

from clinics import rate_limit
from clinics.models import RateCount
from clinics.rate_limit import HOUR, allow, client_address, source_of

NOON = datetime.datetime(2026, 11, 3, 12, 0, tzinfo=datetime.UTC)


@pytest.mark.django_db
def test_five_an_hour():
    with time_machine.travel(NOON, tick=False) as clock:
        assert [allow("ret", "a", 5, HOUR) for _ in range(7)] == [True] * 5 + [False] * 2
        assert allow("ret", "b", 5, HOUR), "somebody else"
        assert allow("andet", "a", 5, HOUR), "something else"
        clock.shift(datetime.timedelta(minutes=59, seconds=59))
        assert not allow("ret", "a", 5, HOUR)
        clock.shift(datetime.timedelta(seconds=1))
        assert [allow("ret", "a", 5, HOUR) for _ in range(6)] == [True] * 5 + [False], "the hour is over"


@pytest.mark.django_db
def test_the_count_stands_still_behind_the_limit(django_assert_num_queries):
    for _ in range(9):
        with django_assert_num_queries(1):
            allow("ret", "a", 2, HOUR)
    assert RateCount.objects.get().count == 3


@pytest.mark.django_db(transaction=True)
def test_exact_with_fifty_at_once():
    everybody = threading.Barrier(50)
    answers: list[bool | str] = []

    def ask() -> None:
        try:
            connection.ensure_connection()
            everybody.wait(60)
            answers.append(allow("ret", "a", 5, HOUR))
        except Exception as error:
            answers.append(repr(error))
            everybody.abort()
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answers, key=str) == [False] * 45 + [True] * 5


@pytest.mark.django_db
def test_old_counters_go():
    from clinics.tasks import purge_counters

    with time_machine.travel(NOON, tick=False) as clock:
        allow("ret", "a", 5, HOUR)
        clock.shift(HOUR / 2)
        allow("ret", "b", 5, HOUR)
        assert purge_counters() == 0
        clock.shift(HOUR / 2)
        assert purge_counters() == 1
        assert RateCount.objects.get().key == "ret:b"


def test_beat_purges_them(settings):
    assert "clinics.tasks.purge_counters" in {one["task"] for one in settings.CELERY_BEAT_SCHEDULE.values()}


def request(sender: str = "192.0.2.9", forwarded: str | None = None):
    return RequestFactory().get(
        "/", REMOTE_ADDR=sender, **({} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded})
    )


@pytest.mark.parametrize(
    ("proxies", "sender", "forwarded", "address"),
    [
        (0, "192.0.2.9", None, "192.0.2.9"),
        (0, "192.0.2.9", "198.51.100.1", "192.0.2.9"),  # nobody but the visitor can have written it
        (1, "10.0.0.1", "198.51.100.1", "198.51.100.1"),
        (1, "10.0.0.1", "1.1.1.1, 198.51.100.1", "198.51.100.1"),  # the visitor wrote the first
        (1, "10.0.0.1", "1.1.1.1,,  ,198.51.100.1 ", "198.51.100.1"),
        (2, "10.0.0.1", "1.1.1.1, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        (2, "10.0.0.1", "198.51.100.1", "198.51.100.1"),  # past the outer proxy
        (1, "10.0.0.1", None, "10.0.0.1"),
        (1, "10.0.0.1", "  ,", "10.0.0.1"),
        (1, "10.0.0.1", "<script>", "10.0.0.1"),
        (1, "10.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        (1, "10.0.0.1", '"[2001:db8:1:2:3::4]:4711"', "2001:db8:1:2::/64"),
        (0, "2001:db8:1:2:3::4", None, "2001:db8:1:2::/64"),
        (0, "2001:db8:1:2:9::9", None, "2001:db8:1:2::/64"),
        (0, "fe80::1%eth0", None, "fe80::/64"),
        (0, "::ffff:192.0.2.9", None, "192.0.2.9"),
        (0, "", None, ""),
    ],
)
def test_where_a_request_comes_from(settings, proxies, sender, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    assert client_address(request(sender, forwarded)) == address


def test_a_source_says_nothing_and_lasts_a_day(settings):
    with time_machine.travel(NOON, tick=False) as clock:
        today = source_of(request())
        assert re.fullmatch("[0-9a-f]{64}", today)  # no dot or colon: no address; any three digits may occur
        assert source_of(request()) == today != source_of(request("192.0.2.10"))
        settings.SECRET_KEY += "x"
        assert source_of(request()) != today
        settings.SECRET_KEY = settings.SECRET_KEY[:-1]
        clock.shift(datetime.timedelta(hours=11, minutes=1))  # past midnight in Denmark
        assert source_of(request()) != today


@pytest.mark.django_db
def test_the_longest_name_fits():
    assert rate_limit.allow("foreslag-til-rettelse", "f" * 64, 1, HOUR)

"""How old facts may be: calendar months, the words for it, and waiting times that lapse."""

import datetime

import pytest
import time_machine

from clinics.freshness import Age, due_until, freshness, months_before, stale_before, waiting_time


def date(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2026-11-21", 6, "2026-05-21"),
        ("2026-11-21", 12, "2025-11-21"),
        ("2026-03-15", 6, "2025-09-15"),
        ("2026-06-30", 6, "2025-12-30"),
        ("2026-01-31", 1, "2025-12-31"),
        ("2026-03-31", 1, "2026-02-28"),
        ("2026-08-31", 6, "2026-02-28"),
        ("2024-08-31", 6, "2024-02-29"),
        ("2026-08-29", 6, "2026-02-28"),
        ("2024-02-29", 6, "2023-08-29"),
        ("2024-02-29", 12, "2023-02-28"),
        ("2028-02-29", 48, "2024-02-29"),
        ("2025-12-31", 12, "2024-12-31"),
        ("2025-12-31", 1, "2025-11-30"),
        ("2026-12-01", 12, "2025-12-01"),
    ],
)
def test_months_are_calendar_months(day, months, expected):
    assert months_before(date(day), months) == date(expected)


@pytest.mark.parametrize(
    ("confirmed", "day", "age"),
    [
        ("2026-11-21", "2026-11-21", Age.FRESH),
        ("2026-05-22", "2026-11-21", Age.FRESH),
        ("2026-05-21", "2026-11-21", Age.DUE),  # six months to the day
        ("2025-11-21", "2026-11-21", Age.DUE),  # twelve months to the day are not more than twelve
        ("2025-11-20", "2026-11-21", Age.STALE),
        ("2026-11-22", "2026-11-21", Age.FRESH),  # tomorrow: a slip of the pen, not a warning
        # Confirmed on the last of August: no 31 February, so it is due when February is over.
        ("2025-08-31", "2026-02-28", Age.FRESH),
        ("2025-08-31", "2026-03-01", Age.DUE),
        ("2023-08-31", "2024-02-29", Age.FRESH),
        ("2023-08-31", "2024-03-01", Age.DUE),
        # Confirmed on a leap day.
        ("2024-02-29", "2024-08-28", Age.FRESH),
        ("2024-02-29", "2024-08-29", Age.DUE),
        ("2024-02-29", "2025-02-28", Age.DUE),
        ("2024-02-29", "2025-03-01", Age.STALE),
        # Seen on a leap day.
        ("2023-02-28", "2024-02-29", Age.DUE),
        ("2023-02-27", "2024-02-29", Age.STALE),
        ("2023-02-28", "2024-03-01", Age.STALE),
    ],
)
def test_fresh_due_and_stale(confirmed, day, age):
    assert freshness(date(confirmed), date(day)).age == age


def test_no_day_is_fresher_than_the_one_after_it():
    """Through four years and a leap day: facts grow old, step by step, and never young again."""
    order = [Age.FRESH, Age.DUE, Age.STALE]
    for start in ("2023-08-31", "2024-02-29", "2025-11-30"):
        confirmed = date(start)
        ages = [freshness(confirmed, confirmed + datetime.timedelta(days=n)).age for n in range(800)]
        assert ages == sorted(ages, key=order.index)
        assert 180 < ages.count(Age.FRESH) < 186 and 180 < ages.count(Age.DUE) < 187


def test_the_limits_are_those_that_the_states_are_made_of():
    for n in range(1500):
        day = date("2023-01-01") + datetime.timedelta(days=n)
        assert freshness(stale_before(day), day).age == Age.DUE
        assert freshness(stale_before(day) - datetime.timedelta(days=1), day).age == Age.STALE
        assert freshness(due_until(day), day).age == Age.DUE
        assert freshness(due_until(day) + datetime.timedelta(days=1), day).age == Age.FRESH


def test_the_words():
    day = date("2026-11-21")
    assert freshness(date("2026-11-03"), day).text == "Bekræftet af klinikken 3. november 2026"
    assert freshness(date("2026-01-03"), day).text == "Bekræftet af klinikken 3. januar 2026"
    old = freshness(date("2025-01-03"), day)
    assert old.text == "Oplysningerne er over et år gamle: bekræftet af klinikken 3. januar 2025"
    assert old.mark == "Oplysningerne er over et år gamle"
    never = freshness(None, day)
    assert (never.age, never.text, never.mark) == (Age.NEVER, *["Ikke bekræftet af klinikken"] * 2)
    assert freshness(date("2026-01-03"), day).mark == ""


@time_machine.travel("2026-11-20T23:30:00Z")
def test_today_begins_at_midnight_in_denmark():
    assert freshness(date("2025-11-20")).age == Age.STALE
    assert not waiting_time(3, date("2026-09-21")).counts


@pytest.mark.parametrize(
    ("days", "stated_on", "counts", "text"),
    [
        (3, "2026-11-14", True, "Ventetid 3 dage (oplyst 14. november)"),
        (1, "2026-11-21", True, "Ventetid 1 dag (oplyst 21. november)"),
        (0, "2026-11-14", True, "Ingen ventetid (oplyst 14. november)"),
        (3, "2026-09-22", True, "Ventetid 3 dage (oplyst 22. september)"),  # sixty days ago
        (3, "2026-09-21", False, "Ventetid 3 dage (oplyst 21. september, kan være ændret)"),
        (3, "2025-11-14", False, "Ventetid 3 dage (oplyst 14. november 2025, kan være ændret)"),
        (3, None, False, "Ventetid 3 dage (dato ikke oplyst, kan være ændret)"),
    ],
)
def test_a_waiting_time_tells_its_day_and_lapses_after_sixty(days, stated_on, counts, text):
    told = waiting_time(days, stated_on and date(stated_on), date("2026-11-21"))
    assert (told.counts, told.text) == (counts, text)


def test_no_waiting_time_is_none():
    assert waiting_time(None, date("2026-11-14"), date("2026-11-21")) is None


def test_across_new_year_the_year_is_told():
    told = waiting_time(3, date("2026-12-20"), date("2027-01-05"))
    assert told.counts and told.text == "Ventetid 3 dage (oplyst 20. december 2026)"

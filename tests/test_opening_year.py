"""Every state through a year with both clock changes and all holidays, against the slow second opinion of tests/opening.py."""

import datetime
from bisect import bisect_right

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinics.opening.moment import Is, look
from clinics.opening.schedule import Schedule
from clinics.opening.state import state_of

from .opening import COPENHAGEN, DAY, MINUTE, Change, Hours, change, timeline, week

IS = {"open": Is.OPEN, "closed": Is.CLOSED, "holiday": Is.UNCERTAIN, "unknown": Is.UNCERTAIN}
WEEK = week("ma-to 8.00-12.00 13.00-17.30", "fr 8.00-12.00", "on 19.00-1.00", "lø 22.00-2.30 2.30-6.00", "sø 2.15-2.45")
CHANGES = [
    change("2026-07-13", "2026-08-02"),
    change("2026-10-24", times="20.00-4.00"),
    change("2026-11-12", times="10.00-11.00"),
    change("2026-11-12", times="11.00-12.00"),
    change("2026-12-23", times="8.00-12.00"),
    change("2026-12-28", "2027-01-03"),
    change("2027-03-27", times="23.00-2.30"),
]


class Timeline:
    """What holds minute by minute and where it changes."""

    def __init__(self, schedule: Schedule, first: datetime.date, days: int) -> None:
        self.moments, self.what = timeline(schedule, first, days)
        self.changes = [i for i in range(1, len(self.what)) if self.what[i] != self.what[i - 1]]

    def next_change(self, index: int) -> datetime.datetime | None:
        after = bisect_right(self.changes, index)
        return self.moments[self.changes[after]] if after < len(self.changes) else None

    def agrees_throughout(self, schedule: Schedule, step: int = 97) -> None:
        """At every change, the minutes around it, and every `step` minutes."""
        near = {i + around for i in self.changes for around in (-1, 0, 1)}
        for index in sorted({*range(0, len(self.moments), step), *near}):
            self.agrees(schedule, min(index, len(self.moments) - 1))

    def agrees(self, schedule: Schedule, index: int) -> None:
        now, what = self.moments[index], self.what[index]
        found = look(schedule, now)
        assert found.now is IS[what], f"{now.astimezone(COPENHAGEN)}: {what} ≠ {found}"
        expected = self.next_change(index)
        if expected is not None and what != "unknown":
            assert found.until is not None and found.until.astimezone(datetime.UTC) == expected, f"{now}: {found}"


@pytest.fixture(scope="module")
def thirteen_months() -> Timeline:
    """March 2026 to April 2027: both clock changes, two Easters, and every holiday at least once."""
    return Timeline(Schedule(WEEK, CHANGES), datetime.date(2026, 3, 1), 410)


def test_through_thirteen_months(thirteen_months):
    thirteen_months.agrees_throughout(Schedule(WEEK, CHANGES))
    assert set(thirteen_months.what) == {"open", "closed", "holiday"}


@pytest.mark.parametrize("closed_on_holidays", [True, False])
def test_through_a_winter_of_a_clinic_that_has_said_what_holds_on_holidays(closed_on_holidays):
    schedule = Schedule(WEEK, CHANGES, closed_on_holidays)
    Timeline(schedule, datetime.date(2026, 12, 20), 105).agrees_throughout(schedule)  # Christmas to after Easter


@pytest.mark.parametrize(
    "first", [datetime.date(2026, 10, 24), datetime.date(2027, 3, 27), datetime.date(2026, 12, 30)]
)
def test_every_minute_of_the_days_that_are_hard(first):
    schedule = Schedule(WEEK, CHANGES)
    days = Timeline(schedule, first, 11)
    for index in range(4 * 24 * 60):
        days.agrees(schedule, index)


def expected_text(days: Timeline, index: int) -> str:
    """The words of the common states, put together from the second opinion."""
    now = days.moments[index]
    change_at = days.next_change(index)
    wait = change_at - now
    wall, until = now.astimezone(COPENHAGEN), change_at.astimezone(COPENHAGEN)
    clock = f"{until.hour}.{until.minute:02}"
    minutes = wait // MINUTE
    if days.what[index] == "open":
        return f"Åbent til kl. {clock}" + (f", lukker om {minutes} min." if minutes <= 30 else "")
    if minutes < 60:
        return f"Åbner om {minutes} min."
    away = (until.date() - wall.date()).days
    if away >= 7:
        months = ["jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec"]
        return f"Lukket til {until.day}. {months[until.month - 1]}"
    weekdays = ["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"]
    day = ["", "i morgen ", *[f"{weekdays[(wall.weekday() + n) % 7]} " for n in range(2, 7)]][away]
    return f"Lukket til {day}kl. {clock}"


def test_the_words_of_a_whole_year(thirteen_months):
    schedule, year = Schedule(WEEK, CHANGES), thirteen_months
    seen = set()
    for index in range(0, 400 * 24 * 60, 53):
        found = state_of(schedule, year.moments[index])
        seen.add(found.kind)
        what, after = year.what[index], year.next_change(index)
        if what == "holiday":
            assert (
                found.kind == "holiday" and found.text.startswith("I dag er ") and found.text.endswith(" – ring først")
            )
        elif year.what[year.moments.index(after, index)] == "holiday" and what == "closed":
            assert (
                found.kind == "closed" and found.text.startswith("Lukket nu. ") and found.text.endswith(" – ring først")
            )
        else:
            assert found.is_open == (what == "open")
            text = expected_text(year, index)
            assert found.text.startswith(text), f"{year.moments[index].astimezone(COPENHAGEN)}: {text} ≠ {found.text}"
    assert seen == {"open", "closes_soon", "closed", "holiday"}


clocks = st.builds(lambda n: datetime.time(n // 12, n % 12 * 5), st.integers(0, 287))
day_numbers = st.integers(0, 12)
FIRST_DAYS = [
    datetime.date(2026, 10, 23),
    datetime.date(2027, 3, 25),
    datetime.date(2026, 12, 22),
    datetime.date(2023, 5, 1),
    datetime.date(2028, 2, 27),
]


@st.composite
def schedules(draw):
    """Any hours, also such as the admin refuses (nothing may crash), and a first day near what is hard."""
    first = draw(st.sampled_from(FIRST_DAYS))
    hours = draw(st.lists(st.builds(Hours, st.integers(0, 6), clocks, clocks), max_size=12))
    changes = []
    for start, length in draw(st.lists(st.tuples(day_numbers, st.integers(0, 3)), max_size=4)):
        times = draw(st.one_of(st.just((None, None)), st.tuples(clocks, clocks)))
        changes.append(Change(first + start * DAY, first + (start + length) * DAY, *times))
    return first, Schedule(hours, changes, draw(st.sampled_from([None, True, False])))


@settings(max_examples=40)
@given(schedules())
def test_any_schedule_minute_by_minute(made):
    first, schedule = made
    Timeline(schedule, first, 9).agrees_throughout(schedule, step=31)


@settings(max_examples=60)
@given(schedules(), st.integers(0, 12 * 24 * 3600))
def test_the_next_change_is_a_change(made, seconds):
    first, schedule = made
    start = datetime.datetime.combine(first, datetime.time(), COPENHAGEN).astimezone(datetime.UTC)
    now = start + datetime.timedelta(seconds=seconds)
    found = look(schedule, now)
    assert state_of(schedule, now).text
    if found.until is not None:
        assert found.until > now
        assert look(schedule, found.until).now is not found.now
        assert look(schedule, found.until - datetime.timedelta(seconds=1)).now is found.now

"""What is wrong with hours that somebody typed in, row by row."""

import datetime

import pytest

from clinics.models import OpeningException, OpeningHours
from clinics.opening import check_exceptions, check_hours
from clinics.opening.schedule import Schedule
from clinics.opening.state import state_of

from .opening import Change, at, change, week


def told(rows) -> dict[int, str]:
    return dict(check_hours(rows))


@pytest.mark.parametrize(
    "rows",
    [
        week("ma-to 8.00-12.00 13.00-16.00", "fr 8.00-14.00"),
        week("ma 8.00-12.00 12.00-16.00"),  # touch
        week("fr 22.00-6.00", "lø 6.00-10.00"),
        week("sø 20.00-0.00", "ma 0.00-1.00"),
        week("ma-sø 0.00-0.00"),  # always
        week("ma 23.59-6.00"),
        week("ma 8.00-9.00 10.00-11.00 12.00-13.00 14.00-15.00 16.00-17.00 18.00-19.00"),
        week("ma 8.00-16.00") + week("ma 8.00-16.00", kind="phone"),
        [],
        [
            OpeningHours(weekday=0, opens=None, closes=None),
            OpeningHours(opens=datetime.time(8), closes=datetime.time(9)),
        ],
    ],
)
def test_good_weeks(rows):
    assert check_hours(rows) == []


@pytest.mark.parametrize(
    ("rows", "index", "text"),
    [
        (
            week("ma 8.00-12.00", "ma 11.59-16.00"),
            1,
            "Overlapper mandag 8.00–12.00. Ret tiderne, eller skriv dem som ét tidsrum.",
        ),
        (week("ma 8.00-16.00", "ma 9.00-10.00"), 1, "Overlapper mandag 8.00–16.00"),
        (week("fr 20.00-3.00", "lø 2.00-5.00"), 1, "Overlapper fredag 20.00–3.00 (næste morgen)"),
        (week("ma 5.00-9.00", "sø 22.00-6.00"), 1, "Overlapper mandag 5.00–9.00"),
        (week("ma 0.00-0.00", "ma 12.00-13.00"), 1, "Overlapper mandag hele døgnet"),
        (
            week("ma 8.00-12.00", "ti 8.00-12.00", "ma 8.00-12.00"),
            2,
            "Mandag 8.00–12.00 står der to gange. Slet den ene.",
        ),
        (
            week("ma 16.00-8.00"),
            0,
            "Lukker kl. 8.00, før der åbnes kl. 16.00. Er tiderne byttet om? "
            "Kun kl. 6.00 eller tidligere regnes som næste morgen.",
        ),
        (week("ma 22.00-6.01"), 0, "Lukker kl. 6.01, før der åbnes kl. 22.00."),
        (week("ma 8.00-8.00"), 0, "Åbner og lukker på samme tid."),
        (week("ma 5.00-5.00"), 0, "Åbner og lukker på samme tid."),
        (
            week("ti 8.00-9.00 10.00-11.00 12.00-13.00 14.00-15.00 16.00-17.00 18.00-19.00 20.00-21.00"),
            6,
            "Der kan højst være 6 tidsrum på samme dag. Saml nogle af dem (tirsdag).",
        ),
    ],
)
def test_bad_weeks(rows, index, text):
    found = told(rows)
    assert list(found) == [index]
    assert found[index].startswith(text)


def test_a_bad_row_is_not_held_against_the_good_ones():
    found = told(week("ma 16.00-8.00", "ma 9.00-12.00", "ma 10.00-11.00", "ti 7.00-7.00"))
    assert {index: text[:10] for index, text in found.items()} == {0: "Lukker kl.", 2: "Overlapper", 3: "Åbner og l"}


@pytest.mark.parametrize(
    "rows",
    [
        [change("2026-07-13", "2026-07-26"), change("2026-07-27", times="9.00-12.00")],
        [change("2026-12-24", times="8.00-10.00"), change("2026-12-24", times="10.00-12.00")],
        [change("2026-12-24"), change("2026-12-24", kind="phone", times="9.00-10.00")],
        [change("2026-01-01", "2027-01-01")],  # 366 days
        [change("2026-12-30", times="22.00-6.00"), change("2026-12-31", times="6.00-9.00")],
        [OpeningException(first_day=None, last_day=None)],
        [],
    ],
)
def test_good_exceptions(rows):
    assert check_exceptions(rows) == []


@pytest.mark.parametrize(
    ("rows", "index", "text"),
    [
        (
            [change("2026-07-13", "2026-07-26"), change("2026-07-26", times="9.00-12.00")],
            1,
            "Overlapper 13.–26. juli: en dag kan ikke være både lukket og åben. Ret dagene et af stederne.",
        ),
        (
            [change("2026-07-26", times="9.00-12.00"), change("2026-07-13", "2026-07-26")],
            1,
            "Overlapper søndag 26. juli: en dag kan ikke",
        ),
        (
            [change("2026-07-13", "2026-07-26"), change("2026-07-20", "2026-08-02")],
            1,
            "Overlapper 13.–26. juli, hvor der al",
        ),
        ([change("2026-12-24")] * 2, 1, "Overlapper torsdag 24. december, hvor der allerede er lukket."),
        ([change("2026-12-24", times="8.00-12.00")] * 2, 1, "Overlapper torsdag 24. december 8.00–12.00."),
        (
            [change("2026-12-21", "2026-12-24", "8.00-12.00"), change("2026-12-24", times="11.00-13.00")],
            1,
            "Overlapper 21.–24. december 8.00–12.00. Ret tiderne, eller slet det ene.",
        ),
        (
            [change("2026-12-30", times="22.00-6.00"), change("2026-12-31", times="5.00-9.00")],
            1,
            "Overlapper onsdag 30. dec",
        ),
        (
            [change("2026-12-31", times="5.00-9.00"), change("2026-12-30", times="22.00-6.00")],
            1,
            "Overlapper torsdag 31. d",
        ),
        ([change("2026-07-26", "2026-07-13")], 0, "Sidste dag ligger før første dag. Byt om på dem."),
        (
            [change("2026-01-01", "2027-01-02")],
            0,
            "Perioden er på 367 dage. Den kan højst være på 366: tjek årstallet.",
        ),
        ([change("0001-01-01", "9999-12-31")], 0, "Perioden er på 3652059 dage."),
        ([change("2026-07-13", times="16.00-9.00")], 0, "Lukker kl. 9.00, før der åbnes kl. 16.00."),
        ([change("2026-07-13", times="9.00-9.00")], 0, "Åbner og lukker på samme tid."),
        (
            [change("2026-07-13")._replace(opens=datetime.time(8))],
            0,
            "Skriv både åbner og lukker, eller lad begge stå tomme: så er der lukket.",
        ),
        (
            [change("2026-07-13", times=f"{hour}.00-{hour}.30") for hour in range(8, 14)]
            + [change("2026-07-10", "2026-07-15", "20.00-21.00")],
            6,
            "Der kan højst være 6 tidsrum på samme dag.",
        ),
    ],
)
def test_bad_exceptions(rows, index, text):
    found = dict(check_exceptions(rows))
    assert list(found) == [index]
    assert found[index].startswith(text)


def test_days_at_the_ends_of_the_calendar_crash_nothing():
    first = Change(datetime.date.min, datetime.date.min, datetime.time(22), datetime.time(6))
    last = Change(datetime.date.max, datetime.date.max, datetime.time(22), datetime.time(6))
    assert check_exceptions([first, last, first._replace(closes=datetime.time(5)), last]) != []
    schedule = Schedule(week("ma-fr 8.00-16.00"), [Change(datetime.date.min, datetime.date.max)])
    assert state_of(schedule, at("2026-11-19 10.00")).text == "Lukket indtil videre"

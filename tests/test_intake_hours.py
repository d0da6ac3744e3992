"""The week of a row: seven cells, or one."""

import datetime
import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clinics.intake.reading.files import rows_of
from clinics.intake.reading.osm_hours import read_week
from clinics.intake.reading.parsing import Parsed, parsed
from clinics.loading.places import load_places

from .intake_rows import row, said
from .memory import shared_rows

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def tables(django_db_setup, django_db_blocker):
    with shared_rows(django_db_blocker):
        load_places()
        yield


WORKDAYS_DANISH = ["mandag", "tirsdag", "onsdag", "torsdag", "fredag"]
WORKDAYS = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "08:00-19:00")


def week(one: Parsed) -> list[str] | None:
    rows = one.facts.get("opening_hours")
    return rows and [f"{row['weekday']} {row['opens'][:5]}-{row['closes'][:5]}" for row in rows]


def test_a_week_of_seven_cells():
    one = row(**WORKDAYS | {"friday": "8-12 og 13.30-17", "saturday": "Lukket", "sunday": "-"})
    hours = [f"{day} 08:00-19:00" for day in range(4)]
    assert week(one) == [*hours, "4 08:00-12:00", "4 13:30-17:00"] and not one.problems
    assert one.facts["opening_hours"][0] == {"weekday": 0, "opens": "08:00:00", "closes": "19:00:00"}


@pytest.mark.parametrize(
    ("day", "cell", "word"),
    [
        ("friday", "efter aftale", "fredag: “efter aftale”"),
        ("friday", "ved ikke", "fredag er ikke oplyst"),
        ("friday", "8-12, 11-17", "Overlapper"),
        ("friday", "17-8", "byttet om"),
        ("friday", "25-26", "klokkeslæt"),
        ("friday", "=1+1", "fredag er ikke oplyst"),
    ],
)
def test_a_week_with_one_bad_day_is_not_taken(day, cell, word):
    one = row(**WORKDAYS | {day: cell})
    assert "opening_hours" not in one.facts and word in said(one, "opening_hours")


def test_a_week_of_which_a_working_day_has_no_column_is_not_told():
    """To a patient what is left out is closed; a weekend that nobody wrote of is."""
    for there in (WORKDAYS_DANISH, WORKDAYS_DANISH[:2]):
        whole = there == WORKDAYS_DANISH
        text = (
            f"navn;postnr;{';'.join(there)}\nRyg;8000;{';'.join(['8-16'] * len(there))}\nKnæ;8000{';' * len(there)}\n"
        )
        told, silent = (parsed(one) for one in rows_of(io.BytesIO(text.encode()), format="csv", columns={}))
        assert len(told.facts.get("opening_hours", [])) == (5 if whole else 0)
        assert ["ikke oplyst" in one["text"] for one in told.problems] == ([] if whole else [True])
        assert not silent.problems and "opening_hours" not in silent.facts


def test_a_week_that_is_only_closed_is_no_week():
    one = row(monday="Lukket", tuesday="lukket")
    assert "opening_hours" not in one.facts and "alle dage er lukket" in said(one)


FIVE = [f"{day} 08:00-16:00" for day in range(5)]


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("Mo-Fr 08:00-16:00", FIVE),
        ("Mo-Fr 08:00-16:00; PH off", FIVE),
        ("Mo-Fr 08:00-16:00; Sa,Su,PH off", FIVE),
        ("PH off; Mo-Fr 08:00-16:00", FIVE),
        ("Mo-Th 08:00-16:00, Fr 08:00-16:00", FIVE),
        ("mo-fr 8:00 - 16:00", FIVE),
        ("Man-fre 8-16", FIVE),
        ("mandag - fredag kl. 8.00-16.00; lørdag og søndag lukket", FIVE),
        ("Mo-Fr 08:00-16:00; We off", [one for one in FIVE if one[0] != "2"]),
        ("Mo 08:00-12:00,13:00-17:00", ["0 08:00-12:00", "0 13:00-17:00"]),
        ("Mo,We-Th 09:00-10:00", ["0 09:00-10:00", "2 09:00-10:00", "3 09:00-10:00"]),
        ("Sa-Mo 09:00-10:00", ["0 09:00-10:00", "5 09:00-10:00", "6 09:00-10:00"]),
        ("08:00-20:00", [f"{day} 08:00-20:00" for day in range(7)]),
        ("24/7", [f"{day} 00:00-00:00" for day in range(7)]),
        ("Mo 18:00-24:00", ["0 18:00-00:00"]),
        ('Mo-Fr 08:00-16:00 "efter aftale"', None),
        ("Mar-Oct Mo-Fr 08:00-16:00", None),
        ("week 1-20 Mo 08:00-16:00", None),
        ("2026 Dec 24 off", None),
        ("Mo-Fr 08:00+", None),
        ("Mo-Fr sunrise-16:00", None),
        ('Mo-Fr 08:00-16:00 || "ring"', None),
        ("Mo-Fr", None),
        ("Mo[1] 08:00-16:00", None),
        ("Mo-Fr 08:00-26:00", None),
        ("Mo-Fr 08:00-12:00/00:30", None),
        ("PH off", None),
        ("off", None),
        ("Mo-Fr 08:00-16:00, Mo 10:00-12:00", None),
        ("efter aftale", None),
        ("Mo-Fr 08:00-16:00; unknown", None),
    ],
)
def test_a_week_in_one_cell(text, hours):
    one = row(opening_hours=text)
    assert week(one) == hours
    assert bool(said(one, "opening_hours")) == (hours is None)


@settings(max_examples=150)
@given(st.text(alphabet="MoTuWeFr-,;: 0128:", max_size=40))
@example("Mo-Fr " * 100)
def test_no_week_crashes_it(text):
    told = read_week(text)
    assert told is None or len(told) == 7


@pytest.mark.parametrize("days", ["Mo-Fr", "Mo,Tu,Th", "Fr-Su", "Mo-Su"])
@pytest.mark.parametrize("times", ["08:00-16:00", "08:00-12:00,13:00-17:00", "07:15-21:45"])
@pytest.mark.parametrize("after", ["", "; We off", "; Sa 10:00-14:00", "; Tu 09:00-10:00"])
def test_a_week_as_the_library_reads_it(days, times, after):
    from opening_hours import OpeningHours

    text = f"{days} {times}{after}"
    told, library = read_week(text), OpeningHours(text)
    assert told is not None
    monday = datetime.datetime(2026, 6, 1)
    for minute in range(0, 7 * 24 * 60, 15):
        at = monday + datetime.timedelta(minutes=minute)
        mine = any(opens <= at.time() < closes for opens, closes in told[at.weekday()])
        assert mine == library.is_open(at), at

"""Hours and holidays as an owner types them on a telephone: read generously, and said plainly when they cannot be."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError

from clinics.admin.clinic.closed_days import read_closed_days
from clinics.admin.clinic.hours import read_intervals
from clinics.models import Clinic, OpeningException

from .clinic_form import adam, address_of, bare, faults, made, refused, row, send
from .worlds import kept

TODAY = datetime.datetime(2026, 11, 20, 11, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(TODAY, tick=False):
        yield


def clock(text: str) -> list[str]:
    return [f"{opens:%H.%M}-{closes:%H.%M}" for opens, closes in read_intervals(text)]


def days(text: str) -> list[tuple[str, str]]:
    return [(str(first), str(last)) for first, last in read_closed_days(text)]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *((one, ["08.00-16.00"]) for one in ("8-16", "8 - 16", "08-16", "0800-1600", "8.00–16.00", "kl. 8 til 16")),
        ("fra 8 til 16", ["08.00-16.00"]),
        *((one, ["08.30-16.00"]) for one in ("8.30-16", "8:30-16", "0830-16", "830-1600")),
        *(
            (one, ["08.00-12.00", "13.00-17.00"])
            for one in ("8-12, 13-17", "8-12 og 13-17", "8-17, pause 12-13", "8-17 pause 12-13", "8-17 (pause 12-13)")
        ),
        ("8-17 frokost kl. 12-12.30", ["08.00-12.00", "12.30-17.00"]),
        ("8-17, lukket 12-13", ["08.00-12.00", "13.00-17.00"]),
        ("8-17, pause 12-13, pause 15-15.30", ["08.00-12.00", "13.00-15.00", "15.30-17.00"]),
        ("Lukket", []),
        ("", []),
    ],
)
def test_times_as_they_are_typed(typed, meant):
    assert clock(typed) == meant


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("8", "ikke en tid"),
        ("8-17 pause", "ikke en tid"),
        ("8-17, pause 18-19", "Pausen 18.00–19.00 ligger ikke i åbningstiden"),
        ("8-12, pause 12-13", "ligger ikke i åbningstiden"),
        ("pause 12-13", "ligger ikke i åbningstiden"),
        ("8-17, pause 13-12", "ligger ikke i åbningstiden"),
        ("8-17, pause 12-25", "ikke et klokkeslæt"),
        ("pause " * 19, "ikke en tid"),
    ],
)
def test_times_that_cannot_be_meant(typed, word):
    with pytest.raises(ValidationError, match=word):
        read_intervals(typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("uge 29", [("2027-07-19", "2027-07-25")]),
        *(
            (one, [("2027-07-19", "2027-08-01")])
            for one in ("uge 29-30", "Uge 29–30", "uge 29 - uge 30", "uge 29/30", "uge 29 og 30", "lukket uge 29-30")
        ),
        ("uge 29-30 2028", [("2028-07-17", "2028-07-30")]),
        ("uge 29/2028", [("2028-07-17", "2028-07-23")]),
        ("uge 29, 31", [("2027-07-19", "2027-07-25"), ("2027-08-02", "2027-08-08")]),
        ("uge 52-1", [("2026-12-21", "2027-01-10")]),
        ("uge 53", [("2026-12-28", "2027-01-03")]),
        ("uge 47", [("2026-11-16", "2026-11-22")]),  # this one: not over yet
        ("uge 46", [("2027-11-15", "2027-11-21")]),
        *((one, [("2026-12-24", "2026-12-24")]) for one in ("24/12", "24.12.", "d. 24/12", "24. december", "24.12.26")),
        ("2026-12-24 - 2027-01-02", [("2026-12-24", "2027-01-02")]),
        *(
            (one, [("2027-07-01", "2027-07-14")])
            for one in (
                "1.7.-14.7.",
                "1/7-14/7",
                "1.-14. juli",
                "1-14/7",
                "fra 1. juli til og med 14. juli",
                "1.7 til 14.7",
            )
        ),
        *((one, [("2026-12-24", "2027-01-02")]) for one in ("24.12.-2.1.", "juleferie 24/12-2/1", "24/12-2/1 2027")),
        ("24/12-26/12, 31/12", [("2026-12-24", "2026-12-26"), ("2026-12-31", "2026-12-31")]),
        ("uge 29-30, uge 30-31", [("2027-07-19", "2027-08-08")]),
        ("20/11", [("2026-11-20", "2026-11-20")]),
        ("19/11", [("2027-11-19", "2027-11-19")]),
        ("29/2 2028", [("2028-02-29", "2028-02-29")]),
        ("", []),
        ("  ,  ", []),
    ],
)
def test_holidays_as_they_are_typed(typed, meant):
    assert days(typed) == meant


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("uge 54", "Uge 54 findes ikke i 2027"),
        ("uge 0", "findes ikke"),
        ("uge 53 2027", "Uge 53 findes ikke i 2027"),
        ("31/2", "31/2 findes ikke"),
        ("0/0", "findes ikke|mangler"),
        ("24", "mangler en måned"),
        ("til sommer", "forstår vi ikke"),
        ("uge", "forstår vi ikke"),
        ("1/11 2026", "er forbi"),
        ("1/1 2030", "mere end tre år fremme"),
        ("1/1 9999", "mere end tre år fremme"),
        ("14/7-1/7", "Byt om på dem"),
        ("uge 30-29", "Byt om på dem"),
        ("14/7 2027-1/7 2027", "Byt om på dem"),
        ("1/1 2027-1/6 2028", "Perioden er på"),
        ("x" * 201, "for lang"),
        (",".join(["1/7"] * 21), "højst 20"),
        ("<script>", "forstår vi ikke"),
    ],
)
def test_holidays_that_cannot_be_meant(typed, word):
    with pytest.raises(ValidationError, match=word):
        read_closed_days(typed)


@pytest.fixture
def sara(client):
    return adam(client)


@kept(at=TODAY)
def one() -> Clinic:
    return made()


def closed(one: Clinic) -> list[tuple[str, str]]:
    rows = OpeningException.objects.filter(clinic=one, opens=None).order_by("first_day")
    return [(str(row.first_day), str(row.last_day)) for row in rows]


@pytest.mark.django_db
class TestInTheForm:
    def test_a_holiday_is_stored_and_said(self, sara, one):
        response = send(sara, one, closed_days="uge 29-30, 24/12", _continue="1")
        assert response.status_code == 302
        assert closed(one) == [("2026-12-24", "2026-12-24"), ("2027-07-19", "2027-08-01")]
        page = sara.get(address_of(one)).content.decode()
        assert "Tilføjet: lukket torsdag 24. december." in page
        assert 'name="closed_days" value' not in page

    def test_twice_is_once_and_only_what_is_missing_is_added(self, sara, one):
        for typed in ("uge 29", "uge 29", "uge 28-30"):
            send(sara, one, closed_days=typed)
        assert closed(one) == [
            ("2027-07-12", "2027-07-18"),
            ("2027-07-19", "2027-07-25"),
            ("2027-07-26", "2027-08-01"),
        ]
        assert send(sara, one).status_code == 302, "what was stored can be saved again"

    def test_open_and_closed_on_one_day_is_refused(self, sara, one):
        open_row = OpeningException.objects.create(
            clinic=one, first_day="2026-12-23", last_day="2026-12-23", opens="9:00", closes="12:00"
        )
        refused(sara, one, "både lukket og åben", closed_days="22/12-24/12")
        # Not when that row goes in the same save.
        fields = row("opening_exceptions", initial=1, id=open_row.pk, first_day="2026-12-23", last_day="2026-12-23")
        fields |= {"opening_exceptions-INITIAL_FORMS": 1, "opening_exceptions-0-DELETE": "on"}
        response = sara.post(address_of(one), bare(one) | fields | {"closed_days": "22/12-24/12"})
        assert faults(response) == ""
        assert closed(one) == [("2026-12-22", "2026-12-24")]

    def test_a_bad_one_saves_nothing(self, sara, one):
        refused(sara, one, "forstår vi ikke", closed_days="til sommer")

    def test_without_the_script_the_tick_copies_monday(self, sara, one):
        send(sara, one, hours_treatment_0="8-17, pause 12-13", hours_treatment_copy="on", hours_treatment_5="lukket")
        hours = [
            (row.weekday, str(row.opens), str(row.closes)) for row in one.opening_hours.order_by("weekday", "opens")
        ]
        assert hours == [
            (day, opens, closes)
            for day in range(5)
            for opens, closes in (("08:00:00", "12:00:00"), ("13:00:00", "17:00:00"))
        ]

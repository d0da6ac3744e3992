"""The open state in words, minute by minute where it matters. 21 November 2026 is a Saturday."""

import datetime

import pytest

from clinics.opening import states_of

from . import machine
from .opening import at, change, week

OFFICE = week("ma-to 8.00-12.00 13.00-16.00", "fr 8.00-14.00")


def said(hours, moment, changes=(), closed_on_holidays=None) -> str:
    moment = at(moment) if isinstance(moment, str) else moment
    return states_of(hours, changes, {1: closed_on_holidays}, moment)[1].text


def kind(hours, moment, changes=(), closed_on_holidays=None) -> str:
    return states_of(hours, changes, {1: closed_on_holidays}, at(moment))[1].kind


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        # Thursday 19 November
        ("2026-11-19 0.00", "Lukket til kl. 8.00"),
        ("2026-11-19 7.00", "Lukket til kl. 8.00"),
        ("2026-11-19 7.00.59", "Lukket til kl. 8.00"),
        ("2026-11-19 7.01", "Åbner om 59 min."),
        ("2026-11-19 7.35", "Åbner om 25 min."),
        ("2026-11-19 7.35.01", "Åbner om 25 min."),
        ("2026-11-19 7.59", "Åbner om 1 min."),
        ("2026-11-19 7.59.59", "Åbner om 1 min."),
        ("2026-11-19 8.00.00", "Åbent til kl. 12.00"),
        ("2026-11-19 11.29.59", "Åbent til kl. 12.00"),
        ("2026-11-19 11.30", "Åbent til kl. 12.00, lukker om 30 min."),
        ("2026-11-19 11.59.59", "Åbent til kl. 12.00, lukker om 1 min."),
        ("2026-11-19 12.00", "Lukket til kl. 13.00"),
        ("2026-11-19 12.15", "Åbner om 45 min."),
        ("2026-11-19 13.00", "Åbent til kl. 16.00"),
        ("2026-11-19 16.00", "Lukket til i morgen kl. 8.00"),
        ("2026-11-19 23.59.59", "Lukket til i morgen kl. 8.00"),
        ("2026-11-20 14.00", "Lukket til mandag kl. 8.00"),
        ("2026-11-21 12.00", "Lukket til mandag kl. 8.00"),
        ("2026-11-22 12.00", "Lukket til i morgen kl. 8.00"),
    ],
)
def test_a_plain_week(moment, text):
    assert said(OFFICE, moment) == text


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-19 10.00", "open"),
        ("2026-11-19 15.31", "closes_soon"),
        ("2026-11-19 7.45", "closed"),
        ("2026-12-24 10.00", "holiday"),
    ],
)
def test_kinds(moment, expected):
    assert kind(OFFICE, moment) == expected


def test_nothing_stated():
    assert said([], "2026-11-19 10.00") == "Ring for åbningstider"
    assert kind([], "2026-11-19 10.00") == "unknown"
    assert said([], "2026-12-25 10.00") == "Ring for åbningstider"


def test_telephone_and_training_are_not_treatment():
    others = week("ma-sø 7.00-22.00", kind="phone") + week("ma-sø 0.00-0.00", kind="training")
    assert said(others, "2026-11-19 10.00") == "Ring for åbningstider"
    assert said([*OFFICE, *others], "2026-11-19 17.00") == "Lukket til i morgen kl. 8.00"
    closed_phone = change("2026-11-19", kind="phone")
    assert said(OFFICE, "2026-11-19 10.00", [closed_phone]) == "Åbent til kl. 12.00"


NIGHT = week("fr 18.00-2.00", "sø 22.00-6.00", "ma 8.00-10.00")


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        ("2026-11-20 23.00", "Åbent til kl. 2.00"),
        ("2026-11-21 0.00", "Åbent til kl. 2.00"),
        ("2026-11-21 1.59.59", "Åbent til kl. 2.00, lukker om 1 min."),
        ("2026-11-21 2.00", "Lukket til i morgen kl. 22.00"),
        ("2026-11-22 22.00", "Åbent til kl. 6.00"),
        ("2026-11-23 5.00", "Åbent til kl. 6.00"),  # Sunday into Monday
        ("2026-11-23 6.00", "Lukket til kl. 8.00"),
    ],
)
def test_after_midnight(moment, text):
    assert said(NIGHT, moment) == text


def test_over_the_turn_of_the_year():
    night = week("to-fr 20.00-3.00")
    open_new_year = [change("2026-12-31", times="20.00-3.00")]
    assert said(night, "2027-01-01 1.00", open_new_year) == "Åbent til kl. 3.00"
    assert said(night, "2027-01-01 1.00") == "I dag er helligdag – ring først"
    assert said(night, "2027-01-01 4.00", open_new_year) == "I dag er helligdag – ring først"


def test_until_midnight_and_all_day():
    late = week("ma-fr 16.00-0.00")
    assert said(late, "2026-11-19 20.00") == "Åbent til kl. 24.00"
    assert said(late, "2026-11-20 0.00") == "Lukket til kl. 16.00"
    assert said(week("ma-sø 0.00-0.00"), "2026-11-19 20.00", closed_on_holidays=False) == "Åbent hele døgnet"
    assert said(week("fr-lø 0.00-0.00"), "2026-11-20 12.00") == "Åbent til søndag kl. 0.00"
    assert said(week("fr 0.00-0.00"), "2026-11-19 23.55") == "Åbner om 5 min."


def test_hours_that_touch_or_overlap_are_one():
    assert said(week("to 8.00-12.00 12.00-16.00"), "2026-11-19 11.50") == "Åbent til kl. 16.00"
    assert said(week("to 8.00-12.00 11.00-15.00"), "2026-11-19 11.50") == "Åbent til kl. 15.00"
    assert said(week("on 22.00-6.00", "to 6.00-10.00"), "2026-11-18 23.00") == "Åbent til kl. 10.00"


def test_hours_without_length_from_an_import_are_left_out():
    assert said(week("to 8.00-8.00 9.00-10.00"), "2026-11-19 7.00") == "Lukket til kl. 9.00"


SUMMER = [change("2026-07-13", "2026-07-26", note="Sommerferie")]


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        ("2026-07-12 23.59.59", "Lukket til 27. juli"),
        ("2026-07-10 13.59", "Åbent til kl. 14.00, lukker om 1 min."),
        ("2026-07-10 14.00", "Lukket til 27. juli"),
        ("2026-07-13 0.00", "Lukket til 27. juli"),
        ("2026-07-13 8.00", "Lukket til 27. juli"),
        ("2026-07-20 10.00", "Lukket til 27. juli"),
        ("2026-07-21 10.00", "Lukket til mandag kl. 8.00"),
        ("2026-07-26 23.00", "Lukket til i morgen kl. 8.00"),
        ("2026-07-27 8.00", "Åbent til kl. 12.00"),
    ],
)
def test_closed_weeks(moment, text):
    assert said(OFFICE, moment, SUMMER) == text


def test_closed_over_new_year():
    away = [change("2026-12-21", "2027-01-03")]
    assert said(OFFICE, "2026-12-23 10.00", away) == "Lukket til 4. januar"
    assert said(OFFICE, "2027-01-03 10.00", away) == "Lukket til i morgen kl. 8.00"
    assert said(OFFICE, "2026-01-05 17.00", [change("2026-01-06", "2027-01-03")]) == "Lukket til 4. januar 2027"


def test_closed_for_longer_than_anybody_looks_ahead():
    years = [change("2026-01-01", "2026-12-31"), change("2027-01-01", "2027-12-31")]
    assert said(OFFICE, "2026-01-05 10.00", years) == "Lukket indtil videre"


def test_an_open_exception_replaces_the_day():
    short = [change("2026-11-19", times="10.00-11.00"), change("2026-11-19", times="14.00-15.00")]
    assert said(OFFICE, "2026-11-19 8.30", short) == "Lukket til kl. 10.00"
    assert said(OFFICE, "2026-11-19 10.10", short) == "Åbent til kl. 11.00"
    assert said(OFFICE, "2026-11-19 12.00", short) == "Lukket til kl. 14.00"
    assert said(OFFICE, "2026-11-19 15.00", short) == "Lukket til i morgen kl. 8.00"
    assert said(OFFICE, "2026-11-21 9.00", [change("2026-11-21", times="9.00-10.00")]) == "Åbent til kl. 10.00"


def test_a_night_belongs_to_the_evening_on_which_it_begins():
    saturday, friday = [change("2026-11-21")], [change("2026-11-20")]
    assert said(NIGHT, "2026-11-21 1.00", saturday) == "Åbent til kl. 2.00"
    assert said(NIGHT, "2026-11-21 1.00", friday) == "Lukket til i morgen kl. 22.00"
    night = [change("2026-11-19", times="20.00-4.00")]
    assert said(NIGHT, "2026-11-20 3.00", night) == "Åbent til kl. 4.00"


def test_where_rows_contradict_each_other_it_is_closed():
    both = [change("2026-11-19"), change("2026-11-19", times="8.00-12.00")]
    assert said(OFFICE, "2026-11-19 10.00", both) == "Lukket til i morgen kl. 8.00"


def test_exceptions_of_a_clinic_without_a_week():
    assert said([], "2026-07-14 10.00", SUMMER) == "Lukket til og med 26. juli. Ring for åbningstider"
    assert said([], "2026-07-26 10.00", SUMMER) == "Lukket nu. Ring for åbningstider"
    assert said([], "2026-07-27 10.00", SUMMER) == "Ring for åbningstider"
    assert said([], "2026-11-19 8.30", [change("2026-11-19", times="9.00-12.00")]) == "Åbner om 30 min."


@pytest.mark.parametrize(
    ("day", "unstated", "closed", "ordinary"),
    [
        ("2026-04-02", "I dag er helligdag – ring først", "Lukket til tirsdag kl. 8.00", "Åbent til kl. 12.00"),
        ("2026-04-06", "I dag er helligdag – ring først", "Lukket til i morgen kl. 8.00", "Åbent til kl. 12.00"),
        ("2026-05-14", "I dag er helligdag – ring først", "Lukket til i morgen kl. 8.00", "Åbent til kl. 12.00"),
        ("2026-12-25", "I dag er helligdag – ring først", "Lukket til mandag kl. 8.00", "Åbent til kl. 14.00"),
        ("2027-01-01", "I dag er helligdag – ring først", "Lukket til mandag kl. 8.00", "Åbent til kl. 14.00"),
        # Observed days are no public holidays: what a clinic says about those does not hold here.
        ("2026-06-05", *["I dag er grundlovsdag – ring først"] * 3),
        ("2026-12-24", *["I dag er juleaften – ring først"] * 3),
        ("2026-12-31", *["I dag er nytårsaften – ring først"] * 3),
        # Ordinary days
        ("2026-04-01", *["Åbent til kl. 12.00"] * 3),
        ("2026-05-01", *["Åbent til kl. 14.00"] * 3),
        ("2026-10-01", *["Åbent til kl. 12.00"] * 3),
        ("2024-04-26", *["Åbent til kl. 14.00"] * 3),  # once store bededag
        ("2023-05-05", "I dag er helligdag – ring først", "Lukket til mandag kl. 8.00", "Åbent til kl. 14.00"),
        # On a Sunday without hours a holiday changes nothing
        (
            "2026-04-05",
            "Lukket nu. I morgen er helligdag – ring først",
            "Lukket til tirsdag kl. 8.00",
            "Lukket til i morgen kl. 8.00",
        ),
    ],
)
def test_holidays(day, unstated, closed, ordinary):
    moment = f"{day} 10.00"
    assert said(OFFICE, moment) == unstated
    assert said(OFFICE, moment, closed_on_holidays=True) == closed
    assert said(OFFICE, moment, closed_on_holidays=False) == ordinary


def test_it_is_a_holiday_from_midnight_to_midnight():
    assert said(OFFICE, "2026-05-13 23.59.59") == "Lukket nu. I morgen er helligdag – ring først"
    assert said(OFFICE, "2026-05-14 0.00") == "I dag er helligdag – ring først"
    assert said(OFFICE, "2026-05-14 23.59.59") == "I dag er helligdag – ring først"
    assert said(OFFICE, "2026-05-15 0.00") == "Lukket til kl. 8.00"


def test_what_is_said_before_a_holiday_that_may_be_open():
    assert said(OFFICE, "2026-12-23 17.00") == "Lukket nu. I morgen er juleaften – ring først"
    assert said(OFFICE, "2026-12-26 10.00") == "Lukket til mandag kl. 8.00"
    assert said(OFFICE, "2026-04-04 10.00") == "Lukket nu. Mandag er helligdag – ring først"
    away = [change("2026-12-07", "2026-12-23")]
    assert said(OFFICE, "2026-12-10 10.00", away) == "Lukket nu. 24. december er juleaften – ring først"


def test_a_dated_exception_comes_before_a_holiday():
    christmas = [change("2026-12-24", times="9.00-12.00"), change("2026-12-25", "2026-12-31")]
    assert said(OFFICE, "2026-12-24 10.00", christmas) == "Åbent til kl. 12.00"
    assert said(OFFICE, "2026-12-24 10.00", christmas, closed_on_holidays=True) == "Åbent til kl. 12.00"
    assert said(OFFICE, "2026-12-31 10.00", christmas) == "Lukket nu. I morgen er helligdag – ring først"
    assert said(OFFICE, "2026-12-31 10.00", christmas, closed_on_holidays=True) == "Lukket til mandag kl. 8.00"


NIGHTS = week("lø 22.00-6.00")


@pytest.mark.parametrize(
    ("moment", "text", "hours"),
    [
        # 25 October 2026: after 2.59 comes 2.00 once more
        (at("2026-10-24 23.00"), "Åbent til kl. 6.00", 8.0),
        (at("2026-10-25 2.59"), "Åbent til kl. 6.00", 4 + 1 / 60),
        (at("2026-10-25 2.59", fold=1), "Åbent til kl. 6.00", 3 + 1 / 60),
        (at("2026-10-25 5.30"), "Åbent til kl. 6.00, lukker om 30 min.", 0.5),
        # 28 March 2027: after 1.59 comes 3.00
        (at("2027-03-27 23.00"), "Åbent til kl. 6.00", 6.0),
        (at("2027-03-28 1.59"), "Åbent til kl. 6.00", 3 + 1 / 60),
        (at("2027-03-28 3.00"), "Åbent til kl. 6.00", 3.0),
    ],
)
def test_a_night_on_which_the_clock_is_changed(moment, text, hours):
    found = states_of(NIGHTS, [], {1: None}, moment)[1]
    assert found.text == text
    assert (found.until.timestamp() - moment.timestamp()) / 3600 == pytest.approx(hours)


def test_hours_at_the_very_hour_of_the_change():
    autumn = week("sø 2.30-2.45")
    assert said(autumn, at("2026-10-25 2.15")) == "Åbner om 15 min."
    assert said(autumn, at("2026-10-25 2.30")) == "Åbent til kl. 2.45, lukker om 15 min."
    assert said(autumn, at("2026-10-25 2.30", fold=1)) == "Lukket til 1. november"
    early = week("sø 3.00-5.00")
    assert said(early, at("2026-10-25 2.40")) == "Lukket til kl. 3.00"  # 80 minutes, not 20
    assert said(early, at("2026-10-25 2.40", fold=1)) == "Åbner om 20 min."
    assert said(early, at("2027-03-28 1.40"), closed_on_holidays=False) == "Åbner om 20 min."  # påskedag
    assert (
        said(autumn, at("2027-03-28 1.40"), closed_on_holidays=False) == "Lukket til 4. april"
    )  # that half hour never comes
    into_it = week("lø 22.00-2.30")
    assert said(into_it, at("2027-03-28 1.59")) == "Åbent til kl. 3.00, lukker om 1 min."
    assert said(into_it, at("2027-03-28 3.00")) == "Lukket til lørdag kl. 22.00"


def test_the_moment_may_be_told_in_any_zone_but_must_have_one():
    utc = datetime.datetime(2026, 11, 19, 7, 0, tzinfo=datetime.UTC)
    assert said(OFFICE, utc) == "Åbent til kl. 12.00"
    with pytest.raises(ValueError, match="aware"):
        said(OFFICE, datetime.datetime(2026, 11, 19, 8, 0))


def test_many_clinics_at_once():
    rows = [row._replace(clinic_id=number) for number in (1, 2, 9) for row in OFFICE]
    changes = [change("2026-11-19")._replace(clinic_id=number) for number in (2, 9)]
    found = states_of(rows, changes, {2: None, 1: None, 3: True}, at("2026-11-19 10.00"))
    assert [(key, state.text) for key, state in found.items()] == [
        (2, "Lukket til i morgen kl. 8.00"),
        (1, "Åbent til kl. 12.00"),
        (3, "Ring for åbningstider"),
    ]


def test_twenty_clinics_cost_next_to_nothing():
    hours = week("ma-to 8.00-12.00 13.00-17.00", "fr 8.00-12.00", "lø 9.00-11.00")
    away = [change("2026-11-16", "2026-12-13", note="Ferie"), change("2027-07-12", "2027-08-01"), change("2026-12-24")]
    rows = [row._replace(clinic_id=number) for number in range(20) for row in hours]
    changes = [row._replace(clinic_id=number) for number in range(0, 20, 4) for row in away]
    said = dict.fromkeys(range(20), None)
    moment = at("2026-11-20 19.00")
    assert len(states_of(rows, changes, said, moment)) == 20
    ratio = machine.seconds(lambda: states_of(rows, changes, said, moment)) / machine.moment()
    assert ratio < 2, f"{ratio:.2f} standard jobs: 1.2 ms are meant to be the most, of 3 ms"

"""Danish public holidays by the library, against the rule of Easter."""

import datetime

import pytest

from clinics.opening.holidays import holiday

from .opening import DAY, easter, public_holidays

# Looked up, so that the rule in tests/opening.py is itself checked.
EASTERS = {2023: (4, 9), 2024: (3, 31), 2025: (4, 20), 2026: (4, 5), 2027: (3, 28), 2028: (4, 16)}


@pytest.mark.parametrize("year", EASTERS)
def test_the_rule_of_easter(year):
    assert easter(year) == datetime.date(year, *EASTERS[year])


@pytest.mark.parametrize("year", [2000, *range(2020, 2041), 2076])
def test_every_day_of_the_year(year):
    first = datetime.date(year, 1, 1)
    days = [first + number * DAY for number in range(366) if (first + number * DAY).year == year]
    found = {day: special.name for day in days if (special := holiday(day)) and special.is_public}
    assert found == public_holidays(year)


@pytest.mark.parametrize(
    ("day", "name", "is_public"),
    [
        ((2023, 5, 5), "store bededag", True),
        ((2024, 4, 26), None, None),  # store bededag would have been
        ((2025, 5, 16), None, None),
        ((2026, 5, 1), None, None),
        ((2027, 4, 23), None, None),
        ((2028, 5, 12), None, None),
        ((2026, 6, 5), "grundlovsdag", False),
        ((2026, 12, 24), "juleaften", False),
        ((2026, 12, 31), "nytårsaften", False),
        ((2027, 1, 1), "nytårsdag", True),
        ((2028, 6, 5), "2. pinsedag", True),  # also grundlovsdag
        ((1999, 12, 25), None, None),  # before the library's calendar: nothing, and no error
        ((9998, 12, 25), None, None),
    ],
)
def test_days(day, name, is_public):
    found = holiday(datetime.date(*day))
    assert (found and found.name, found and found.is_public) == (name, is_public)

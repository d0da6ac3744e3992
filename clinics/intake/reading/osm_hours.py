"""A whole week in one text: the part of OpenStreetMap's `opening_hours` that says the same every week, in English or Danish.

`"Mo-Fr 08:00-16:00; Sa 09:00-12:00; PH off"`, `"man-fre 8-17, lør 9-12"`. Months, dates, comments, open ends and the sun are
refused: a week that holds half of the year is not the clinic's week. Holidays are passed over, for no list tells of them here.
Why no library: opening-hours-py evaluates moments, and gives a clinic no rows.
"""

import datetime
import re
from functools import lru_cache

_DAYS = {
    word: number
    for number, words in enumerate(
        (
            ("mo", "mon", "monday", "ma", "man", "mandag"),
            ("tu", "tue", "tuesday", "ti", "tir", "tirs", "tirsdag"),
            ("we", "wed", "wednesday", "on", "ons", "onsdag"),
            ("th", "thu", "thursday", "to", "tor", "tors", "torsdag"),
            ("fr", "fri", "friday", "fre", "fredag"),
            ("sa", "sat", "saturday", "lø", "lør", "lørdag"),
            ("su", "sun", "sunday", "sø", "søn", "søndag"),
        )
    )
    for word in words
}
_PASSED_OVER = frozenset({"ph", "sh", "helligdage", "helligdag"})
_CLOSED = frozenset({"off", "closed", "lukket"})
_TOKEN = re.compile(
    r"\s*(?:(?P<always>24/7)|(?P<times>(\d{1,2})(?:[:.](\d{2}))?\s*[-–]\s*(\d{1,2})(?:[:.](\d{2}))?)(?![\d:.+])"
    r"|(?P<word>[^\W\d_]+)\.?|(?P<sign>[-–,;:]))"
)
_LONGEST = 300

Interval = tuple[datetime.time, datetime.time]
Week = tuple[tuple[Interval, ...], ...]  # for each weekday from Monday


class _UnknownError(Exception):
    pass


@lru_cache(4096)
def read_week(text: str) -> Week | None:
    """None for what is not the same every week, or not understood. A week that is closed every day is seven times nothing."""
    week: dict[int, list[Interval]] = {}
    try:
        for rule in re.split(r";|\n", _prepared(text)):
            if rule.strip():
                for day, intervals in _rule(rule).items():
                    week[day] = intervals  # a later rule stands in for an earlier one
    except _UnknownError:
        return None
    return tuple(tuple(sorted(week.get(day, []))) for day in range(7)) if week else None


def _prepared(text: str) -> str:
    if len(text) > _LONGEST:
        raise _UnknownError
    text = re.sub(r"\bkl\.?(?=\s*\d)|\bfra(?=\s*\d)", " ", text.casefold())
    return re.sub(r"\bog\b|&", ",", re.sub(r"\btil\b", "-", text)).strip(" ;")


def _rule(rule: str) -> dict[int, list[Interval]]:
    """One rule: days and their times, and after a comma perhaps other days with theirs."""
    found: dict[int, list[Interval]] = {}
    days: list[int] = []
    told, begins, passed = (
        False,
        True,
        False,
    )  # times of `days` have come; a day may open a group; holidays among `days`
    last_day, is_range = -1, False
    place = 0
    while place < len(rule.rstrip()):
        token = _TOKEN.match(rule, place)
        if not token:
            raise _UnknownError
        place = token.end()
        word, sign = token["word"], token["sign"]
        if word in _DAYS or word in _PASSED_OVER:
            if told:
                if not begins:
                    raise _UnknownError
                days, told, passed = [], False, False
            if word in _PASSED_OVER:
                passed = True
            elif is_range:
                days += [(last_day + step) % 7 for step in range(1, (_DAYS[word] - last_day) % 7 + 1)]
            else:
                days.append(_DAYS[word])
            last_day = _DAYS.get(word, -1)
            is_range = begins = False
        elif sign in ("-", "–"):
            if last_day < 0 or told or is_range:
                raise _UnknownError
            is_range = True
        elif sign == ",":
            begins = True
        elif sign == ":":
            if told or not (days or passed):
                raise _UnknownError
        elif word in _CLOSED or token["times"] or token["always"]:
            if is_range:
                raise _UnknownError
            everyday = range(7) if not days and not passed and not told else days
            days = list(everyday)
            for day in days:
                found.setdefault(day, [])
                if word not in _CLOSED:
                    found[day].append(_interval(token))
            told, begins, last_day = True, False, -1
        else:
            raise _UnknownError
    if not told or is_range:
        raise _UnknownError
    return found


def _interval(token: re.Match[str]) -> Interval:
    if token["always"]:
        return datetime.time(0), datetime.time(0)
    hours, minutes, until, last = (int(one or 0) for one in token.groups()[2:6])
    if hours > 23 or until > 24 or minutes > 59 or last > 59 or (until == 24 and last):
        raise _UnknownError
    return datetime.time(hours, minutes), datetime.time(until % 24, last)

"""Counting how many clinics have each facet value by one `sum`, for the numbers at the filters.

A clinic's `tally` is a whole number with four decimal places for each tag number, and a 1 in those that it counts for:
tags 0 and 2 make 100000001. The sum over clinics then holds how many there are of each. PostgreSQL adds such numbers place by
place: 0.15 µs for all values of a clinic, where `unnest(tags)` and a group for each value take 4 µs.

A sum is right for up to 9999 clinics. So it is made for stretches of that many clinic numbers (`STRETCH`).
An official speciality counts those who have one of its focus areas too, as a search for it finds them (`matching.wanted_terms`).
"""

from collections.abc import Iterable
from decimal import Context, Decimal

PLACES = 4
STRETCH = f"clinic_id / {10**PLACES - 1}"  # SQL: no two clinics have the same number
_EXACTLY = Context(prec=PLACES * 40_000)  # a tag number is a smallint


def of_numbers(sql: str) -> str:
    """SQL for the tally of an array of numbers without repetition, NULL when it is empty. NULLs in it are passed over."""
    return f"(SELECT sum(('1e' || {PLACES} * number)::numeric) FROM unnest({sql}) number)"  # noqa: S608  constants of our own


def added(tallies: Iterable[Decimal]) -> Decimal:
    """Of one stretch."""
    total = Decimal(0)
    for tally in tallies:
        total = _EXACTLY.add(total, tally)
    return total


def counts(tally: Decimal) -> dict[int, int]:
    """Number → how many, of those that there are any of."""
    digits = format(tally, "f")
    ends = range(len(digits), 0, -PLACES)
    found = ((number, int(digits[max(0, end - PLACES) : end])) for number, end in enumerate(ends))
    return {number: many for number, many in found if many}

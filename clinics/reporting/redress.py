"""How long one may ask for another answer, and what stands in every statement of reasons. docs/reports.md."""

import datetime

from clinics import clock, danish
from clinics.freshness import months_before

# What DSA Art. 20(1) asks of larger platforms than this one; also how long a rejected review is kept at all.
APPEAL_MONTHS = 6


def last_day(decided_at: datetime.datetime) -> datetime.date:
    """The last day, in Denmark, on which the decision can be appealed: the same day six months later, or that month's last."""
    return months_before(decided_at.astimezone(clock.COPENHAGEN).date(), -APPEAL_MONTHS)


def until(decided_at: datetime.datetime) -> str:
    """`"21. maj 2027"`."""
    return danish.day(last_day(decided_at))

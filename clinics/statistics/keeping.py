"""The rows themselves: added to by one statement, kept for as long as they are shown."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import connection

from clinics import clock
from clinics.freshness import months_before
from clinics.models import Clinic, DailyStatistic

MONTHS = 25  # this one and the two years before it: a month can be held against the same of last year
HIGHEST = 2_147_483_647  # what the column holds

# In order, so that two processes never wait for each other's rows crosswise. A clinic that was deleted meanwhile has none.
ADD = """
INSERT INTO {table} AS statistic (clinic_id, day, event, count)
SELECT seen.clinic, seen.day, seen.event, LEAST(seen.count, %(highest)s)
FROM unnest(%(clinics)s::bigint[], %(days)s::date[], %(events)s::text[], %(counts)s::bigint[])
    AS seen (clinic, day, event, count)
JOIN {clinics} AS clinic ON clinic.id = seen.clinic
ORDER BY 1, 2, 3
ON CONFLICT (clinic_id, day, event) DO UPDATE SET count = LEAST(statistic.count::bigint + EXCLUDED.count, %(highest)s)
"""


def add(counts: Mapping[tuple[int, datetime.date, str], int]) -> None:
    """Add to the rows of (clinic, day, event). One statement, exact however many processes do it at once."""
    keys = list(counts)
    values: dict[str, Any] = {
        "clinics": [key[0] for key in keys],
        "days": [key[1] for key in keys],
        "events": [key[2] for key in keys],
        "counts": [counts[key] for key in keys],
        "highest": HIGHEST,
    }
    quote = connection.ops.quote_name
    sql = ADD.format(table=quote(DailyStatistic._meta.db_table), clinics=quote(Clinic._meta.db_table))
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def first_day() -> datetime.date:
    """The first day that is kept: the first of a month."""
    return months_before(clock.today().replace(day=1), MONTHS - 1)


def purge() -> int:
    """Delete the days before that. Returns how many rows went."""
    return DailyStatistic.objects.filter(day__lt=first_day()).delete()[0]

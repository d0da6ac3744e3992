"""What all shown reviews of a clinic come to: `clinics_rating`, and the three numbers of it in the search index.

The action that publishes a review calls `add` after its status is PUBLISHED, the one that hides it `take_away` before the
status leaves it, both in their own transaction. `Review.is_counted` is written by the statement that counts, so a review is
counted once however often it is asked for. Every shown review is in `shown`; in the sums only those of confirmed visits, unless
`settings.REVIEWS_COUNT_EMAIL`. `disagreements` and `rebuild` go by the rows alone.
"""

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from clinics import counting, tally
from clinics.choices import LIMITS, limit_key
from clinics.models import STARS, Review, Tag
from clinics.tags import tag_number

from . import mean

STEPS = ("ones", "twos", "threes", "fours", "fives")
SUMS = ("shown", "counted", *STARS, *STEPS)

# What one row of clinics_review (v) adds to each of SUMS; %(email)s: whether those of confirmed e-mails count.
COUNTS = "(v.confirmation = 'visit' OR %(email)s)::int"
WORTH = {
    "shown": "1",
    "counted": COUNTS,
    **{name: f"{COUNTS} * v.{name}" for name in STARS},
    **{name: f"{COUNTS} * (v.overall = {stars})::int" for stars, name in enumerate(STEPS, 1)},
}
WORTHS = ", ".join(f"{sql} AS {name}" for name, sql in WORTH.items())

# Nothing to update while the clinic is not published: its row in the index begins with what clinics_rating says. `tally`:
# the numbers at the filter are counted with all others (`clinics.tally`), so the row's sum moves with the average.
CHANGES = ", ".join(f"{name} = {sql}" for name, sql in mean.SQL.items())
ENTRY = f"""
    entry AS (UPDATE clinics_searchentry e SET {CHANGES}, tally = {{tally}} FROM rating r WHERE e.clinic_id = r.clinic_id)
    SELECT count(*) FROM review"""
MARK = f"""
    WITH review AS (UPDATE clinics_review v SET is_counted = {{counted}} WHERE v.id = %(id)s AND v.is_counted <> {{counted}}
        RETURNING v.clinic_id, {WORTHS})"""
ADD = f"""
    {MARK.format(counted="TRUE")},
    rating AS (INSERT INTO clinics_rating AS r (clinic_id, {", ".join(SUMS)})
        SELECT clinic_id, {", ".join(SUMS)} FROM review
        ON CONFLICT (clinic_id) DO UPDATE SET {", ".join(f"{name} = r.{name} + excluded.{name}" for name in SUMS)}
        RETURNING r.*),
    {ENTRY}"""
# Never below zero: to take down what is unlawful must not fail because a sum is wrong; the night's check mends and tells it.
TAKE_AWAY = f"""
    {MARK.format(counted="FALSE")},
    rating AS (UPDATE clinics_rating r SET {", ".join(f"{name} = greatest(r.{name} - review.{name}, 0)" for name in SUMS)}
        FROM review WHERE r.clinic_id = review.clinic_id RETURNING r.*),
    {ENTRY}"""


def add_sql() -> str:
    return ADD.format(tally=_tally())


def take_away_sql() -> str:
    return TAKE_AWAY.format(tally=_tally())


def _tally() -> str:
    """SQL: the tally of an index row e when the rating of its clinic is r from now on."""
    limit = LIMITS["bedoemmelse_min"]
    numbered = ((one, tag_number(Tag.Kind.FACET, limit_key("bedoemmelse_min", one))) for one in limit.suggested)
    change = (
        f"1e{tally.PLACES * number}::numeric"
        f" * (({limit.sql(one, mean.AVERAGE)} IS TRUE)::int - ({limit.sql(one, 'e.average')} IS TRUE)::int)"
        for one, number in numbered
        if number is not None
    )
    return f"nullif({' + '.join(['coalesce(e.tally, 0)', *change])}, 0)"


def add(review: Review) -> bool:
    """Count a published review in. False when it was counted already. One statement."""
    return _count(add_sql(), review, is_counted=True)


def take_away(review: Review) -> bool:
    """Count a review out again, before it is hidden or deleted. False when it was not counted. One statement."""
    return _count(take_away_sql(), review, is_counted=False)


def _count(sql: str, review: Review, *, is_counted: bool) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"id": review.pk, "email": settings.REVIEWS_COUNT_EMAIL})
        (changed,) = cursor.fetchone()
    review.is_counted = is_counted
    transaction.on_commit(counting.forget)
    return bool(changed)


# What clinics_rating should hold, from the rows; of clinics that have a published review.
EXPECTED = f"""
    SELECT v.clinic_id, {", ".join(f"sum({sql})::int AS {name}" for name, sql in WORTH.items())}
    FROM clinics_review v WHERE v.status = 'published' AND {{mine}} GROUP BY v.clinic_id"""


def disagreements(limit: int = 100) -> list[int]:
    """Ids of clinics whose rating is not what their published reviews come to, or that the index does not know so."""
    columns = ", ".join(f"e.{name}" for name in mean.COLUMNS)
    sql = f"""
        WITH expected AS MATERIALIZED ({EXPECTED.format(mine="TRUE")}),
        actual AS (SELECT clinic_id, {", ".join(SUMS)} FROM clinics_rating
            WHERE ({", ".join(SUMS)}) <> ({", ".join("0" for _ in SUMS)}))
        SELECT clinic_id FROM (
            (SELECT clinic_id FROM (TABLE expected EXCEPT TABLE actual) missing)
            UNION (SELECT clinic_id FROM (TABLE actual EXCEPT TABLE expected) superfluous)
            UNION (SELECT clinic_id FROM clinics_review WHERE status = 'published' AND NOT is_counted)
            UNION (SELECT e.clinic_id FROM clinics_searchentry e LEFT JOIN clinics_rating r USING (clinic_id)
                WHERE ({columns}) IS DISTINCT FROM ({", ".join(mean.SQL.values())}))
        ) wrong ORDER BY clinic_id LIMIT %(limit)s"""
    with connection.cursor() as cursor:
        cursor.execute(sql, {"email": settings.REVIEWS_COUNT_EMAIL, "limit": limit})
        return [row[0] for row in cursor.fetchall()]


@transaction.atomic
def rebuild(clinic_ids: Collection[int] | None = None) -> int:
    """Work the ratings out anew from the rows: all, or those of the given clinics. Returns how many were wrong.

    Whoever publishes meanwhile waits, or is waited for. What is right is not written.
    """
    mine = "TRUE" if clinic_ids is None else "{row}.clinic_id = ANY(%(ids)s)"
    of = {row: mine.format(row=row) for row in "rve"}
    changes = ", ".join(f"{name} = excluded.{name}" for name in SUMS)
    values: dict[str, Any] = {"ids": list(clinic_ids or ()), "email": settings.REVIEWS_COUNT_EMAIL}
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE clinics_rating IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(
            f"UPDATE clinics_review v SET is_counted = TRUE WHERE v.status = 'published' AND NOT v.is_counted AND {of['v']}",
            values,
        )
        cursor.execute(
            f"DELETE FROM clinics_rating r WHERE {of['r']} AND NOT EXISTS"
            " (SELECT FROM clinics_review v WHERE v.clinic_id = r.clinic_id AND v.status = 'published')",
            values,
        )
        written = cursor.rowcount
        cursor.execute(
            f"""
            INSERT INTO clinics_rating AS r (clinic_id, {", ".join(SUMS)}) {EXPECTED.format(mine=of["v"])}
            ON CONFLICT (clinic_id) DO UPDATE SET {changes}
            WHERE ({", ".join(f"r.{name}" for name in SUMS)}) <> ({", ".join(f"excluded.{name}" for name in SUMS)})""",
            values,
        )
        written += cursor.rowcount
        cursor.execute(
            f"""
            UPDATE clinics_searchentry e SET {CHANGES}, tally = {_tally()}
            FROM clinics_clinic c LEFT JOIN clinics_rating r ON r.clinic_id = c.id
            WHERE e.clinic_id = c.id AND {of["e"]} AND ({", ".join(f"e.{name}" for name in mean.COLUMNS)})
                IS DISTINCT FROM ({", ".join(mean.SQL.values())})""",
            values,
        )
    transaction.on_commit(counting.forget)
    return written

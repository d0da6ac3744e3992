"""From the sums of `clinics_rating` to the numbers that are shown and ordered by. The same here in SQL and in Python.

Why a mean that leans, and where to: docs/reviews.md, “The mean that orders”.
"""

from decimal import ROUND_HALF_UP, Decimal

# As if each clinic had five confirmed reviews of 3.5 before its first: one review of 5 gives 3.75, twenty give 4.7.
PRIOR_MEAN = 3.5
PRIOR_WEIGHT = 5

# SQL over a row r of clinics_rating, in the order of `COLUMNS` of clinics_searchentry. NULL while nothing counts.
COLUMNS = ("rating", "average", "review_count")
RATING = (
    f"CASE WHEN r.counted > 0 THEN ({PRIOR_MEAN * PRIOR_WEIGHT} + r.overall)::float8 / ({PRIOR_WEIGHT} + r.counted) END"
)
# With one decimal, as it is shown: who asks for “mindst 4,5” finds each clinic that shows 4,5.
AVERAGE = "round(r.overall::numeric / nullif(r.counted, 0), 1)::float8"
COUNT = "coalesce(r.counted, 0)"
SQL = dict(zip(COLUMNS, (RATING, AVERAGE, COUNT), strict=True))


def average(total: int, many: int) -> Decimal | None:
    """The mean with one decimal, half up as PostgreSQL rounds; None of none."""
    return (Decimal(total) / many).quantize(Decimal("0.1"), ROUND_HALF_UP) if many else None

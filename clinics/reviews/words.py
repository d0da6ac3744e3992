"""A rating as every page says it."""

from decimal import Decimal

from django.conf import settings
from django.utils.formats import localize

from clinics import danish

MOST_STARS = 5


def decimal(number: Decimal | float) -> str:
    """With one decimal: `4.6` → `"4,6"`."""
    return localize(Decimal(number).quantize(Decimal("0.1")))


def out_of_five(average: Decimal | float) -> str:
    """`"4,6 af 5"`."""
    return f"{decimal(average)} af {MOST_STARS}"


def counted(many: int) -> str:
    """What the average is made of: `"23 bekræftede besøg"`."""
    if settings.REVIEWS_COUNT_EMAIL:
        return danish.count(many, "anmeldelse", "anmeldelser")
    return danish.count(many, "bekræftet besøg", "bekræftede besøg")


def rating(average: Decimal | float | None, many: int) -> str:
    """`"4,6 af 5 · 23 bekræftede besøg"`; "" while nothing counts."""
    return "" if average is None else f"{out_of_five(average)} · {counted(many)}"

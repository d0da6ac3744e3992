"""Invented clinics for trying the site: deterministic, marked row by row, and never mixed with real ones.

Nothing in them can be taken for somebody real: street names and surnames say "Eksempel", phone numbers begin with 00, which
no Danish number does, and web addresses lie under example.org.
"""

from collections.abc import Callable

from django.db import transaction

from clinics import index
from clinics.models import Clinic

from . import money
from .clinics import Maker

BATCH = 5000


@transaction.atomic
def seed_clinics(*, count: int, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Make `count` example clinics where there are none yet; with any in place nothing changes. Returns how many were made.

    Raises ValueError where a real clinic exists or the vocabulary and places are not loaded.
    """
    if Clinic.objects.filter(is_example=False).exists():
        raise ValueError("there are real clinics in this database: demo clinics are never mixed with them")
    if Clinic.objects.exists():
        return 0
    maker = Maker()
    for start in range(0, count, BATCH):
        end = min(start + BATCH, count)
        maker.make(range(start, end), count)
        progress(end, count)
    maker.reviews.store()
    money.seed_tariffs()
    index.rebuild()
    return count


@transaction.atomic
def remove_clinics() -> int:
    """Take all example clinics away. Returns how many there were."""
    examples = Clinic.objects.filter(is_example=True)
    count = examples.count()
    examples.delete()
    money.remove_tariffs()
    return count

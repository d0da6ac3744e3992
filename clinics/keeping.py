"""One editor makes warnings stronger, and no other warning goes away for it: the urgent defaults of the body regions."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from .actions import mark_edited
from .models import BodyRegion, Condition, RedFlag
from .registry import held, registry_for

URGENT = (RedFlag.Urgency.EMERGENCY, RedFlag.Urgency.DOCTOR_NOW)


@contextmanager
def urgent_kept() -> Iterator[None]:
    """Whatever is urgent and stood on the pages of a body region before the block stands there after it.

    A region's first flag of an urgent class takes the place of the general ones of that class (`clinics.care`). The
    committed file may say so; when an editor adds or raises a flag, the general ones become the region's own.
    """
    with transaction.atomic():
        before = _in_force()
        yield
        after = _in_force()
        for region, keys in before.items():
            kept = RedFlag.objects.filter(key__in=keys - after.get(region, keys), urgency__in=URGENT)
            if kept:
                region.red_flags.add(*kept)
                mark_edited(row=region)


def _in_force() -> dict[BodyRegion, frozenset[str]]:
    with held():
        regions = BodyRegion.objects.all()
        return {region: registry_for(Condition(body_region=region)).in_force for region in regions}

"""Which part of the body a speciality is mostly about."""

from collections import Counter
from collections.abc import Iterable

from django.db.models.signals import post_delete, post_save

from .models import Condition, ConditionMatch
from .remembered import Remembered


def main_regions(specialities: Iterable[int]) -> set[int]:
    """The keys of the body regions that these specialities, by key, are mostly about: of each the one that more than half of
    the conditions lie in that it is a primary match of. One that is about no single part of the body has none."""
    by_speciality = _remembered()
    return {by_speciality[pk] for pk in specialities if pk in by_speciality}


def _read() -> dict[int, int]:
    primary = ConditionMatch.objects.counting().filter(weight=ConditionMatch.PRIMARY, condition__merged_into=None)
    counted: dict[int, Counter[int | None]] = {}
    for speciality, region in primary.order_by().values_list("speciality", "condition__body_region"):
        counted.setdefault(speciality or 0, Counter())[region] += 1
    most = {speciality: regions.most_common(1)[0] for speciality, regions in counted.items()}
    return {
        speciality: region
        for speciality, (region, count) in most.items()
        if region is not None and 2 * count > counted[speciality].total()
    }


_remembered = Remembered(_read)
forget = _remembered.forget
for signal in (post_save, post_delete):
    for model in (Condition, ConditionMatch):
        signal.connect(forget, sender=model)

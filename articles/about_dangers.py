"""Which conditions a danger is what they are about, so that an article on blood clots comes before one that warns of them."""

from collections import Counter
from collections.abc import Sequence

from django.db.models.signals import m2m_changed, post_delete, post_save

from clinics.models import Condition, RedFlag
from clinics.remembered import Remembered
from clinics.vocabulary import resolve

SEVERAL = 3


def conditions_about(flags: Sequence[RedFlag]) -> list[int]:
    """Keys of the conditions that are about these flags: named as their kind, or with several of that kind, half of all theirs.

    Every condition of the leg warns of a blood clot; only those of a blood clot are about it. No query while the vocabulary
    and the conditions' flags are remembered: they decide an order here, and never whether a card is shown.
    """
    if not flags:
        return []
    groups = list(dict.fromkeys(flag.group for flag in flags))
    named = [condition.pk for condition in resolve(", ".join(groups)).conditions]
    warning = []
    for pk, counted in _groups().items():
        alike = sum(counted[group] for group in groups)
        if alike >= SEVERAL and 2 * alike >= counted.total():
            warning.append((-alike, pk))
    return list(dict.fromkeys([*named, *(pk for _, pk in sorted(warning))]))


def _read() -> dict[int, Counter[str]]:
    """Key of each condition → how many flags of each group it has."""
    counted: dict[int, Counter[str]] = {}
    for pk, group in Condition.red_flags.through.objects.order_by().values_list("condition_id", "redflag__group"):
        counted.setdefault(pk, Counter())[group] += 1
    return counted


_groups = Remembered(_read)
forget = _groups.forget
m2m_changed.connect(forget, sender=Condition.red_flags.through)
for signal in (post_save, post_delete):
    for model in (Condition, RedFlag):
        signal.connect(forget, sender=model)

"""The red flags of several conditions at once, the same as their care cards show."""

from collections.abc import Collection

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef

from clinics.care import GENERAL_REGION, in_force
from clinics.models import BodyRegion, Condition, RedFlag

URGENCIES = [str(urgency) for urgency in RedFlag.Urgency]  # the most urgent first


def red_flags_of(conditions: Collection[Condition]) -> dict[int, list[RedFlag]]:
    """Key of each condition → its flags, the most urgent first and of those what to seek help for. One query."""
    keys = {pk for condition in conditions for pk in (condition.pk, condition.merged_into_id) if pk}
    of_condition = Condition.red_flags.through.objects.filter(redflag=OuterRef("pk"))
    of_region = BodyRegion.red_flags.through.objects.filter(redflag=OuterRef("pk"))
    flags: list[RedFlag] = list(
        RedFlag.objects.annotate(
            owners=ArraySubquery(of_condition.filter(condition__in=keys).values("condition_id")),
            regions=ArraySubquery(of_region.values("bodyregion_id")),
            general=Exists(of_region.filter(bodyregion__slug=GENERAL_REGION)),
        )
    )
    found = {}
    for condition in conditions:
        for flag in flags:
            flag.own = not {condition.pk, condition.merged_into_id}.isdisjoint(flag.owners)  # type: ignore[attr-defined]
            flag.regional = condition.body_region_id in flag.regions  # type: ignore[attr-defined]
        standing = {flag.key: flag for flag in in_force(condition, flags)}
        found[condition.pk] = sorted(standing.values(), key=_urgency)
    return found


def _urgency(flag: RedFlag) -> tuple[int, bool, int, str]:
    return URGENCIES.index(flag.urgency), flag.kind == RedFlag.Kind.AVOID, flag.order, flag.key

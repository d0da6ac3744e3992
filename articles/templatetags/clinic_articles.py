"""`{% articles_on specialities as related %}`: what a clinic's page links to; clinics know nothing of articles."""

from collections.abc import Iterable

from django import template
from django.db.models import OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from articles.models import Article
from articles.models.related import MOST, Related
from clinics.models import ConditionMatch, Speciality

register = template.Library()

LEAST_WEIGHT = 2  # what is only distantly related is not what the clinic works with


@register.simple_tag
def articles_on(specialities: Iterable[Speciality]) -> list[Related]:
    """At most five published articles on conditions that these specialities treat. One query, none without specialities.

    The safest order: first conditions that a doctor must see to before any clinic (those with a gate), because their
    article says so at its top; then what most of the specialities treat most; then by name.
    """
    keys = [one.pk for one in specialities]
    if not keys:
        return []
    matches = ConditionMatch.objects.counting().filter(
        condition=OuterRef("subject_id"), speciality__in=keys, weight__gte=LEAST_WEIGHT
    )
    strength = matches.order_by().values("condition").annotate(total=Sum("weight")).values("total")
    found = (
        Article.objects.published()
        .annotate(subject_id=Coalesce("condition__merged_into", "condition"))
        .annotate(strength=Subquery(strength))
        .filter(strength__gt=0)
        .alias(gated=~Q(condition__care_gate="") | Q(condition__awaits_acceptance=True))
        .order_by("-gated", "-strength", "sort_name", "pk")
    )
    return [Related(**row) for row in found.values("slug", "title")[:MOST]]

"""`{% with_articles items as pairs %}`: what there is to read about conditions; clinics know nothing of articles."""

from collections.abc import Iterable
from typing import Any

from django import template

from articles.models import Article
from articles.models.related import Related

register = template.Library()


@register.simple_tag
def with_articles(items: Iterable[Any]) -> list[tuple[Any, Related | None]]:
    """Each item, which has a `condition`, with the published article about it (the first by name of several) or None.

    One query, none without items.
    """
    items = list(items)
    keys = [item.condition.pk for item in items]
    articles = Article.objects.published() if keys else Article.objects.none()
    found = articles.filter(condition__in=keys).order_by("-sort_name", "-pk").values_list("condition", "slug", "title")
    by_condition = {condition: Related(slug, title) for condition, slug, title in found}
    return [(item, by_condition.get(item.condition.pk)) for item in items]

"""The list of articles: what needs an editor first, and what is due."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import IntegerField, Q, QuerySet
from django.db.models.expressions import Func
from django.http import HttpRequest

from articles.models import Article
from articles.models.queries import LONG
from clinics import clock


class ArticleChangeList(ChangeList):
    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> QuerySet[Article]:
        """Without the long texts: a page of the list would otherwise read megabytes."""
        return super().get_queryset(request, *args, **kwargs).defer("body", *LONG)


def with_counts(articles: QuerySet[Article]) -> QuerySet[Article]:
    """Adds `remark_count` and `safety_count`, counted in the database."""
    return articles.annotate(remark_count=_length("warnings"), safety_count=_length("safety"))


def _length(field: str) -> Func:
    return Func(field, function="jsonb_array_length", output_field=IntegerField())


def overdue() -> Q:
    """Articles that should have been looked through again by now."""
    return Q(next_review_due__lt=clock.today()) & ~Q(status=Article.Status.ARCHIVED)


def scheduled() -> Q:
    """Articles that come out by themselves at a time that has not come yet."""
    waiting = (Article.Status.READY, Article.Status.PUBLISHED)
    return Q(status__in=waiting, publish_at__gt=clock.now())


class WorkFilter(admin.SimpleListFilter):
    """What an editor looks for in the morning."""

    title = "skal ses på"
    parameter_name = "arbejde"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("opmaerksomhed", "Kræver opmærksomhed"),
            ("forfalden", "Forfalden gennemgang"),
            ("planlagt", "Planlagt"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article] | None:
        wanted = {"opmaerksomhed": Q(needs_attention=True), "forfalden": overdue(), "planlagt": scheduled()}
        chosen = wanted.get(self.value() or "")
        return queryset.filter(chosen) if chosen else queryset

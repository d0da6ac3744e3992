"""The list of articles: what needs an editor first, and what is due."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Func
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from articles.models import Article, FlagSuggestion, SignOff
from articles.models.queries import LONG
from clinics import clock


class ArticleChangeList(ChangeList):
    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> QuerySet[Article]:
        """Without the long texts: a page of the list would otherwise read megabytes."""
        return super().get_queryset(request, *args, **kwargs).defer("body", *LONG)

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Article]) -> list[Any]:
        """What may harm a reader first, then what waits for an answer, unless the editor chose a column."""
        chosen = list(super().get_ordering(request, queryset))
        return chosen if ORDER_VAR in self.params else ["-open_count", "-pending_count", *chosen]


def with_counts(articles: QuerySet[Article]) -> QuerySet[Article]:
    """Adds what the list shows and sorts by, counted in the database.

    `open_count`: places that no editor has given a reason for; `pending_count`: suggested flags that wait for an answer;
    `remark_count`: what the parser noticed.
    """
    own = {"article": OuterRef("pk")}
    pending = FlagSuggestion.objects.filter(**own, state=FlagSuggestion.State.PENDING).order_by().values("article")
    return articles.annotate(
        open_count=OpenPlaces("safety", ArraySubquery(SignOff.objects.filter(**own).values("fingerprint"))),
        pending_count=Coalesce(Subquery(pending.values(number=Count("pk"))), 0),
        remark_count=Func("warnings", function="jsonb_array_length", output_field=IntegerField()),
    )


class OpenPlaces(Func):
    """How many of the places have a fingerprint that is not in the array. Takes the two, in this order."""

    template = "(SELECT count(*) FROM jsonb_array_elements(%(expressions)s))"
    arg_joiner = ") AS place WHERE place->>'fingerprint' <> ALL ("
    output_field = IntegerField()


def overdue() -> Q:
    """Articles that should have been looked through again by now."""
    return Q(next_review_due__lt=clock.today()) & ~Q(status=Article.Status.ARCHIVED)


def scheduled() -> Q:
    """Articles that come out by themselves at a time that has not come yet."""
    waiting = (Article.Status.READY, Article.Status.PUBLISHED)
    return Q(status__in=waiting, publish_at__gt=clock.now())


class WorkFilter(admin.SimpleListFilter):
    """What an editor looks for in the morning."""

    title = "opgaver"
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


class ExampleFilter(admin.BooleanFieldListFilter):
    """Under a title that reads well after “Efter”."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = "eksempeldata"

"""Which articles: what everybody may read, in which order, and with what."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from clinics import clock
from clinics.match_rows import match_rows

from .related import related_rows

if TYPE_CHECKING:
    from .article import Article

LONG = ("body", "document", "warnings", "safety", "search_text", "search_vector")  # what a list never shows


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> "ArticleQuerySet":
        """What everybody may read now. An article that is ready comes out by itself when its time has come."""
        due = Q(publish_at__lte=clock.now())
        return self.filter(
            Q(status=self.model.Status.PUBLISHED) & (Q(publish_at=None) | due) | Q(status=self.model.Status.READY) & due
        )

    def for_page(self) -> "ArticleQuerySet":
        """Everything that the page of an article shows, its clinics and warnings apart, in one statement."""
        return (
            self.select_related("condition__body_region")
            .defer("warnings", "search_text", "search_vector")
            .annotate(match_rows=match_rows("condition_id"), related_rows=related_rows(self.model.objects.published()))
        )

    def for_index(self) -> "ArticleQuerySet":
        """A to Å, with no more than what an index shows: address, names, part of the body."""
        region = ("slug", "name", "order")
        return (
            self.select_related("condition__body_region")
            .only(
                "slug",
                "title",
                "name",
                "sort_name",
                "condition",
                *(f"condition__body_region__{name}" for name in region),
            )
            .order_by("sort_name", "pk")
        )

    def same_subject(self, article: "Article") -> "ArticleQuerySet":
        """Other articles on the same condition, or on the one that it was merged into; the latest first."""
        condition = article.condition
        keys = {condition.pk, condition.merged_into_id} - {None} if condition else set()
        return (
            self.filter(condition__in=keys).exclude(pk=article.pk).order_by(F("updated_on").desc(nulls_last=True), "pk")
        )

    def in_danish_order(self) -> "ArticleQuerySet":
        """A to Å by short name, without the long texts: for lists."""
        return self.defer(*LONG).order_by("sort_name", "pk")

"""Which articles: what everybody may read, in which order, and those that say something."""

from typing import TYPE_CHECKING

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import models
from django.db.models import Count, F, Q

from clinics import clock
from clinics.models import ConditionMatch
from clinics.text import normalise

if TYPE_CHECKING:
    from .article import Article

MOST_WORDS = 12
LONG = ("body", "document", "warnings", "safety", "search_text", "search_vector")  # what a list never shows


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> "ArticleQuerySet":
        """What everybody may read now. An article that is ready comes out by itself when its time has come."""
        due = Q(publish_at__lte=clock.now())
        return self.filter(
            Q(status=self.model.Status.PUBLISHED) & (Q(publish_at=None) | due) | Q(status=self.model.Status.READY) & due
        )

    def in_danish_order(self) -> "ArticleQuerySet":
        """A to Å by short name, without the long texts: for lists."""
        return self.defer(*LONG).order_by("sort_name", "pk")

    def search(self, text: str) -> "ArticleQuerySet":
        """Articles that have the words in some Danish form, the best first; a word in the title weighs most."""
        words = normalise(text).split()[:MOST_WORDS]
        if not words:
            return self.none()
        # Beginnings of words too: to PostgreSQL "knæet" is no form of "knæ".
        query = SearchQuery(" & ".join(f"{word}:*" for word in words), config="danish", search_type="raw")
        return (
            self.filter(search_vector=query)
            .annotate(rank=SearchRank(F("search_vector"), query))
            .defer(*LONG)
            .order_by("-rank", "sort_name", "pk")
        )

    def related_to(self, article: "Article") -> "ArticleQuerySet":
        """Other articles on the same part of the body, or on what the same specialities treat; those first."""
        if article.condition is None:
            return self.none()
        specialities = ConditionMatch.objects.filter(condition=article.condition).values("speciality")
        shared = Q(condition__matches__speciality__in=specialities)
        same_region = Q(condition__body_region=article.condition.body_region_id, condition__body_region__isnull=False)
        return (
            self.exclude(pk=article.pk)
            .filter(shared | same_region)
            .annotate(shared=Count("condition__matches__speciality", filter=shared, distinct=True))
            .only("slug", "title", "name")
            .order_by("-shared", "sort_name", "pk")
        )

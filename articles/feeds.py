"""`/feed.xml`: what was published or updated lately, as an Atom feed."""

import datetime
import re

from django.contrib.syndication.views import Feed
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from articles.frontmatter import OLDEST
from articles.models import Article
from clinics.clock import COPENHAGEN
from clinics.json_ld import SITE_NAME, absolute

MOST = 50
# The day on which an article last changed.
LATEST = Coalesce(Greatest("updated_on", "published_on", "publish_at__date"), F("imported_at__date"))
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class LatestArticles(Feed):
    feed_type = Atom1Feed
    title = f"{SITE_NAME}: nye og opdaterede artikler"
    subtitle = "Om det, der gør ondt: årsager, øvelser, og hvornår du skal ringe til læge."
    language = "da"
    author_name = SITE_NAME

    def link(self) -> str:
        return absolute(reverse("articles:list"))

    def feed_url(self) -> str:
        return absolute(reverse("feed"))

    def items(self) -> QuerySet[Article]:
        """The latest first. A scheduled article is as new as the moment it came out."""
        articles = Article.objects.published().annotate(latest=LATEST)
        return articles.in_danish_order().order_by(F("latest").desc(nulls_last=True), "sort_name", "pk")[:MOST]

    def item_title(self, item: Article) -> str:
        return _NOT_IN_XML.sub("", item.title)

    def item_description(self, item: Article) -> str:
        return escape(_NOT_IN_XML.sub("", item.description))  # a summary is read as HTML

    def item_link(self, item: Article) -> str:
        return absolute(item.get_absolute_url())

    def item_pubdate(self, item: Article) -> datetime.datetime | None:
        return _moment(item.published_on or item.publish_at or item.imported_at)

    def item_updateddate(self, item: Article) -> datetime.datetime | None:
        return _moment(item.latest)  # type: ignore[attr-defined]  # annotated


def _moment(day: datetime.date | None) -> datetime.datetime | None:
    """A day as its first moment in Denmark; a moment as it is. None before 1990: year 1 begins before all time in UTC."""
    if day is None or day.year < OLDEST.year:
        return None
    if isinstance(day, datetime.datetime):
        return day
    return datetime.datetime.combine(day, datetime.time(), tzinfo=COPENHAGEN)

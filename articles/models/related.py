"""What else to read beside an article: first what an editor chose, then what is about the same."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, Func, IntegerField, Min, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce, JSONObject
from django.urls import reverse

from clinics.models import ConditionMatch, SlugHistory

if TYPE_CHECKING:
    from .article import Article
    from .queries import ArticleQuerySet

MOST = 5
STRONG = 6  # primary for one, at least related for the other
SAME_REGION = 5  # a little less than one speciality that is strong for both


@dataclass(frozen=True)
class Related:
    slug: str
    title: str

    @property
    def url(self) -> str:
        return reverse("articles:detail", args=[self.slug])


def related_to(article: "Article", published: "ArticleQuerySet") -> list[Related]:
    """What stands under "Læs også". No query when the article was read with `for_page`, none for one not yet stored."""
    rows = vars(article).get("related_rows")
    if rows is None:
        of_article = type(article).objects.filter(pk=article.pk).annotate(related_rows=related_rows(published))
        rows = of_article.values_list("related_rows", flat=True).first() or [] if article.pk else []
    return [Related(**row) for row in rows]


class _Position(Func):
    """Where a value stands in an array, from 1; NULL when it does not."""

    function = "array_position"
    output_field = IntegerField()


def related_rows(published: "ArticleQuerySet") -> ArraySubquery:
    """For each article of the query that it annotates: at most five `{"slug", "title"}` among the published.

    Chosen ones in the order of `related_slugs`, whose old addresses count too. Then by what the same specialities treat
    (the weights on both sides multiplied) and by the part of the body.
    """
    others = (
        published.exclude(pk=OuterRef("pk"))
        .annotate(
            chosen=Coalesce(_Position(OuterRef("related_slugs"), F("slug")), _formerly()),
            shared=Coalesce(_shared(), 0),
            near=Case(When(condition__body_region=OuterRef("condition__body_region_id"), then=SAME_REGION), default=0),
        )
        .filter(Q(chosen__isnull=False) | Q(shared__gt=0) | Q(near__gt=0))
        .order_by(F("chosen").asc(nulls_last=True), (F("shared") + F("near")).desc(), "sort_name", "pk")
    )
    return ArraySubquery(others.values(row=JSONObject(slug="slug", title="title"))[:MOST])


def _formerly() -> Subquery:
    """Where an old address of the other article stands among the chosen."""
    old = SlugHistory.objects.filter(kind=SlugHistory.Kind.ARTICLE, object_id=OuterRef("pk")).values("object_id")
    return Subquery(old.annotate(at=Min(_Position(OuterRef(OuterRef("related_slugs")), F("slug")))).values("at"))


def _shared() -> Subquery:
    """How much the specialities of the two have in common. What nearly every condition has a little of says nothing."""
    # Only matches that count: an editor's rows, or suggestions for a condition that has none of those.
    ours = ConditionMatch.objects.counting().filter(condition=OuterRef(OuterRef(OuterRef("condition_id"))))
    theirs = (
        ConditionMatch.objects.counting()
        .filter(condition=OuterRef("condition_id"), speciality__matches__in=ours)
        .annotate(strength=F("weight") * F("speciality__matches__weight"))
    )
    return Subquery(
        theirs.filter(strength__gte=STRONG).values("condition").annotate(total=Sum("strength")).values("total")
    )

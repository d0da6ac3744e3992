"""What else to read beside an article: first what an editor chose, then what is about the same."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.postgres.aggregates import StringAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Aggregate,
    BooleanField,
    Case,
    Count,
    F,
    FloatField,
    Func,
    IntegerField,
    JSONField,
    Min,
    OuterRef,
    Q,
    Subquery,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, JSONObject
from django.urls import reverse

from clinics.models import BodyRegion, ConditionMatch, SlugHistory

if TYPE_CHECKING:
    from .article import Article
    from .queries import ArticleQuerySet

MOST = 5
STRONG = 6  # primary for one, at least related for the other
# What counts how much. A speciality: the weights on both sides multiplied, divided by how many conditions have it.
LINKED = 1.5  # the text leads to the other
SAME_WORD = 2.0  # each word of the names that both have, parts of the body apart
SAME_REGION = 0.01  # decides between equals, and is enough when there is nothing else


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

    Chosen ones in the order of `related_slugs`, whose old addresses count too. Then by links, words of the names and
    what the same specialities treat, the rarer the better. What is of the article itself is read once, not for each other.
    """
    this = published.model._base_manager.filter(pk=OuterRef(OuterRef("pk")))
    others = (
        published.exclude(pk=OuterRef("pk"))
        .annotate(
            chosen=Coalesce(_Position(OuterRef("related_slugs"), F("slug")), _formerly()),
            linked=Case(
                When(_Holds(Subquery(this.values(slugs=_Slugs("document"))), F("slug")), then=LINKED), default=0.0
            ),
            words=Coalesce(
                _Occurrences(F("name"), Subquery(this.values(pattern=_Pattern("name", _body_parts())))) * SAME_WORD, 0.0
            ),
            shared=Coalesce(_shared(), 0.0),
            near=Case(
                When(condition__body_region=OuterRef("condition__body_region_id"), then=SAME_REGION), default=0.0
            ),
        )
        .annotate(alike=F("linked") + F("words") + F("shared") + F("near"))
        # The dearest last: what one of the others has settled needs no look at the specialities.
        .filter(Q(near__gt=0) | Q(chosen__isnull=False) | Q(linked__gt=0) | Q(words__gt=0) | Q(shared__gt=0))
        .order_by(F("chosen").asc(nulls_last=True), F("alike").desc(), "sort_name", "pk")
    )
    return ArraySubquery(others.values(row=JSONObject(slug="slug", title="title"))[:MOST])


class _Slugs(Func):
    """Where the links of a page lead, as a JSON array."""

    template = "jsonb_path_query_array(%(expressions)s, '$.links[*].slug')"
    output_field = JSONField()


class _Holds(Func):
    """Whether a JSON array holds a text."""

    function = "jsonb_exists"
    output_field = BooleanField()


class _Pattern(Func):
    """A pattern for the stems of a text at the beginning of a word, without those of another; NULL when none are left."""

    template = (
        "(SELECT '\\m(' || string_agg(stem, '|') || ')' FROM (SELECT %(expressions)s) AS given (name, without),"
        " unnest(tsvector_to_array(to_tsvector('danish', name))) AS stem WHERE stem ~ '^[a-zæøåéöäü]{3,}$'"
        " AND stem <> ALL ('{gør,lid,ned,ondt,smert,syndrom}')"  # these say nothing of what it is about
        " AND stem <> ALL (tsvector_to_array(to_tsvector('danish', without))))"
    )
    output_field = TextField()


def _body_parts() -> Coalesce:
    regions = BodyRegion.objects.order_by().annotate(every=Value(1)).values("every")
    return Coalesce(Subquery(regions.annotate(names=StringAgg("name", " ")).values("names")), Value(""))


class _Occurrences(Func):
    """How often a pattern occurs in a text, whatever the case."""

    template = "regexp_count(%(expressions)s, 1, 'i')"
    output_field = IntegerField()


def _formerly() -> Subquery:
    """Where an old address of the other article stands among the chosen."""
    old = SlugHistory.objects.filter(kind=SlugHistory.Kind.ARTICLE, object_id=OuterRef("pk")).values("object_id")
    return Subquery(old.annotate(at=Min(_Position(OuterRef(OuterRef("related_slugs")), F("slug")))).values("at"))


class _BySpeciality(Aggregate):
    """A JSON object of specialities and a number for each."""

    function = "jsonb_object_agg"
    arity = 2
    output_field = JSONField()


class _In(Func):
    """The number that a JSON object has for a key; NULL when it has none."""

    template = "(%(expressions)s::text)::float"
    arg_joiner = " ->> "
    output_field = FloatField()


def _shared() -> Subquery:
    """What the specialities of the two have in common. What nearly every condition has a little of says nothing."""
    # Only matches that count: an editor's rows, or suggestions for a condition that has none of those.
    matches = ConditionMatch.objects.counting().filter(speciality__isnull=False)
    ours = matches.filter(condition=OuterRef(OuterRef(OuterRef("condition_id")))).values("condition")
    alike = ConditionMatch.objects.filter(speciality=OuterRef("speciality")).values("speciality")
    number = Subquery(alike.annotate(number=Count("condition", distinct=True)).values("number"))
    theirs = (
        matches.filter(condition=OuterRef("condition_id"))
        .annotate(
            strength=F("weight")
            * _In(
                Subquery(ours.annotate(all=_BySpeciality("speciality_id", "weight")).values("all")), F("speciality_id")
            ),
            number=_In(
                Subquery(ours.annotate(all=_BySpeciality("speciality_id", number)).values("all")), F("speciality_id")
            ),
        )
        .filter(strength__gte=STRONG)
    )
    return Subquery(theirs.values("condition").annotate(total=Sum(F("strength") / F("number"))).values("total"))

"""`/api/v1/conditions/`: what hurts, who knows about it, what must be read first, and the article about it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat, Lower, Replace
from django.http import HttpResponseBase, HttpResponsePermanentRedirect
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from articles.models import Article
from clinics.api.problems import MEDIA_TYPE, Problem
from clinics.api.red_flags import red_flags_of
from clinics.api.views import PagedParameters, Pages, ReadOnly
from clinics.match_rows import match_rows
from clinics.matching import matches_of
from clinics.models import Condition, ConditionMatch, RedFlag
from clinics.models.clinic import DanishOrder
from clinics.text import fold
from clinics.vocabulary import condition_for, resolve

INVALID = {(400, MEDIA_TYPE): Problem}
UNKNOWN = {(404, MEDIA_TYPE): Problem}


class Match(serializers.Serializer):
    slug = serializers.CharField()
    name = serializers.CharField()
    weight = serializers.IntegerField(min_value=1, max_value=3, help_text="3 primær, 2 beslægtet, 1 svag.")
    origin = serializers.ChoiceField(ConditionMatch.Origin.choices)


class SpecialityMatch(Match):
    care_gate = serializers.CharField(allow_null=True, help_text="Det, der skal være på plads først.")


class Flag(serializers.Serializer):
    key = serializers.CharField()
    urgency = serializers.ChoiceField(RedFlag.Urgency.choices)
    kind = serializers.ChoiceField(RedFlag.Kind.choices)
    text = serializers.CharField()


# Comments here and no docstrings: those would stand in the schema, which speaks Danish.
class ConditionSerializer(serializers.Serializer):
    # null is not stated; what leads to no clinics has empty specialities and treatments.
    slug = serializers.SlugField()
    name = serializers.CharField()
    synonyms = serializers.ListField(child=serializers.CharField())
    body_region = serializers.SlugField(allow_null=True)
    care_gate = serializers.CharField(allow_null=True, help_text="Det, der skal være på plads før fysioterapi.")
    specialities = SpecialityMatch(many=True, help_text="Højeste vægt først.")
    treatments = Match(many=True, help_text="Højeste vægt først.")
    red_flags = Flag(many=True, help_text="Det, der skal læses først; det mest akutte først.")
    article = serializers.URLField(allow_null=True)
    is_generic = serializers.BooleanField(help_text="Et emne at læse om, som ikke fører til klinikker.")
    awaits_acceptance = serializers.BooleanField(help_text="Fører først til klinikker, når en redaktør har set på det.")

    class Meta:
        ref_name = "Condition"


class ConditionPage(serializers.Serializer):
    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ConditionSerializer(many=True)


class ConditionParameters(PagedParameters):
    q = forms.CharField(required=False, max_length=200)


@dataclass(frozen=True)
class Entry:
    """A condition with everything that is told about it. `article` is its path, "" for none."""

    condition: Condition
    flags: list[RedFlag]
    article: str

    def as_json(self, request: Request) -> dict[str, Any]:
        condition = self.condition
        matches = matches_of(condition) if condition.shows_clinics else []
        return {
            "slug": condition.slug,
            "name": condition.name,
            "synonyms": condition.synonyms,
            "body_region": condition.body_region.slug if condition.body_region else None,
            "care_gate": condition.care_gate or None,
            "specialities": [
                _match(match, match.speciality) | {"care_gate": match.speciality.care_gate or None}
                for match in matches
                if match.speciality
            ],
            "treatments": [_match(match, match.treatment) for match in matches if match.treatment],
            "red_flags": [Flag(flag).data for flag in self.flags],
            "article": request.build_absolute_uri(self.article) if self.article else None,
            "is_generic": condition.is_generic,
            "awaits_acceptance": condition.awaits_acceptance,
        }


def _match(match: ConditionMatch, term: Any) -> dict[str, Any]:
    return {"slug": term.slug, "name": term.name, "weight": match.weight, "origin": match.origin}


def _entries(conditions: Collection[Condition]) -> list[Entry]:
    """Two queries, and one for the matches of each that did not bring them along."""
    flags, articles = red_flags_of(conditions), _articles_of(conditions)
    return [Entry(condition, flags[condition.pk], articles.get(condition.pk, "")) for condition in conditions]


def _articles_of(conditions: Iterable[Condition]) -> dict[int, str]:
    """Key of a condition → the path of its article: the one with its own address, if there are several."""
    slugs = {condition.pk: condition.slug for condition in conditions}
    found: dict[int, Article] = {}
    for article in Article.objects.published().filter(condition__in=slugs).only("slug", "condition").order_by("pk"):
        pk = article.condition_id
        if pk is not None and (pk not in found or article.slug == slugs[pk]):
            found[pk] = article
    return {pk: article.get_absolute_url() for pk, article in found.items()}


class ConditionList(ReadOnly, GenericAPIView):
    pagination_class = Pages
    serializer_class = ConditionSerializer
    queryset = Condition.objects.none()

    @extend_schema(
        operation_id="conditions",
        summary="Tilstande",
        description="A til Å, 20 ad gangen. Det, der er lagt sammen med noget andet, er ikke med.",
        parameters=[
            OpenApiParameter("q", {"type": "string", "maxLength": 200}, description="Ord i navn eller synonymer."),
            OpenApiParameter("page", {"type": "integer", "minimum": 1, "maximum": 100_000}),
        ],
        responses={200: ConditionPage} | INVALID | UNKNOWN,
    )
    def get(self, request: Request) -> Response:
        parameters = ConditionParameters.read(request)
        page = self.paginate_queryset(_named(parameters["q"])) or []
        return self.get_paginated_response([entry.as_json(request) for entry in _entries(page)])


def _named(text: str) -> QuerySet[Condition]:
    """The conditions, A to Å, with their matches; of a text those whose name or synonyms say it, with or without æøå."""
    conditions = Condition.objects.current().select_related("body_region").annotate(match_rows=match_rows("pk"))
    if text:
        synonyms = Func(F("synonyms"), Value("\n"), function="array_to_string", output_field=TextField())
        words = Concat("name", Value("\n"), synonyms, output_field=TextField())
        # What is written another way ("iskias" for "ischias", a short form of æøå) the vocabulary knows.
        named = Q(words__icontains=text) | Q(pk__in=[condition.pk for condition in resolve(text).conditions])
        if folded := fold(text):
            named |= Q(folded__contains=folded)
        conditions = conditions.alias(words=words, folded=_folded(Lower(words, output_field=TextField()))).filter(named)
    return conditions.order_by(DanishOrder(Lower("name")).asc(), "pk")


def _folded(words: Any) -> Any:
    """The database's half of `text.fold`: its Danish letters."""
    for letter, letters in (("æ", "ae"), ("ø", "oe"), ("å", "aa")):
        words = Replace(words, Value(letter), Value(letters), output_field=TextField())
    return words


class ConditionDetail(ReadOnly):
    @extend_schema(
        operation_id="condition",
        summary="En tilstand",
        description="Hvem der kan hjælpe, hvad der skal læses først, og artiklen om den.",
        responses={
            200: ConditionSerializer,
            301: OpenApiResponse(description="Lagt sammen med en anden; Location er dens adresse."),
        }
        | UNKNOWN,
    )
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        condition = condition_for(slug)
        if condition is None:
            raise NotFound
        if condition.slug != slug:
            return HttpResponsePermanentRedirect(reverse("api:condition", args=[condition.slug]))
        (entry,) = _entries([condition])
        return Response(entry.as_json(request))

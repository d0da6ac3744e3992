"""`/api/v1/places/`: what a text means as a place. The same answer as the place field of every page gets."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from clinics.models import Place
from clinics.place_answers import POSTCODE
from clinics.places import MAX_LENGTH, FoundPlace, InvalidPlace, PlaceError, find_place

from .views import ReadOnly

KINDS = [*Place.Kind.values, POSTCODE]
OUTCOMES = ["found", "ambiguous", "unknown", "invalid"]
TOO_LONG = "Teksten er for lang. Skriv et postnummer eller en by, fx 8000 eller Aarhus."


class PlaceSerializer(serializers.Serializer):
    slug = serializers.CharField()
    name = serializers.CharField()
    label = serializers.CharField(  # type: ignore[assignment]  # Field.label is about forms, which there are none of
        help_text="Som den skrives for mennesker, fx “8000 Aarhus C”."
    )
    query = serializers.CharField(help_text="Den korteste tekst, der finder netop dette sted igen.")
    kind = serializers.ChoiceField(KINDS)
    postcodes = serializers.ListField(child=serializers.CharField(), help_text="Tom for hele landet.")
    latitude = serializers.FloatField()
    longitude = serializers.FloatField()
    region = serializers.SlugField(allow_null=True, help_text="Regionen i dag; den største, hvis der er flere.")
    regions = serializers.ListField(child=serializers.SlugField())
    land = serializers.SlugField(allow_null=True, help_text="Landsdelen, som man kan køre rundt i uden færge.")

    class Meta:
        ref_name = "Place"


class PlaceAnswerSerializer(serializers.Serializer):
    outcome = serializers.ChoiceField(OUTCOMES)
    message = serializers.CharField(allow_null=True, help_text="En dansk sætning, når stedet ikke er fundet.")
    place = PlaceSerializer(allow_null=True)
    choices = PlaceSerializer(many=True, help_text="De steder, teksten passer på; det største først.")
    suggestion = PlaceSerializer(allow_null=True, help_text="Et gæt, der skal spørges om og aldrig bare bruges.")

    class Meta:
        ref_name = "PlaceAnswer"


def place_json(place: FoundPlace | None) -> dict[str, Any] | None:
    """A place as the API tells it, None for none."""
    if place is None:
        return None
    return {
        "slug": place.slug,
        "name": place.name,
        "label": place.label,
        "query": place.sted,
        "kind": str(place.kind),
        "postcodes": list(place.postcodes),
        "latitude": place.latitude,
        "longitude": place.longitude,
        "region": place.regions[0] if place.regions else None,
        "regions": list(place.regions),
        "land": place.land or None,
    }


class PlaceView(ReadOnly):
    @extend_schema(
        operation_id="places",
        summary="Steder",
        description=(
            "Hvad en tekst betyder som sted: et postnummer, en by, en bydel, en ø, en region eller hele landet. "
            "Svaret er 200, også når stedet ikke kan findes: se outcome."
        ),
        parameters=[OpenApiParameter("q", {"type": "string"}, description="Det, et menneske ville skrive.")],
        responses={200: PlaceAnswerSerializer},
    )
    def get(self, request: Request) -> Response:
        text = request.query_params.get("q", "")
        try:
            if len(text) > MAX_LENGTH:
                raise InvalidPlace(TOO_LONG)
            found = find_place(text)
        except PlaceError as error:
            return Response(_answer(error.outcome, error))
        return Response(_answer(found.outcome, place=found))


def _answer(outcome: str, error: PlaceError | None = None, place: FoundPlace | None = None) -> dict[str, Any]:
    return {
        "outcome": outcome,
        "message": error.message if error else None,
        "place": place_json(place),
        "choices": [place_json(choice) for choice in error.choices] if error else [],
        "suggestion": place_json(error.suggestion) if error else None,
    }

"""`/api/v1/clinics.geojson`: the clinics of a search as a map shows them."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from clinics.inquiry import NARROWING, Inquiry
from clinics.map import DEEPEST, MOST_AT_ONE, default_box, feature, spots
from clinics.map_area import BoxField

from .parameters import described, read
from .problems import MEDIA_TYPE, Problem
from .views import SECONDS, Parameters, ReadOnly

GEOJSON = "application/geo+json"  # RFC 7946


class MapParameters(Parameters):
    bbox = BoxField(required=False)
    zoom = forms.IntegerField(required=False, min_value=0, max_value=DEEPEST)


# Comments here and no docstrings: those would stand in the schema, which speaks Danish.
class MapClinic(serializers.Serializer):
    slug = serializers.SlugField()
    name = serializers.CharField()
    url = serializers.CharField(help_text="Sti til klinikkens side, med det, der blev søgt på.")
    number = serializers.IntegerField(allow_null=True, help_text="Nummer i listen, hvis klinikken står på siden.")
    address = serializers.CharField()
    location_precision = serializers.CharField(help_text="postcode: punktet er postnummerets, ikke klinikkens.")
    is_example = serializers.BooleanField(help_text="Opdigtet.")


class MapProperties(serializers.Serializer):
    kind = serializers.ChoiceField(["point", "cluster"])
    count = serializers.IntegerField(min_value=1)
    bounds = serializers.ListField(child=serializers.FloatField(), help_text="Vest, syd, øst, nord.")
    numbers = serializers.ListField(child=serializers.IntegerField(), help_text="Numre i listen.")
    clinics = MapClinic(many=True, help_text=f"Alle på én adresse, dog højst {MOST_AT_ONE}; tom for en klynge.")


class MapGeometry(serializers.Serializer):
    type = serializers.ChoiceField(["Point"])
    coordinates = serializers.ListField(child=serializers.FloatField(), help_text="Længde, bredde.")


class MapFeature(serializers.Serializer):
    type = serializers.ChoiceField(["Feature"])
    geometry = MapGeometry()
    properties = MapProperties()


class ClinicMapSerializer(serializers.Serializer):
    type = serializers.ChoiceField(["FeatureCollection"])
    bbox = serializers.ListField(child=serializers.FloatField(), help_text="Det område, som svaret gælder.")
    total = serializers.IntegerField(help_text="Klinikker i hele listen.")
    count = serializers.IntegerField(help_text="Klinikker i området.")
    features = MapFeature(many=True)

    class Meta:
        ref_name = "ClinicMap"


class ClinicMap(ReadOnly):
    # For the visitor's own browser alone: the address says what hurts and where.
    keeping: ClassVar[dict[str, Any]] = {"private": True, "max_age": SECONDS}

    @extend_schema(
        operation_id="clinic_map",
        summary="Klinikker på et kort",
        description="De klinikker i en søgnings liste, der ligger i et område, som punkter og klynger (GeoJSON).",
        parameters=[
            OpenApiParameter(
                "bbox",
                {"type": "string"},
                description="vest,syd,øst,nord i grader (WGS 84). Ellers der, hvor klinikkerne på siden ligger.",
            ),
            OpenApiParameter(
                "zoom",
                {"type": "integer", "minimum": 0, "maximum": DEEPEST},
                description="Som på et webkort: jo højere, jo mindre klynger. Ellers så fint, som området tillader.",
            ),
            *described(),
        ],
        responses={(200, GEOJSON): ClinicMapSerializer, (400, MEDIA_TYPE): Problem},
    )
    def get(self, request: Request) -> Response:
        parameters = MapParameters.read(request)
        inquiry = read(request.query_params)
        found = inquiry.found()
        box = parameters["bbox"] or default_box(found)
        zoom = DEEPEST if parameters["zoom"] is None else parameters["zoom"]
        shown = spots(found, box, zoom)
        query = travelling(inquiry)

        def url_of(slug: str) -> str:
            url = reverse("clinics:profile", args=[slug])
            return f"{url}?{urlencode(query, doseq=True)}" if query else url

        body = {
            "type": "FeatureCollection",
            "bbox": list(box.sides),
            "total": found.total,
            "count": sum(spot.count for spot in shown),
            "features": [feature(spot, url_of) for spot in shown],
        }
        return Response(body, content_type=GEOJSON)


def travelling(inquiry: Inquiry) -> dict[str, Any]:
    """What goes along to a clinic's page: place, condition, and specialities that have a gate, so that it says it too."""
    gated = [one.slug for one in inquiry.cleaned.get("speciale") or () if one.care_gate]
    return inquiry.query(**dict.fromkeys(NARROWING) | {"q": None, "speciale": gated})

"""`/api/v1/clinics/`: the clinics of a search, the same ones in the same order as the page lists them."""

from decimal import Decimal
from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from clinics.card_facts import OPEN_STATE_CACHE, CardFacts, facts_of
from clinics.filters import terms
from clinics.found import UNSTATED, Found, Hit
from clinics.inquiry import Inquiry
from clinics.models import Clinic, Tag
from clinics.opening import OpenState
from clinics.tags import tag_number
from clinics.widening import widening_notice

from .parameters import described, english, read
from .places import PlaceSerializer, place_json
from .problems import MEDIA_TYPE, Problem
from .views import ReadOnly

MATCHING, NOT_STATED = "matching", "specialities_not_stated"
KRONER = "Kr. uden henvisning; null er ikke oplyst."
RATING = "Gennemsnit af bekræftede besøg, 1–5 med én decimal; null uden nogen."


class TermSerializer(serializers.Serializer):
    slug = serializers.SlugField()
    name = serializers.CharField()

    class Meta:
        ref_name = "Term"


class OpenStateSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(["open", "closes_soon", "closed", "holiday", "unknown"])
    text = serializers.CharField(help_text="Gælder, mens du læser det: gem det ikke.")

    class Meta:
        ref_name = "OpenState"


class HitSerializer(serializers.Serializer):
    slug = serializers.SlugField()
    name = serializers.CharField()
    url = serializers.URLField()
    address = serializers.CharField(allow_null=True, help_text="Vej og husnummer.")
    postcode = serializers.CharField()
    town = serializers.CharField()
    latitude = serializers.FloatField()
    longitude = serializers.FloatField()
    location_precision = serializers.ChoiceField(Clinic.Precision.values)
    distance_km = serializers.FloatField(allow_null=True)
    over_water = serializers.BooleanField(help_text="Ligger på den anden side af vandet.")
    group = serializers.ChoiceField(
        [MATCHING, NOT_STATED], help_text="Har klinikken ikke oplyst noget, er det ikke et nej."
    )
    matches = serializers.ListField(child=serializers.CharField(), help_text="Hvorfor den er med, i ord.")
    partial_match = serializers.BooleanField(help_text="Passer kun med det, der er beslægtet.")
    people = serializers.ListField(child=serializers.CharField(), help_text="Hvem dér kan hjælpe, i ord.")
    specialities = TermSerializer(many=True)
    treatments = TermSerializer(many=True)
    phone = serializers.CharField(allow_null=True, help_text="E.164")
    price_first = serializers.FloatField(allow_null=True, help_text=KRONER)
    price_follow_up = serializers.FloatField(allow_null=True, help_text=KRONER)
    has_ydernummer = serializers.BooleanField(allow_null=True)
    waiting_days = serializers.IntegerField(allow_null=True)
    waiting_stated_on = serializers.DateField(allow_null=True)
    open_state = OpenStateSerializer()
    rating = serializers.FloatField(allow_null=True, help_text=RATING)
    review_count = serializers.IntegerField(help_text="Bekræftede besøg, som gennemsnittet er lavet af.")
    is_example = serializers.BooleanField(help_text="Klinikken er opdigtet.")
    confirmed_at = serializers.DateField(allow_null=True, help_text="Bekræftet af klinikken; null er aldrig.")

    class Meta:
        ref_name = "ClinicHit"


class AskedCondition(serializers.Serializer):
    slug = serializers.SlugField()
    name = serializers.CharField()
    url = serializers.URLField(help_text="Hvad der skal læses først, står her: vis det før klinikkerne.")

    class Meta:
        ref_name = "AskedCondition"


class Widened(serializers.Serializer):
    # km, or a word: "area" is the region or island that was asked for.
    to = serializers.JSONField(help_text="Km, “region” eller “country”.")

    def get_fields(self) -> dict[str, serializers.Field]:
        asked = serializers.JSONField(help_text="Km, eller “area”: det område, der blev spurgt om.")
        return {"from": asked, **super().get_fields()}


class ClinicPage(serializers.Serializer):
    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    place = PlaceSerializer(allow_null=True)
    condition = AskedCondition(allow_null=True)
    gates = serializers.ListField(
        child=serializers.CharField(), help_text="Det, der skal være på plads før fysioterapi: vis det før klinikkerne."
    )
    widened = Widened(allow_null=True, help_text="Der var for få, og der er søgt længere væk.")
    relaxed = serializers.CharField(
        allow_null=True, help_text="Parameteren, der er set bort fra, fordi ingen klinik havde det."
    )
    relaxed_fields = serializers.ListField(child=serializers.CharField(), help_text="Dem alle, hvis der er flere.")
    results = HitSerializer(many=True)


class ClinicList(ReadOnly):
    keeping = OPEN_STATE_CACHE

    @extend_schema(
        operation_id="clinics",
        summary="Klinikker",
        description=(
            "De samme klinikker i samme rækkefølge som på siden: de nærmeste, der matcher, og derefter dem, der ikke "
            "har oplyst specialer. Det, en klinik ikke har oplyst, er null og aldrig et nej."
        ),
        parameters=list(described()),
        responses={200: ClinicPage, (400, MEDIA_TYPE): Problem, (404, MEDIA_TYPE): Problem},
    )
    def get(self, request: Request) -> Response:
        inquiry = read(request.query_params)
        found = inquiry.found()
        if found.page > found.pages:
            raise NotFound
        return Response(_page(request, inquiry, found))


def _page(request: Request, inquiry: Inquiry, found: Found) -> dict[str, Any]:
    condition = inquiry.condition
    relaxed = [english(name) for name in found.relaxed]
    return {
        "count": found.total,
        "next": _link(request, found.page + 1) if found.page < found.pages else None,
        "previous": _link(request, found.page - 1) if found.page > 1 else None,
        "place": place_json(inquiry.place),
        "condition": condition
        and {
            "slug": condition.slug,
            "name": condition.name,
            "url": request.build_absolute_uri(reverse("api:condition", args=[condition.slug])),
        },
        "gates": [*inquiry.gates, *inquiry.partial_gates.values()],
        "widened": _widened(inquiry, found),
        "relaxed": relaxed[0] if relaxed else None,
        "relaxed_fields": relaxed,
        "results": _results(request, found),
    }


def _link(request: Request, page: int) -> str:
    url = request.build_absolute_uri()
    return replace_query_param(url, "page", page) if page > 1 else remove_query_param(url, "page")


def _widened(inquiry: Inquiry, found: Found) -> dict[str, Any] | None:
    """How far was asked for (or is usual) and how far it went, when the page says so too."""
    if not found.total or inquiry.place is None or widening_notice(inquiry, found) is None:
        return None
    return {"from": "area" if inquiry.place.is_area else found.asked.steps[0], "to": found.step}


def _results(request: Request, found: Found) -> list[dict[str, Any]]:
    rows = {hit.clinic_id: hit.card_rows for hit in found.hits}
    facts = facts_of(rows, {hit.clinic_id: hit.closed_on_holidays for hit in found.hits}, found.asked.wanted)
    specialities = _numbered(Tag.Kind.SPECIALITY, terms().specialities) if found.hits else {}
    treatments = _numbered(Tag.Kind.TREATMENT, terms().treatments) if found.hits else {}
    return [
        _hit(request, hit, facts[hit.clinic_id])
        | {
            "specialities": [specialities[number] for number in hit.tags if number in specialities],
            "treatments": [treatments[number] for number in hit.tags if number in treatments],
        }
        for hit in found.hits
    ]


def _numbered(kind: str, by_slug: dict[str, Any]) -> dict[int, dict[str, str]]:
    """What the numbers in a clinic's tags stand for."""
    numbers = {tag_number(kind, slug): term for slug, term in by_slug.items()}
    return {number: {"slug": term.slug, "name": term.name} for number, term in numbers.items() if number is not None}


def _hit(request: Request, hit: Hit, facts: CardFacts) -> dict[str, Any]:
    return {
        "slug": hit.slug,
        "name": hit.name,
        "url": request.build_absolute_uri(reverse("clinics:profile", args=[hit.slug])),
        "address": hit.street or None,
        "postcode": hit.postcode,
        "town": hit.town,
        "latitude": hit.latitude,
        "longitude": hit.longitude,
        "location_precision": hit.precision,
        "distance_km": None if hit.distance_km is None else round(hit.distance_km, 3),
        "over_water": hit.over_water,
        "group": NOT_STATED if hit.group >= UNSTATED else MATCHING,
        "matches": list(hit.reason.names),
        "partial_match": hit.reason.partial,
        "people": list(facts.people),
        "phone": hit.phone or None,
        "price_first": kroner(hit.price_first),
        "price_follow_up": kroner(hit.price_follow_up),
        "has_ydernummer": hit.has_ydernummer,
        "waiting_days": hit.waiting_days,
        "waiting_stated_on": hit.waiting_stated_on,
        "open_state": open_state_json(facts.open_state),
        "rating": hit.average,
        "review_count": hit.review_count,
        "is_example": hit.is_example,
        "confirmed_at": hit.confirmed_at,
    }


def open_state_json(state: OpenState) -> dict[str, str]:
    return {"kind": state.kind, "text": state.text}


def kroner(amount: Decimal | None) -> float | None:
    """A JSON number; at most two decimals and six digits before them, which a float holds exactly enough."""
    return None if amount is None else float(amount)

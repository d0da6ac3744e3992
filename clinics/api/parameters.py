"""The parameters of `/api/v1/clinics/`: the English name of each field of the search form, and how its values are said.

The search is the page's own, form and all; here stands only what things are called. A field without a row is not asked
for by the API, which a test notices.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ErrorDetail, ValidationError

from clinics.choices import FILTERS
from clinics.filters import ERRORS, RADII
from clinics.inquiry import Inquiry
from clinics.orders import ORDERS as PAGE_ORDERS

from .views import Parameters, details

YES = {"true": "ja", "false": ""}
# Orders, by the value that the page has for them.
ORDERS = {
    "distance": "afstand",
    "price": "pris",
    "rating": "bedoemmelse",
    "waiting_time": "ventetid",
    "match": "match",
}


@dataclass(frozen=True)
class Parameter:
    """`name` is the form's field. `values`: what is said otherwise than on the page, value by value."""

    name: str
    about: str
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    values: Mapping[str, str] = field(default_factory=dict)

    def said(self, value: str) -> str:
        return self.values.get(value, value)


FLAG = {"type": "boolean"}
PARAMETERS: dict[str, Parameter] = {
    "condition": Parameter("tilstand", "Tilstandens slug: se /api/v1/conditions/."),
    "speciality": Parameter("speciale", "Specialets slug. Kan gentages: ét af dem er nok."),
    "treatment": Parameter("behandling", "Behandlingstypens slug. Kan gentages: én af dem er nok."),
    "place": Parameter("sted", "Postnummer, by eller region, som et menneske skriver det: se /api/v1/places/."),
    "radius_km": Parameter(
        "radius",
        "Så langt væk der søges først. Giver det mindre end tre, søges der længere væk: se widened.",
        {"type": "integer", "enum": list(RADII)},
    ),
    "radius_only": Parameter("kun_radius", "Søg ikke længere væk end radius_km.", FLAG, YES),
    "area": Parameter("omraade", "Kun i dette område: vest,syd,øst,nord i grader (WGS 84)."),
    "max_price": Parameter(
        "pris_max",
        "Højeste pris i kr. for første konsultation uden henvisning.",
        {"type": "number", "minimum": 0, "maximum": 99_999},
    ),
    "max_waiting_days": Parameter(
        "ventetid_max", "Længste ventetid i dage.", {"type": "integer", "minimum": 0, "maximum": 365}
    ),
    "min_rating": Parameter(
        "bedoemmelse_min",
        "Laveste gennemsnit af bekræftede besøg. En klinik uden bedømmelse er ikke med.",
        {"type": "number", "minimum": 1, "maximum": 5},
    ),
    "has_ydernummer": Parameter("ydernummer", "Kun klinikker med ydernummer.", FLAG, YES),
    "open": Parameter("aaben", "Åbningstider. Kan gentages: nu skal passe, af resten er én nok."),
    "format": Parameter("form", "Sådan foregår behandlingen. Kan gentages: én af dem er nok."),
    "access": Parameter("adgang", "Adgang. Kan gentages: klinikken skal have dem alle."),
    "fact": Parameter("fakta", "Det, klinikken tilbyder. Kan gentages: klinikken skal have dem alle."),
    "language": Parameter("sprog", "Sprog, ISO 639. Kan gentages: ét af dem er nok."),
    "insurer": Parameter("forsikring", "Aftale med sundhedsforsikring. Kan gentages: én af dem er nok."),
    "confirmed": Parameter("bekraeftet", "Oplysningerne er bekræftet af klinikken det seneste år.", FLAG, YES),
    "filters_only": Parameter(
        "kun_filtre", "Se ikke bort fra noget filter, heller ikke når ingen opfylder dem alle.", FLAG, YES
    ),
    "sort": Parameter("sorter", "Rækkefølge.", {"type": "string"}, ORDERS),
    "page": Parameter("side", "20 ad gangen.", {"type": "integer", "minimum": 1, "maximum": 100_000}),
}
# Fields of the form that belong to the page alone: free text leads to articles as well as clinics.
PAGE_ONLY = frozenset({"q"})


class Others(Parameters):
    """What is said in other words than on the page, so that a mistake in it is told in the API's own."""

    sort = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sort"].choices = [(order, order) for order in orders()]  # type: ignore[attr-defined]
        self.fields["sort"].error_messages |= {"invalid_choice": ERRORS["invalid_choice"]}


def orders() -> list[str]:
    """The orders that there are: those of the page."""
    return [order for order, danish in ORDERS.items() if danish in PAGE_ORDERS]


def read(query: QueryDict) -> Inquiry:
    """The search that the parameters ask for. Raises ValidationError, which names each by its own name.

    A place that is not found is an error too: the page asks back, a machine is told to.
    """
    others = Others(query)
    others.is_valid()
    inquiry = Inquiry.read(_in_danish(query))
    wrong = {english(name): found for name, found in details(inquiry.form).items()} | details(others)
    if inquiry.answer.message:
        wrong["place"] = [ErrorDetail(inquiry.answer.message, inquiry.answer.outcome)]
    if wrong:
        raise ValidationError(wrong)
    return inquiry


def english(field: str) -> str:
    """What the API calls a field of the form."""
    return next((name for name, parameter in PARAMETERS.items() if parameter.name == field), field)


def _in_danish(query: QueryDict) -> QueryDict:
    danish = QueryDict(mutable=True)
    for name, parameter in PARAMETERS.items():
        if name in query:
            danish.setlist(parameter.name, [parameter.said(value) for value in query.getlist(name)])
    return danish


def described() -> Iterator[OpenApiParameter]:
    """The parameters as the schema tells them, with the values that the page knows."""
    ticked = {one.name: [choice.slug for choice in one.choices] for one in FILTERS}
    for name, parameter in PARAMETERS.items():
        schema: dict[str, Any] = dict(parameter.schema)
        if name == "sort":
            schema["enum"] = orders()
        repeated = parameter.name in (*ticked, "speciale", "behandling") and not parameter.values
        if repeated:
            items = schema | ({"enum": ticked[parameter.name]} if parameter.name in ticked else {})
            schema = {"type": "array", "items": items}
        yield OpenApiParameter(
            name, schema, description=parameter.about, many=False, explode=True if repeated else None
        )

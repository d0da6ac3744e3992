"""Errors of the API as RFC 9457 says: `application/problem+json` with type, title, status, detail and instance."""

from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404
from rest_framework import exceptions, serializers
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response

MEDIA_TYPE = "application/problem+json"
# Status → title and, where the error has no sentence of its own, detail.
SENTENCES = {
    400: ("Ugyldig forespørgsel", "Forespørgslen kan ikke forstås."),
    403: ("Ikke tilladt", "Det er der ikke adgang til."),
    404: ("Findes ikke", "Der er intet på denne adresse."),
    410: ("Findes ikke længere", "Klinikken er lukket."),
    405: ("Metoden er ikke tilladt", "Her kan der kun læses: brug GET, HEAD eller OPTIONS."),
    429: ("For mange forespørgsler", "Vent lidt, og prøv igen."),
}


class Problem(serializers.Serializer):
    type = serializers.CharField(help_text="Altid about:blank: status siger, hvilken slags fejl det er.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    instance = serializers.CharField(help_text="Adressens sti.")
    errors = serializers.DictField(  # type: ignore[assignment]  # Serializer.errors is about input, which there is none of
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="Parametrene, der ikke kan bruges, hver med sætninger om hvorfor.",
    )
    codes = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="De samme parametre, hver med et kort ord til maskiner for hver sætning.",
    )


class Gone(exceptions.APIException):
    """What was here and is no longer; the address will not come back."""

    status_code = 410
    default_code = "gone"


class JsonOnly(BaseContentNegotiation):
    """JSON whatever is asked for: who cannot read it is told nothing by a 406."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0] if parsers else None

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to an error; None for one that is ours, which then is a 500 and logged."""
    if isinstance(error, exceptions.APIException):
        status = error.status_code
    elif isinstance(error, Http404):
        status = 404
    elif isinstance(error, PermissionDenied):
        status = 403
    elif isinstance(error, SuspiciousOperation):  # a thousand parameters
        status = 400
    else:
        return None
    title, detail = SENTENCES.get(status, ("Fejl", "Forespørgslen kan ikke besvares."))
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    if isinstance(error, exceptions.ValidationError) and isinstance(error.detail, dict):
        body["errors"] = {name: [str(one) for one in found] for name, found in error.detail.items()}
        body["codes"] = {
            name: [str(getattr(one, "code", "invalid")) for one in found] for name, found in error.detail.items()
        }
        body["detail"] = " ".join(sentence for found in body["errors"].values() for sentence in found)
    body["instance"] = context["request"].path
    answer = Response(body, status=status, content_type=MEDIA_TYPE)
    if wait := getattr(error, "wait", None):
        answer["Retry-After"] = str(int(wait))
    return answer

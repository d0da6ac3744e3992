"""`{% map_url %}`: where the map of this page's search gets its clinics."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse

from clinics.api.parameters import PARAMETERS

register = template.Library()


@register.simple_tag(takes_context=True)
def map_url(context: dict[str, Any]) -> str:
    """`/api/v1/clinics.geojson?…` with the parameters of the page by their names in the API."""
    asked = context["request"].GET
    query = []
    for name, parameter in PARAMETERS.items():
        said = {on_page: in_api for in_api, on_page in parameter.values.items()}
        query += [(name, said.get(value, value)) for value in asked.getlist(parameter.name) if value]
    url = reverse("api:clinic_map")
    return f"{url}?{urlencode(query)}" if query else url

"""`{% map_url %}` and `{% map_tiles %}`: what the map of a results page is made of."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.urls import reverse

from clinics.api.parameters import PARAMETERS
from clinics.coordinates import is_point

register = template.Library()


@register.simple_tag(takes_context=True)
def map_url(context: dict[str, Any]) -> str:
    """`/api/v1/clinics.geojson?…` with the parameters of the page by their names in the API."""
    asked = context["request"].GET
    query = []
    for name, parameter in PARAMETERS.items():
        said = {on_page: in_api for in_api, on_page in parameter.values.items()}
        query += [(name, said.get(value, value)) for value in asked.getlist(parameter.name) if value]
    if (place := context.get("place")) and any(name == "place" and is_point(value) for name, value in query):
        query = [(name, place.sted if name == "place" else value) for name, value in query]  # as `Inquiry.read`
    url = reverse("api:clinic_map")
    return f"{url}?{urlencode(query)}" if query else url


@register.simple_tag
def map_tiles() -> dict[str, str]:
    """Where pictures of the map come from and who made them; an empty `url` means our own outline."""
    return {"url": settings.MAP_TILE_URL, "attribution": settings.MAP_TILE_ATTRIBUTION}

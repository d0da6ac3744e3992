"""`/api/v1/openapi.json`: the API as machines read it."""

from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from clinics.api.views import ReadOnly


class Schema(ReadOnly):
    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        return Response(schema())


@cache
def schema() -> dict[str, Any]:
    """The same for everybody, so it is made once (50 ms)."""
    return SchemaGenerator().get_schema(request=None, public=True)

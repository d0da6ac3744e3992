"""What the views of the API share."""

from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ErrorDetail, NotFound, ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.filters import ERRORS

from .throttle import Throttle

SECONDS = 300  # that an answer may be kept: what editors change is seen five minutes later


class Parameters(forms.Form):
    """The parameters of an address. Every one is a field; what is not understood is an error and never left out silently."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages |= ERRORS
            for validator in field.validators:
                if (code := getattr(validator, "code", "")) in ERRORS:
                    setattr(validator, "message", ERRORS[code])  # noqa: B010 (a validator's type need not have one)

    @classmethod
    def read(cls, request: Request) -> dict[str, Any]:
        """The cleaned parameters. Raises the API's ValidationError."""
        form = cls(request.query_params)
        if not form.is_valid():
            raise ValidationError(details(form))
        return form.cleaned_data


def details(form: forms.Form) -> dict[str, list[ErrorDetail]]:
    """What is wrong with a form, by field: sentences that carry their machine code."""
    found = form.errors.get_json_data()
    return {
        name: [ErrorDetail(one["message"], one["code"] or "invalid") for one in errors]
        for name, errors in found.items()
    }


class PagedParameters(Parameters):
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)


class Pages(PageNumberPagination):
    """`{"count", "next", "previous", "results"}`."""

    page_size = 20
    invalid_page_message = "Listen har ikke så mange sider."


@method_decorator(conditional_page, name="dispatch")
class ReadOnly(APIView):
    """GET, HEAD and OPTIONS. What was found may be kept for a while and asked for again by its ETag."""

    http_method_names = ["get", "head", "options"]
    throttle_classes = [Throttle]
    keeping: ClassVar[dict[str, Any]] = {"public": True, "max_age": SECONDS}

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        if answer.status_code in (200, 301) and request.method in ("GET", "HEAD"):
            patch_cache_control(answer, **self.keeping)
        return answer


@extend_schema(exclude=True)
class Unknown(ReadOnly):
    """Whatever else stands under /api/v1/."""

    http_method_names = [*ReadOnly.http_method_names, "post", "put", "patch", "delete"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return super().dispatch(request)

    def get(self, request: Request) -> Response:
        raise NotFound

    post = put = patch = delete = options = get  # type: ignore[assignment]

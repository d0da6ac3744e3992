"""What no form of the admin sends, refused in one place: NUL, and something else where the number of a row belongs."""

import re
from collections.abc import Callable

from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template.loader import render_to_string

# What driver and database say of NUL (in a text, in JSON), and Django when a key is compared with something else
# ("condition=x"). Rows are asked for in so many places of its admin (selects, filters, ticked rows, first values in the
# address) that only the way out is common to them. A form that names the field comes before this: what was typed stays.
NO_DATA = re.compile(
    r"Field 'id' expected a number but got |.*cannot contain NUL \(0x00\)|unsupported Unicode escape sequence"
)


class AdminBadInput:
    """Under /admin/ a Danish 400 page instead of an error of ours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        refused = isinstance(exception, (ValueError, DataError)) and NO_DATA.match(str(exception))
        if not refused or not request.path.startswith("/admin/"):
            return None
        return HttpResponseBadRequest(render_to_string("400.html", {"sent": True}))

"""How often one visitor may ask: Django REST framework's throttle over our own counter, which keeps no address and is exact."""

import datetime
from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from clinics import rate_limit

A_MINUTE = 300  # requests from one address; a page of twenty clinics is one
MINUTE = datetime.timedelta(minutes=1)


class Throttle(BaseThrottle):
    """429 for what is too much, with `Retry-After`. One statement for every request, whatever it asks for."""

    def allow_request(self, request: Request, view: Any) -> bool:
        return rate_limit.allow("api", rate_limit.source_of(request._request), A_MINUTE, MINUTE)

    def wait(self) -> float:
        """At most this long until the window is over; when it began is not told."""
        return MINUTE.total_seconds()

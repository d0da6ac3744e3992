"""`/klinik/<slug>/talt/`: a browser reports a tap on a clinic's telephone, website, booking or directions (counted.js)."""

import logging

from django.db import Error
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from clinics import statistics
from clinics.corrections import from_our_page
from clinics.models import Clinic, DailyStatistic
from clinics.rate_limit import HOUR, allow, source_of

Event = DailyStatistic.Event
TAPS = (Event.PHONE, Event.WEBSITE, Event.BOOKING, Event.DIRECTIONS)
LONGEST = max(map(len, TAPS))
MOST_PER_CLINIC = 20  # in an hour from one source: more is no patient
MOST_IN_ALL = 200  # in an hour from one source, to all clinics

logger = logging.getLogger(__name__)


# Nothing that a cookie allows happens here, and a browser that reports in passing sends no token.
@csrf_exempt
@never_cache
def counted(request: HttpRequest, slug: str) -> HttpResponse:
    """204 whatever comes: nobody waits for the answer, and whoever forges learns nothing. The body is the event's name."""
    if request.method == "POST" and statistics.counts(request) and from_our_page(request):
        event = _event(request)
        try:
            if event and (pk := _clinic(slug)) and _may_count(request, pk):
                statistics.seen(event, [pk])
        except Error:
            logger.exception("a tap on %s could not be counted", slug)
    return HttpResponse(status=204)


def _event(request: HttpRequest) -> str:
    length = request.META.get("CONTENT_LENGTH") or ""
    if not (length.isascii() and length.isdecimal() and len(length) < 3 and int(length) <= LONGEST):
        return ""
    try:
        said = request.read(LONGEST).decode("ascii", "replace")
    except UnreadablePostError:
        return ""
    return said if said in TAPS else ""


def _clinic(slug: str) -> int | None:
    return Clinic.objects.filter(slug=slug, status=Clinic.Status.PUBLISHED).values_list("pk", flat=True).first()


def _may_count(request: HttpRequest, clinic_id: int) -> bool:
    source = source_of(request)
    return allow("taps", source, MOST_IN_ALL, HOUR) and allow(f"taps-{clinic_id}", source, MOST_PER_CLINIC, HOUR)

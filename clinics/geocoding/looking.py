"""The one function that asks: an address → where it is, out of the cache or from the geocoder, in turn and at most once.

What a geocoder said of an address is kept (`GeocodedAddress`); that it said nothing useful (an error, HTML, silence) is kept
too, so that the address is left alone for some hours, and the geocoder for a minute, five, thirty, and so on.
"""

import datetime
import logging
from typing import Any

from django.db import transaction
from django.db.models import Q

from clinics import clock
from clinics.geo import Point
from clinics.models import GeocodedAddress, RateCount
from clinics.outside.turns import BusyError, NotNowError, turn

from .asked import Asked
from .geocoders import Geocoder, UnansweredError
from .judging import Answer, judge

logger = logging.getLogger(__name__)

__all__ = ["AwayError", "BusyError", "NotNowError", "UnansweredError", "is_away", "key_of", "left_alone", "look_up"]

UNANSWERED = "Intet svar: "  # how the problem of such a row begins
# How long an answer counts: a point, "not known", no answer.
KNOWN, NOT_KNOWN, SILENT = datetime.timedelta(days=730), datetime.timedelta(days=60), datetime.timedelta(hours=6)
BACK_OFF = tuple(datetime.timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60, 6 * 60))
MOST_WAIT = datetime.timedelta(days=1)  # whatever a geocoder asks for
AWAY = "geocoder:away"  # a row of clinics.rate_limit: how often it failed in a row, and until when it is left alone


class AwayError(NotNowError):
    """The geocoder failed a while ago, or did so with this address: it is not asked again yet."""


def look_up(asked: Asked, geocoder: Geocoder) -> Answer:
    """Where it is, or why nobody knows. Takes a turn, and up to ten seconds more, unless it is known already.

    Raises UnansweredError when the geocoder failed now, AwayError when it is still left alone, BusyError when others ask.
    """
    key = key_of(asked, geocoder)
    if (known := _known(key)) is not None:
        return known
    with turn("geocoder", geocoder.pause):
        if (known := _known(key)) is not None:  # somebody asked while we waited
            return known
        if is_away():
            raise AwayError
        try:
            found = geocoder.find(asked)
        except UnansweredError as error:
            _failed(key, error)
            raise
        answer = judge(asked, found)
        _keep(key, answer)
        RateCount.objects.filter(key=AWAY).delete()
        return answer


def key_of(asked: Asked, geocoder: Geocoder) -> str:
    return f"{geocoder.name} | {asked.line}"[:400]


def is_away() -> bool:
    return RateCount.objects.filter(key=AWAY, expires_at__gt=clock.now()).exists()


def left_alone(keys: list[str]) -> set[str]:
    """Of these, the addresses that got no answer a while ago."""
    silent = Q(problem__startswith=UNANSWERED, asked_at__gt=clock.now() - SILENT)
    return set(GeocodedAddress.objects.filter(silent, key__in=keys).values_list("key", flat=True))


def _known(key: str) -> Answer | None:
    """Raises AwayError for an address that got no answer a while ago."""
    row, now = GeocodedAddress.objects.filter(key=key).first(), clock.now()
    if row is None:
        return None
    if row.latitude is not None and row.longitude is not None:
        return Answer(Point(row.latitude, row.longitude), row.precision) if row.asked_at > now - KNOWN else None
    if row.problem.startswith(UNANSWERED):
        if row.asked_at > now - SILENT:
            raise AwayError
        return None
    return Answer(problem=row.problem) if row.asked_at > now - NOT_KNOWN else None


def _keep(key: str, answer: Answer) -> None:
    point = answer.point
    _store(
        key,
        latitude=point.latitude if point else None,
        longitude=point.longitude if point else None,
        precision=answer.precision,
        problem=answer.problem[:200],
    )


@transaction.atomic
def _failed(key: str, error: UnansweredError) -> None:
    """A point of before stays known: an address is not lost because its geocoder is."""
    row = GeocodedAddress.objects.filter(key=key).first()
    if row is None or row.latitude is None:
        _store(key, latitude=None, longitude=None, precision="", problem=f"{UNANSWERED}{error}"[:200])
    away = RateCount.objects.select_for_update(of=("self",)).filter(key=AWAY).first() or RateCount(key=AWAY)
    wait = BACK_OFF[min(away.count, len(BACK_OFF) - 1)]
    asked_for = min(MOST_WAIT, datetime.timedelta(seconds=min(max(error.wait, 0), 10**6)))
    away.count, away.expires_at = min(away.count + 1, 1000), clock.now() + max(wait, asked_for)
    away.save()
    logger.warning(
        "the geocoder failed %d times in a row, asked again in %s: %s", away.count, max(wait, asked_for), error
    )


def _store(key: str, **values: Any) -> None:
    GeocodedAddress.objects.update_or_create(key=key, defaults={**values, "asked_at": clock.now()})

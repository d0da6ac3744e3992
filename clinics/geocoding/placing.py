"""From a clinic's address to its point: when it is looked up, and what may move. docs/geocoding.md."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat

from clinics import index, versions
from clinics.models import Clinic

from .asked import Asked, asked, said
from .geocoders import Geocoder, geocoder
from .judging import Answer
from .looking import NotNowError, is_away, key_of, left_alone, look_up

logger = logging.getLogger(__name__)

SAID = Concat(F("street"), Value(", "), F("postcode_id"))  # `said`, in SQL
BATCH = 40  # addresses in one run of beat: a worker has other things to do
LONGEST = 240  # seconds of one run
_READ = 200  # rows at a time
NOTE = "Punktet på kortet fundet ud fra adressen"
Where = Clinic.LocationSource
_quiet: ContextVar[bool] = ContextVar("left_to_beat", default=False)
LOOKED_UP = (Where.GEOCODER, Where.LIST)  # a point that stands for one address, and goes with it


def follow(*, clinic: Clinic) -> None:
    """After a clinic was saved, in the same transaction: a point that stood for another address does not stay, and the
    address is looked up when the transaction is through.

    A pin set by hand stays. No statement unless there is something to do.
    """
    if _is_elsewhere(clinic):
        _to_postcode(clinic)
    if (
        settings.GEOCODER_URL
        and not _quiet.get()
        and clinic.location_source == Where.POSTCODE
        and _may_be_asked(clinic)
    ):
        transaction.on_commit(lambda: _nudge(clinic.pk), robust=True)


@contextmanager
def left_to_beat() -> Iterator[None]:
    """For thousands of clinics at once: nobody is nudged, for at one address a second the worker would do nothing else for
    hours. `place_missing` finds them, some at a time."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


def place(pk: int) -> bool:
    """Look a clinic's address up and move its point there. True when the point moved. Doing it twice does it once.

    Nothing is locked while somebody else's server is asked; whoever changed the address or set a pin meanwhile has the last word.
    Raises as `looking.look_up`: the clinic waits, at its postcode's point.
    """
    service = geocoder()
    clinic = Clinic.objects.select_related("postcode").filter(pk=pk).first()
    if service is None or clinic is None or not _may_be_asked(clinic) or clinic.location_source == Where.HAND:
        return False
    if clinic.location_source in LOOKED_UP and clinic.geocoded_for == said(clinic):
        return False
    # Changed by something that does not call `follow`.
    left = _is_elsewhere(clinic) and _write(clinic, Answer())
    question = asked(clinic.street, clinic.postcode)
    answer = look_up(question, service) if question else Answer(problem="ingen vej")
    return _write(clinic, answer, is_final=True) or left


def place_missing(most: int = BATCH) -> int:
    """For beat: up to `most` clinics whose address was never looked up. Returns how many points moved.

    A geocoder that is away is asked for nothing more; an address that it cannot answer does not keep the others waiting.
    """
    service = geocoder()
    if service is None or is_away():
        return 0
    moved, until = 0, time.monotonic() + LONGEST
    for number, pk in enumerate(_waiting(service)):
        if number >= most or time.monotonic() > until:
            break
        try:
            moved += place(pk)
        except NotNowError:
            break
    return moved


def missing() -> QuerySet[Clinic]:
    """Clinics that patients may see, or soon will, whose address as it is now was not looked up."""
    rows = Clinic.objects.filter(is_example=False).exclude(status=Clinic.Status.CLOSED).exclude(street="")
    return rows.exclude(location_source=Where.HAND).exclude(Q(geocoded_for=SAID))


def _waiting(service: Geocoder) -> Iterator[int]:
    """Keys of `missing`, but for addresses that got no answer a while ago."""
    after = 0
    while rows := list(missing().filter(pk__gt=after).select_related("postcode").order_by("pk")[:_READ]):
        after = rows[-1].pk
        questions: dict[int, Asked | None] = {row.pk: asked(row.street, row.postcode) for row in rows}
        keys = {pk: key_of(one, service) for pk, one in questions.items() if one}
        alone = left_alone(list(keys.values()))
        yield from (row.pk for row in rows if keys.get(row.pk) not in alone)


@transaction.atomic
def _write(clinic: Clinic, answer: Answer, is_final: bool = False) -> bool:
    """Move the point of the clinic as it was read, unless it is another one by now. True when it moved."""
    stored = Clinic.objects.select_for_update(of=("self",)).select_related("postcode").filter(pk=clinic.pk).first()
    if stored is None or said(stored) != said(clinic) or stored.location_source == Where.HAND:
        return False
    before = (stored.latitude, stored.longitude, stored.location_precision)
    stored.latitude, stored.longitude = stored.postcode.latitude, stored.postcode.longitude
    stored.location_source, stored.location_precision = Where.POSTCODE, Clinic.Precision.POSTCODE
    if answer.point:
        stored.latitude, stored.longitude = answer.point.latitude, answer.point.longitude
        stored.location_source, stored.location_precision = Where.GEOCODER, answer.precision
    stored.geocoded_for = said(stored) if is_final else ""
    moved = before != (stored.latitude, stored.longitude, stored.location_precision)
    # Nobody's statement, so `updated_at` is left alone too.
    fields = ["latitude", "longitude", "location_source", "location_precision", "geocoded_for"]
    stored.save(update_fields=fields)
    if moved:
        index.rebuild([stored.pk])
        if stored.versions.exists():  # or the next person who saves would have moved it, in the history
            versions.record(clinic=stored, by=None, note=NOTE)
    return moved


def _to_postcode(clinic: Clinic) -> None:
    clinic.latitude, clinic.longitude = clinic.postcode.latitude, clinic.postcode.longitude
    clinic.location_source, clinic.location_precision = Where.POSTCODE, Clinic.Precision.POSTCODE
    clinic.geocoded_for = ""
    fields = ["latitude", "longitude", "location_source", "location_precision", "geocoded_for"]
    clinic.save(update_fields=fields)


def _is_elsewhere(clinic: Clinic) -> bool:
    """Whether the point was looked up for another address than the clinic has now."""
    return clinic.location_source in LOOKED_UP and clinic.geocoded_for not in ("", said(clinic))


def _may_be_asked(clinic: Clinic) -> bool:
    """What is invented is nowhere, and what is closed needs no point."""
    return bool(clinic.street) and not clinic.is_example and clinic.status != Clinic.Status.CLOSED


def _nudge(pk: int) -> None:
    """Ask the worker to look at once. Nothing depends on it: beat looks every few minutes anyway."""
    from clinics import tasks  # it imports this module

    tasks.geocode_clinic.apply_async([pk], retry=False)

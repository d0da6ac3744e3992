"""Which website is looked at when, and what is written down. docs/website-check.md.

Every website once a week, however many clinics share it; of one host one website in a run, so that a chain is asked in the
course of a day. One look at a time of all workers, with a pause after each.
"""

import datetime
import logging
import random
import time
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from clinics import clock
from clinics.models import Clinic, RateCount, WebsiteCheck
from clinics.outside.turns import BusyError, alone, turn

from .asking import Look, look

logger = logging.getLogger(__name__)

EVERY = datetime.timedelta(days=7)
BELIEVED = 3 * EVERY  # somebody may have switched it off meanwhile
BROKEN_AFTER = 3  # looks in a row, on different days
BATCH = 30  # websites in one run of beat
LONGEST = 150  # seconds of one run: the worker has other things to do
SILENT = 5  # hosts at the beginning of a run that say nothing: then it may be us
CONTROLS = 2  # websites that answered the last time, asked to find that out
_READ = 200  # websites that are due, out of which a run takes its own
_MOST = 32_000  # what the column holds


def listed() -> QuerySet[Clinic]:
    """Clinics with a website that patients see. Invented ones are nowhere."""
    return Clinic.objects.published().filter(is_example=False).exclude(website="")


def current() -> QuerySet[WebsiteCheck]:
    """Looks at websites that are still the clinic's."""
    return WebsiteCheck.objects.filter(clinic__in=listed(), url=F("clinic__website"))


def broken() -> QuerySet[WebsiteCheck]:
    """Those that did not answer three times in a row: worth a person's look. Not what was seen long ago and never since."""
    return current().filter(failures__gte=BROKEN_AFTER, checked_at__gt=clock.now() - BELIEVED)


def broken_of(clinic: Clinic) -> WebsiteCheck | None:
    """The row of this clinic, if it is one of `broken`. One statement."""
    return broken().filter(clinic=clinic).first()


def due() -> QuerySet[Clinic]:
    """Clinics whose website was not looked at for a week, or is another one now."""
    last = Q(website_check__url=F("website"), website_check__checked_at__gt=clock.now() - EVERY)
    return listed().exclude(last)


def check_some(most: int = BATCH) -> int:
    """For beat: look at up to `most` websites. Returns how many were looked at: 0 where it is off, or another worker is at it."""
    if not settings.WEBSITE_CHECK:
        return 0
    with alone("websites") as mine:
        return _run(_chosen(most)) if mine else 0


def check(pk: int) -> bool:
    """Look at this clinic's website now. False when there is none to look at, or it asked to be left alone. Raises BusyError."""
    clinic = listed().filter(pk=pk).first()
    if not settings.WEBSITE_CHECK or clinic is None:
        return False
    return bool(_run([clinic.website], is_waiting=True))


def host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return url


def _chosen(most: int) -> list[str]:
    """By chance, so that some who never answer do not stand in front of everybody else for ever."""
    urls = due().order_by("?").values_list("website", flat=True)[:_READ]
    one_of_each = {host(url): url for url in urls}
    return list(one_of_each.values())[:most]


def _run(urls: Iterable[str], *, is_waiting: bool = False) -> int:
    """Returns how many were looked at. A silence counts only when the network is known to be there.

    `is_waiting`: somebody waits for the answer, so that no turn is a BusyError.
    """
    until, done = time.monotonic() + LONGEST, 0
    silent: list[tuple[str, Look]] = []
    is_online = False
    for url in urls:
        if time.monotonic() > until:
            break
        try:
            seen = _look(url)
        except BusyError:
            if is_waiting:
                raise
            break
        if seen is None:
            continue
        is_online = is_online or seen.answered
        if is_online or seen.is_well is not False:
            _keep(url, seen)
            done += 1
            continue
        silent.append((url, seen))
        if len(silent) >= SILENT:
            break
    if silent and not is_online and not _somebody_answers(silent):
        logger.error(
            "no website answered, the first %d in a row: is our network there? Nothing was noted.", len(silent)
        )
        return done
    for url, seen in silent:
        _keep(url, seen)
    return done + len(silent)


def _somebody_answers(silent: Sequence[tuple[str, Look]]) -> bool:
    """Whether it is they and not we. Where nobody ever answered, a few are believed and many are not."""
    well = current().filter(failures=0, problem="").exclude(url__in=[url for url, _ in silent])
    controls = list(dict.fromkeys(well.order_by("-checked_at").values_list("url", flat=True)[:_READ]))
    for url in random.sample(controls, min(CONTROLS, len(controls))):
        if (seen := _look(url)) and seen.answered:
            _keep(url, seen)
            return True
    return not controls and len(silent) < SILENT


def _look(url: str) -> Look | None:
    """None when it asked to be left alone. Raises BusyError."""
    with turn("websites", settings.WEBSITE_CHECK_PAUSE):
        if RateCount.objects.filter(key=_away(url), expires_at__gt=clock.now()).exists():
            return None
        seen = look(url)
    if seen.wait:
        until = clock.now() + datetime.timedelta(seconds=seen.wait)
        RateCount.objects.update_or_create(key=_away(url), defaults={"count": 1, "expires_at": until})
    return seen


def _away(url: str) -> str:
    return f"website:away:{host(url)}"[:100]


@transaction.atomic
def _keep(url: str, seen: Look) -> None:
    """For every clinic that has this website now. Twice on one day it fails once."""
    clinics = listed().filter(website=url).select_for_update(of=("self",), no_key=True).order_by("pk")
    for clinic in clinics.select_related("website_check"):
        row = getattr(clinic, "website_check", None) or WebsiteCheck(clinic=clinic)
        before = row.failures if row.url == url else 0
        if seen.is_well is False:
            is_same_day = row.checked_at.astimezone(clock.COPENHAGEN).date() == clock.today()
            row.failures = before if before and is_same_day else min(before + 1, _MOST)
        else:
            row.failures = 0 if seen.is_well else before
        row.url, row.problem, row.checked_at = url, seen.problem[:200], clock.now()
        row.save()

"""What a moderator should look at twice: bursts, the same text twice, the clinic's own network of codes. It decides nothing.

Looked for once, when a review comes in or comes back: what it is compared with (where it came from, its address, its sheet) is
kept for a day or some weeks only. What is kept of the answer is a sentence that names nobody.
"""

import datetime
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from itertools import pairwise

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import QuerySet

from clinics import clock
from clinics.claiming.domains import ascii_host, own_domain
from clinics.models import Membership, Review

from . import text_checks

logger = logging.getLogger(__name__)

DAY = datetime.timedelta(days=1)
USUAL_DAYS = 90
# So many in a day, and so many times what is usual there: a busy clinic that hands its codes out has some each day.
BURST, BURST_TIMES = 5, 3
MANY_OF_A_SHEET = 4
# Of the pairs of words in the shorter of two texts so many stand in the longer: two people about one clinic share a tenth at
# most, one who changed every fifth word more than half. docs/moderation.md.
ALIKE, FEWEST_PAIRS = 0.5, 6
NEWEST, OF_THE_CLINIC = 500, 300  # with how many it is compared
MOST_KEYS = 10  # of the reviews that a moderator is led to
_WORD = re.compile(r"\w+")


class Kind(StrEnum):
    BURST = "burst"
    SAME_TEXT = "same_text"
    SAME_NETWORK = "same_network"
    OTHER_CLINICS = "other_clinics"
    SHEET_NETWORK = "sheet_network"
    MANY_CODES = "many_codes"
    SAME_EMAIL = "same_email"
    OWN_EMAIL = "own_email"
    TEXT = "text"
    BROKEN = "broken"


@dataclass(frozen=True)
class Suspicion:
    """`text` is one Danish sentence; `keys` those of the other reviews that it is about, which may be gone by now."""

    kind: str
    text: str
    keys: tuple[str, ...] = ()


def note(*, review: Review) -> list[Suspicion]:
    """Look at a review that has just become PENDING, and keep what is found on it. In the caller's transaction."""
    try:
        with transaction.atomic():
            found = [one for look in LOOKS for one in look(review)]
    except Exception:
        found = [one for look in LOOKS for one in _looked(look, review)]
    review.suspicions = [asdict(one) | {"keys": list(one.keys)} for one in found]
    review.save(update_fields=["suspicions"])
    return found


def _looked(look: Callable[[Review], Iterator[Suspicion]], review: Review) -> list[Suspicion]:
    """What one look finds. One that fails costs nobody their review: the moderator is told that it was not looked at."""
    try:
        with transaction.atomic():
            return list(look(review))
    except Exception as error:
        # Its kind alone: the words of an error may hold those of the review.
        logger.error("%s failed for a review: %s", look.__name__, type(error).__name__)
        return [Suspicion(Kind.BROKEN, "En af de automatiske kontroller virkede ikke. Se selv efter en ekstra gang.")]


def _burst(review: Review) -> Iterator[Suspicion]:
    now = clock.now()
    arrived = _others(review).filter(clinic=review.clinic_id)
    lately = arrived.filter(created_at__gt=now - DAY).count() + 1
    before = arrived.filter(created_at__lte=now - DAY, created_at__gt=now - USUAL_DAYS * DAY).count()
    if lately >= BURST and lately >= BURST_TIMES * before / USUAL_DAYS:
        yield Suspicion(Kind.BURST, f"Klinikken har fået {lately} anmeldelser på et døgn. Det er mange for den.")


def _same_text(review: Review) -> Iterator[Suspicion]:
    others = _others(review).order_by("-pk").values_list("pk", "key", "clinic", "text")
    # A union, each half by an index: with `pk IN … OR pk IN …` every review there is would be read.
    rows = others[:NEWEST].union(others.filter(clinic=review.clinic_id)[:OF_THE_CLINIC]).order_by("-pk")
    # Here and not by pg_trgm, which took ten times as long: the clinic is locked meanwhile.
    words = _words(review.text)
    found = [(key, clinic == review.clinic_id) for _, key, clinic, text in rows if _alike(words, _words(text))]
    if found:
        where = (
            "en anmeldelse af samme klinik" if any(same for _, same in found) else "en anmeldelse af en anden klinik"
        )
        more = " (og flere)" if len(found) > 1 else ""
        yield Suspicion(Kind.SAME_TEXT, f"Teksten ligner {where}{more}.", tuple(key for key, _ in found[:MOST_KEYS]))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _alike(one: list[str], other: list[str]) -> bool:
    pairs, others = set(pairwise(one)), set(pairwise(other))
    fewer = min(len(pairs), len(others))
    if fewer < FEWEST_PAIRS:
        return one == other
    return len(pairs & others) >= ALIKE * fewer


def _network(review: Review) -> Iterator[Suspicion]:
    if not review.source:
        return
    same = _others(review).filter(source=review.source)  # of this day: tomorrow a network has another name
    here = tuple(same.filter(clinic=review.clinic_id).order_by("pk").values_list("key", flat=True)[:MOST_KEYS])
    if here:
        what = "en anden anmeldelse" if len(here) == 1 else f"{len(here)} andre anmeldelser"
        yield Suspicion(Kind.SAME_NETWORK, f"Fra samme netværk kom samme dag {what} af klinikken.", here)
    elsewhere = same.exclude(clinic=review.clinic_id).values("clinic").distinct().count()
    if elsewhere:
        what = "en anden klinik" if elsewhere == 1 else f"{elsewhere} andre klinikker"
        yield Suspicion(Kind.OTHER_CLINICS, f"Fra samme netværk blev {what} også anmeldt den dag.")


def _codes(review: Review) -> Iterator[Suspicion]:
    sheet = review.sheet
    if sheet is None:
        return
    if review.source and sheet.source == review.source:
        text = "Anmeldelsen kom fra det netværk, som arket med koder blev lavet på samme dag."
        yield Suspicion(Kind.SHEET_NETWORK, text)
    same = _others(review).filter(sheet=sheet, created_at__gt=clock.now() - DAY)
    keys = tuple(same.order_by("pk").values_list("key", flat=True))
    if len(keys) + 1 >= MANY_OF_A_SHEET:
        text = f"{len(keys) + 1} koder fra samme ark er brugt på et døgn."
        yield Suspicion(Kind.MANY_CODES, text, keys[:MOST_KEYS])


def _email(review: Review) -> Iterator[Suspicion]:
    if not review.email:
        return
    same = _others(review).filter(clinic=review.clinic_id, email__iexact=review.email)
    if keys := tuple(same.order_by("pk").values_list("key", flat=True)[:MOST_KEYS]):
        yield Suspicion(Kind.SAME_EMAIL, "Den samme e-mail har allerede skrevet om klinikken.", keys)
    if _is_the_clinics(review):
        text = "E-mailen hører til klinikken eller til en, der passer dens profil."
        yield Suspicion(Kind.OWN_EMAIL, text)


def _is_the_clinics(review: Review) -> bool:
    """Of the clinic itself, of its own domain, or of somebody who is or was a member."""
    clinic, address = review.clinic, review.email
    domain = own_domain(clinic)
    if address.lower() == clinic.email.lower() or (domain and ascii_host(address.rpartition("@")[2]) == domain):
        return True
    members = Membership.objects.filter(clinic=clinic)
    people = members.filter(user__email__iexact=address)
    addresses = EmailAddress.objects.filter(email__iexact=address, user__in=members.values("user"))
    return people.exists() or addresses.exists()


def _text(review: Review) -> Iterator[Suspicion]:
    """What the checks of the text found and the author sent all the same. Shown with its place when the review is read."""
    found = text_checks.check(
        review.text, names=text_checks.names_of(review.clinic), is_negative=text_checks.is_negative(review.overall)
    )
    for message in dict.fromkeys(one.message for one in found):
        yield Suspicion(Kind.TEXT, message)


LOOKS: tuple[Callable[[Review], Iterator[Suspicion]], ...] = (_burst, _same_text, _network, _codes, _email, _text)


def _others(review: Review) -> QuerySet[Review]:
    """Those that somebody has confirmed: the rest are erased after two days and have proved nothing."""
    return Review.objects.exclude(pk=review.pk).exclude(status=Review.Status.UNCONFIRMED)

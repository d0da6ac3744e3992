"""Invitations to clinics that nobody looks after yet: by mail, or in letters that are merged from a file. docs/mail.md.

A mail goes through the outbox, so that fifty of them are fifty rows and no waiting. The code of a letter exists in the file
alone, which is made once, in the answer to the moderator.
"""

import csv
import datetime
import io
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from . import clock, danish, memberships, outbox
from .actions import ActionError
from .claiming import codes
from .mailing.recipient import checked
from .mailing.stops import stopped_among
from .models import Claim, Clinic, Invitation, Membership, Outbox, Role
from .ownership import may_moderate
from .plain_text import plain

Channel = Invitation.Channel
DAYS = {Channel.EMAIL: 30, Channel.LETTER: 60}  # how long a code is good; a letter lies about before it is read
QUIET_DAYS = 90  # between two invitations
MOST = 200  # clinics at a time
COLUMNS = ("Klinik", "Adresse", "Adresse 2", "Postnr.", "By", "Kode", "Internetadresse", "Gælder til og med")


@dataclass(frozen=True)
class LeftOut:
    """A clinic that gets no invitation now, and why: the end of the sentence "Klinikken …"."""

    clinic: Clinic
    why: str


@dataclass(frozen=True)
class Letter:
    """One line of the file. `code` is stored nowhere."""

    clinic: Clinic
    code: str
    url: str
    until: datetime.date


@dataclass(frozen=True)
class Invited:
    """`letters` is empty when the invitations went by mail."""

    clinics: list[Clinic]
    left_out: list[LeftOut]
    letters: list[Letter]


def choose(clinics: QuerySet[Clinic], channel: str) -> tuple[list[Clinic], list[LeftOut]]:
    """Who can be invited that way now, and who cannot, both in the order of the alphabet. Two queries."""
    mine = OuterRef("pk")
    rows = clinics.select_related("postcode").annotate(
        owned=Exists(Membership.objects.active().filter(clinic=mine, role=Role.OWNER, user__is_active=True)),
        claimed=Exists(Claim.objects.filter(clinic=mine, status__in=Claim.QUEUED)),
        invited=Exists(_lately().filter(clinic=mine)),
    )
    found = list(rows.order_by("sort_name", "pk"))
    stopped = stopped_among({one.email for one in found if one.email})
    chosen: list[Clinic] = []
    left_out: list[LeftOut] = []
    taken: dict[str, Clinic] = {}  # mailbox → the clinic that it is written to about
    for clinic in found:
        mailbox = clinic.email.lower()
        why = _why_not(clinic, channel, stopped)
        if not why and channel == Channel.EMAIL and mailbox in taken:
            why = f"har samme e-mail som {taken[mailbox]}, der inviteres nu"
        if why:
            left_out.append(LeftOut(clinic, why))
        else:
            taken[mailbox] = clinic
            chosen.append(clinic)
    return chosen, left_out


@transaction.atomic
def invite(*, clinics: QuerySet[Clinic], by: User, channel: str) -> Invited:
    """Invite those that can be invited. Raises ActionError when `by` may not, or for more than 200 at a time.

    The clinics are locked first: of two moderators who do this at once, the second finds them invited already.
    """
    if not may_moderate(by):
        raise ActionError("Kun moderatorer kan invitere klinikker.")
    if channel not in Channel.values:
        raise ActionError("Vælg mail eller brev.")
    chosen_pks = list(clinics.order_by().values_list("pk", flat=True)[: MOST + 1])
    if len(chosen_pks) > MOST:
        raise ActionError(f"Vælg højst {MOST} klinikker ad gangen.")
    rows = Clinic.objects.filter(pk__in=chosen_pks)
    list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    chosen, left_out = choose(rows, channel)
    until = clock.today() + datetime.timedelta(days=DAYS[Channel(channel)])
    letters = [_invite_one(clinic, by, Channel(channel), until) for clinic in chosen]
    return Invited(chosen, left_out, letters if channel == Channel.LETTER else [])


def letter_file(letters: Iterable[Letter]) -> bytes:
    """The file for a letter merge: as Danish spreadsheets open it (UTF-8 with a mark, semicolons), and no formulas in it."""
    text = io.StringIO(newline="")
    rows = csv.writer(text, delimiter=";")
    rows.writerow(COLUMNS)
    for one in letters:
        clinic = one.clinic
        cells = (
            *(clinic.name, clinic.street, clinic.address_extra, clinic.postcode.code, clinic.postcode.town),
            *(one.code, one.url, danish.day(one.until)),
        )
        rows.writerow([cell(each) for each in cells])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def cell(value: str) -> str:
    """One line. What a spreadsheet would reckon with gets an apostrophe before it: `"=1+1"` → `"'=1+1"`."""
    line = " ".join(plain(value).split())
    return f"'{line}" if line.startswith(_FORMULA) else line


_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def _lately() -> QuerySet[Invitation]:
    """Invitations to claim of the last 90 days. A mail that never arrived, or that we dropped, was none."""
    never_came = Outbox.objects.filter(
        template="outreach",
        status__in=(Outbox.Status.FAILED, Outbox.Status.DROPPED),
        clinic=OuterRef("clinic"),
        created_at__gte=OuterRef("created_at"),
    )
    since = clock.now() - datetime.timedelta(days=QUIET_DAYS)
    rows = Invitation.objects.filter(kind=Invitation.Kind.CLAIM, created_at__gt=since)
    return rows.exclude(Q(channel=Channel.EMAIL) & Exists(never_came))


def _why_not(clinic: Clinic, channel: str, stopped: set[str]) -> str:
    """What `LeftOut.why` says; "" for a clinic that can be invited. `clinic` comes with the marks of `choose`."""
    if clinic.is_example and settings.PRODUCTION:
        return "er et eksempel"
    if clinic.status != Clinic.Status.PUBLISHED:
        return "er lukket" if clinic.status == Clinic.Status.CLOSED else "er en kladde"
    if clinic.owned:  # type: ignore[attr-defined]
        return "har en ejer"
    if clinic.claimed:  # type: ignore[attr-defined]
        return "er ved at blive overtaget: se overtagelser"
    if clinic.email in stopped:
        return "vil ikke have invitationer"
    if clinic.invited:  # type: ignore[attr-defined]
        return f"er inviteret inden for {QUIET_DAYS} dage"
    if channel == Channel.LETTER:
        return "" if clinic.street else "har ingen adresse"
    if not clinic.email:
        return "har ingen e-mail"
    try:
        checked(clinic.email)
    except ValidationError:
        return "har en e-mail, der ikke kan bruges"
    return ""


def _invite_one(clinic: Clinic, by: User, channel: Invitation.Channel, until: datetime.date) -> Letter:
    to = clinic.email if channel == Channel.EMAIL else ""
    code = memberships.invite_to_claim(clinic=clinic, by=by, channel=channel, email=to, days=DAYS[channel])
    letter = Letter(clinic, codes.spaced(code), outbox.absolute(reverse("clinics:claim", args=[clinic.slug])), until)
    if channel == Channel.EMAIL:
        outbox.promise(template="outreach", to=to, context=_context(letter), clinic=clinic)
    return letter


def _context(letter: Letter) -> dict[str, str]:
    correction = reverse("clinics:correction", args=[letter.clinic.slug])
    return {
        "clinic": letter.clinic.name,
        "address": letter.clinic.address,
        "code": letter.code,
        "claim_url": letter.url,
        "profile_url": outbox.absolute(letter.clinic.get_absolute_url()),
        "correction_url": outbox.absolute(f"{correction}?fra=klinik"),
        "until": danish.day(letter.until),
    }

"""What a person does who says "det er min klinik": begin, get a code, ask a moderator, take it back, appeal.

Every action locks the clinic, then the claim. `source` is `rate_limit.source_of(request)`: whom to count.
"""

import datetime
import re

from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse

from clinics import clock, memberships, rate_limit
from clinics.actions import ActionError
from clinics.mailing.recipient import checked
from clinics.memberships.people import locked
from clinics.models import Claim, Clinic
from clinics.outbox import absolute, promise
from clinics.plain_text import has_cpr, plain

from . import codes, documents
from .proofs import can_be_claimed, proofs_of

Status, Method = Claim.Status, Claim.Method
BY_CODE = (Method.EMAIL, Method.DOMAIN)
BY_MODERATOR = (Method.PHONE, Method.LETTER, Method.DOCUMENT)

MAIL_MINUTES = 30
MOST_CODES = 3  # per claim
CODES_OF_SOURCE, CODES_OF_PERSON, CODES_OF_CLINIC = 10, 9, 6  # a day
CLAIMS_OF_PERSON = 20  # a day: a chain has that many clinics
WAIT_AFTER_REFUSAL = datetime.timedelta(days=30)
DAY = datetime.timedelta(days=1)
LONGEST = 2000
_LOCAL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._+-]{0,62}[A-Za-z0-9_+-])?")

NOT_POSSIBLE = "Klinikken kan ikke overtages her."
NOT_OPEN = "Sagen er afsluttet. Begynd forfra, hvis du stadig vil overtage profilen."
TAKEN = "Klinikken passer allerede sin profil selv."
TOO_MANY = "Der er bedt om mange koder i dag. Vent til i morgen, eller vælg en anden måde."


@transaction.atomic
def begin(*, clinic: Clinic, user: User) -> Claim:
    """The person's open claim on the clinic, a new one if there is none. Raises ActionError.

    A clinic that has an owner can be claimed too: such a claim is a dispute, and only a moderator decides it.
    """
    clinic = locked(clinic.pk)
    if not can_be_claimed(clinic):
        raise ActionError(NOT_POSSIBLE)
    if not has_confirmed_address(user):
        raise ActionError("Bekræft først din egen e-mail.")
    if memberships.owners(clinic).filter(user=user).exists():
        raise ActionError("Du passer allerede klinikkens profil.")
    mine = Claim.objects.defer("document").filter(clinic=clinic, user=user)
    if found := mine.filter(status__in=Claim.OPEN).first():
        return found
    refused = mine.filter(
        status=Status.REFUSED, decided_at__gt=clock.now() - WAIT_AFTER_REFUSAL, decided_by__isnull=False
    )
    if refused.exists():
        raise ActionError("Vi har afvist din overtagelse. Du kan klage én gang, eller begynde forfra efter 30 dage.")
    if not rate_limit.allow("claim", f"user-{user.pk}", CLAIMS_OF_PERSON, DAY):
        raise ActionError("Du har begyndt på mange klinikker i dag. Vent til i morgen.")
    return Claim.objects.create(clinic=clinic, user=user)


def has_confirmed_address(user: User) -> bool:
    return EmailAddress.objects.filter(user_id=user.pk, verified=True).exists()


@transaction.atomic
def send_code(*, claim: Claim, method: str, name: str = "", source: str) -> str:
    """Mail a code, good for 30 minutes and once. `name` is what stands before the @ of the website's domain.

    An earlier code is worth nothing from now on. Returns the code, for tests and for invented clinics. Raises ActionError.
    """
    clinic, stored = lock(claim)
    require(stored, Status.STARTED, Status.CODE, Status.WAITING)
    proofs = proofs_of(clinic)
    if method not in BY_CODE or not proofs.offers(method):
        raise ActionError("Det bevis er ikke muligt for klinikken. Vælg et andet.")
    if memberships.has_owner(clinic):
        raise ActionError(TAKEN)
    to = clinic.email if method == Method.EMAIL else _address(name, proofs.domain)
    if stored.codes_sent >= MOST_CODES:
        raise ActionError("Du har fået tre koder. Vælg en anden måde, så hjælper vi dig.")
    for who, most in (
        (source, CODES_OF_SOURCE), (f"user-{stored.user_id}", CODES_OF_PERSON), (f"clinic-{clinic.pk}", CODES_OF_CLINIC)
    ):  # fmt: skip
        if not rate_limit.allow("claim-code", who, most, DAY):
            raise ActionError(TOO_MANY)
    stored.method, stored.queued_at = Method(method), None
    code = give_code(stored, to, datetime.timedelta(minutes=MAIL_MINUTES))
    promise(
        template="claim_code", to=to, clinic=clinic,
        context={
            "clinic": clinic.name, "code": codes.spaced(code), "minutes": MAIL_MINUTES,
            "who": memberships.name_of(stored.user), "profile_url": absolute(clinic.get_absolute_url()),
        },
    )  # fmt: skip
    return code


@transaction.atomic
def ask_moderator(
    *, claim: Claim, method: str, position: str = "", explanation: str = "", upload: UploadedFile | None = None
) -> Claim:
    """Put the claim into the moderators' queue: a call, a letter, or a document and/or a text. Raises ActionError."""
    clinic, stored = lock(claim)
    require(stored, Status.STARTED, Status.CODE)
    if method not in BY_MODERATOR or not proofs_of(clinic).offers(method):
        raise ActionError("Det bevis er ikke muligt for klinikken. Vælg et andet.")
    if memberships.has_owner(clinic) and method != Method.DOCUMENT:
        raise ActionError(TAKEN)
    stored.position, stored.explanation = text(position, 80), text(explanation, LONGEST)
    if method == Method.DOCUMENT:
        if not stored.explanation and not upload:
            raise ActionError("Skriv, hvordan vi kan se, at klinikken er din, eller vedhæft en fil.")
        if upload:
            stored.document, stored.document_name = documents.read(upload)
    drop_code(stored)
    stored.method, stored.sent_to = Method(method), ""
    stored.status, stored.queued_at = Status.WAITING, clock.now()
    stored.save()
    tell(stored, "claim_received")
    return stored


@transaction.atomic
def withdraw(*, claim: Claim) -> None:
    """The person has thought better of it: code and document are erased. Raises ActionError."""
    _, stored = lock(claim)
    require(stored, *Claim.OPEN)
    close(stored, Status.WITHDRAWN)


@transaction.atomic
def appeal(*, claim: Claim, words: str, upload: UploadedFile | None = None) -> None:
    """Once, after a refusal: another look by a moderator. Raises ActionError."""
    clinic, stored = lock(claim)
    if stored.status != Status.REFUSED:
        raise ActionError("Kun en afvist overtagelse kan klages over.")
    if stored.appealed_at:
        raise ActionError("Du har allerede klaget én gang. Afgørelsen står ved magt.")
    require(stored, Status.REFUSED)
    if Claim.objects.filter(clinic=clinic, user=stored.user, status__in=Claim.OPEN).exists():
        raise ActionError("Du har begyndt forfra. Gør den sag færdig, eller træk den tilbage først.")
    words = text(words, LONGEST)
    if not words:
        raise ActionError("Skriv, hvorfor du mener, at afgørelsen er forkert.")
    if upload:
        stored.document, stored.document_name = documents.read(upload)
    stored.appeal, stored.appealed_at = words, clock.now()
    stored.status, stored.queued_at = Status.APPEALED, clock.now()
    stored.save()
    tell(stored, "claim_received")


# --- what all actions on a claim share


def lock(claim: Claim) -> tuple[Clinic, Claim]:
    """Clinic and claim as they are now, for this transaction alone; the document is not read. Raises ActionError."""
    clinic = locked(claim.clinic_id)
    rows = Claim.objects.select_for_update(of=("self",)).select_related("user", "clinic").defer("document")
    stored = rows.filter(pk=claim.pk, clinic=clinic).first()
    if stored is None:
        raise ActionError(NOT_OPEN)
    return clinic, stored


def require(claim: Claim, *states: str) -> None:
    """Raises ActionError unless the claim is in one of these states and of somebody who can still log in."""
    if claim.status not in states:
        raise ActionError(NOT_OPEN if not claim.is_open else "Det kan ikke gøres i sagen nu.")
    if claim.user is None or not claim.user.is_active:
        raise ActionError("Kontoen bag sagen findes ikke længere.")
    if not can_be_claimed(claim.clinic):
        raise ActionError(NOT_POSSIBLE)


def give_code(claim: Claim, to: str, good_for: datetime.timedelta) -> str:
    code = codes.new_code()
    claim.code_hash, claim.code_attempts = codes.digest(code), 0
    claim.code_expires_at = clock.now() + good_for
    claim.codes_sent += 1
    claim.sent_to, claim.status = to, Status.CODE
    claim.save()
    return code


def drop_code(claim: Claim) -> None:
    claim.code_hash, claim.code_expires_at, claim.code_attempts = "", None, 0


def close(claim: Claim, status: str) -> None:
    """What was kept for the decision alone goes."""
    drop_code(claim)
    claim.status, claim.decided_at = Status(status), clock.now()
    claim.document, claim.document_name = None, ""
    claim.save()


def text(typed: str, longest: int) -> str:
    """Raises ActionError for what is too long or looks like a CPR number."""
    cleaned = plain(typed[: 2 * longest])
    if len(cleaned) > longest:
        raise ActionError(f"Teksten er for lang. Der er plads til {longest:,} tegn.".replace(",", "."))
    if has_cpr(cleaned):
        raise ActionError("Det ligner et CPR-nummer. Slet det, og send igen. Vi har ikke brug for det.")
    return cleaned


def tell(claim: Claim, template: str, **context: str | int) -> None:
    """A mail to whoever claims; nobody who is gone is written to."""
    if claim.user and claim.user.is_active and claim.user.email:
        known = {"clinic": claim.clinic.name, "status_url": status_url(claim.clinic)}
        promise(template=template, to=claim.user.email, clinic=claim.clinic, context=known | context)


def status_url(clinic: Clinic) -> str:
    return absolute(reverse("clinics:claim", args=[clinic.slug]))


def _address(name: str, domain: str) -> str:
    name = plain(name).removesuffix(f"@{domain}")
    try:
        if not _LOCAL.fullmatch(name) or ".." in name:
            raise ValidationError("")
        return checked(f"{name}@{domain}")
    except ValidationError as error:
        raise ActionError(f"Skriv det, der står før @{domain}, fx kontakt.") from error

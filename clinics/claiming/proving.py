"""A code is typed. A wrong one costs a try, and what it costs is kept even though the answer is no."""

from django.contrib.auth.models import User
from django.db import transaction

from clinics import clock, memberships, rate_limit
from clinics.actions import ActionError
from clinics.models import Claim, Clinic, Invitation

from . import asking, channels, codes, deciding
from .asking import TAKEN, lock, require, tell
from .domains import ascii_host, own_domain

Status, Method = Claim.Status, Claim.Method
MOST_TRIES = 5  # per code
TRIES_OF_SOURCE = 30  # an hour
TRIES_OF_PERSON = 20  # a day, at codes of invitations
TRIES_AT_CLINIC = 100  # a day, at codes of invitations: of 850 billion

WRONG = "Koden er ikke rigtig. Tjek den, og prøv igen."
BLOCKED = "Koden er spærret efter fem forkerte forsøg. Få en ny kode."
TOO_OLD = "Koden gælder ikke længere. Få en ny kode."
TOO_MANY = "Du har prøvet mange gange. Vent en time, og prøv igen."
NO_SUCH = "Koden gælder ikke for klinikken: den kan være skrevet forkert, brugt eller for gammel."


def try_code(*, claim: Claim, typed: str, source: str) -> Claim:
    """Type the code of a claim. The claim comes back approved, or waiting for a moderator when its channel is in doubt.

    Raises ActionError for everything else; a wrong try is counted by then.
    """
    if not rate_limit.allow("claim-try", source, TRIES_OF_SOURCE, rate_limit.HOUR):
        raise ActionError(TOO_MANY)
    stored, problem = _try(claim, codes.read(typed))
    if problem:
        raise ActionError(problem)
    return stored


def use_invitation(*, clinic: Clinic, user: User, typed: str, source: str) -> Claim:
    """Claim with the code of a letter or mail that we sent to the clinic: approved at once. Raises ActionError."""
    if not (
        rate_limit.allow("claim-try", source, TRIES_OF_SOURCE, rate_limit.HOUR)
        and rate_limit.allow("claim-invitation", f"user-{user.pk}", TRIES_OF_PERSON, asking.DAY)
        and rate_limit.allow("claim-invitation", f"clinic-{clinic.pk}", TRIES_AT_CLINIC, asking.DAY)
    ):
        raise ActionError(TOO_MANY)
    return _use(clinic, user, typed)


def find_invitation(clinic: Clinic, typed: str) -> Invitation | None:
    """The invitation to claim this clinic whose secret that is: a code as it was typed, or the token of a link."""
    digests = [codes.digest(secret) for secret in (codes.read(typed), typed.strip()[:100]) if secret]
    open_ones = clinic.invitations.open().filter(kind=Invitation.Kind.CLAIM, expires_at__gt=clock.now())
    return open_ones.filter(token_hash__in=digests).first()


@transaction.atomic
def _try(claim: Claim, code: str) -> tuple[Claim, str]:
    """The claim as it is then, and what was wrong. No exception once the try is counted: it would be rolled back with it."""
    clinic, stored = lock(claim)
    if stored.status == Status.REFUSED and stored.reason == deciding.LOST:
        return stored, deciding.LOST
    require(stored, Status.CODE)
    if not stored.code_hash or stored.code_expires_at is None or stored.code_expires_at <= clock.now():
        return stored, TOO_OLD
    if stored.code_attempts >= MOST_TRIES:
        return stored, BLOCKED
    if not codes.same(code, stored.code_hash):
        stored.code_attempts += 1
        stored.save(update_fields=["code_attempts"])
        return stored, WRONG if stored.code_attempts < MOST_TRIES else BLOCKED
    if memberships.has_owner(clinic):
        deciding.lose(stored)
        return stored, deciding.LOST
    _proven(clinic, stored, deciding.PROVEN[Method(stored.method)])
    return stored, ""


@transaction.atomic
def _use(clinic: Clinic, user: User, typed: str) -> Claim:
    claim = asking.begin(clinic=clinic, user=user)
    clinic, stored = lock(claim)
    if memberships.has_owner(clinic):
        raise ActionError(TAKEN)
    require(stored, *Claim.OPEN)
    invitation = find_invitation(clinic, typed)
    if invitation is None:
        raise ActionError(NO_SUCH)
    invitation.used_at, invitation.used_by = clock.now(), user
    invitation.save(update_fields=["used_at", "used_by"])
    by_letter = invitation.channel == Invitation.Channel.LETTER
    stored.method = Method.LETTER if by_letter else Method.EMAIL
    # Letters go where the clinic is, which no form of a visitor changes; nobody noted where that was.
    stored.sent_to = deciding.channel_of(clinic, Method.LETTER) if by_letter else invitation.email
    _proven(clinic, stored, "Koden fra vores invitation til klinikken var rigtig.")
    return stored


def _proven(clinic: Clinic, claim: Claim, reason: str) -> None:
    """The code was right: won, or a moderator's to look at when the way that it went is in doubt."""
    doubt = _doubt(clinic, claim)
    if not doubt:
        deciding.win(claim, by=claim.user, reason=reason)  # type: ignore[arg-type]  # lock and require have seen the user
        return
    asking.drop_code(claim)
    claim.status, claim.queued_at = Status.WAITING, clock.now()
    claim.explanation = "\n".join(filter(None, [claim.explanation, doubt]))
    claim.save()
    tell(claim, "claim_received")


def _doubt(clinic: Clinic, claim: Claim) -> str:
    """Why a right code is not enough by itself, for the moderator; "" when it is."""
    now = {
        Method.EMAIL: clinic.email,
        Method.DOMAIN: own_domain(clinic),
        Method.PHONE: clinic.phone,
        Method.LETTER: deciding.channel_of(clinic, Method.LETTER),
    }[Method(claim.method)]
    sent_to = ascii_host(claim.sent_to.rpartition("@")[2]) if claim.method == Method.DOMAIN else claim.sent_to
    if now != sent_to:
        return "(FysFinder: koden var rigtig, men den vej, koden gik, er ændret siden.)"
    name = {Method.EMAIL: "email", Method.DOMAIN: "website", Method.PHONE: "phone"}.get(Method(claim.method))
    if name and channels.is_fresh(clinic, name):
        return f"(FysFinder: koden var rigtig, men {channels.CHANNELS[name]} er ændret inden for 14 dage.)"
    return ""

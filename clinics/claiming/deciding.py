"""A claim is won, lost or refused: by a code that was right, or by a moderator with a reason that is mailed and kept."""

import datetime

from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction
from django.urls import reverse

from clinics import clock, danish, memberships, ownership
from clinics.actions import ActionError, log
from clinics.memberships import name_of
from clinics.models import Claim, Clinic, Membership, Role
from clinics.outbox import absolute, promise
from clinics.plain_text import plain

from . import objections
from .asking import MOST_CODES, NOT_POSSIBLE, TAKEN, close, give_code, lock, require, tell
from .proofs import can_be_claimed, proofs_of

Status, Method = Claim.Status, Claim.Method
ISSUED = (Method.PHONE, Method.LETTER)
GOOD_FOR = {Method.PHONE: datetime.timedelta(hours=24), Method.LETTER: datetime.timedelta(days=60)}
LONGEST_REASON = 1000
LOST = (
    "En anden har lige bevist, at de hører til klinikken, og passer nu profilen. Er du også med i klinikken, så bed om at blive"
    " medlem. Er det en fejl, så klag, og et menneske ser på det."
)
PROVEN = {
    Method.EMAIL: "Koden til klinikkens e-mail var rigtig.",
    Method.DOMAIN: "Koden til en e-mail på klinikkens hjemmeside var rigtig.",
    Method.PHONE: "Koden, som klinikken fik i telefonen, var rigtig.",
    Method.LETTER: "Koden fra brevet til klinikken var rigtig.",
}


@transaction.atomic
def approve(*, claim: Claim, by: User, reason: str, replace: bool = False) -> Membership:
    """A moderator gives the clinic to whoever claims it. Raises ActionError.

    Where it has an owner, the claimant joins as another, or with `replace` instead of all members, who are told.
    """
    clinic, stored = lock(claim)
    reason = _decidable(stored, by, reason)
    require(stored, Status.WAITING, Status.APPEALED, Status.CODE)
    if replace:
        for membership in memberships.members(clinic):
            if membership.user_id != stored.user_id:
                memberships.end(membership=membership, by=by)
    return win(stored, by=by, reason=reason)


@transaction.atomic
def refuse(*, claim: Claim, by: User, reason: str) -> None:
    """A moderator says no, and why. A first no can be appealed. Raises ActionError."""
    _, stored = lock(claim)
    reason = _decidable(stored, by, reason)
    stored.decided_by, stored.reason = by, reason
    close(stored, Status.REFUSED)
    log(row=stored, by=by, text="Afviste overtagelsen.")
    tell(stored, "claim_refused", reason=reason, can_appeal=int(stored.appealed_at is None))


@transaction.atomic
def issue_code(*, claim: Claim, by: User) -> str:
    """A code to tell on the phone or to write in a letter, to the clinic's published number or address. Shown this once.

    Good for 24 hours or 60 days. Raises ActionError.
    """
    clinic, stored = lock(claim)
    _moderator(stored, by)
    require(stored, Status.WAITING, Status.CODE)
    if stored.method not in ISSUED:
        raise ActionError("Koder gives kun i telefonen og i breve.")
    if memberships.has_owner(clinic):
        raise ActionError(TAKEN)
    to = channel_of(clinic, stored.method)
    if not to:
        raise ActionError("Klinikken har ikke længere nummer eller adresse. Afvis, og bed om et andet bevis.")
    if stored.codes_sent >= MOST_CODES:
        raise ActionError("Der er givet tre koder i sagen. Godkend eller afvis den.")
    code = give_code(stored, to, GOOD_FOR[Method(stored.method)])
    log(row=stored, by=by, text=f"Gav en kode: {stored.get_method_display()}.")
    until = danish.day(clock.now().date() + GOOD_FOR[Method(stored.method)])
    tell(stored, "claim_code_given", by_letter=int(stored.method == Method.LETTER), until=until)
    return code


def win(claim: Claim, *, by: User, reason: str) -> Membership:
    """The rest of a won claim; clinic and claim are locked. Other claims by code have lost, those in the queue stay there."""
    clinic, person = claim.clinic, claim.user
    if person is None or not can_be_claimed(clinic):
        raise ActionError(NOT_POSSIBLE)
    for stale in (
        Membership.objects.active().filter(clinic=clinic, user__is_active=False).select_related("user", "clinic")
    ):
        memberships.end(membership=stale, by=stale.user)  # accounts that were closed
    membership = memberships.join(clinic=clinic, user=person, role=Role.OWNER, by=by)
    claim.reason = reason
    claim.decided_by = by if by.pk != person.pk else None
    close(claim, Status.APPROVED)
    log(row=claim, by=by, text=f"Overtagelsen er godkendt: {reason}"[:300])
    clinic.invitations.open().filter(kind="claim").update(revoked_at=clock.now())
    _others_lose(claim)
    tell(
        claim, "claim_approved", reason=reason, form_url=absolute(reverse("admin:clinics_clinic_change", args=[clinic.pk])),
        members_url=absolute(reverse("clinics:members", args=[clinic.slug])), profile_url=absolute(clinic.get_absolute_url()),
    )  # fmt: skip
    if clinic.email and clinic.email.lower() != person.email.lower():
        promise(
            template="claim_taken", to=clinic.email, clinic=clinic,
            context={
                "clinic": clinic.name, "who": name_of(person), "profile_url": absolute(clinic.get_absolute_url()),
                "objection_url": absolute(reverse("clinics:objection", args=[objections.token_for(claim)])),
            },
        )  # fmt: skip
    return membership


def lose(claim: Claim) -> None:
    """Somebody else was first. Nobody decided against this person, so it can be appealed at once."""
    claim.reason, claim.decided_by = LOST, None
    close(claim, Status.REFUSED)
    tell(claim, "claim_refused", reason=LOST, can_appeal=int(claim.appealed_at is None))


def channel_of(clinic: Clinic, method: str) -> str:
    """What the moderator rings or writes to."""
    return {Method.PHONE: clinic.phone, Method.LETTER: proofs_of(clinic).street}.get(Method(method), "")[:254]


def _others_lose(won: Claim) -> None:
    others = Claim.objects.select_for_update(of=("self",)).defer("document").select_related("user", "clinic")
    for other in others.filter(clinic=won.clinic, status__in=(Status.STARTED, Status.CODE)).exclude(pk=won.pk):
        lose(other)


def _decidable(claim: Claim, by: User, reason: str) -> str:
    """The reason, fit to be mailed. Raises ActionError."""
    _moderator(claim, by)
    given_to_clinic = claim.status == Status.CODE and claim.method in ISSUED
    if claim.status not in Claim.QUEUED and not given_to_clinic:
        raise ActionError(f"Sagen venter ikke på en afgørelse: {claim.get_status_display()}.")
    reason = plain(reason)
    if not reason:
        raise ActionError("Skriv en begrundelse. Den sendes til personen og gemmes.")
    if len(reason) > LONGEST_REASON:
        raise ActionError("Begrundelsen er for lang: der er plads til 1.000 tegn.")
    return reason


def is_party(person: User | AnonymousUser, claim: Claim) -> bool:
    """Whether it is about this person's own claim, or own clinic."""
    return claim.user_id == person.pk or ownership.is_member(person, claim.clinic_id)


def _moderator(claim: Claim, by: User) -> None:
    if not ownership.may_moderate(by):
        raise ActionError("Det kan kun en moderator.")
    if is_party(by, claim):
        raise ActionError("Du er selv part i sagen. Bed en anden moderator om at afgøre den.")

"""Links by which people become members, and codes by which a clinic is claimed."""

import datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction

from clinics import clock, rate_limit
from clinics.actions import ActionError, log
from clinics.claiming import codes
from clinics.mailing.recipient import checked, mailbox
from clinics.models import Clinic, Invitation, Membership, Role
from clinics.plain_text import plain

from .joining import join
from .people import (
    confirmed_addresses,
    has_owner,
    link,
    locked,
    may_manage,
    members,
    name_of,
    only_managers,
    promise_mail,
    room_for_owner,
)

MEMBER_DAYS = 14
LETTER_DAYS = 60
INVITATIONS_A_DAY = 20  # per clinic: an owner who is not one is no mailing machine
DAY = datetime.timedelta(days=1)

NOT_VALID = "Invitationen gælder ikke længere. Bed klinikken om at sende en ny."
BAD_ADDRESS = "Skriv en e-mailadresse som navn@eksempel.dk."


@transaction.atomic
def invite(*, clinic: Clinic, email: str, role: str, by: User) -> str:
    """Mail a link, good for one person with that address, 14 days, once. A second one replaces the first.

    Returns its secret, which is stored nowhere. The answer is the same whether the address has an account or not.
    Raises ActionError.
    """
    clinic = locked(clinic.pk)
    only_managers(by, clinic)
    address = _address(email)
    if role not in Role.values:
        raise ActionError("Vælg ejer eller medarbejder.")
    if any(address in {mailbox(one.user.email), *confirmed_addresses(one.user)} for one in members(clinic)):
        raise ActionError("Personen er allerede med på klinikken.")
    mine = clinic.invitations.open().filter(kind=Invitation.Kind.MEMBER)
    mine.filter(email=address).update(revoked_at=clock.now())
    if role == Role.OWNER:
        room_for_owner(clinic, coming=mine.filter(role=Role.OWNER, expires_at__gt=clock.now()).count())
    if not rate_limit.allow("member-invitation", f"clinic-{clinic.pk}", INVITATIONS_A_DAY, DAY):
        raise ActionError(f"I har sendt {INVITATIONS_A_DAY} invitationer i dag. Vent til i morgen.")
    token = codes.new_token()
    invitation = Invitation.objects.create(
        clinic=clinic, kind=Invitation.Kind.MEMBER, role=Role(role), email=address, invited_by=by,
        token_hash=codes.digest(token), expires_at=clock.now() + datetime.timedelta(days=MEMBER_DAYS),
    )  # fmt: skip
    log(row=clinic, by=by, text=f"Inviterede {address} som {invitation.get_role_display()}.")
    promise_mail(
        "member_invitation", address, clinic, by=name_of(by), role=invitation.get_role_display(), days=MEMBER_DAYS,
        link=link("clinics:invitation", token),
    )  # fmt: skip
    return token


@transaction.atomic
def revoke(*, invitation: Invitation, by: User) -> None:
    """The link of an invitation works no more. Raises ActionError."""
    clinic = locked(invitation.clinic_id)
    only_managers(by, clinic)
    open_one = clinic.invitations.open().filter(pk=invitation.pk, kind=Invitation.Kind.MEMBER)
    if not open_one.update(revoked_at=clock.now()):
        raise ActionError("Invitationen er allerede brugt eller taget tilbage.")
    log(row=clinic, by=by, text=f"Tog invitationen til {invitation.email} tilbage.")


def find(token: str) -> Invitation | None:
    """The invitation to become a member that can still be used, by its secret."""
    open_ones = Invitation.objects.open().filter(kind=Invitation.Kind.MEMBER, expires_at__gt=clock.now())
    return open_ones.select_related("clinic", "invited_by").filter(token_hash=codes.digest(token[:100])).first()


@transaction.atomic
def accept(*, token: str, user: User) -> Membership:
    """Become a member by an invitation, if it was sent to an address that `user` has confirmed. Raises ActionError."""
    found = find(token)
    if found is None:
        raise ActionError(NOT_VALID)
    clinic = locked(found.clinic_id)
    invitation = find(token)  # once more, now that nobody else can use it
    # Whoever invited must still be one who may: a link outlives neither an owner's account nor the ownership.
    if invitation is None or invitation.invited_by is None or not may_manage(invitation.invited_by, clinic):
        raise ActionError(NOT_VALID)
    if not is_for(invitation, user):
        raise ActionError(
            "Invitationen er sendt til en anden e-mail end din. Log ind med den, eller tilføj den til din konto."
        )
    if invitation.invited_by_id == user.pk:
        raise ActionError("Du kan ikke invitere dig selv. Bed en anden om det.")  # a moderator may invite everywhere
    invitation.used_at, invitation.used_by = clock.now(), user
    invitation.save(update_fields=["used_at", "used_by"])
    return join(clinic=clinic, user=user, role=invitation.role, by=invitation.invited_by)


def is_for(invitation: Invitation, user: User) -> bool:
    """Whether the user has confirmed the address that the invitation went to."""
    return mailbox(invitation.email) in confirmed_addresses(user)


@transaction.atomic
def invite_to_claim(
    *, clinic: Clinic, by: User, channel: str = Invitation.Channel.LETTER, email: str = "", days: int = LETTER_DAYS
) -> str:
    """A code for the letter or mail "overtag din profil", good for `days`, once, and for this clinic. Returns it, unspaced.

    A new one for a clinic takes the older ones of the same channel back. No mail is sent here. A clinic that has an owner
    gets none: ActionError.
    """
    clinic = locked(clinic.pk)
    if has_owner(clinic):
        raise ActionError("Klinikken passer allerede sin profil selv.")
    older = clinic.invitations.open().filter(kind=Invitation.Kind.CLAIM, channel=channel)
    older.update(revoked_at=clock.now())
    code = codes.new_code()
    Invitation.objects.create(
        clinic=clinic, kind=Invitation.Kind.CLAIM, channel=channel, role=Role.OWNER, email=email, invited_by=by,
        token_hash=codes.digest(code), expires_at=clock.now() + datetime.timedelta(days=days),
    )  # fmt: skip
    return code


def _address(email: str) -> str:
    try:
        return checked(plain(email).lower())
    except ValidationError as error:
        raise ActionError(BAD_ADDRESS) from error

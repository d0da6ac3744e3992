"""Joining, leaving, another role."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from clinics import clock
from clinics.actions import ActionError, log
from clinics.models import Claim, Clinic, Invitation, ListingRequest, Membership, Role

from .access import sync_access
from .people import has_owner, link, locked, name_of, only_managers, owners, promise_mail, room_for_owner, tell_others


@transaction.atomic
def join(*, clinic: Clinic, user: User, role: str, by: User) -> Membership:
    """Make `user` a member from now on; a staff member who becomes owner keeps the row. Raises ActionError.

    Whether `by` may decide it is for the caller: an accepted invitation, an approved claim, a moderator.
    """
    clinic = locked(clinic.pk)
    account = User.objects.filter(pk=user.pk, is_active=True).first()
    if account is None:
        raise ActionError("Kontoen findes ikke længere.")
    present = Membership.objects.active().filter(clinic=clinic, user=account).first()
    if present and (present.role == role or present.role == Role.OWNER):
        raise ActionError("Personen er allerede med på klinikken.")
    if role == Role.OWNER:
        room_for_owner(clinic)
    if present:
        present.role = role
        present.save(update_fields=["role"])
    else:
        present = Membership.objects.create(clinic=clinic, user=account, role=Role(role))
    sync_access(user=account)
    sentence = f"{name_of(account)} er nu {present.get_role_display()}."
    log(row=clinic, by=by, text=sentence)
    tell_others(clinic, sentence, but=[account, by])
    return present


@transaction.atomic
def end(*, membership: Membership, by: User) -> None:
    """Somebody leaves, or is removed by an owner or a moderator. The last owner to go makes the clinic claimable.

    Invitations that the person sent are taken back. Whoever is removed is told, and so are those who stay. Raises ActionError.
    """
    clinic = locked(membership.clinic_id)
    stored = Membership.objects.active().select_related("user").filter(pk=membership.pk, clinic=clinic).first()
    if stored is None:
        raise ActionError("Personen er ikke længere med på klinikken.")
    if by.pk != stored.user_id:
        only_managers(by, clinic)
    stored.ended_at, stored.ended_by = clock.now(), by
    stored.save(update_fields=["ended_at", "ended_by"])
    _take_back_invitations(clinic, stored.user)
    sync_access(user=stored.user)
    left = by.pk == stored.user_id
    sentence = f"{name_of(stored.user)} {'har forladt klinikken' if left else f'er fjernet af {name_of(by)}'}."
    if not has_owner(clinic):
        sentence += " Klinikken har ingen ejer nu, og profilen kan overtages igen."
    log(row=clinic, by=by, text=sentence)
    tell_others(clinic, sentence, but=[stored.user, by])
    if not left and stored.user.email:
        promise_mail(
            "member_removed", stored.user.email, clinic, by=name_of(by), claim_url=link("clinics:claim", clinic.slug)
        )


@transaction.atomic
def change_role(*, membership: Membership, role: str, by: User) -> None:
    """An owner makes a staff member owner, or the other way round; the last owner stays one. Raises ActionError."""
    clinic = locked(membership.clinic_id)
    stored = Membership.objects.active().select_related("user").filter(pk=membership.pk, clinic=clinic).first()
    if stored is None:
        raise ActionError("Personen er ikke længere med på klinikken.")
    only_managers(by, clinic)
    if role not in Role.values:
        raise ActionError("Vælg ejer eller medarbejder.")
    if role == stored.role:
        return
    if role == Role.OWNER and stored.user_id == by.pk:  # staff who moderates
        raise ActionError("Du kan ikke gøre dig selv til ejer. Bed klinikkens ejer eller en anden moderator om det.")
    if role == Role.OWNER:
        room_for_owner(clinic)
    elif not owners(clinic).exclude(pk=stored.pk).exists():
        raise ActionError("Klinikken skal have en ejer. Gør først en anden til ejer.")
    stored.role = Role(role)
    stored.save(update_fields=["role"])
    if role == Role.STAFF:
        _take_back_invitations(clinic, stored.user)
    sync_access(user=stored.user)
    sentence = f"{name_of(stored.user)} er nu {stored.get_role_display()}."
    log(row=clinic, by=by, text=sentence)
    tell_others(clinic, sentence, but=[by])


@transaction.atomic
def leave_all(*, user: User) -> None:
    """Before an account is deleted: it leaves every clinic, its open claims and wishes are withdrawn, its invitations
    taken back."""
    mine = Membership.objects.active().filter(user=user)
    asked = Claim.objects.filter(user=user, status__in=Claim.OPEN)
    touched = Q(pk__in=mine.values("clinic")) | Q(pk__in=asked.values("clinic"))
    list(Clinic.objects.select_for_update(of=("self",)).filter(touched).order_by("pk"))  # all first, as everywhere
    for membership in mine.select_related("clinic", "user"):
        end(membership=membership, by=user)
    asked.update(status=Claim.Status.WITHDRAWN, code_hash="", document=None, document_name="", decided_at=clock.now())
    User.objects.select_for_update(of=("self",)).filter(
        pk=user.pk
    ).first()  # the person before the wish, as in clinics.listing
    wishes = ListingRequest.objects.filter(user=user, status=ListingRequest.Status.WAITING)
    wishes.update(status=ListingRequest.Status.WITHDRAWN, decided_at=clock.now())


def _take_back_invitations(clinic: Clinic, user: User) -> None:
    """Whoever is no longer owner has nobody coming: a friend's link would be a way back in."""
    clinic.invitations.open().filter(kind=Invitation.Kind.MEMBER, invited_by=user).update(revoked_at=clock.now())

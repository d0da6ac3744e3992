"""Who is at a clinic, as it stands now, and what every action about members shares."""

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.text import Truncator

from clinics import ownership
from clinics.actions import ActionError
from clinics.mailing.recipient import mailbox
from clinics.models import Clinic, Membership, Role
from clinics.outbox import absolute, promise
from clinics.plain_text import plain

LONGEST_NAME = 80  # a name that somebody chose stands in mails of ours
ONLY_OWNERS = "Det kan kun klinikkens ejer."
GONE = "Klinikken er ikke længere på FysFinder."


def members(clinic: Clinic) -> list[Membership]:
    """Those of today, owners first."""
    rows = Membership.objects.active().filter(clinic=clinic).select_related("user")
    return sorted(rows, key=lambda row: (row.role != Role.OWNER, row.created_at, row.pk))


def owners(clinic: Clinic) -> QuerySet[Membership]:
    """Active memberships as owner, of accounts that can still log in."""
    return Membership.objects.active().filter(clinic=clinic, role=Role.OWNER, user__is_active=True)


def has_owner(clinic: Clinic) -> bool:
    """False: the clinic can be claimed. An owner whose account was closed holds nothing."""
    return owners(clinic).exists()


def with_owner(clinics: QuerySet[Clinic]) -> QuerySet[Clinic]:
    """Each with `has_owner`, in the same statement."""
    rows = Membership.objects.active().filter(clinic=OuterRef("pk"), role=Role.OWNER, user__is_active=True)
    return clinics.annotate(has_owner=Exists(rows))


def may_manage(user: User, clinic: Clinic) -> bool:
    """Who decides about members: the owners, and moderators."""
    return owners(clinic).filter(user=user).exists() or ownership.may_moderate(user)


def name_of(user: User | None) -> str:
    """As others at the clinic know somebody: the name, or else the address."""
    if user is None:
        return "En slettet konto"
    return Truncator(plain(user.get_full_name()) or user.email or user.get_username()).chars(LONGEST_NAME)


def locked(clinic_id: int) -> Clinic:
    """The clinic as it is now, for this transaction alone. A deleted one raises ActionError; a closed one keeps its members."""
    stored = Clinic.objects.select_for_update(of=("self",)).filter(pk=clinic_id).first()
    if stored is None:
        raise ActionError(GONE)
    return stored


def only_managers(by: User, clinic: Clinic) -> None:
    """Raises ActionError for everybody else."""
    if not may_manage(by, clinic):
        raise ActionError(ONLY_OWNERS)


def room_for_owner(clinic: Clinic, coming: int = 0) -> None:
    if owners(clinic).count() + coming >= settings.CLINIC_OWNERS:
        raise ActionError(f"En klinik kan have {settings.CLINIC_OWNERS} ejere. Gør en af dem til medarbejder først.")


def confirmed_addresses(user: User) -> set[str]:
    confirmed = EmailAddress.objects.filter(user_id=user.pk, verified=True).values_list("email", flat=True)
    return {mailbox(address) for address in confirmed}


def tell_others(clinic: Clinic, sentence: str, but: Iterable[User]) -> None:
    known = {user.pk for user in but}
    for member in members(clinic):
        if member.user_id not in known and member.user.email and member.user.is_active:
            promise_mail(
                "member_news", member.user.email, clinic, sentence=sentence,
                page=link("clinics:members", clinic.slug), contact_url=link("pages:contact"),
            )  # fmt: skip


def promise_mail(template: str, to: str, clinic: Clinic, **context: str | int) -> None:
    promise(template=template, to=to, clinic=clinic, context={"clinic": clinic.name, **context})


def link(page: str, *arguments: str) -> str:
    return absolute(reverse(page, args=arguments))

"""What changes more than one row of an account."""

import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef

from clinics import clock, memberships
from clinics.actions import ActionError

from .adapter import AccountAdapter
from .second_factor import must_have

UNCONFIRMED_DAYS = 7
HAS_A_ROLE = "Du har en rolle på FysFinder. Skriv til en administrator, som fjerner rollen først."


@transaction.atomic
def delete_account(*, user: User) -> None:
    """Delete the account for good: its clinics are left, its claims withdrawn, its log-ins ended; a mail says so.

    Versions and decisions stay, without a name. Raises ActionError for somebody who works here: what they decided is a
    trail that others rely on.
    """
    memberships.leave_all(user=user)  # locks clinics first, then the person, as everywhere
    stored = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if must_have(stored):
        raise ActionError(HAS_A_ROLE)
    for session in UserSession.objects.filter(user=stored):
        session.end()
    if stored.email:
        AccountAdapter().send_mail("account/email/account_deleted", stored.email, {})
    stored.delete()


@transaction.atomic
def remove_second_factor(*, user: User) -> int:
    """For somebody who lost phone and recovery codes and proved who they are: docs/accounts.md. Returns what was removed."""
    removed, _ = Authenticator.objects.filter(user=user).delete()
    for session in UserSession.objects.filter(user=user):
        session.end()
    return removed


def remove_unconfirmed() -> int:
    """Accounts whose address nobody confirmed for a week: perhaps somebody else's address. Returns how many went."""
    confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    old = User.objects.filter(
        ~Exists(confirmed),
        date_joined__lt=clock.now() - datetime.timedelta(days=UNCONFIRMED_DAYS),
        last_login=None,
        is_staff=False,
        is_superuser=False,
    )
    return old.delete()[1].get(User._meta.label, 0)

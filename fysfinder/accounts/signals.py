"""What follows from something that happens to an account."""

import logging
from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed, email_confirmed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver
from django.http import HttpRequest

from . import names
from .second_factor import FACTORS

logger = logging.getLogger(__name__)
NOBODY = "0.0.0.0"  # noqa: S104  no address of a machine's own


@receiver(post_save, sender=get_user_model())
def trust_new_superuser(sender: type[User], instance: User, created: bool, raw: bool = False, **_: Any) -> None:
    """Whoever makes a superuser sits at the command line or is one: the address needs no code.

    Without an address nobody can log in; a user name that is one will do.
    """
    if raw or not created or not instance.is_superuser:
        return
    try:
        verify(instance, instance.email or instance.username)
    except ValidationError:
        logger.warning("The new superuser %r has no e-mail address and cannot log in", instance.pk)


def verify(user: User, email: str) -> None:
    """Give `user` this address, confirmed. One that another account has confirmed stays there; ValidationError for no address."""
    address = names.canonical(email)
    if EmailAddress.objects.filter(email=address, verified=True).exclude(user=user).exists():
        logger.warning("The address of user %r is another account's already", user.pk)
        return
    EmailAddress.objects.filter(user=user, primary=True).exclude(email=address).update(primary=False)
    EmailAddress.objects.update_or_create(user=user, email=address, defaults={"verified": True, "primary": True})
    if user.email != address:
        user.email = address
        user.save(update_fields=["email"])


@receiver(email_changed)
def rename(sender: Any, user: User, to_email_address: EmailAddress, **_: Any) -> None:
    """The user name follows the address: somebody else may open an account with the old one."""
    user.username = names.free_user_name(to_email_address.email, besides=user)
    user.save(update_fields=["username"])


@receiver(email_confirmed)
def forget_strangers_password(sender: Any, request: HttpRequest, email_address: EmailAddress, **_: Any) -> None:
    """An address that is confirmed by a code to log in or for a new password says nothing about who chose the password.

    It may be a stranger's, who opened an account with somebody else's address and waits. On the page after sign-up or log-in
    the code is typed where the password was.
    """
    if request.resolver_match and request.resolver_match.url_name != "account_email_verification_sent":
        user = email_address.user  # the very object that is logged in next
        user.set_unusable_password()
        user.save(update_fields=["password"])


@receiver(authenticator_added)
def end_other_log_ins(sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """From now on two steps are asked for: who came in by one, elsewhere, does so again."""
    if authenticator.type in FACTORS:
        for session in UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key):
            session.end()


@receiver(pre_save, sender=UserSession)
def forget_machine(sender: Any, instance: UserSession, **_: Any) -> None:
    """The list of log-ins tells devices apart by what they call themselves; where they were is not ours to keep."""
    instance.ip = NOBODY

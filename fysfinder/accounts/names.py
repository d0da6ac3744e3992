"""E-mail addresses and user names: one spelling for one mailbox.

`auth.User` wants a user name; ours is the address, so that admin screens name people by what others know them by. Nobody
logs in with it.
"""

import secrets
import unicodedata
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError

from clinics.mailing.recipient import LONGEST, WRONG, checked


def canonical(email: str) -> str:
    """The one spelling in which an address is stored and looked up; ValidationError when it is none.

    Letters that look or fold alike are one letter (NFKC, lower case), and a domain is written as the names service reads
    it, in letters: otherwise `ﬁrma.dk` would be a second account for the mailbox at `firma.dk`. Letters of another
    alphabet that only look alike make another domain, whose mail goes elsewhere: another account, rightly.
    """
    local, _, domain = checked(unicodedata.normalize("NFKC", email.strip()).lower()).rpartition("@")
    text = f"{local}@{domain.encode().decode('idna')}"
    if len(text) > LONGEST:
        raise ValidationError(WRONG)
    return text


def free_user_name(email: str, *, besides: Any = None) -> str:
    """The address, or its beginning and something random where another account still has it or it is too long."""
    users = get_user_model()
    longest = users._meta.get_field("username").max_length or 150
    others = users._default_manager.filter(username__iexact=email)
    taken = (others if besides is None else others.exclude(pk=besides.pk)).exists()
    return email if len(email) <= longest and not taken else f"{email[: longest - 17]}-{secrets.token_hex(8)}"


def display(user: AbstractBaseUser) -> str:
    """How a person is called on pages of their own account."""
    return str(getattr(user, "email", "") or "din konto")

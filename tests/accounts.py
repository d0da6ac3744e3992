"""People with accounts, what the mails to them say, and what a page looks like to somebody who compares two."""

import re
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.test import Client

from clinics.models import Outbox

PASSWORD = "tre blå heste i regn"
NEXT = "/for-klinikker/overtag/ryggen/"
FAST = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def person(email: str = "olga@example.org", *, verified: bool = True, **more: Any) -> User:
    user = get_user_model().objects.create_user(email, email, PASSWORD, **more)
    EmailAddress.objects.update_or_create(user=user, email=email, defaults={"verified": verified, "primary": True})
    return user


def mails_to(email: str) -> list[Outbox]:
    return list(Outbox.objects.filter(to=email).order_by("pk"))


def code_to(email: str) -> str:
    return mails_to(email)[-1].context["code"]


def log_in(client: Client, email: str = "olga@example.org", password: str = PASSWORD, **more: str):
    return client.post("/konto/log-ind/", {"login": email, "password": password, **more})


def prove(client: Client, then: str):
    """Type the password again, as every important page asks."""
    return client.post("/konto/bekraeft/", {"password": PASSWORD, "next": then})


def text_of(response: Any, *typed: str) -> str:
    """A page without what differs by chance: the token of the form, and what was typed."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "TOKEN", response.content.decode())
    for word in typed:
        text = text.replace(word, "TYPED")
    return text

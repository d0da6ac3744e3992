"""Logging in as a person does."""

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from clinics.models import Outbox


def log_in(page, email: str, password: str) -> None:
    """On the page of log-in, wherever one was sent there from."""
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    page.get_by_role("button", name="Log ind", exact=True).click()


def mailed_code(email: str) -> str:
    """From the row of the mail: what the worker would send."""
    return Outbox.objects.filter(to=email).order_by("-pk").first().context["code"]


def app_code(secret: str) -> str:
    """What an app shows now: right for half a minute at least."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))

"""How often somebody may guess or have mails sent: exact counters in front of allauth's own (clinics/rate_limit.py).

allauth counts in the cache, which forgets when it is full. An account is counted by what was typed, whether it exists
or not, so that a limit tells nothing.
"""

import datetime
import hashlib
import hmac

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from clinics import rate_limit

MINUTE = datetime.timedelta(minutes=1)
HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)

TOO_MANY = "Der er prøvet for mange gange. Vent lidt, og prøv igen."
TOO_MANY_MAILS = "Vi har allerede sendt flere mails til den adresse. Vent en time, og kig også i din uønskede post."

# The first of the log-in limits stops a guesser without locking the owner out, who sits elsewhere; the last stops a
# thousand guessers, and then a code by e-mail and a passkey still work.
LOG_IN_HERE = ("login-here", 6, 10 * MINUTE)
LOG_IN_FROM = ("login-from", 40, 10 * MINUTE)
LOG_IN_TO = ("login-to", 60, HOUR)
MAIL_HERE = ("mail-here", 6, HOUR)
MAIL_FROM = ("mail-from", 40, HOUR)
MAIL_TO = ("mail-to", 30, DAY)
CODE = ("code", 3, HOUR)
SECOND_FACTOR = ("second-factor", 10, 15 * MINUTE)
USED_CODE = ("used-code", 1, 3 * MINUTE)
SECOND_FACTOR_DAY = ("second-factor-day", 60, DAY)

Limit = tuple[str, int, datetime.timedelta]
Counted = list[tuple[str, str]]


def secret_name(*parts: object) -> str:
    """A counter's name that cannot be turned back into an address, an account or a code."""
    key = hmac.digest(settings.SECRET_KEY.encode(), b"account limits", hashlib.sha256)
    return hmac.new(key, "\x1f".join(str(part) for part in parts).encode(), hashlib.sha256).hexdigest()


def log_in(request: HttpRequest, email: str) -> Counted:
    """Count one try with a password; the counts are given back when it was the right one (`give_back`)."""
    source = rate_limit.source_of(request)
    return _count(
        TOO_MANY,
        (LOG_IN_HERE, secret_name(email, source)),
        (LOG_IN_FROM, source),
        (LOG_IN_TO, secret_name(email)),
    )


def mail(request: HttpRequest, email: str) -> None:
    """Count one mail that somebody who is not logged in asks us to send."""
    source = rate_limit.source_of(request)
    _count(
        TOO_MANY_MAILS,
        (MAIL_HERE, secret_name(email, source)),
        (MAIL_FROM, source),
        (MAIL_TO, secret_name(email)),
    )


def code(*started: object) -> None:
    """Count one try at a mailed code; allauth counts in the session, which many requests at once read as none."""
    _count(TOO_MANY, (CODE, secret_name(*started)))


def second_factor(user_pk: object) -> Counted:
    """Count one try at a second factor by somebody who has the password."""
    name = secret_name(user_pk)
    return _count(TOO_MANY, (SECOND_FACTOR, name), (SECOND_FACTOR_DAY, name))


def first_use(user_pk: object, code: str) -> bool:
    """Whether this code was not used before, for as long as an app's code can be right."""
    what, limit, window = USED_CODE
    return rate_limit.allow(what, secret_name(user_pk, "".join(filter(str.isalnum, code))), limit, window)


def give_back(counted: Counted) -> None:
    """What was right was no guess."""
    for what, source in counted:
        rate_limit.give_back(what, source)


def _count(refusal: str, *limits: tuple[Limit, str]) -> Counted:
    counted: Counted = []
    for (what, limit, window), source in limits:
        if not rate_limit.allow(what, source, limit, window):
            raise ValidationError(refusal, code="rate_limited")
        counted.append((what, source))
    return counted

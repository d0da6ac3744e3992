"""The private link of a report: whoever has it reads the answer. The database holds a digest of it and nothing else.

It is made from the number of the case with the key of the site, so that a mail written months later can hold it too: a
decision without a way to appeal would be none. It outlives a new key as long as the old one stands in `SECRET_KEY_FALLBACKS`.
"""

import base64
import hashlib
import hmac

from django.conf import settings

from clinics.models import Report
from clinics.reviews.tokens import keyed

SALT = "clinics.reporting"
LENGTH = 43


def token_of(number: str, secret: str = "") -> str:
    """43 characters that can stand in an address. Of a report that is stored, by the key of then: `secret` is what it holds."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        token = _token(number, key)
        if secret in ("", *keyed(SALT, token)):
            return token
    return _token(number, settings.SECRET_KEY)


def digest(token: str) -> str:
    """64 hexadecimal digits that only we can make."""
    return keyed(SALT, token)[0]


def _token(number: str, key: str) -> str:
    mixed = hashlib.sha256(f"{SALT}.link".encode() + key.encode()).digest()
    return base64.urlsafe_b64encode(hmac.digest(mixed, number.encode(), hashlib.sha256)).decode().rstrip("=")


def find(token: str) -> Report | None:
    """The report with that link. None for everything else, whatever it is."""
    if len(token) != LENGTH:
        return None
    rows = Report.objects.select_related("clinic__postcode", "review")
    return rows.filter(secret__in=keyed(SALT, token)).first()

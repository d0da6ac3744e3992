"""What opens or names a review: a link only its author has, kept as a digest, and a key that everybody may see."""

import base64
import secrets

from django.conf import settings
from django.utils.crypto import salted_hmac

from clinics import clock
from clinics.mailing.recipient import mailbox

TOKEN_LENGTH, KEY_LENGTH = 43, 22
SALT = "clinics.reviews"


def new_token() -> str:
    """43 characters, 256 bits, for the private link: whoever has it may read, change and delete the review."""
    return secrets.token_urlsafe(32)


def new_key() -> str:
    """22 characters, 128 bits, for public addresses. It opens nothing."""
    return secrets.token_urlsafe(16)


def digest(token: str) -> str:
    """64 hexadecimal digits that only we can make of a token: the database alone opens no review."""
    return digests(token)[0]


def digests(token: str) -> list[str]:
    """That of today's key and those of the keys before it: a link is good for years, and outlives a change of the key."""
    return keyed(SALT, token)


def keyed(salt: str, value: str) -> list[str]:
    """What is stored in place of a secret: 64 hexadecimal digits by today's key, then by each of `SECRET_KEY_FALLBACKS`."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [salted_hmac(salt, value, secret=key, algorithm="sha256").hexdigest() for key in keys]


def token_of(seed: str) -> str:
    """The private link that belongs to one opening of the form: sent twice, it is one review. Only we can make it of the seed."""
    made = salted_hmac(f"{SALT}.link", seed, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def address_digest(email: str) -> str:
    """By which the mails to one address are counted for a day: nobody can read the address back."""
    return salted_hmac(f"{SALT}.mails {clock.today()}", mailbox(email), algorithm="sha256").hexdigest()

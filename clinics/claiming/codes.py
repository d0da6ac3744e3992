"""Secrets that a person types or follows: made here, stored as a hash alone, compared here."""

import secrets

from django.utils.crypto import constant_time_compare, salted_hmac

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0 O, 1 I L: read aloud, copied from paper
CODE_LENGTH = 8  # 31^8, some 850 billion
SALT = "clinics.claiming"


def new_code() -> str:
    """`"7KQM2XRT"`: short enough for a letter or the phone; it never stands alone against guessing."""
    return "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))


def new_token() -> str:
    """43 characters for a link that nobody types."""
    return secrets.token_urlsafe(32)


def spaced(code: str) -> str:
    """`"7KQM 2XRT"`, as it is shown."""
    half = len(code) // 2
    return f"{code[:half]} {code[half:]}"


def read(typed: str) -> str:
    """What was typed or pasted, as it was made: no spaces, dashes or small letters. "" when it cannot be a code."""
    code = "".join(letter for letter in typed[:100].upper() if letter.isascii() and letter.isalnum())
    return code if len(code) == CODE_LENGTH and all(letter in LETTERS for letter in code) else ""


def digest(secret: str) -> str:
    """64 hexadecimal digits that only we can make: the database alone tells nobody a code."""
    return salted_hmac(SALT, secret, algorithm="sha256").hexdigest()


def same(secret: str, stored: str) -> bool:
    """In a time that does not tell how much of it was right. Nothing is never the same."""
    return bool(secret and stored) and constant_time_compare(digest(secret), stored)

"""The second factor: who must have one, and how its secrets are kept."""

import base64
import hashlib
import hmac
import logging
import secrets
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from clinics.ownership import OWNER, STAFF

from . import limits

logger = logging.getLogger(__name__)
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes alone are none


def must_have(user: Any) -> bool:
    """Whoever can do more than look after clinics of their own: superusers and every group but the owners'.

    A role that comes later is meant too, and so is a right that was given to a person alone; with or without the way into the
    admin, which not everything stands behind.
    """
    if not user.is_active:
        return False
    return bool(
        user.is_superuser or user.groups.exclude(name__in=[OWNER, STAFF]).exists() or user.user_permissions.exists()
    )


def has(user: Any) -> bool:
    return Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists()


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": "Din rolle kræver totrinslogin. Tilføj en anden måde, før du fjerner denne.",
        "cannot_generate_recovery_codes": "Slå totrinslogin til, før du laver nødkoder.",
        "incorrect_code": "Koden er forkert. Appen skifter kode hvert halve minut, så prøv med den nyeste.",
        "rate_limited": limits.TOO_MANY,
        "unverified_email": "Bekræft din e-mail, før du slår totrinslogin til.",
    }

    def encrypt(self, text: str) -> str:
        """A copy of the database is no copy of anybody's second factor."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            # Never "", from which anybody could compute codes: something that nobody knows.
            logger.error("a second factor cannot be read: was SECRET_KEY changed without SECRET_KEY_FALLBACKS?")
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        others = Authenticator.objects.filter(user=authenticator.user, type__in=FACTORS).exclude(pk=authenticator.pk)
        return others.exists() or not (settings.REQUIRE_SECOND_FACTOR and must_have(authenticator.user))

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "FysFinder"}

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return "Min adgangsnøgle" if number == 1 else f"Adgangsnøgle {number}"


def _cipher() -> MultiFernet:
    """Keys of our own out of SECRET_KEY; with SECRET_KEY_FALLBACKS a new key still reads what the old one wrote."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hmac.digest(key.encode(), b"second factor", hashlib.sha256) for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])

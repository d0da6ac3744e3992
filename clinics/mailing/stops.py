"""Addresses that want no more reminders and invitations. What we keep is an HMAC: nobody can read an address out of it."""

from collections.abc import Iterable

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.crypto import salted_hmac

from clinics.models import MailStop

_SALT = "clinics.mail-stop"  # a key of its own, derived from SECRET_KEY


def token_for(address: str) -> str:
    """What the link at the foot of a reminder ends with. It says nothing about the address, and holds as long as the key."""
    return Signer(salt=_SALT).sign(_digest(address, settings.SECRET_KEY))


def path_for(address: str) -> str:
    """`/mails/stop/<token>/`."""
    return reverse("clinics:mail_stop", args=[token_for(address)])


def digest_of(token: str) -> str | None:
    """The digest in a token that we made; None for any other text."""
    try:
        return Signer(salt=_SALT).unsign(token)
    except BadSignature:
        return None


def is_stopped(address: str) -> bool:
    return bool(stopped_among([address]))


def stopped_among(addresses: Iterable[str]) -> set[str]:
    """Those of the addresses that want nothing more from us; also those who said so under an older key. One query."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = {_digest(address, key): address for address in addresses for key in keys}
    found = MailStop.objects.filter(digest__in=digests).values_list("digest", flat=True)
    return {digests[digest] for digest in found}


def has_digest(digest: str) -> bool:
    return MailStop.objects.filter(pk=digest).exists()


def stop(*, digest: str) -> None:
    """From now on; twice is as good as once."""
    MailStop.objects.get_or_create(digest=digest)


def resume(*, digest: str) -> None:
    """The person has thought better of it."""
    MailStop.objects.filter(digest=digest).delete()


def _digest(address: str, key: str) -> str:
    """64 hexadecimal digits. Capitals never tell two mailboxes apart in practice."""
    return salted_hmac(_SALT, address.strip().lower(), secret=key, algorithm="sha256").hexdigest()

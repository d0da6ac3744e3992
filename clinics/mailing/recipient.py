"""One address to which one mail may go. What a mail program could read as two, as a name or as a header is refused."""

import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from clinics.plain_text import plain

WRONG = "Skriv en e-mailadresse som navn@eksempel.dk."
LONGEST = 254
_is_address = EmailValidator(WRONG, allowlist=["localhost"])


def mailbox(address: str) -> str:
    """The spelling in which two addresses are compared: `"Olga@Blåbær.dk"` → `"olga@xn--blbr-roah.dk"`.

    Never the database's way to leave capitals out of it, to which `ı` is an `I`, and another domain's mail the same.
    """
    try:
        return checked(address).lower()
    except ValidationError:
        return address.lower()


def checked(address: str) -> str:
    """The address with an ASCII domain in small letters: `"olga@blåbær.dk"` → `"olga@xn--blbr-roah.dk"`.

    Raises ValidationError with one Danish sentence for everything else: display names, two addresses, quoted local parts,
    literal IP addresses, line breaks, local parts that are not ASCII (few servers take those).
    """
    if not isinstance(address, str) or not 3 <= len(address) <= LONGEST or '"' in address or "[" in address:
        raise ValidationError(WRONG)
    address = unicodedata.normalize("NFC", address)
    if address != plain(address):
        raise ValidationError(WRONG)  # something invisible, which the next step would quietly take out
    _is_address(address)  # ASCII before the @, a name after it, nothing around
    local, _, domain = address.rpartition("@")
    try:
        address = f"{local}@{domain.lower().encode('idna').decode()}"
    except UnicodeError as error:
        raise ValidationError(WRONG) from error
    if len(address) > LONGEST:
        raise ValidationError(WRONG)
    return address

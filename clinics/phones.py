"""A phone number in whatever notation → E.164, the one way it is stored. Shown again by `clinics.danish.phone`."""

import re
import unicodedata

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

EXAMPLES = "+4500"  # numbers that nobody has; invented clinics alone may have one

_LONGEST_TEXT = 60  # what is longer holds more than a number
_LABEL = re.compile(r"(?i)^\s*(?:telefon|tlf|tel|mobil|mob|ring)\b\.?\s*(?:nr\b\.?|nummer\b)?\s*:?\s*")
_NOTATION = re.compile(r"\(?\+?[0-9 ()./–-]+")
_SEVERAL = re.compile(r"\d{8}")


class PhoneError(Exception):
    """A number that cannot be used; `text` is one Danish sentence."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def read_phone(text: str, *, example: bool = False) -> str:
    """`"tlf. 86 12 12 12"` → `"+4586121212"`; "" stays "". A foreign number needs its + or 00. Raises PhoneError.

    `example`: the number of an invented clinic, which may be one that nobody has.
    """
    plain = _LABEL.sub("", unicodedata.normalize("NFKC", text)).strip()
    if not text.strip():
        return ""
    if len(text) > _LONGEST_TEXT or not _NOTATION.fullmatch(plain):
        raise PhoneError("Et telefonnummer skrives med tal, fx 86 12 12 12. Skriv kun ét nummer, uden bogstaver.")
    digits = re.sub(r"\D", "", plain)
    foreign = plain.lstrip("(").startswith("+") or digits.startswith("00")
    if not foreign and len(digits) < 8:
        raise PhoneError("Et dansk telefonnummer har otte cifre, fx 86 12 12 12. Tjek, om der mangler nogle.")
    try:
        number = phonenumbers.parse(plain, "DK")
    except NumberParseException as error:
        raise PhoneError(_UNKNOWN) from error
    stored = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if example and re.fullmatch(rf"{re.escape(EXAMPLES)}[0-9]{{6}}", stored):
        return stored
    if not phonenumbers.is_valid_number(number):
        several = len(digits) > 10 and _SEVERAL.match(digits) and not foreign
        raise PhoneError("Skriv kun ét telefonnummer." if several else _UNKNOWN)
    if phonenumbers.number_type(number) == PhoneNumberType.PREMIUM_RATE:
        raise PhoneError("Nummeret koster ekstra at ringe til. Skriv et almindeligt telefonnummer.")
    return stored


_UNKNOWN = (
    "Vi kender ikke det telefonnummer. Et dansk nummer har otte cifre, fx 86 12 12 12."
    " Et udenlandsk begynder med + og landekoden."
)

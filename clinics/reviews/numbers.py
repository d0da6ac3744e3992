"""Numbers that belong to a person, in a text: CPR and telephone. Dates, times, prices and counts are none of them.

Works on the `letters` of a `Reading`: figures are ASCII figures, dashes are "-".
"""

import re
from collections.abc import Iterator

import phonenumbers

from clinics.plain_text import cpr_places

_BETWEEN = r"[ .\-/()_*]{1,3}"
_GROUPS = (  # how eight figures are written; 2 500-2 750 and 1.250 are not among them
    r"\d{8}",
    rf"\d{{4}}{_BETWEEN}\d{{4}}",
    rf"\d\d{_BETWEEN}\d\d{_BETWEEN}\d\d{_BETWEEN}\d\d",
    rf"\d\d{_BETWEEN}\d\d{_BETWEEN}\d{{4}}",
    rf"\d{{4}}{_BETWEEN}\d\d{_BETWEEN}\d\d",
    rf"\d\d{_BETWEEN}\d{{3}}{_BETWEEN}\d{{3}}",
    rf"\d{{3}}{_BETWEEN}\d{{3}}{_BETWEEN}\d\d",
    rf"\d\d{_BETWEEN}\d{{6}}",
    rf"\d(?:{_BETWEEN}\d){{7}}",
)
_EIGHT = re.compile(rf"(?<!\d)(?<!\d[.\-/])(?:{'|'.join(_GROUPS)})(?![.\-/]?\d)")
_FOREIGN = re.compile(r"(?<!\d)(?:\+|00) ?[1-9](?:[ .\-/()]{0,2}\d){6,14}(?!\d)")
_CODE = re.compile(r"(?:\+|\b00) ?45[ .\-]{0,2}$")

_CALLED = re.compile(
    r"(?i)(?:\b(?:tlf|telefon|tel|mobil)\.?(?:nr|nummer|nummeret)?|\b(?:ring|ringe|ringes?|sms|skriv) (?:til|på)|\bring|\bsms"
    r"|\bnummer(?:et)?|\bnr)\W{0,3}(?:er|på)?\W{0,2}$"
)
_YEAR = r"(?:19|20)\d\d"
_DAY, _MONTH, _SIGN = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"[ .\-/]{1,3}"
_TIME = r"(?:[01]\d|2[0-4])[.:]?[0-5]\d"
_NO_PHONE = re.compile(
    rf"{_YEAR}[ ]?[-/ ][ ]?{_YEAR}"  # 2024-2025
    rf"|{_DAY}{_SIGN}{_MONTH}{_SIGN}{_YEAR}|{_YEAR}{_SIGN}{_MONTH}{_SIGN}{_DAY}"  # 24.10.2025, 2025-10-24
    rf"|{_TIME} ?- ?{_TIME}"  # 20.30-21.15
)
_UNIT = re.compile(
    r"(?i) ?(?:kr\b|kroner|dkk|,-|øre|%|procent|m\b|km\b|meter|skridt|trin|gange|gentagelser|reps|sæt|kg\b|kilo"
    r"|kalorier|sekunder|sek\.|min\.|minutter|timer|dage|uger|måneder|år\b|patienter)"
)
_BEFORE_SUM = re.compile(r"(?i)\b(?:kr|dkk|kroner|cvr|cvr-nr|postnr|postnummer|postnumrene)\W{0,3}$")
_DATE_AND_TIME = re.compile(rf"{_DAY}[./-]{_MONTH}[./-](?:{_YEAR}|\d\d)[ ,]{{1,3}}(?:[01]\d|2[0-3])\.[0-5]\d")

_UNITS = ("nul", "en", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni")
_TEENS = ("ti", "elleve", "tolv", "tretten", "fjorten", "femten", "seksten", "sytten", "atten", "nitten")
_TENS = ("tyve", "tredive", "fyrre", "halvtreds", "tres", "halvfjerds", "firs", "halvfems")
_NUMBERS = {word: str(value) for value, word in enumerate(_UNITS + _TEENS)}
_NUMBERS |= {"et": "1", "én": "1", "ét": "1"}
_NUMBERS |= {ten: str(20 + 10 * place) for place, ten in enumerate(_TENS)}
_NUMBERS |= {
    f"{one}og{ten}": str(20 + 10 * place + value)
    for place, ten in enumerate(_TENS)
    for value, one in enumerate(_UNITS)
    if value
}
_SPOKEN_ONE = rf"(?:{'|'.join(sorted(_NUMBERS, key=len, reverse=True))}|\d{{1,2}})"
_SPOKEN = re.compile(rf"(?i)\b{_SPOKEN_ONE}(?:[ ,.\-/]{{1,3}}{_SPOKEN_ONE}){{3,7}}\b")


# `010190 (1234)`, `010190 * 1 2 3 4`: more between than `clinics.plain_text` looks past.
_CPR_APART = re.compile(
    r"(?<!\d)(\d\d)[ ./-]{0,2}(\d\d)[ ./-]{0,2}(?:19|20)?\d\d([^\w\n]{0,5})(\d[ .\-]?\d[ .\-]?\d[ .\-]?\d)(?!\d)"
)
_MIXED = re.compile(r"\b(?=[OoIl]*\d[OoIl]*\d)[\dOoIl]{4,}\b")  # `o1o190`, written so that no machine sees it
_FIGURES = str.maketrans("OoIl", "0011")


def cpr_numbers(letters: str) -> Iterator[tuple[int, int]]:
    """Where something stands that may be a CPR number. A date with a time or a price is none: `24.10.2025, 12.30`."""
    letters = _MIXED.sub(lambda match: match[0].translate(_FIGURES), letters)
    for start, end in cpr_places(letters):
        is_price = " " in letters[start:end] and _UNIT.match(letters, end)
        if not is_price and not _DATE_AND_TIME.fullmatch(letters, start, end):
            yield start, end
    for match in _CPR_APART.finditer(letters):
        four = re.sub(r"\D", "", match[4])
        is_day = any(cpr_places(f"{match[1]}{match[2]}00-{four}"))
        if is_day and not _DATE_AND_TIME.fullmatch(match[0]) and not _UNIT.match(letters, match.end()):
            yield match.span()
    for match in re.finditer(rf"(?<!\d)\d(?:{_BETWEEN}\d){{9}}(?!\d)", letters):  # 0 1 0 1 9 0 1 2 3 4
        if any(cpr_places(re.sub(r"\D", "", match[0]))):
            yield match.span()


def phone_numbers(letters: str) -> Iterator[tuple[int, int]]:
    """Where a telephone number stands, in figures or in words. One place may come twice."""
    for match in _EIGHT.finditer(letters):
        start, end = match.span()
        before = letters[max(start - 30, 0) : start]
        if code := _CODE.search(before):
            yield start - len(code[0]), end
        elif _CALLED.search(before) or (not _counts(match[0], before, letters[end:]) and _exists(match[0])):
            yield start, end
    for match in _FOREIGN.finditer(letters):
        if _exists(re.sub(r"^00", "+", match[0])):
            yield match.span()
    for match in _SPOKEN.finditer(letters):
        if _is_spoken_number(match[0]):
            yield match.span()


def _counts(figures: str, before: str, after: str) -> bool:
    """Whether it is a date, a time, years, or a number of something."""
    if figures.isdigit():
        return bool(_BEFORE_SUM.search(before))
    is_range = "-" in figures and _UNIT.match(after)
    return bool(is_range or _NO_PHONE.fullmatch(figures) or _BEFORE_SUM.search(before))


def _exists(number: str) -> bool:
    """Whether anybody can have it: Danish, or from abroad with + in front. A number that costs extra is one too."""
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, "DK"))
    except phonenumbers.NumberParseException:
        return False


def _is_spoken_number(words: str) -> bool:
    """`otte seks tolv tolv tolv`; not somebody who counts `to, tre, fire, fem, seks, syv, otte, ni`."""
    parts = [_NUMBERS.get(word, word) for word in re.findall(r"\w+", words.lower())]
    if words[0].isdigit() and all(part.isdigit() for part in re.findall(r"\w+", words)):
        return False  # in figures alone: `_EIGHT` has seen it
    figures = "".join(parts)
    counting = [int(part) for part in parts]
    return len(figures) == 8 and counting != sorted(set(counting)) and _exists(figures)

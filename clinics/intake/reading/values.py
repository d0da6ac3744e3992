"""One cell → one fact, in the form in which it is stored; or nothing, and a Danish sentence that says why.

`Told.value` None: nothing is taken. `Told.note` may stand beside a value: a second phone that was left out. The words for “not
known” never come here (`cells.py`).
"""

import re
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from clinics import danish
from clinics.languages import LANGUAGES
from clinics.models.price import HIGHEST, LOWEST
from clinics.phones import PhoneError, read_phone
from clinics.plain_text import has_cpr
from clinics.text import fold
from clinics.websites import WebsiteError, read_website

from .raw import shown

LONGEST_TEXT = 5_000
LONGEST_EMAIL = 254
LONGEST_WAIT = 730  # days, as in the clinic's own form
MOST_NAMES, LONGEST_NAME = 50, 120
_CACHED = 4096  # cells; the same number or website of a chain, "ja" and "nej"


class Told(NamedTuple):
    value: Any = None
    note: str = ""


_YES = frozenset({"ja", "j", "yes", "y", "true", "sand", "sandt", "1", "x", "✓", "✔", "har", "designated"})
_NO = frozenset({"nej", "n", "no", "false", "falsk", "0", "ingen", "✗"})
_PARTLY = frozenset({"limited", "delvis", "delvist", "begrænset", "nogenlunde", "delvis adgang"})
_SEVERAL_PHONES = re.compile(r"\s*(?:[/,;|\n]|\bog\b|\beller\b|\bsamt\b)\s*")
_SEVERAL_EMAILS = re.compile(r"[\s,;|]+")
_AMOUNT = r"\d{1,3}(?:[. ]\d{3})+(?:,\d{1,2})?|\d{1,3}(?:,\d{3})+\.\d{1,2}|\d{1,7}(?:[.,]\d{1,2})?"
_PRICE = re.compile(rf"(?:(op til|højst|maks\.?|max\.?) *)?({_AMOUNT})(?: *(?:-|–|—|til|/|eller) *({_AMOUNT}))?")
_KRONER = re.compile(r"(?<![^\W\d_])(?:kr\.?|dkk|kroner)(?![^\W\d_])|[,.] ?[-–](?= *(?:$|[-–/]|til|eller))")
_WAIT = re.compile(r"(?:ca\.? *)?(?:(\d{1,3}) *(?:-|–|til) *)?(\d{1,3}) *(dag(?:e|es)?|uger?|måned(?:er)?)?\.?")
_DAYS_OF = {"d": 1, "u": 7, "m": 30}
_OSM_ID = re.compile(r"(?:^|/)(node|way|relation)/([1-9][0-9]{0,17})(?:$|[?#/])")
_BETWEEN_NAMES = re.compile(r"\s*(?:[,;\n|]| & |\bog\b)\s*")
_NOT_A_NAME = re.compile(r"[\d@<>{}\[\]\\/]|\bwww\b|https?:", re.IGNORECASE)
_ROUNDED = re.compile(r"(?i)[0-9][.,][0-9]+e\+?[0-9]+")


@lru_cache(_CACHED)
def yes_no(text: str) -> Told:
    word = " ".join(text.casefold().strip(" .!").split())
    if word in _YES or word in _NO:
        return Told(word in _YES)
    return Told(None, f"{shown(text)} er hverken ja eller nej.")


@lru_cache(_CACHED)
def step_free(text: str) -> Told:
    """OpenStreetMap's `wheelchair` too: “limited” is neither, and a patient must not be told one of them."""
    if text.casefold().strip(" .") in _PARTLY:
        return Told(None, f"{shown(text)}: delvis adgang er hverken ja eller nej. Spørg klinikken.")
    return yes_no(text)


@lru_cache(_CACHED)
def ydernummer(text: str) -> Told:
    """The number itself is a yes."""
    return Told(True) if re.fullmatch(r"0*[1-9][0-9]{2,6}", text.replace(" ", "")) else yes_no(text)


@lru_cache(_CACHED)
def phone(text: str) -> Told:
    """The first number that can be used; of the others it is said that they are not taken."""
    text = re.sub(r"(?<=\d)\.0$", "", text)  # a number that went through a table of numbers
    parts = [part for part in _SEVERAL_PHONES.split(text) if part][:10]
    problem, found, left = "", "", []
    for part in [text] if len(parts) < 2 or len(text) < 12 else parts:
        try:
            read = read_phone(part)
        except PhoneError as error:
            problem = problem or error.text
            left.append(part)
        else:
            if found and read != found:
                left.append(part)
            found = found or read
    if not found:
        return Told(None, f"{shown(text)}: {problem}")
    return Told(found, f"Kun det første telefonnummer er taget med, ikke {shown(', '.join(left))}." if left else "")


def email(text: str) -> Told:
    parts = [part for part in _SEVERAL_EMAILS.split(re.sub(r"(?i)^mailto:", "", text)) if part]
    for part in parts[:5]:
        try:
            validate_email(part)
        except ValidationError:
            continue
        if len(part) <= LONGEST_EMAIL:
            left = [other for other in parts if other != part]
            return Told(part, f"Kun én e-mailadresse er taget med, ikke {shown(', '.join(left))}." if left else "")
    return Told(None, f"{shown(text)} er ikke en e-mailadresse.")


def website(text: str) -> Told:
    first, *left = re.split(r"\s*(?:;|\s|,\s)\s*", text)
    try:
        read = read_website(first)
    except WebsiteError as error:
        return Told(None, f"{shown(text)}: {error.text}")
    return Told(read, f"Kun den første webadresse er taget med, ikke {shown(' '.join(left))}." if any(left) else "")


@lru_cache(_CACHED)
def price(text: str) -> Told:
    """`"800-1350"` → the highest, with the list's words as terms: nobody shall have to pay more than what is shown."""
    plain = " ".join(_KRONER.sub(" ", text.casefold()).split())
    found = _PRICE.fullmatch(plain)
    if not found:
        if re.match(r"(?:fra|min\.?|mindst|ca\.?|ab)\b", plain):
            return Told(None, f"{shown(text)} siger ikke, hvad man højst betaler. Skriv beløbet, eller fra og til.")
        return Told(None, f"{shown(text)} er ikke et beløb. Skriv fx 506,72 eller 800-1350.")
    amounts = sorted(_decimal(one) for one in found.groups()[1:] if one)
    if not LOWEST <= amounts[0] <= amounts[-1] <= HIGHEST:
        return Told(None, f"{shown(text)}: en pris er mindst {LOWEST} kr. og højst {HIGHEST:,} kr.".replace(",", "."))
    terms = ""
    if amounts[0] != amounts[-1]:
        low, high = danish.kroner(amounts[0]).replace(" kr.", ""), danish.kroner(amounts[-1])
        terms = f"Listen siger {low}–{high} Prisen her er den højeste."
    elif found[1]:
        terms = f"Listen siger op til {danish.kroner(amounts[0])}"
    return Told({"amount": f"{amounts[-1]:.2f}", "terms": terms})


def _decimal(text: str) -> Decimal:
    """Danish, and the other way round where that alone makes sense: `"1.234,50"`, `"1,234.50"`, `"506.72"`, `"1.234"`."""
    text = text.replace(" ", "")
    if re.fullmatch(r"[\d,]+\.\d{1,2}", text):
        return Decimal(text.replace(",", ""))
    return Decimal(text.replace(".", "").replace(",", "."))


@lru_cache(_CACHED)
def waiting_days(text: str) -> Told:
    """Of “1-2 uger” the longest."""
    plain = text.casefold().strip()
    if plain in ("ingen", "ingen ventetid", "samme dag", "i dag"):
        return Told(0)
    found = _WAIT.fullmatch(plain)
    days = int(found[2]) * _DAYS_OF[(found[3] or "d")[0]] if found else -1
    if not 0 <= days <= LONGEST_WAIT:
        return Told(None, f"{shown(text)} er ikke en ventetid i dage, fra 0 til {LONGEST_WAIT}.")
    return Told(days)


@lru_cache(_CACHED)
def languages(text: str) -> Told:
    codes, unknown = set(), []
    for part in re.split(r"[,;/|\n]|\bog\b|\bsamt\b|&", text):
        word = fold(part)
        if code := _LANGUAGES.get(word):
            codes.add(code)
        elif word:
            unknown.append(part.strip())
    note = f"Sprog, vi ikke kender, er ikke taget med: {shown(', '.join(unknown))}." if unknown else ""
    return Told([code for code, _ in LANGUAGES if code in codes] or None, note)


_LANGUAGES = {
    fold(word): code for code, names in LANGUAGES for word in (code, *names.split("/"))
} | {
    "english": "en", "danish": "da", "german": "de", "swedish": "sv", "norwegian": "no", "arabic": "ar", "tegnsprog": "sgn",
    "polish": "pl", "turkish": "tr", "spanish": "es", "french": "fr", "persisk": "fa", "iransk": "fa", "serbokroatisk": "bs",
}  # fmt: skip


def cvr(text: str) -> Told:
    return _number(text, re.sub(r"(?i)^dk", "", text), 8, 8, "Et CVR-nummer har 8 cifre")


def p_number(text: str) -> Told:
    return _number(text, text, 10, 10, "Et P-nummer har 10 cifre")


def sor_id(text: str) -> Told:
    return _number(text, text, 5, 20, "Et SOR-nummer har kun cifre")


def _number(text: str, bare: str, least: int, most: int, rule: str) -> Told:
    figures = re.sub(r"[\s.-]", "", re.sub(r"\.0$", "", bare.strip()))
    if _ROUNDED.fullmatch(text.strip()):
        return Told(None, f"{shown(text)}: regnearket har afrundet nummeret. Gem kolonnen som tekst.")
    if not (figures.isascii() and figures.isdigit() and least <= len(figures) <= most and figures.strip("0")):
        return Told(None, f"{shown(text)}: {rule}.")
    return Told(figures)


def osm_id(text: str) -> Told:
    found = _OSM_ID.search(text.strip())
    return Told(f"{found[1]}/{found[2]}") if found else Told(None, f"{shown(text)} er ikke et id som node/4711.")


def practitioners(text: str) -> Told:
    """Names alone: for suggestions, and never shown."""
    names, strange = [], 0
    for part in _BETWEEN_NAMES.split(text):
        name = " ".join(part.split())
        if 2 <= len(name) <= LONGEST_NAME and not _NOT_A_NAME.search(name):
            names.append(name)
        elif name:
            strange += 1
    names = list(dict.fromkeys(names))
    note = "Noget under behandlere ligner ikke navne og er ikke taget med." if strange else ""
    if len(names) > MOST_NAMES:
        names, note = names[:MOST_NAMES], f"Kun de første {MOST_NAMES} behandlere er taget med."
    return Told(names or None, note)


def text(text: str) -> Told:
    """The clinic's own words: for suggestions, and never shown."""
    kept = text[:LONGEST_TEXT].strip()
    if re.search(r"\d{6}", kept) and has_cpr(kept):
        return Told(None, "Teksten ser ud til at indeholde et CPR-nummer og er ikke taget med.")
    return Told(
        kept or None, f"Kun de første {LONGEST_TEXT} tegn af teksten er taget med." if len(text) > LONGEST_TEXT else ""
    )

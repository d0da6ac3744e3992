"""Numbers, days and names as Danes write them."""

import datetime
import re
from decimal import ROUND_HALF_UP, Decimal

from django.utils.dateformat import format as date_format


def kroner(amount: Decimal | int | float) -> str:
    """`1250` → `"1.250 kr."`, `293.98` → `"293,98 kr."`."""
    value = Decimal(amount).quantize(Decimal("0.01"), ROUND_HALF_UP)
    text = f"{value:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")
    return f"{text.removesuffix(',00')} kr."


_THOUSANDS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]*)?")


def amount(text: str) -> str:
    """Kroner as Danes write them, as a number that Decimal reads: `"1.250,50 kr."` → `"1250.50"`. Anything else is left alone."""
    text = re.sub(r"(?i)\s|kr\.?|(?:,-|,–)$", "", text)
    return (text.replace(".", "") if _THOUSANDS.fullmatch(text) else text).replace(",", ".")


def kilometres(km: float) -> str:
    """One decimal below 10 km, whole ones above; closer than 100 m is not told apart: `"1,2 km"`, `"24 km"`."""
    if km < 0.1:
        return "under 100 m"
    return f"{km:.1f} km".replace(".", ",") if km < 9.95 else f"{km:.0f} km"


def phone(number: str) -> str:
    """A stored number for reading: `"+4586121212"` → `"86 12 12 12"`; foreign numbers are left as they are."""
    digits = number.removeprefix("+45")
    if len(digits) == 8 and digits.isdigit():
        return " ".join(digits[i : i + 2] for i in range(0, 8, 2))
    return number


def in_sentence(name: str) -> str:
    """A name with a small first letter, abbreviations left alone: `"Ondt i lænden"` → `"ondt i lænden"`, `"KOL"` → `"KOL"`."""
    first = name.split(" ", 1)[0]
    return name if any(c.isupper() for c in first[1:]) else name[:1].lower() + name[1:]


def day(date: datetime.date, this_year: int | None = None) -> str:
    """`"14. november 2026"`; without the year when that is `this_year`."""
    return date_format(date, "j. F" if date.year == this_year else "j. F Y")


_AFTER_Z = str.maketrans("æøåäöü", "{|}{|y")


def sort_key(name: str) -> str:
    """What puts names in Danish alphabetical order: æ, ø, å after z, and aa as å (as `DanishOrder` does in the database)."""
    return name.lower().replace("aa", "å").translate(_AFTER_Z)


def listing(names: list[str] | tuple[str, ...], last: str = "og") -> str:
    """`["a", "b", "c"]` → `"a, b og c"`."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def count(number: int, one: str, many: str) -> str:
    """`(1, "klinik", "klinikker")` → `"1 klinik"`, with thousands separated: `"1.050 klinikker"`."""
    return f"{number:,}".replace(",", ".") + " " + (one if number == 1 else many)


# What the long words of our vocabulary end with. A browser without Danish hyphenation breaks them anywhere in a narrow column.
_ENDS = (
    "behandling|bevidsthed|fysioterapi|forebyggelse|forsikring|gigt|håndtering|kæde|løbere|mobilitet|program|rehabilitering|"
    "rystelse|scanning|skeletal|skørhed|smerte|styring|terap|træning|trækning|undersøgelse|øvelse"
)
_JOINT = re.compile(rf"(?<=[a-zæøå]{{4}})(?=(?:{_ENDS})[a-zæøå]*)", re.IGNORECASE)


def breakable(text: str) -> str:
    """Long compounds with soft hyphens: `"bækkenbundstræning"` → `"bækkenbunds\u00adtræning"`; others as they are."""
    return re.sub(r"\w{14,}", lambda word: _JOINT.sub("\u00ad", word.group()), text)

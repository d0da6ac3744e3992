"""An address in one cell, taken apart: `"Nørregade 5, 2. tv., 8000 Aarhus C"`."""

import re
from typing import NamedTuple

_CODE = r"(?:dk?[ -]?)?(?P<code>[0-9]{4})"
_CODE_TOWN = re.compile(rf"(?i){_CODE}(?:\s+(?P<town>[^\W\d_].*))?")
_BEHIND = re.compile(rf"(?i)\s{_CODE}\s+(?P<town>[^\W\d_][^\d]*)$")
_NUMBERED = re.compile(r"[^\W\d_].*\s[0-9]{1,3}")
# "12B", "12 b", "12-14"; never the number of "Christian 4.s Vej" or "10. Februar Vej". Nothing in it takes the square of a text.
_HOUSE = re.compile(
    r"(?i)(?=.*[^\W\d_]{2})"
    r"(?P<street>.+?\s[0-9]{1,3}(?:\s?[^\W\d_](?![^\W_]))?(?:\s?[-–]\s?[0-9]{1,3}\s?[^\W\d_]?(?![^\W_]))?)"
    r"(?:[\s.]+(?P<rest>(?:(?:st|kl|kld|stuen|kælderen)\b|[0-9]{1,2}\.?\s*(?:sal|etage|t\.?v|t\.?h|m\.?f|$)|\().*))?"
)
_BESIDE = re.compile(
    r"(?i)(?:c/o|att\b|v/|postboks|box\b|bygning|bygn\b|byg\.|opgang|indgang|port\b|dør\b|lokale|rum\b|baggård|baghus|forhus|sidehus)"
)
_COUNTRY = frozenset({"danmark", "denmark", "dk"})


class Parts(NamedTuple):
    """`""` for what the address does not say."""

    street: str = ""
    extra: str = ""
    code: str = ""
    town: str = ""


def taken_apart(text: str) -> Parts:
    parts = [" ".join(part.split()) for part in re.split(r"[,;|\n]", text)]
    parts = [part for part in parts if part.strip(" .-") and part.casefold().strip(" .") not in _COUNTRY]
    code, town, kept = "", "", []
    for place, part in enumerate(parts):
        if found := (place or len(parts) == 1) and _CODE_TOWN.fullmatch(part):
            code, town = found["code"], found["town"] or ""
            if not town and place + 1 < len(parts) and not any(letter.isdigit() for letter in parts[place + 1]):
                town = parts[place + 1]
            break  # what comes after the postcode is the town, and the country in another language
        found = _BEHIND.search(part)
        if found and _NUMBERED.match(part[: found.start()]):
            kept.append(part[: found.start()].strip())
            code, town = found["code"], found["town"].strip()
            break
        kept.append(part)
    street, extra = "", []
    for part in kept:
        found = None if street or _BESIDE.match(part) else _HOUSE.fullmatch(part)
        if found:
            street = found["street"].strip()
            extra += [found["rest"]] if found["rest"] else []
        else:
            extra.append(part)
    if not street:  # "Torvet": a street without a number
        named = [part for part in extra if not _BESIDE.match(part) and not part[0].isdigit()]
        if named:
            street = named[0]
            extra.remove(street)
    return Parts(street, ", ".join(extra), code, town.strip(" ."))

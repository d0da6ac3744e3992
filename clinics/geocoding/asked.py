"""What a geocoder is asked: street, house, postcode and town, without what stands behind the door or beside the name.

`"Sundhedshuset, c/o Lægerne, Torvet 3b, 2. tv., 8000 Aarhus C"` → `"Torvet 3B, 8000 Aarhus C"`.
"""

import re
from dataclasses import dataclass

from clinics.models import Clinic, Postcode
from clinics.models.name_key import name_key
from clinics.plain_text import plain

# "12B", "12 b", "12-14" (its first), and never the number of "Christian 4.s Vej" or "10. Februar Vej".
_HOUSE = re.compile(
    r"^(?P<street>.*?[^\W\d_]{2}.*?)\s+(?P<number>[0-9]{1,3})(?:\s?(?P<letter>[^\W\d_]))?(?![\w./]|\s?\.)"
)
# Whole parts between commas, and what may hang behind a street without a number.
_FLOOR = re.compile(
    r"(?i)^(?:(?:st(?:uen)?|kl(?:d|ælder)?|k?[0-9]{1,2})\.?\s*(?:sal|etage)?\.?,?\s*)?(?:(?:t\.?h|t\.?v|m\.?f|dør\s*\S+)\.?|sal\.?)?$"
)
_TAIL = re.compile(
    r"(?i)[\s,]+(?:(?:[0-9]{1,2}\.|st\.|kl\.)\s*(?:sal\.?|etage)?\s*(?:t\.?h\.?|t\.?v\.?|m\.?f\.?)?|\(.*)$"
)
_BESIDE = re.compile(
    r"(?i)^(?:c/o|att\b|v/|postboks|p\.?\s?o\.?\s?box|box\b|bygning|bygn\b|byg\.|opgang|indgang|port\b|dør\b|lokale|rum\b|danmark$"
    r"|denmark$|dk$|baggård|baghus|forhus|sidehus|stuen$|kælderen$)"
)
_NAME = re.compile(r"^(?:[0-9]{1,2}\.\s*)?[^\W\d_][^\d]{2}")  # of a street, "18. Februar Vej" too
_POSTCODE = re.compile(r"(?i)^(?:dk?[- ]*)?[0-9]{4}(?:\s|$)")
LONGEST = 300


@dataclass(frozen=True)
class Asked:
    """`house`: `"12B"`, "" without a number. `town`: of the postcode."""

    street: str
    house: str
    postcode: Postcode

    @property
    def line(self) -> str:
        """`"Nørrebrogade 12B, 2200 København N"`: what is asked, and the name of the answer in the cache."""
        return f"{self.street} {self.house}".strip() + f", {self.postcode}"


def said(clinic: Clinic) -> str:
    """The address as `Clinic.geocoded_for` keeps it; another floor is no other address. `placing.SAID` says it in SQL."""
    return f"{clinic.street}, {clinic.postcode_id}"


def asked(street: str, postcode: Postcode) -> Asked | None:
    """None where no street is told: nobody can be asked about a lone "2. tv."."""
    parts = [" ".join(one.split()) for one in plain(street[:LONGEST]).replace("\n", ",").replace(";", ",").split(",")]
    parts = [one.rstrip(" .") for one in parts if one and not _is_beside(one, postcode)]
    for part in parts:
        if found := _HOUSE.match(part):
            house = found["number"].lstrip("0") + (found["letter"] or "").upper()
            return Asked(found["street"].strip(" -"), house, postcode)
    for part in parts:
        street = _TAIL.sub("", part).strip(" -")
        if _NAME.match(street):
            return Asked(street, "", postcode)
    return None


def _is_beside(part: str, postcode: Postcode) -> bool:
    """A floor, a door, a building, somebody's care, the town once more."""
    town = name_key(postcode.town)
    return bool(
        _BESIDE.match(part)
        or _FLOOR.match(part)
        or _POSTCODE.match(part)
        or name_key(part) in {town, town.rpartition(" ")[0]}
    )

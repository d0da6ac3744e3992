"""Where a clinic is: street and house as people write them, and its page on the net."""

import re
from urllib.parse import urlsplit

from clinics.claiming.domains import host_of, is_shared, registrable
from clinics.models.name_key import name_key
from clinics.text import typos_between

House = tuple[str, str, str]  # street, number, letter

_HOUSE = re.compile(r"(?P<street>(?=.*[^\W\d_]{2}).+?) (?P<number>[0-9]{1,4}) ?(?P<letter>[a-z])?(?![^ ])")
_WITHIN = re.compile(
    r"(?i)\s*(?:bygning|bygn|etage|indgang|opgang|port|lokale|hus|blok|sal|stuen|st|kld|c/o|att|postboks|box)\b[. ]"
)
_SHORT_END = (
    (re.compile(r"(?i)(?<=[^\W\d_]{3})v\. ?(?=[0-9])"), "vej "),
    (re.compile(r"(?i)(?<=[^\W\d_]{3})g\. ?(?=[0-9])"), "gade "),
)
_ABBREVIATED = {
    "gl": "gammel", "ndr": "norre", "nr": "norre", "sdr": "sonder", "vstr": "vester", "ostr": "oster", "st": "store",
    "ll": "lille", "skt": "sankt", "sct": "sankt", "pl": "plads", "blvd": "boulevard", "kgs": "kongens", "chr": "christian",
    "kbh": "kobenhavn", "v": "vej", "g": "gade",
}  # fmt: skip


def house(street: str) -> House | None:
    """`"Gl. Kongevej 4 B, 2. tv."` → `("gammel kongevej", "4", "b")`; None without a house number.

    What stands inside a house is passed over: `"Bygning 3, Nørregade 4"`, `"c/o Sundhedshuset, Nørregade 4"`.
    """
    parts = street[:200].split(",")
    for part in [part for part in parts if not _WITHIN.match(part)] or parts:
        for pattern, whole in _SHORT_END:
            part = pattern.sub(whole, part)
        if found := _HOUSE.match(" ".join(name_key(part).split())):
            words = (_ABBREVIATED.get(word, word) for word in found["street"].split())
            return " ".join(words), found["number"], found["letter"] or ""
    return None


def same_house(one: str, other: str) -> bool:
    """The same street and number; a letter that one of them leaves out is no difference."""
    mine, theirs = house(one), house(other)
    return bool(mine and theirs) and one_house(mine, theirs)


def one_house(mine: House | None, theirs: House | None) -> bool:
    """Of two houses that were read. "H.C. Andersens Vej" and "HC Andersensvej" are one street, and so is one slip of the pen."""
    if not mine or not theirs or mine[1] != theirs[1] or (mine[2] and theirs[2] and mine[2] != theirs[2]):
        return False
    street, other = mine[0].replace(" ", ""), theirs[0].replace(" ", "")
    if street == other:
        return True
    # Østergade is not Vestergade, and Nygade is not Bygade.
    return min(len(street), len(other)) >= 8 and street[:2] == other[:2] and typos_between(street, other, 1) <= 1


def same_site(one: str, other: str) -> bool:
    """The same domain; where anybody can have a page (facebook.com), the same page."""
    site = site_of(one)
    return bool(site) and site == site_of(other)


def site_of(url: str) -> str:
    """What two addresses of one website share: `"klinik.dk"`, `"facebook.com/ryggen"`; "" for none."""
    host = host_of(url)
    if not host:
        return ""
    if is_shared(host):
        page = page_of(url)
        return f"{host}/{page}" if page else ""
    return registrable(host)


def page_of(url: str) -> str:
    try:
        return urlsplit(url).path.strip("/").lower()
    except ValueError:
        return ""

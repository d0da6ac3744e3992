"""“Find din klinik”: one field for a name, an address, a phone number, a postcode or a town."""

import re
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet

from clinics import memberships
from clinics.likeness import WORDS
from clinics.models import Clinic
from clinics.models.name_key import name_key
from clinics.names import COMMON
from clinics.phones import PhoneError, read_phone
from clinics.plain_text import plain

SHOWN = 10
LONGEST = 100
_READ = 300  # rows looked at for words that are not all in the name
_NUMBER = re.compile(r"\+?[0-9 ()./–-]{8,}")
_CODE = re.compile(r"[0-9]{4}")


@dataclass(frozen=True)
class Yours:
    """`clinics` with `has_owner`, by name; `more`: there are others than those shown."""

    text: str
    clinics: tuple[Clinic, ...] = ()
    more: bool = False


def find_yours(typed: str, *, among: QuerySet[Clinic] | None = None) -> Yours:
    """Clinics that the public sees, or those `among`, that the text may mean. Three statements at most; never raises."""
    text = plain(typed[: 2 * LONGEST])[:LONGEST]
    rows = Clinic.objects.published() if among is None else among
    rows = memberships.with_owner(rows).select_related("postcode").order_by("sort_name", "pk")
    if phone := _phone(text):
        return _told(text, list(rows.filter(phone=phone)[: SHOWN + 1]))
    words = name_key(text).split()[:8]
    if not words:
        return Yours(text)
    for asked in _questions(text, words):
        read = rows.alias(**WORDS).filter(asked)[:_READ]
        if hits := [row for row in read if _has_all(row, words)]:
            return _told(text, hits)
    return Yours(text)


def _questions(text: str, words: list[str]) -> list[Q]:
    """The narrowest first; the next is asked when nothing came of it."""
    if code := next((word for word in words if _CODE.fullmatch(word)), ""):
        return [Q(postcode=code), Q(street__istartswith=text.partition(",")[0])]
    telling = [word for word in words if word not in COMMON]
    town = Q(postcode__town__istartswith=text)
    if not telling:
        return [_named(words, "&"), town]
    return [_named(telling, "&"), Q(street__istartswith=text.partition(",")[0]) | town, _named(telling, "|")]


def _named(words: list[str], between: str) -> Q:
    # Letters and figures only, so that nothing ends the quotation.
    query = f" {between} ".join(f"'{word}':*" for word in words)
    return Q(words=SearchQuery(query, config="simple", search_type="raw"))


def _has_all(row: Clinic, words: list[str]) -> bool:
    """Every word begins one of the name or the address, or only says what a clinic is."""
    known = name_key(f"{row.name} {row.address}").split()
    return all(any(one.startswith(word) for one in known) or word in COMMON for word in words)


def _told(text: str, hits: list[Clinic]) -> Yours:
    return Yours(text, tuple(hits[:SHOWN]), len(hits) > SHOWN)


def _phone(text: str) -> str:
    if not _NUMBER.fullmatch(text):
        return ""
    try:
        return read_phone(text, example=True)
    except PhoneError:
        return ""

"""Which places have enough clinics to send somebody to: links between landing pages, and what the site map lists."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.urls import reverse

from . import filters
from .filters import terms
from .inquiry import Inquiry, Link
from .matching import wanted_terms
from .models import Speciality
from .place_facts import COUNTS, HERE, INDEXABLE_FROM, Counts, parameters
from .places import FoundPlace
from .text import folds

LOOKED_AT = 40  # places: enough of them have clinics, and few enough to be counted on every page
TOWNS = "kind IN ('city', 'town') AND parent_id IS NULL AND population IS NOT NULL"
# A postal district whose city part has the very same postcodes is another name for it (`places.place_for_slug`).
ITSELF = "NOT EXISTS (SELECT FROM clinics_place w WHERE w.id = p.parent_id AND w.postcodes = p.postcodes)"


@dataclass(frozen=True)
class Landing:
    """An address that search engines may know; `changed_at` is when one of its clinics last changed."""

    place: str
    speciality: str
    changed_at: datetime.datetime

    @property
    def url(self) -> str:
        return landing_url(self.place, self.speciality)


def landing_url(place: str, speciality: str = "") -> str:
    """The landing page of a place, or of a speciality there, by their slugs."""
    if speciality:
        return reverse("clinics:landing_speciality", args=[place, speciality])
    return reverse("clinics:landing", args=[place])


def landing_link(inquiry: Inquiry) -> Link | None:
    """The landing page with what is searched for, when that is a place, or one speciality there, and nothing else."""
    place, chosen = inquiry.place, inquiry.query(sted=None, klinik=None)
    if place is None or set(chosen) - {"speciale"} or len(chosen.get("speciale", ())) > 1:
        return None
    about = next(iter(inquiry.cleaned.get("speciale") or ()), None)
    who = about.name if about else "Fysioterapeuter"
    url = landing_url(place.slug, about.slug if about else "")
    return Link(f"{who} {place.in_place}: priser, ydernummer og ventetid", url)


def speciality_for_slug(slug: str) -> Speciality | None:
    """The speciality of a landing address, or None. Where its slug is another than asked for, the view answers with a 301.

    By slug, also one that it once had, else by name or synonym however æøå are written: `"knae"`, `"knæ"` and
    `"knaesmerter"`; words that two specialities share name neither.
    """
    known = terms().specialities
    if slug not in known:
        # Another process may have renamed it this moment. Answering with what it was called would send the visitor round and
        # round, for browsers keep a 301.
        filters.forget()
        known = terms().specialities
    if slug in known:
        return known[slug]
    asked = set(folds(slug[:120].replace("\0", "")))
    found = [one for one in known.values() if any(asked & set(folds(name)) for name in (one.name, *one.synonyms))]
    return found[0] if len(found) == 1 else None


def numbers_of(speciality: Speciality) -> set[int]:
    """The index numbers of which a clinic needs one to match the speciality, as a search has it."""
    return {wanted.number for wanted in wanted_terms([speciality])}


def largest_with_clinics(speciality: Speciality, most: int = 6) -> list[Link]:
    """The largest towns where at least `INDEXABLE_FROM` clinics match, as links to the speciality there. One query."""
    chosen = f"WHERE {TOWNS} ORDER BY population DESC, p.id LIMIT {LOOKED_AT}"
    return _links(chosen, "p.population DESC", speciality, most, {})


def nearest_with_clinics(place: FoundPlace, speciality: Speciality | None = None, most: int = 5) -> list[Link]:
    """Other towns around a place where enough clinics match, those on its side of the water first. One query."""
    away = (
        "p.land <> %(land)s, power(p.latitude - %(latitude)s, 2)"
        " + power((p.longitude - %(longitude)s) * cos(radians(%(latitude)s)), 2)"
    )
    chosen = (
        f"WHERE kind IN ('city', 'town', 'district') AND slug <> %(slug)s AND {ITSELF}"
        f" ORDER BY {away}, p.id LIMIT {LOOKED_AT}"
    )
    where = {"latitude": place.latitude, "longitude": place.longitude, "land": place.land, "slug": place.slug}
    return _links(chosen, away, speciality, most, where)


def _links(chosen: str, order: str, speciality: Speciality | None, most: int, where: dict[str, Any]) -> list[Link]:
    sql = f"""{HERE.format(chosen=chosen)} SELECT p.slug, p.name FROM chosen p
        WHERE (SELECT count(*) FROM here WHERE here.place_id = p.id) >= {INDEXABLE_FROM}
        ORDER BY {order}, p.id LIMIT {int(most)}"""  # noqa: S608  constants of our own, values are parameters
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters(numbers_of(speciality) if speciality else None) | where)
        return [Link(name, landing_url(slug, speciality.slug if speciality else "")) for slug, name in cursor]


def indexable_landings() -> list[Landing]:
    """Every landing page that search engines may know, places before their specialities. Two queries."""
    return [*_indexable("''::text", "here"), *_indexable("w.speciality", _MATCHING, _wanted())]


# Each clinic once for each speciality that it matches, by whichever of its numbers.
_MATCHING = """(SELECT DISTINCT place_id, v.speciality, id, is_example, updated_at, price, has_ydernummer, waiting
    FROM here CROSS JOIN unnest(tags) AS own (number)
    JOIN unnest(%(wanted)s::int[], %(specialities)s::text[]) v (number, speciality) ON v.number = own.number) w"""


def _indexable(speciality: str, rows: str, params: dict[str, Any] | None = None) -> list[Landing]:
    sql = f"""{HERE.format(chosen=f"WHERE {ITSELF}")}
        SELECT p.slug, {speciality}, max(updated_at), {COUNTS} FROM {rows} JOIN clinics_place p ON p.id = place_id
        WHERE NOT is_example GROUP BY 1, 2 HAVING count(*) >= {INDEXABLE_FROM} ORDER BY 1, 2"""  # noqa: S608  likewise
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters(None, country=True) | (params or {}))
        return [Landing(*row[:3]) for row in cursor if Counts(*row[3:]).is_indexable]


def _wanted() -> dict[str, Collection[Any]]:
    every = terms().specialities.values()
    pairs = [(number, one.slug) for one in every for number in sorted(numbers_of(one))]
    return {"wanted": [number for number, _ in pairs], "specialities": [slug for _, slug in pairs]}

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
from .models import Place, Speciality
from .place_facts import COUNTS, HERE, INDEXABLE_FROM, Counts, PlaceFacts, parameters
from .place_rows import POST_TOWN
from .places import FoundPlace
from .text import folds

LOOKED_AT = 40  # places: enough of them have clinics, and few enough to be counted on every page
NEARBY_KM = 50  # further away is not nearby: the search's last step before the whole region
TOWNS = "kind IN ('city', 'town') AND parent_id IS NULL AND population IS NOT NULL"
# A postal district whose city part has the very same postcodes is another name for it (`places.place_for_slug`).
ITSELF = "NOT EXISTS (SELECT FROM clinics_place w WHERE w.id = p.parent_id AND w.postcodes = p.postcodes)"
# A place whose clinics are known to lie in it: not one that only has the postcode of the town next to it.
OF_ITS_OWN = f"{ITSELF} AND NOT EXISTS (SELECT {POST_TOWN.format(place='p')})"
# Several places may have the very same clinics (Aarhus and Aarhus C, while nobody is known in the rest of the city); their
# pages would tell the same facts, so that one alone is for search engines: what most people would call where they lie.
MAIN_FIRST = """array_position(ARRAY['city', 'town', 'district', 'island', 'region', 'country'], p.kind::text),
    cardinality(p.postcodes), p.population DESC NULLS LAST, p.id"""


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
    return Link(f"{who} {place.here}: priser, ydernummer og ventetid", url)


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
    rows = _with_clinics(chosen, "p.slug, p.name", "p.population DESC", speciality, {})
    return [Link(name, landing_url(slug, speciality.slug)) for slug, name in rows[:most]]


def nearest_with_clinics(place: FoundPlace, speciality: Speciality | None = None, most: int = 5) -> list[Link]:
    """Towns at most `NEARBY_KM` away where enough clinics match, those on its side of the water first; of a city its parts
    only from within it. No two of them have a postcode in common. One query.
    """
    away = (
        "power(111.2 * (p.latitude - %(latitude)s), 2)"
        " + power(111.2 * (p.longitude - %(longitude)s) * cos(radians(%(latitude)s)), 2)"
    )
    over_water = "(%(land)s <> '' AND p.land <> %(land)s)"
    in_same_city = (
        "EXISTS (SELECT FROM clinics_place w WHERE w.id = p.parent_id AND w.postcodes && %(postcodes)s::varchar[])"
    )
    chosen = f"""WHERE (kind IN ('city', 'town') OR kind = 'district' AND {in_same_city}) AND slug <> %(slug)s
        AND {away} <= {NEARBY_KM**2} AND {OF_ITS_OWN} ORDER BY {over_water}, {away}, p.id LIMIT {LOOKED_AT}"""
    where = {"latitude": place.latitude, "longitude": place.longitude, "land": place.land, "slug": place.slug}
    columns, order = f"p.slug, p.name, p.postcodes, {over_water}", f"{over_water}, {away}, {MAIN_FIRST}"
    links: list[Link] = []
    named: set[str] = set()
    for slug, name, codes, is_over_water in _with_clinics(
        chosen, columns, order, speciality, where | {"postcodes": list(place.postcodes)}
    ):
        if len(links) < most and named.isdisjoint(codes):
            named.update(codes)
            url = landing_url(slug, speciality.slug if speciality else "")
            links.append(Link(f"{name} (over vand)" if is_over_water else name, url))
    return links


def _with_clinics(
    chosen: str, columns: str, order: str, speciality: Speciality | None, where: dict[str, Any]
) -> list[tuple[Any, ...]]:
    sql = f"""{HERE.format(chosen=chosen)} SELECT {columns} FROM chosen p
        WHERE (SELECT count(*) FROM here WHERE here.place_id = p.id) >= {INDEXABLE_FROM}
        ORDER BY {order}, p.id"""  # noqa: S608  constants of our own, values are parameters
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters(numbers_of(speciality) if speciality else None) | where)
        return cursor.fetchall()


def main_place(facts: PlaceFacts, numbers: Collection[int] | None = None) -> str:
    """The slug of the place whose page search engines may know, of all that have just the clinics of these facts; `numbers`
    are the facts' own. One query, none when the page is not for search engines anyway.
    """
    itself = facts.place.post_slug or facts.place.slug
    if not facts.is_indexable:
        return itself
    # Whoever has all these postcodes has all these clinics (a whole city may have them for being near), and whoever has others
    # with clinics has more than these: few are left to be compared clinic by clinic.
    chosen = """WHERE slug = %(slug)s OR (kind = 'city' OR postcodes @> %(codes)s::varchar[]) AND NOT EXISTS (
            SELECT FROM clinics_clinic c JOIN clinics_searchentry e ON e.clinic_id = c.id
            WHERE c.postcode_id = ANY(p.postcodes) AND c.postcode_id <> ALL(%(codes)s::varchar[])
                AND c.status = 'published' AND NOT c.is_example
                AND (%(numbers)s::int[] IS NULL OR e.tags && %(numbers)s::int[]))"""
    sql = f"""{HERE.format(chosen=chosen)},
        held AS (SELECT place_id, array_agg(id ORDER BY id) AS clinics FROM here WHERE NOT is_example GROUP BY 1)
        SELECT p.slug FROM held JOIN clinics_place p ON p.id = place_id
        WHERE clinics = (SELECT clinics FROM held JOIN clinics_place q ON q.id = place_id WHERE q.slug = %(slug)s)
            AND {OF_ITS_OWN} ORDER BY {MAIN_FIRST} LIMIT 1"""  # noqa: S608  constants of our own, values are parameters
    where = {"slug": facts.place.slug, "codes": list(facts.postcodes)}
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters(numbers, country=facts.place.kind == Place.Kind.COUNTRY) | where)
        row = cursor.fetchone()
    return row[0] if row else itself


def indexable_landings() -> list[Landing]:
    """Every landing page that search engines may know, places before their specialities. Two queries."""
    return [*_indexable("''::text", "here"), *_indexable("w.speciality", _MATCHING, _wanted())]


# Each clinic once for each speciality that it matches, by whichever of its numbers.
_MATCHING = """(SELECT DISTINCT place_id, v.speciality, id, is_example, updated_at, price, has_ydernummer, waiting
    FROM here CROSS JOIN unnest(tags) AS own (number)
    JOIN unnest(%(wanted)s::int[], %(specialities)s::text[]) v (number, speciality) ON v.number = own.number) w"""


def _indexable(speciality: str, rows: str, params: dict[str, Any] | None = None) -> list[Landing]:
    sql = f"""{HERE.format(chosen=f"WHERE {OF_ITS_OWN}")},
        held AS (SELECT place_id, {speciality} AS speciality, max(updated_at) AS changed_at, ARRAY[{COUNTS}] AS counts,
                array_agg(id ORDER BY id) AS clinics
            FROM {rows} WHERE NOT is_example GROUP BY 1, 2 HAVING count(*) >= {INDEXABLE_FROM})
        SELECT DISTINCT ON (speciality, clinics) p.slug, speciality, changed_at, counts
        FROM held JOIN clinics_place p ON p.id = place_id ORDER BY speciality, clinics, {MAIN_FIRST}"""  # noqa: S608  likewise
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters(None, country=True) | (params or {}))
        found = [Landing(*row) for *row, counts in cursor if Counts(*counts).is_indexable]
    return sorted(found, key=lambda one: (one.place, one.speciality))


def _wanted() -> dict[str, Collection[Any]]:
    every = terms().specialities.values()
    pairs = [(number, one.slug) for one in every for number in sorted(numbers_of(one))]
    return {"wanted": [number for number, _ in pairs], "specialities": [slug for _, slug in pairs]}

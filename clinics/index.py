"""Building and checking the search index. One SELECT says what the index should hold; rebuild and check both use it.

The index is what counts *today*: a waiting time or a confirmation that is too old (`clinics.freshness`) is not in it. What
passes its limit leaves it just after midnight (`clinics.tasks.lapse`); until then `disagreements` names the clinic.
"""

import hashlib
from collections.abc import Collection
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from . import counting
from .choices import CHOICES
from .clock import today
from .freshness import stale_before, waiting_counts_from
from .models import SearchEntry, Tag
from .tags import NO_SPECIALITIES, assign_numbers, tag_number, tag_numbers

SOURCES = (
    "clinics_clinic",
    "clinics_clinicspeciality",
    "clinics_clinictreatment",
    "clinics_openinghours",
    "clinics_practitioner",
    "clinics_postcode",
    "clinics_postcode_regions",
    "clinics_price",
    "clinics_searchentry",
    "clinics_speciality",
    "clinics_tag",
    "clinics_treatmenttype",
)


# What the conditions of `clinics.choices` may speak of, beside the clinic itself (c). `limits` is of today: `_limits`.
FACTS = """
        CROSS JOIN (SELECT %(fresh_from)s::date AS fresh_from, %(waiting_from)s::date AS waiting_from) limits
        LEFT JOIN LATERAL (
            -- Holdtræning is given in groups, whatever form its row was left with.
            SELECT array_agg(t.number::int) AS numbers,
                array_agg(CASE WHEN s.slug = 'holdtraening' THEN 'group' ELSE x.format END) AS forms
            FROM clinics_clinictreatment x
            JOIN clinics_treatmenttype s ON s.id = x.treatment_id JOIN clinics_tag t ON t.kind = 'treatment' AND t.key = s.slug
            WHERE x.clinic_id = c.id AND x.basis <> 'suggested') treatment ON TRUE
        LEFT JOIN LATERAL (
            SELECT array_agg(spoken) AS spoken FROM (
                SELECT unnest(c.languages) UNION
                SELECT unnest(x.languages) FROM clinics_practitioner x WHERE x.clinic_id = c.id) s (spoken)) people ON TRUE
        LEFT JOIN LATERAL (
            -- From midnight to midnight is all day; any other interval without length is no hours, as in clinics.opening.
            SELECT bool_or(x.weekday < 5 AND (x.closes >= '18:00' OR x.closes <= x.opens)) AS evening,
                bool_or(x.weekday = 5) AS saturday
            FROM clinics_openinghours x WHERE x.clinic_id = c.id AND x.kind = 'treatment'
                AND (x.opens <> x.closes OR x.opens = '00:00')) hours ON TRUE
"""


def _expected(where: str = "TRUE") -> str:
    """SQL for the rows that the index should hold: clinic_id, latitude, longitude, tags (sorted), price, waiting_days."""
    chosen = ", ".join(
        f"CASE WHEN {choice.holds} THEN {tag_number(Tag.Kind.FACET, key)} END" for key, choice in CHOICES.items()
    )
    return f"""
        SELECT c.id AS clinic_id, c.latitude, c.longitude,
            sort(uniq(sort(
                array_remove(ARRAY[{chosen}]::int[], NULL)
                || CASE WHEN speciality.numbers IS NULL THEN ARRAY[{tag_number(*NO_SPECIALITIES)}] ELSE speciality.numbers END
                || coalesce(treatment.numbers, '{{}}') || coalesce(region.numbers, '{{}}') || coalesce(land.numbers, '{{}}')
            )))::int[] AS tags,
            (SELECT min(amount) FROM clinics_price WHERE clinic_id = c.id AND kind = 'first') AS price,
            CASE WHEN c.waiting_stated_on >= waiting_from THEN c.waiting_days END AS waiting_days
        FROM clinics_clinic c
        JOIN clinics_postcode p ON p.code = c.postcode_id
        {FACTS}
        LEFT JOIN LATERAL (
            SELECT array_agg(t.number::int) AS numbers FROM clinics_clinicspeciality x
            JOIN clinics_speciality s ON s.id = x.speciality_id JOIN clinics_tag t ON t.kind = 'speciality' AND t.key = s.slug
            WHERE x.clinic_id = c.id AND x.basis <> 'suggested') speciality ON TRUE
        LEFT JOIN LATERAL (
            SELECT array_agg(t.number::int) AS numbers FROM clinics_postcode_regions x
            JOIN clinics_region r ON r.id = x.region_id JOIN clinics_tag t ON t.kind = 'region' AND t.key = r.slug
            WHERE x.postcode_id = p.code) region ON TRUE
        LEFT JOIN LATERAL (
            SELECT array_agg(t.number::int) AS numbers FROM clinics_tag t WHERE t.kind = 'land' AND t.key = p.land) land ON TRUE
        WHERE c.status = 'published' AND {where}
    """


def _limits() -> dict[str, Any]:
    """From which day on what was stated counts today."""
    return {"fresh_from": stale_before(today()), "waiting_from": waiting_counts_from(today())}


def _number_all() -> None:
    """Every choice and state has its number, also in a database that is older than the choice."""
    known = tag_numbers(Tag.Kind.FACET, CHOICES)
    if len(known) < len(CHOICES) or tag_number(*NO_SPECIALITIES) is None:
        assign_numbers()


@transaction.atomic
def rebuild(clinic_ids: Collection[int] | None = None) -> int:
    """Bring the index in line with the clinics: all of them, or those with the given ids. Returns the rows changed.

    Rows that are right already are not written, so a rebuild of everything is cheap and may run at any time.
    """
    assign_numbers()
    one = "TRUE" if clinic_ids is None else "c.id = ANY(%(ids)s)"
    mine = "TRUE" if clinic_ids is None else "e.clinic_id = ANY(%(ids)s)"
    params = _limits() | {"ids": list(clinic_ids or [])}
    with connection.cursor() as cursor:
        if clinic_ids is None:
            # After a bulk load the statistics still say "empty", and a plan made for that reads whole tables per clinic.
            cursor.execute(f"ANALYZE {', '.join(SOURCES)}")
        cursor.execute(
            f"DELETE FROM clinics_searchentry e WHERE {mine} AND NOT EXISTS"
            " (SELECT FROM clinics_clinic c WHERE c.id = e.clinic_id AND c.status = 'published')",
            params,
        )
        removed = cursor.rowcount
        cursor.execute(
            f"""
            INSERT INTO clinics_searchentry AS e (clinic_id, latitude, longitude, tags, price, waiting_days, review_count)
            SELECT clinic_id, latitude, longitude, tags, price, waiting_days, 0 FROM ({_expected(one)}) expected
            ON CONFLICT (clinic_id) DO UPDATE SET latitude = excluded.latitude, longitude = excluded.longitude,
                tags = excluded.tags, price = excluded.price, waiting_days = excluded.waiting_days
            WHERE (e.latitude, e.longitude, e.tags, e.price, e.waiting_days) IS DISTINCT FROM
                (excluded.latitude, excluded.longitude, excluded.tags, excluded.price, excluded.waiting_days)
            """,
            params,
        )
        written = removed + cursor.rowcount
    # Now for who asks in this transaction, and once it is there for all.
    counting.forget()
    transaction.on_commit(counting.forget)
    return written


def disagreements(limit: int = 100) -> list[int]:
    """Ids of clinics whose index row is missing, superfluous or different from what the clinic says; at most `limit`."""
    _number_all()
    columns = "clinic_id, latitude, longitude, tags, price, waiting_days"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH expected AS MATERIALIZED ({_expected()}), actual AS (SELECT {columns} FROM clinics_searchentry)
            SELECT DISTINCT clinic_id FROM (
                (SELECT {columns} FROM expected EXCEPT SELECT {columns} FROM actual)
                UNION ALL (SELECT {columns} FROM actual EXCEPT SELECT {columns} FROM expected)
            ) different ORDER BY clinic_id LIMIT %(limit)s
            """,
            _limits() | {"limit": limit},
        )
        return [row[0] for row in cursor.fetchall()]


def lapsed() -> list[int]:
    """Ids of clinics whose waiting time or confirmation passed its limit since their row was made."""
    limits = _limits()
    waits = Q(waiting_days__isnull=False) & ~Q(clinic__waiting_stated_on__gte=limits["waiting_from"])
    number = tag_number(Tag.Kind.FACET, "confirmed")
    confirmed = Q(tags__contains=[number], clinic__confirmed_at__lt=limits["fresh_from"]) if number is not None else Q()
    return list(SearchEntry.objects.filter(waits | confirmed).values_list("pk", flat=True))


def definition() -> str:
    """A short text that changes when what the index should hold is made in another way: an upgrade, a new choice."""
    _number_all()
    return hashlib.sha256(_expected().encode()).hexdigest()

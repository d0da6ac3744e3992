"""Building and checking the search index. One SELECT says what the index should hold, one what the cards of a list should
(`clinics.card_rows`); rebuild and check both use them.

The index is what counts *today*: a waiting time or a confirmation that is too old (`clinics.freshness`) is not in it. What
passes its limit leaves it just after midnight (`clinics.tasks.lapse`); until then `disagreements` names the clinic. The hours
of the next days (`clinics.open_times`) are put beside the SELECT: Python alone knows holidays and clock changes.
"""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from . import card_rows, counting, tally
from .choices import CHOICES, LIMIT_KEYS, LIMITS
from .clock import now, today
from .freshness import stale_before, waiting_counts_from
from .models import Clinic, SearchEntry, Tag
from .open_times import known_from, known_until, open_times
from .reviews import mean
from .tags import NO_SPECIALITIES, assign_numbers, tag_number, tag_numbers

SOURCES = (
    "clinics_clinic",
    "clinics_clinicspeciality",
    "clinics_clinictreatment",
    "clinics_openingexception",
    "clinics_openinghours",
    "clinics_place",
    "clinics_practitioner",
    "clinics_postcode",
    "clinics_postcode_regions",
    "clinics_price",
    "clinics_rating",
    "clinics_searchcard",
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
            SELECT array_agg(s.number::int) AS numbers,
                array_agg(CASE WHEN s.slug = 'holdtraening' THEN 'group' ELSE x.format END) AS forms
            FROM clinics_clinictreatment x
            -- OFFSET 0 here and below: looked up once for all clinics, not for each row of each.
            JOIN (SELECT s.id, s.slug, t.number FROM clinics_treatmenttype s
                JOIN clinics_tag t ON t.kind = 'treatment' AND t.key = s.slug OFFSET 0) s ON s.id = x.treatment_id
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


# What an index row holds beside its clinic's hours.
COLUMNS = ("latitude", "longitude", "tags", "tally", "price", "waiting_days", *mean.COLUMNS)
BATCH = 2_000  # clinics whose hours are worked out together


def _expected(where: str = "TRUE") -> str:
    """SQL for the rows that the index should hold: clinic_id and COLUMNS; tags are sorted."""
    chosen = ", ".join(
        f"CASE WHEN {choice.holds} THEN {tag_number(Tag.Kind.FACET, key)} END" for key, choice in CHOICES.items()
    )
    suggested = ", ".join(
        f"CASE WHEN {LIMITS[name].sql(limit)} THEN {tag_number(Tag.Kind.FACET, key)} END"
        for key, (name, limit) in LIMIT_KEYS.items()
    )
    counted = tally.of_numbers(f"uniq(sort(tags || wider)) || ARRAY[{suggested}]::int[]")
    return f"""
        SELECT clinic_id, latitude, longitude, tags, {counted} AS tally, price, waiting_days, {", ".join(mean.COLUMNS)}
        FROM (SELECT c.id AS clinic_id, c.latitude, c.longitude, coalesce(speciality.wider, '{{}}') AS wider,
            sort(uniq(sort(
                array_remove(ARRAY[{chosen}]::int[], NULL)
                || CASE WHEN speciality.numbers IS NULL THEN ARRAY[{tag_number(*NO_SPECIALITIES)}] ELSE speciality.numbers END
                || coalesce(treatment.numbers, '{{}}') || coalesce(region.numbers, '{{}}') || coalesce(land.numbers, '{{}}')
                || coalesce(city.numbers, '{{}}')
            )))::int[] AS tags,
            (SELECT min(amount) FROM clinics_price WHERE clinic_id = c.id AND kind = 'first') AS price,
            CASE WHEN c.waiting_stated_on >= waiting_from THEN c.waiting_days END AS waiting_days,
            {", ".join(f"{sql} AS {name}" for name, sql in mean.SQL.items())}
        FROM clinics_clinic c
        JOIN clinics_postcode p ON p.code = c.postcode_id
        LEFT JOIN clinics_rating r ON r.clinic_id = c.id
        {FACTS}
        LEFT JOIN LATERAL (
            -- wider: the official specialities that the focus areas belong to.
            SELECT array_agg(s.number::int) AS numbers, array_remove(array_agg(s.wider::int), NULL) AS wider
            FROM clinics_clinicspeciality x
            JOIN (SELECT s.id, t.number, w.number AS wider FROM clinics_speciality s
                JOIN clinics_tag t ON t.kind = 'speciality' AND t.key = s.slug
                LEFT JOIN clinics_speciality p ON p.id = s.parent_id
                LEFT JOIN clinics_tag w ON w.kind = 'speciality' AND w.key = p.slug OFFSET 0) s ON s.id = x.speciality_id
            WHERE x.clinic_id = c.id AND x.basis <> 'suggested') speciality ON TRUE
        LEFT JOIN LATERAL (
            SELECT array_agg(t.number::int) AS numbers FROM clinics_postcode_regions x
            JOIN clinics_region r ON r.id = x.region_id JOIN clinics_tag t ON t.kind = 'region' AND t.key = r.slug
            WHERE x.postcode_id = p.code) region ON TRUE
        LEFT JOIN LATERAL (
            SELECT array_agg(t.number::int) AS numbers FROM clinics_tag t WHERE t.kind = 'land' AND t.key = p.land) land ON TRUE
        LEFT JOIN (
            SELECT code, array_agg(t.number::int) AS numbers FROM clinics_place x
            JOIN clinics_tag t ON t.kind = 'city' AND t.key = x.slug, unnest(x.postcodes) code
            WHERE x.kind = 'city' GROUP BY code) city ON city.code = p.code
        WHERE c.status = 'published' AND {where}
        OFFSET 0) stated  -- or each limit of the price would ask for it anew
    """


def _limits() -> dict[str, Any]:
    """From which day on what was stated counts today."""
    return {"fresh_from": stale_before(today()), "waiting_from": waiting_counts_from(today())}


def _number_all() -> None:
    """Every choice and state has its number, also in a database that is older than the choice."""
    keys = [*CHOICES, *LIMIT_KEYS]
    if len(tag_numbers(Tag.Kind.FACET, keys)) < len(keys) or tag_number(*NO_SPECIALITIES) is None:
        assign_numbers()


@transaction.atomic
def rebuild(clinic_ids: Collection[int] | None = None) -> int:
    """Bring the index in line with the clinics: all of them, or those with the given ids. Returns for how many it was not.

    Rows that are right already are not written, so a rebuild of everything is cheap and may run at any time.
    """
    assign_numbers()
    gone = (
        f"{'TRUE' if clinic_ids is None else 'e.clinic_id = ANY(%(ids)s)'} AND NOT EXISTS (SELECT FROM clinics_clinic c"
    )
    gone += " WHERE c.id = e.clinic_id AND c.status = 'published')"
    with connection.cursor() as cursor:
        if clinic_ids is None:
            # After a bulk load the statistics still say "empty", and a plan made for that reads whole tables per clinic.
            cursor.execute(f"ANALYZE {', '.join(SOURCES)}")
        written = _count_of(
            cursor,
            f"DELETE FROM clinics_searchentry e WHERE {gone}",
            f"DELETE FROM clinics_searchcard e WHERE {gone}",
            {"ids": list(clinic_ids or [])},
        )
    for batch in batches(_published() if clinic_ids is None else sorted(clinic_ids)):
        written += _write(batch)
    # Now for who asks in this transaction, and once it is there for all.
    counting.forget()
    transaction.on_commit(counting.forget)
    return written


def batches(clinic_ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for first in range(0, len(clinic_ids), BATCH):
        yield clinic_ids[first : first + BATCH]


def _published() -> list[int]:
    return list(Clinic.objects.published().order_by("pk").values_list("pk", flat=True))


def _write(clinic_ids: Sequence[int]) -> int:
    """Make the rows of these clinics what they should be. Returns how many were not."""
    columns = (*COLUMNS, "open_times", "open_until")
    hours = open_times(clinic_ids)
    with connection.cursor() as cursor:
        # Whoever publishes a review writes the clinic's rating and then this row (`reviews.aggregate`). Locked before the rating
        # is read, the row gets the new one, or that statement waits and writes it afterwards.
        cursor.execute(
            "SELECT FROM clinics_searchentry WHERE clinic_id = ANY(%s) ORDER BY clinic_id FOR NO KEY UPDATE",
            [list(clinic_ids)],
        )
        return _count_of(
            cursor,
            f"""
            INSERT INTO clinics_searchentry AS e (clinic_id, {", ".join(columns)})
            SELECT clinic_id, {", ".join(COLUMNS)}, times::tstzmultirange, %(until)s
            FROM ({_expected("c.id = ANY(%(ids)s)")}) expected
            JOIN unnest(%(of)s::bigint[], %(times)s::text[]) hours (of, times) ON of = clinic_id
            ON CONFLICT (clinic_id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in columns)}
            WHERE ({", ".join(f"e.{name}" for name in columns)}) IS DISTINCT FROM
                ({", ".join(f"excluded.{name}" for name in columns)})
            """,
            f"""
            INSERT INTO clinics_searchcard AS e (clinic_id, facts) {card_rows.EXPECTED} AND c.id = ANY(%(ids)s)
            ON CONFLICT (clinic_id) DO UPDATE SET facts = excluded.facts WHERE e.facts <> excluded.facts
            """,
            _limits() | {"ids": list(clinic_ids), "until": hours.until} | _arrays(hours.by_clinic),
        )


def _count_of(cursor: Any, entries: str, cards: str, params: dict[str, Any]) -> int:
    """Change rows e of both tables in one statement. Returns how many clinics they were of."""
    returning = "RETURNING e.clinic_id"
    cursor.execute(
        f"WITH entry AS ({entries} {returning}), card AS ({cards} {returning})"
        " SELECT count(*) FROM (SELECT clinic_id FROM entry UNION SELECT clinic_id FROM card) changed",
        params,
    )
    return cursor.fetchone()[0]


def _arrays(times: dict[int, str]) -> dict[str, Any]:
    return {"of": list(times), "times": list(times.values())}


def disagreements(limit: int = 100) -> list[int]:
    """Ids of clinics whose index row or card is missing, superfluous or not what the clinic says; at most `limit`.

    Hours are compared as far as both know them; a row that does not know those of this moment disagrees.
    """
    _number_all()
    columns = ", ".join(("clinic_id", *COLUMNS))
    wrong: set[int] = set()
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
        wrong.update(row[0] for row in cursor.fetchall())
        cursor.execute(
            f"""
            SELECT clinic_id FROM ({card_rows.EXPECTED}) expected FULL JOIN clinics_searchcard actual USING (clinic_id)
            WHERE actual.facts IS DISTINCT FROM expected.facts ORDER BY clinic_id LIMIT %(limit)s""",
            {"limit": limit},
        )
        wrong.update(row[0] for row in cursor.fetchall())
    for batch in batches(_published()):
        if len(wrong) < limit:
            wrong.update(_wrong_hours(batch))
    return sorted(wrong)[:limit]


def _wrong_hours(clinic_ids: Sequence[int]) -> list[int]:
    hours = open_times(clinic_ids)
    known = "tstzmultirange(tstzrange(%(from)s, least(open_until, %(until)s)))"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT clinic_id FROM clinics_searchentry
            JOIN unnest(%(of)s::bigint[], %(times)s::text[]) hours (of, times) ON of = clinic_id
            WHERE open_until > %(now)s IS NOT TRUE OR open_times * {known} <> times::tstzmultirange * {known}""",
            {"now": now(), "from": known_from(), "until": hours.until} | _arrays(hours.by_clinic),
        )
        return [row[0] for row in cursor.fetchall()]


def lapsed() -> list[int]:
    """Ids of clinics whose row is of another day: a waiting time or a confirmation passed its limit, the hours go on."""
    limits = _limits()
    waits = Q(waiting_days__isnull=False) & ~Q(clinic__waiting_stated_on__gte=limits["waiting_from"])
    number = tag_number(Tag.Kind.FACET, "confirmed")
    confirmed = Q(tags__contains=[number], clinic__confirmed_at__lt=limits["fresh_from"]) if number is not None else Q()
    hours = Q(open_until=None) | Q(open_until__lt=known_until())
    return list(SearchEntry.objects.filter(waits | confirmed | hours).order_by("pk").values_list("pk", flat=True))


def definition() -> str:
    """A short text that changes when what the index should hold is made in another way: an upgrade, a new choice."""
    _number_all()
    return hashlib.sha256((_expected() + card_rows.EXPECTED).encode()).hexdigest()

"""What a card shows of a clinic beside the numbers of the index: made when the clinic changes, read with the page.

Everything stands ready in one text for each clinic (`SearchCard`). Put together at the time of reading it was five tables and
four subqueries, and planning them took longer than finding the clinics (docs/measurements.md). Like the index it is made by
`clinics.index` alone, in the transaction that changes the clinic.
"""

import datetime
import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from .clock import now
from .matching import Wanted

# Field of a Hit → column of the row of the index (h).
ENTRY = {
    "part": "h.part",
    "clinic_id": "h.clinic_id",
    "tags": "h.tags",
    "price_first": "h.price",
    "waiting_now": "h.waiting_days",
    "latitude": "h.latitude",
    "longitude": "h.longitude",
    "open_until": "h.open_until",
    "rating": "h.rating",
    "average": "h.average",
    "review_count": "h.review_count",
}
# Field of a Hit, or of its CardRows → SQL over the clinic c and its postcode p. An amount is a text, or JSON makes it a float.
FACTS = {
    "name": "c.name",
    "slug": "c.slug",
    "street": "c.street",
    "postcode": "c.postcode_id",
    "town": "p.town",
    "precision": "c.location_precision",
    "phone": "c.phone",
    "is_example": "c.is_example",
    "confirmed_at": "c.confirmed_at",
    "has_ydernummer": "c.has_ydernummer",
    "waiting_days": "c.waiting_days",
    "waiting_stated_on": "c.waiting_stated_on",
    "closed_on_holidays": "c.closed_on_holidays",
    "sort_name": "c.sort_name",
    "price_follow_up": """(SELECT min(x.amount)::text FROM clinics_price x
        WHERE x.clinic_id = c.id AND x.kind = 'follow_up')""",
    "hours": """(SELECT json_agg(json_build_array(x.weekday, x.opens, x.closes) ORDER BY x.weekday, x.opens, x.closes)
        FROM clinics_openinghours x WHERE x.clinic_id = c.id AND x.kind = 'treatment')""",
    "exceptions": """(SELECT json_agg(json_build_array(x.first_day, x.last_day, x.opens, x.closes) ORDER BY x.first_day, x.id)
        FROM clinics_openingexception x WHERE x.clinic_id = c.id AND x.kind = 'treatment')""",
    # Who is under restriction stands on the profile, with the notice that the law asks for, and recommends nobody here.
    "people": """(SELECT json_agg(json_build_array(w.name, o.kind, o.term, o.grade, o.basis)
            ORDER BY w.position, w.id, o.kind, o.term)
        FROM (SELECT x.practitioner_id, 'speciality' AS kind, x.speciality_id AS term, x.grade, x.basis
            FROM clinics_clinicspeciality x WHERE x.clinic_id = c.id AND x.basis <> 'suggested'
            UNION ALL SELECT x.practitioner_id, 'treatment', x.treatment_id, x.grade, x.basis
            FROM clinics_clinictreatment x WHERE x.clinic_id = c.id AND x.basis <> 'suggested') o
        JOIN clinics_practitioner w ON w.id = o.practitioner_id AND w.is_restricted IS NOT TRUE)""",
}
KINDS = ("speciality", "treatment")  # what people do, by the field of Wanted that has its key
# SQL for the texts that should be there: clinic_id and facts.
EXPECTED = f"""
    SELECT c.id AS clinic_id, (SELECT row_to_json(f)
        FROM (SELECT {", ".join(f"{sql} AS {name}" for name, sql in FACTS.items())}) f)::text AS facts
    FROM clinics_clinic c JOIN clinics_postcode p ON p.code = c.postcode_id
    WHERE c.status = 'published'"""  # noqa: S608  constants of our own


class CardRows(NamedTuple):
    """The rows of one clinic as JSON has them; None where there are none. `people` in the clinic's order."""

    hours: list[tuple[int, str, str]] | None
    exceptions: list[tuple[str, str, str | None, str | None]] | None
    people: list[tuple[str, str, str, str]] | None


def read_hits(
    pieces: Sequence[QuerySet[Any, Any]], wanted: Iterable[Wanted], *, has_place: bool
) -> list[dict[str, Any]]:
    """The rows of the index in these pieces of a list, with what a card shows of each clinic; in no order. One statement.

    The pieces are cut to the page first, so texts are read for its clinics alone. `people` are those who do what is wanted.
    """
    parts = [piece.query.sql_with_params() for piece in pieces]
    columns = ENTRY | ({"chord": "h.chord"} if has_place else {})
    sql = (
        f"SELECT k.facts, {', '.join(columns.values())} FROM ({' UNION ALL '.join(f'({sql})' for sql, _ in parts)}) h"  # noqa: S608  constants of our own, values are parameters
        " JOIN clinics_searchcard k ON k.clinic_id = h.clinic_id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for _, values in parts for value in values])
        found = cursor.fetchall()
    names = {(kind, key): one.name for one in wanted for kind in KINDS if (key := getattr(one, kind))}
    yesterday = (now().date() - datetime.timedelta(days=1)).isoformat()  # its night may go on past midnight
    return [_hit(json.loads(facts), names, yesterday) | dict(zip(columns, row, strict=True)) for facts, *row in found]


def _hit(facts: dict[str, Any], names: dict[tuple[str, int], str], yesterday: str) -> dict[str, Any]:
    for name in ("confirmed_at", "waiting_stated_on"):
        facts[name] = facts[name] and datetime.date.fromisoformat(facts[name])
    facts["price_follow_up"] = facts["price_follow_up"] and Decimal(facts["price_follow_up"])
    exceptions, people = facts.pop("exceptions"), facts.pop("people")
    facts["card_rows"] = CardRows(
        facts.pop("hours"),
        exceptions and [change for change in exceptions if change[1] >= yesterday],
        people and [(name, names[kind, key], *said) for name, kind, key, *said in people if (kind, key) in names],
    )
    return facts

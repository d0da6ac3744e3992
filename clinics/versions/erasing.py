"""How long versions are kept, and what goes from them when a person asks to be forgotten."""

import re
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from clinics import clock
from clinics.freshness import months_before
from clinics.models import Clinic, ClinicVersion, PendingChange
from clinics.text import fold

from .facts import Facts

# An owner undoes what happened this week, and a moderator looks into a dispute about last year's prices. Older than that a
# profile is nobody's business, and it holds names of people who have long stopped (GDPR art. 5, 1 e).
MOST_VERSIONS = 200  # a clinic that is saved every other day for a year; 200 of a full one are about 1 MB
KEPT_MONTHS = 24
FORGOTTEN = "[slettet]"


def purge() -> int:
    """Delete all but the newest 200 versions of a clinic, and those over 24 months old but its last. Returns how many."""
    before = months_before(clock.today(), KEPT_MONTHS)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM clinics_clinicversion WHERE id IN (
                SELECT id FROM (
                    SELECT id, made_at, row_number() OVER (PARTITION BY clinic_id ORDER BY made_at DESC, id DESC) AS place
                    FROM clinics_clinicversion) numbered
                WHERE place > %s OR (place > 1 AND made_at < %s))""",
            [MOST_VERSIONS, before],
        )
        return cursor.rowcount


def speciality_moved(*, old: str, new: str) -> None:
    """A speciality has another address: versions say it too, or the next one would tell of a change that nobody made."""
    with connection.cursor() as cursor:
        for name in ("speciality", "group_topic"):
            # As PostgreSQL writes JSON. Inside a text the quotes have a backslash each: no words of a clinic are touched.
            was, now = (f'"{name}": "{slug}"' for slug in (old, new))
            cursor.execute(
                """UPDATE clinics_clinicversion SET facts = replace(facts::text, %s, %s)::jsonb
                WHERE position(%s IN facts::text) > 0""",
                [was, now, was],
            )


@transaction.atomic
def forget_person(*, clinic: Clinic, name: str) -> int:
    """Take one person out of everything that is kept about how the clinic was: versions, changes that waited, the admin's log.

    Rows of the person go, and the name in texts becomes “[slettet]”. What the clinic says today is not touched: take the person
    out of the form first, or the next version has the name again. Returns how many rows were changed.
    """
    if not fold(name):
        return 0
    Clinic.objects.select_for_update(of=("self",)).filter(pk=clinic.pk).first()
    touched = 0
    for version in ClinicVersion.objects.filter(clinic=clinic).iterator(chunk_size=20):
        facts = _without_name(_without_rows(version.facts, name), name)
        note = _without_name(version.note, name)
        if (facts, note) != (version.facts, version.note):
            version.facts, version.note = facts, note
            version.save(update_fields=["facts", "note"])
            touched += 1
    for change in PendingChange.objects.filter(clinic=clinic).exclude(status=PendingChange.Status.WAITING):
        touched += _clean_row(change, ("old", "new", "evidence", "reason"), name)
    lines = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Clinic), object_id=str(clinic.pk))
    for line in lines:
        touched += _clean_row(line, ("change_message",), name)
    return touched


def _clean_row(row: Any, fields: tuple[str, ...], name: str) -> int:
    cleaned = {field: _without_name(getattr(row, field), name) for field in fields}
    if all(getattr(row, field) == value for field, value in cleaned.items()):
        return 0
    for field, value in cleaned.items():
        setattr(row, field, value)
    row.save(update_fields=list(cleaned))
    return 1


def _without_rows(facts: Facts, name: str) -> Facts:
    """Without the person and what hangs on them; those who follow move up one place."""
    people = list(facts.get("practitioners") or [])
    stay = [number for number, row in enumerate(people) if fold(row.get("name", "")) != fold(name)]
    if len(stay) == len(people):
        return facts
    place = {old: new for new, old in enumerate(stay)}
    left: Facts = facts | {"practitioners": [people[number] for number in stay]}
    for part in ("specialities", "treatments"):
        left[part] = [
            row | {"practitioner": place.get(row.get("practitioner"))}
            for row in facts.get(part) or []
            if row.get("practitioner") is None or row["practitioner"] in place
        ]
    return left


def _without_name(value: Any, name: str) -> Any:
    if isinstance(value, str):
        # As a log keeps it in JSON, too.
        escaped = name.encode("ascii", "backslashreplace").decode().replace("\\x", "\\u00")
        for written in {name.strip(), escaped.strip()}:
            value = re.sub(rf"(?<!\w){re.escape(written)}(?!\w)", FORGOTTEN, value, flags=re.IGNORECASE)
        return value
    if isinstance(value, list):
        return [_without_name(one, name) for one in value]
    if isinstance(value, dict):
        return {key: _without_name(one, name) for key, one in value.items()}
    return value

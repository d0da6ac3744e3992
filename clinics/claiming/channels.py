"""The channels of proof, e-mail, phone and website, and whether somebody has just changed them.

Nobody but a moderator, or the clinic's own members, can change them: what visitors write is a `Correction`, which changes
nothing. Still a moderator can be fooled: first a friendly correction with one's own address, then a code to it. So a channel
that was changed lately proves nothing by itself, and a moderator looks.
"""

import datetime
from collections.abc import Mapping
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from clinics import clock
from clinics.actions import log
from clinics.models import Claim, Clinic

CHANNELS = {"email": "e-mail", "phone": "telefon", "website": "hjemmeside"}
FRESH_DAYS = 14
MARK = "Vej til klinikken ændret: "  # our own words, by which these lines are found again

OPEN_CLAIM = (
    "Der er en åben overtagelse af klinikken. Du har ændret {what}, som er et bevis i den. Tjek hos klinikken selv, at"
    " ændringen er rigtig."
)


@transaction.atomic
def changed(*, clinic: Clinic, by: User, before: Mapping[str, Any]) -> str:
    """After a clinic was saved: note which channels were changed. Returns a warning for a moderator, "" when all is well.

    `before`: field → value as it was; what is not in it was not changed.
    """
    words = [
        word for name, word in CHANNELS.items() if (before.get(name) or "") != getattr(clinic, name) and name in before
    ]
    if not words:
        return ""
    what = ", ".join(words)
    log(row=clinic, by=by, text=f"{MARK}{what}.")
    if Claim.objects.filter(clinic=clinic, status__in=Claim.OPEN).exists():
        return OPEN_CLAIM.format(what=what)
    return ""


def changes(clinic: Clinic) -> list[LogEntry]:
    """Each noted change, newest first."""
    of = {"content_type": ContentType.objects.get_for_model(Clinic), "object_id": str(clinic.pk)}
    rows = LogEntry.objects.filter(**of, change_message__startswith=MARK).select_related("user")
    return list(rows.order_by("-action_time", "-pk"))


def words_of(change: LogEntry) -> list[str]:
    """`["e-mail", "telefon"]`: what was changed then."""
    return change.change_message.removeprefix(MARK).rstrip(".").split(", ")


def fresh_changes(clinic: Clinic, name: str) -> list[LogEntry]:
    """Of the channel `name`, the changes of the last 14 days that a person made."""
    since = clock.now() - datetime.timedelta(days=FRESH_DAYS)
    return [row for row in changes(clinic) if row.action_time >= since and CHANNELS[name] in words_of(row)]


def is_fresh(clinic: Clinic, name: str) -> bool:
    """Whether the channel was changed in the last 14 days, by a person or by a list: a list that a command reads has nobody
    to name in the log, and anybody may write an address into OpenStreetMap."""
    since = clock.now() - datetime.timedelta(days=FRESH_DAYS)
    by_list = clinic.import_records.filter(applied_at__gte=since, made_clinic=False, after__fields__has_key=name)
    return bool(fresh_changes(clinic, name)) or by_list.exists()

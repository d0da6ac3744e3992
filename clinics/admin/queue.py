"""What waits for a moderator, counted: the front page of the admin."""

import datetime
from dataclasses import dataclass

from django.contrib import admin
from django.db.models import Count, Min, QuerySet
from django.urls import reverse

from clinics.models import Claim, Correction, ListingRequest, Outbox, PendingChange


@dataclass(frozen=True)
class Waiting:
    """`url`: the list, "" where there is no screen for it; `since`: the oldest."""

    label: str
    count: int
    since: datetime.datetime | None
    url: str


def waiting() -> list[Waiting]:
    """One line for each kind, also where nothing waits."""
    return [
        _line(
            "Overtagelser", Claim.objects.filter(status__in=Claim.QUEUED), "queued_at", "status__in=waiting,appealed"
        ),
        _line("Nye klinikker og ønsker om at blive fjernet", _undecided(ListingRequest), "created_at"),
        _line("Ændringer, der skal godkendes", _undecided(PendingChange), "created_at"),
        _line("Forslag til rettelser", Correction.objects.filter(status=Correction.Status.NEW), "created_at"),
        _line(
            "Mails, der ikke kunne sendes",
            Outbox.objects.filter(status=Outbox.Status.FAILED),
            "created_at",
            "status__exact=failed",
        ),
    ]


def _undecided(model: type[ListingRequest] | type[PendingChange]) -> QuerySet[ListingRequest] | QuerySet[PendingChange]:
    return model.objects.filter(status=model.Status.WAITING)


def _line(label: str, rows: QuerySet, since: str, asked: str = "") -> Waiting:
    found = rows.aggregate(count=Count("pk"), since=Min(since))
    name = f"admin:{rows.model._meta.app_label}_{rows.model._meta.model_name}_changelist"
    url = reverse(name) if rows.model in admin.site._registry else ""
    return Waiting(label, found["count"], found["since"], f"{url}?{asked}" if url and asked else url)

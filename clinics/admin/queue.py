"""What waits for a moderator, counted: the front page of the admin."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import Count, Min, QuerySet
from django.urls import reverse

from clinics.models import (
    Appeal,
    Claim,
    Correction,
    FailedTask,
    ImportBatch,
    ImportRecord,
    ListingRequest,
    Outbox,
    PendingChange,
    Report,
    Review,
)
from clinics.reviews import contests, replies
from clinics.website_check import broken

from .impartial import without_own
from .suggested import open_suggestions, suggested_url

WAITS_IN_LISTS = "liste=alle&state__exact=staged&decision__exact=person"


@dataclass(frozen=True)
class Waiting:
    """`url`: the list, "" where there is no screen for it; `since`: the oldest."""

    label: str
    count: int
    since: datetime.datetime | None
    url: str


def waiting(user: Any) -> list[Waiting]:
    """One line for each kind, also where nothing waits. Of reviews and what hangs on them: those that this person may decide."""
    return [
        *_of_reviews(user),
        _line(
            "Overtagelser", Claim.objects.filter(status__in=Claim.QUEUED), "queued_at", "status__in=waiting,appealed"
        ),
        _line("Nye klinikker og ønsker om at blive fjernet", _undecided(ListingRequest), "created_at"),
        _line("Ændringer, der skal godkendes", _undecided(PendingChange), "created_at"),
        _line("Rækker i lister, der skal ses", _rows_of_lists(), "batch__created_at", WAITS_IN_LISTS),
        _line("Forslag til rettelser", Correction.objects.filter(status=Correction.Status.NEW), "created_at"),
        _line(
            "Mails, der ikke kunne sendes",
            Outbox.objects.filter(status=Outbox.Status.FAILED),
            "created_at",
            "status__exact=failed",
        ),
        _line(
            "Arbejde, der mislykkedes",
            FailedTask.objects.filter(status=FailedTask.Status.FAILED),
            "failed_at",
            "status__exact=failed",
        ),
        Waiting("Foreslåede specialer", open_suggestions(), None, suggested_url()),
        _line("Hjemmesider, der ikke svarer", broken(), "", "svar=svarer-ikke"),
    ]


def _of_reviews(user: Any) -> list[Waiting]:
    """Not even a number tells a moderator who belongs to a clinic that a review of it waits."""
    lines: list[tuple[str, QuerySet[Any], str, str]] = [
        ("Anmeldelser", Review.objects.filter(status=Review.Status.PENDING), "submitted_at", "pending"),
        ("Svar på anmeldelser", replies.waiting(), "written_at", "pending"),
        ("Indsigelser mod anmeldelser", contests.waiting(), "created_at", "waiting"),
        ("Indberetninger", _undecided(Report), "created_at", "waiting"),
        ("Klager over afgørelser", _undecided(Appeal), "created_at", "waiting"),
    ]
    return [
        _line(label, without_own(rows, user), since, f"status__exact={status}") for label, rows, since, status in lines
    ]


def _rows_of_lists() -> QuerySet[ImportRecord]:
    """Of lists that were read, and whose clinics can be brought in."""
    lists = ImportBatch.objects.filter(status__in=(ImportBatch.Status.STAGED, ImportBatch.Status.APPLIED))
    return ImportRecord.objects.filter(
        batch__in=lists, state=ImportRecord.State.STAGED, decision=ImportRecord.Decision.PERSON
    )


def _undecided(model: Any) -> QuerySet[Any]:
    return model.objects.filter(status=model.Status.WAITING)


def _line(label: str, rows: QuerySet, since: str, asked: str = "") -> Waiting:
    """`since`: a field of when it began to wait, "" for what has no such moment."""
    found = rows.aggregate(count=Count("pk"), **({"since": Min(since)} if since else {}))
    name = f"admin:{rows.model._meta.app_label}_{rows.model._meta.model_name}_changelist"
    url = reverse(name) if rows.model in admin.site._registry else ""
    return Waiting(label, found["count"], found.get("since"), f"{url}?{asked}" if url and asked else url)

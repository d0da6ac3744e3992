"""What waits for a moderator, counted: the front page of the admin."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import Count, Min, QuerySet
from django.urls import reverse

from clinics.models import Appeal, Claim, Correction, FailedTask, ListingRequest, Outbox, PendingChange, Report, Review
from clinics.reviews import contests, replies

from .impartial import without_own


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


def _undecided(model: Any) -> QuerySet[Any]:
    return model.objects.filter(status=model.Status.WAITING)


def _line(label: str, rows: QuerySet, since: str, asked: str = "") -> Waiting:
    found = rows.aggregate(count=Count("pk"), since=Min(since))
    name = f"admin:{rows.model._meta.app_label}_{rows.model._meta.model_name}_changelist"
    url = reverse(name) if rows.model in admin.site._registry else ""
    return Waiting(label, found["count"], found["since"], f"{url}?{asked}" if url and asked else url)

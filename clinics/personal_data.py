"""Answers to people who ask what we have about them and have no account: docs/privacy.md, "When somebody asks"."""

import re
from typing import Any

from django.db import transaction
from django.db.models import Q

from . import clock
from .models import Correction, ListingRequest, Outbox, Report, Review
from .reporting import tokens as report_tokens
from .reviews import tokens as review_tokens
from .reviews import writing

_LAST_PART = re.compile(r"([A-Za-z0-9_-]+)/?\s*$")


def behind(link: str) -> Review | Report | None:
    """What a private link opens, or the last part of one; None for every other text."""
    found = _LAST_PART.search(link.partition("?")[0].partition("#")[0])
    token = found[1] if found else ""
    if len(token) != review_tokens.TOKEN_LENGTH:
        return None
    return writing.by_token(token) or report_tokens.find(token)


def export(row: Review | Report) -> dict[str, Any]:
    """All that we keep of it and of who wrote it, ready for JSON, in Danish."""
    if isinstance(row, Review):
        return writing.export(row)
    return {
        "sagsnummer": row.number,
        "klinik": row.clinic.name,
        "det indberettede": row.was,
        "årsag": row.get_kind_display(),
        "forklaring": row.text,
        "navn": row.name or None,
        "e-mail": row.email or None,
        "spor af dit netværk": "gemt som en kode, der slettes inden for et døgn" if row.source else None,
        "modtaget": _time(row.created_at),
        "status": row.get_status_display(),
        "afgjort": _time(row.decided_at),
        "begrundelse": row.reason or None,
        "klager": [
            {"sendt": _time(appeal.created_at), "tekst": appeal.text, "status": appeal.get_status_display()}
            for appeal in row.appeals.filter(side="reporter")
        ],
    }


@transaction.atomic
def erase(row: Review | Report) -> None:
    """The review, with all that hangs on it; of a report who made it, for the case is one by law. Raises ActionError."""
    if isinstance(row, Review):
        writing.erase(review=row)
    else:
        Report.objects.filter(pk=row.pk).update(name="", email="", source="")


def found(email: str) -> dict[str, int]:
    """How many rows hold the address, by kind. Accounts are not among them: their owners see for themselves."""
    return {kind: rows.count() for kind, rows in _rows(email).items()}


@transaction.atomic
def forget(email: str) -> dict[str, int]:
    """Take the address out of them, and mails to it away. Returns how many rows it was in, by kind.

    A review that was never confirmed goes as a whole: without its address nobody can confirm it.
    """
    rows = _rows(email)
    counted = {kind: some.count() for kind, some in rows.items()}
    rows["reviews"].filter(status=Review.Status.UNCONFIRMED).delete()
    rows["reviews"].update(email="")
    rows["reports"].update(name="", email="")
    rows["corrections"].update(email="")
    rows["listing requests"].update(email="")
    rows["mails"].delete()
    return counted


def _rows(email: str) -> dict[str, Any]:
    here = Q(email__iexact=email.strip())
    return {
        "reviews": Review.objects.filter(here),
        "reports": Report.objects.filter(here),
        "corrections": Correction.objects.filter(here),
        "listing requests": ListingRequest.objects.filter(here, user=None),
        "mails": Outbox.objects.filter(to__iexact=email.strip()),
    }


def _time(moment: Any) -> str | None:
    return moment.astimezone(clock.COPENHAGEN).isoformat(timespec="minutes") if moment else None

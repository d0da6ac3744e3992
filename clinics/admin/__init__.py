"""The directory in the admin, in Danish."""

from . import (
    appeal,
    claim,
    clinic,
    code_sheet,
    contest,
    correction,
    listing,
    money,
    outbox,
    pending,
    place,
    report,
    review,
    vocabulary,
    warnings,
)

__all__ = [
    "appeal",
    "claim",
    "clinic",
    "code_sheet",
    "contest",
    "correction",
    "listing",
    "money",
    "outbox",
    "pending",
    "place",
    "report",
    "review",
    "vocabulary",
    "warnings",
]

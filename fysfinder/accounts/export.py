"""“Hent dine oplysninger”: everything that we hold about one person, as JSON. No secret is in it."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db.models import Model

from articles.models import Upload
from clinics.models import (
    Claim,
    CodeSheet,
    Contest,
    ImportBatch,
    ListingRequest,
    Membership,
    Outbox,
    PendingChange,
    ReviewReply,
)

# Model, the field that names the person, and what is told of a row. Whoever adds a model with a key to a user decides here or
# in `ELSEWHERE`: tests/test_accounts_data.py asks.
EXPORTED: tuple[tuple[str, type[Model], str, tuple[str, ...]], ...] = (
    ("emails", EmailAddress, "user", ("email", "verified", "primary")),
    ("second_factors", Authenticator, "user", ("type", "created_at", "last_used_at")),
    ("log_ins", UserSession, "user", ("created_at", "user_agent")),
    ("memberships", Membership, "user", ("clinic__name", "role", "wants_reminders", "created_at", "ended_at")),
    (
        "claims", Claim, "user",
        ("clinic__name", "status", "method", "sent_to", "position", "explanation", "document_name", "created_at",
         "decided_at", "reason", "appeal", "appealed_at"),
    ),
    (
        "listing_requests", ListingRequest, "user",
        ("kind", "status", "name", "street", "address_extra", "postcode", "phone", "email", "website", "cvr", "position",
         "note", "created_at", "decided_at", "reason"),
    ),
    (
        "changes", PendingChange, "asked_by",
        ("clinic__name", "subject", "status", "old", "new", "evidence", "created_at", "decided_at", "reason"),
    ),
    # Nothing of the review itself: it is its author's, and a clinic knows of it only while it is shown.
    (
        "review_replies", ReviewReply, "written_by",
        ("clinic__name", "status", "text", "written_at", "decided_at", "reason"),
    ),
    (
        "contests", Contest, "asked_by",
        ("clinic__name", "status", "text", "created_at", "decided_at", "reason"),
    ),
    ("code_sheets", CodeSheet, "created_by", ("clinic__name", "size", "created_at", "revoked_at")),
    ("actions", LogEntry, "user", ("action_time", "object_repr", "change_message")),
    ("uploads", Upload, "created_by", ("created_at",)),
    ("clinic_lists", ImportBatch, "created_by", ("name", "file_name", "created_at")),
)  # fmt: skip

WHO_DID_IT = """
articles.HistoricalArticle.history_user articles.FlagSuggestion.decided_by articles.SignOff.by
clinics.Claim.decided_by clinics.Correction.decided_by clinics.Membership.ended_by
clinics.Invitation.invited_by clinics.Invitation.used_by clinics.ListingRequest.decided_by
clinics.PendingChange.decided_by clinics.WarningChange.proposed_by clinics.WarningChange.decided_by
clinics.ClinicVersion.made_by clinics.Review.decided_by clinics.ReviewReply.decided_by clinics.Contest.decided_by
clinics.Report.decided_by clinics.Appeal.decided_by clinics.ImportRecord.decided_by
"""
# "app.Model.field" → why it is no part of a person's own data beyond what stands above.
ELSEWHERE = {
    "auth.User_groups.user": "the roles, told with the account",
    "auth.User_user_permissions.user": "rights, which follow from the roles",
    **dict.fromkeys(WHO_DID_IT.split(), "who did it, on a row about something else: told as an action"),
}


def data_of(user: User) -> dict[str, Any]:
    """Everything about `user`, ready for JSON (DjangoJSONEncoder)."""
    account = {
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "created_at": user.date_joined,
        "last_log_in_at": user.last_login,
        "roles": list(user.groups.order_by("name").values_list("name", flat=True)),
    }
    rows = {
        name: list(model._default_manager.filter(**{field: user}).order_by("pk").values(*told))
        for name, model, field, told in EXPORTED
    }
    addresses = [user.email, *(row["email"] for row in rows["emails"])]
    mails = Outbox.objects.filter(to__in=addresses).order_by("pk").values("template", "status", "created_at", "sent_at")
    return {"account": account, **rows, "mails": list(mails)}

"""Mail: whoever promises one writes a row in its own transaction, and the worker keeps the promise. docs/mail.md.

Nothing here talks to a mail server but `deliver_waiting`, which runs in the worker and in tests.
"""

import datetime
import json
import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils.functional import Promise

from . import clock
from .actions import ActionError, log
from .mailing.delivery import deliver_waiting
from .mailing.recipient import checked
from .mailing.registry import mail
from .models import Clinic, Outbox
from .plain_text import plain

__all__ = ["absolute", "can_resend", "deliver_waiting", "drop", "nudge", "promise", "purge", "resend"]

MOST_CONTEXT = 50_000  # characters of JSON: a mail is not a file store
KEPT = datetime.timedelta(days=90)  # rows of mails that need no more work
RESENDABLE = datetime.timedelta(days=7)  # contents of a mail that failed, while a moderator may send it again


def promise(
    *, template: str, to: str, context: dict[str, Any], key: str | None = None, clinic: Clinic | None = None
) -> Outbox:
    """Promise one mail, in the caller's transaction: it is sent after the commit, or never if that is rolled back.

    `context` holds text, numbers, lists and dicts (dates as words: clinics.danish), and every name that the mail's row in
    clinics/mailing/registry.py asks for. Texts lose control and direction characters. With a `key` that was used before
    nothing is promised, and the earlier row comes back. Raises ValidationError for an address that cannot be one, and
    LookupError, TypeError or ValueError for what only a programmer can have got wrong.
    """
    kind = mail(template)
    if missing := kind.example.keys() - context.keys():
        raise ValueError(f"The mail {template!r} needs {', '.join(sorted(missing))}")
    cleaned = _cleaned(context)
    if len(json.dumps(cleaned)) > MOST_CONTEXT:
        raise ValueError(f"The context of the mail {template!r} is longer than {MOST_CONTEXT} characters")
    values: dict[str, Any] = {
        "template": template,
        "to": checked(to),
        "context": cleaned,
        "clinic": clinic,
        "message_id": f"<{uuid.uuid4().hex}@{settings.MAIL_DOMAIN}>",
    }
    if key is None:
        row, is_new = Outbox.objects.create(**values), True
    else:
        # Two at once: the second waits in the unique index until the first has committed, and then finds its row.
        row, is_new = Outbox.objects.get_or_create(key=key, defaults=values)
    if is_new:
        _nudge_on_commit()
    return row


def absolute(path: str) -> str:
    """`"/konto/"` → `"https://fysfinder.dk/konto/"`: the address as it stands in a mail. Raises ValueError for no path."""
    if not path.startswith("/") or path.startswith("//"):
        raise ValueError(f"Not a path of this site: {path!r}")
    return f"{settings.SITE_URL}{path}"


def nudge() -> None:
    """Ask the worker to look at once. Nothing depends on it: beat looks every few minutes anyway."""
    from . import tasks  # it imports this module

    tasks.deliver_mail.apply_async(retry=False)


def can_resend(row: Outbox) -> bool:
    """Whether there is anything left to send again: secrets are not kept, the rest for a week."""
    return row.status == Outbox.Status.FAILED and (bool(row.context) or not mail(row.template).example)


@transaction.atomic
def resend(*, row: Outbox, by: User) -> None:
    """Begin anew with a mail that was given up. Raises ActionError."""
    row = _locked(row)
    if row.status != Outbox.Status.FAILED:
        raise ActionError(f"Kun opgivne mails kan sendes igen; denne er “{row.get_status_display()}”.")
    if not can_resend(row):
        raise ActionError(
            "Indholdet er slettet: det var hemmeligt eller over en uge gammelt. Modtageren må bede om en ny."
        )
    row.status, row.attempts, row.error, row.next_attempt_at = Outbox.Status.WAITING, 0, "", clock.now()
    row.save(update_fields=["status", "attempts", "error", "next_attempt_at"])
    log(row=row, by=by, text="Sendte mailen igen.")
    _nudge_on_commit()


@transaction.atomic
def drop(*, row: Outbox, by: User) -> None:
    """Nobody wants this mail any more: it is not sent, and what it would have said is deleted. Raises ActionError."""
    row = _locked(row)
    if row.status not in (Outbox.Status.WAITING, Outbox.Status.FAILED):
        raise ActionError(f"Mailen er allerede “{row.get_status_display()}”.")
    row.status, row.context = Outbox.Status.DROPPED, {}
    row.save(update_fields=["status", "context"])
    log(row=row, by=by, text="Droppede mailen.")


def purge() -> int:
    """Delete rows that were done with 90 days ago, and the contents of mails that failed a week ago. Returns rows deleted."""
    now = clock.now()
    Outbox.objects.filter(status=Outbox.Status.FAILED, next_attempt_at__lt=now - RESENDABLE).exclude(context={}).update(
        context={}
    )
    old = Q(sent_at__lt=now - KEPT) | Q(sent_at=None, created_at__lt=now - KEPT, next_attempt_at__lt=now - KEPT)
    return Outbox.objects.exclude(status=Outbox.Status.WAITING).filter(old).delete()[0]


def _locked(row: Outbox) -> Outbox:
    """The row as it is now. One that is being sent at this moment is not waited for: a mail server may take its time."""
    stored = Outbox.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=row.pk).first()
    if stored is None:
        raise ActionError("Mailen er ved at blive sendt. Prøv igen om lidt.")
    return stored


def _nudge_on_commit() -> None:
    """One nudge for a transaction, however many mails it promises. A broker that is away is logged and breaks nothing."""
    waiting = [entry[1] for entry in transaction.get_connection().run_on_commit]
    if nudge not in waiting:
        transaction.on_commit(nudge, robust=True)


def _cleaned(value: Any) -> Any:
    """The value as JSON can hold it and as a mail may show it."""
    if isinstance(value, str | Promise):
        return plain(str(value))
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return [_cleaned(one) for one in value]
    if isinstance(value, dict):
        return {str(name): _cleaned(one) for name, one in value.items()}
    raise TypeError(f"A mail's context cannot hold {type(value).__name__}; say it in words")

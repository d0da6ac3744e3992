"""The worker's side: rows that wait → a mail server, each at most once but for a worker that dies between the two.

One row at a time, in two transactions. The first takes it and counts the attempt, so that a mail that kills its worker
is not tried for ever. The second holds the row's lock while the mail server has it, so that nobody else sends it however
long that takes. Whoever finds a row locked takes the next one.
"""

import datetime
import logging
import re
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from typing import Any

from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend
from django.db import transaction
from django.db.models import QuerySet
from django.template import TemplateDoesNotExist, TemplateSyntaxError

from clinics import clock
from clinics.models import Outbox
from clinics.plain_text import plain

from . import stops
from .registry import mail, reminders
from .rendering import message

logger = logging.getLogger(__name__)

BACK_OFF = tuple(datetime.timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60, 6 * 60, 24 * 60))
MOST_ATTEMPTS = len(BACK_OFF) + 1
BATCH = 20  # mails over one connection
MOST = 500  # mails in one run: a worker has other things to do
MOST_BROKEN = 3  # connections in a row: a server that hangs would keep the worker for hours
DAYTIME = range(8, 20)  # hours, in Denmark, in which reminders go out
LONGEST_ERROR = 300
Status = Outbox.Status
_ADDRESS = re.compile(r"\w+://\S+")


class Outcome(Enum):
    SENT = 1
    NOT_SENT = 2  # for a reason of its own
    REFUSED = 3  # by the mail server
    BROKEN = 4  # the connection fell silent or fell apart


def deliver_waiting(most: int = MOST) -> int:
    """Send what is due, the oldest first. Returns how many were sent.

    A mail server that cannot be reached, or does not let us in, costs no mail an attempt: all wait for the next run.
    """
    sent = tried = broken = 0
    while tried < most and broken < MOST_BROKEN and due().exists():
        try:
            with mail_server() as server:
                for _ in range(min(BATCH, most - tried)):
                    if (taken := take()) is None:
                        break
                    tried += 1
                    outcome = send(server, *taken)
                    sent += outcome is Outcome.SENT
                    broken = broken + 1 if outcome is Outcome.BROKEN else 0
                    if outcome in (Outcome.REFUSED, Outcome.BROKEN):
                        break  # nobody knows what this connection is good for now
        except ServerAwayError as away:
            logger.error("no mail server, all mail waits: %s", away)
            _note(f"Ingen forbindelse til mailserveren: {away}")
            break
    return sent


def due() -> QuerySet[Outbox]:
    """What should go now. Reminders wait for the day."""
    now = clock.now()
    rows = Outbox.objects.filter(status=Status.WAITING, next_attempt_at__lte=now)
    return rows if now.hour in DAYTIME else rows.exclude(template__in=reminders())


class ServerAwayError(Exception):
    """Why there is no mail server to talk to."""


@contextmanager
def mail_server() -> Iterator[Any]:
    """One connection, whichever backend is set. Every answer of the server is waited for EMAIL_TIMEOUT seconds at most."""
    server = get_connection()
    try:
        server.open()
        if isinstance(server, SmtpBackend) and server.connection:
            server.connection.ehlo_or_helo_if_needed()  # without TLS the first mail would be the first to ask
    except OSError as error:  # smtplib's errors are OSErrors too
        raise ServerAwayError(_told(error)) from error
    try:
        yield server
    finally:
        with suppress(OSError):  # it is gone already
            server.close()


@transaction.atomic
def take() -> tuple[int, int] | None:
    """The oldest due row that nobody else holds, its attempt counted: (pk, which attempt this is). None when there is none."""
    while row := due().select_for_update(skip_locked=True, of=("self",)).order_by("next_attempt_at", "pk").first():
        if row.attempts < MOST_ATTEMPTS:
            row.next_attempt_at = clock.now() + BACK_OFF[min(row.attempts, len(BACK_OFF) - 1)]
            row.attempts += 1
            row.save(update_fields=["attempts", "next_attempt_at"])
            return row.pk, row.attempts
        _give_up(row, row.error or "Hvert forsøg blev afbrudt.")  # its worker died each time
    return None


@transaction.atomic
def send(server: Any, pk: int, attempt: int) -> Outcome:
    """Try the row that `take` took, and write down what came of it."""
    # Waits for a lock: another worker's `take` holds one for a moment even on a row that it finds is no longer due.
    rows = Outbox.objects.select_for_update(of=("self",))
    row = rows.filter(pk=pk, status=Status.WAITING, attempts=attempt).first()
    if row is None:
        return Outcome.NOT_SENT  # somebody dropped it in between
    if row.template in reminders() and stops.is_stopped(row.to):
        _finish(row, Status.DROPPED, "Modtageren har frameldt sig.")
        return Outcome.NOT_SENT
    try:
        ready = message(row)
        ready.message()  # headers are checked here
    except Exception as error:  # a template of ours may break in any way; the others have done nothing wrong
        _try_later(row, f"Skabelonen virker ikke: {_template_error(error)}")
        logger.error("mail %s (%s) cannot be made: %s", row.pk, row.template, _template_error(error))
        return Outcome.NOT_SENT
    try:
        server.send_messages([ready])
    except (OSError, ValueError) as error:
        if _is_final(error):
            _give_up(row, _told(error))
        else:
            _try_later(row, _told(error))
        logger.warning("mail %s (%s) was not sent: %s", row.pk, row.template, type(error).__name__)
        return Outcome.REFUSED if isinstance(error, REPLIES) else Outcome.BROKEN
    row.sent_at = clock.now()
    _finish(row, Status.SENT)
    return Outcome.SENT


REPLIES = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused, ValueError)


def _is_final(error: Exception) -> bool:
    """Whether the server said no (5xx) to this address or this message. No to us as the sender is for us to mend."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            return all(500 <= code < 600 for code, _ in error.recipients.values())
        case smtplib.SMTPDataError():
            return 500 <= error.smtp_code < 600
    return False


def _try_later(row: Outbox, error: str) -> None:
    if row.attempts >= MOST_ATTEMPTS:
        _give_up(row, error)
    else:
        row.error = error
        row.save(update_fields=["error"])


def _give_up(row: Outbox, error: str) -> None:
    """A moderator can send it again for a week, unless it holds a secret: that goes at once."""
    row.next_attempt_at = clock.now()  # from when the week is counted
    _finish(row, Status.FAILED, error, keep=not _is_secret(row))
    logger.error("mail %s (%s) was given up after %d attempts", row.pk, row.template, row.attempts)


def _finish(row: Outbox, status: str, error: str = "", *, keep: bool = False) -> None:
    row.status, row.error = status, error
    if not keep:
        row.context = {}
    row.save(update_fields=["status", "error", "context", "sent_at", "next_attempt_at"])


def _is_secret(row: Outbox) -> bool:
    """A mail that nobody has entered in the registry may hold anything."""
    try:
        return mail(row.template).is_secret
    except LookupError:
        return True


def _note(error: str) -> None:
    """Say on the mails that wait why they do, without counting anything."""
    with transaction.atomic():
        rows = due().select_for_update(skip_locked=True, of=("self",)).order_by("next_attempt_at", "pk")
        Outbox.objects.filter(pk__in=[row.pk for row in rows[:BATCH]]).update(error=error[:LONGEST_ERROR])


def _told(error: Exception) -> str:
    """What a server said, for the moderators. A link of the mail that it quotes may be secret."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            said = "; ".join(_reply(*one) for one in error.recipients.values())
        case smtplib.SMTPResponseException():
            said = _reply(error.smtp_code, error.smtp_error)
        case TimeoutError() | smtplib.SMTPServerDisconnected() if "timed out" in str(error):
            return "Serveren svarede ikke i tide."
        case _:
            said = f"{type(error).__name__} {error}"
    return " ".join(plain(_ADDRESS.sub("…", said)).split())[:LONGEST_ERROR]


def _reply(code: int, text: bytes | str) -> str:
    return f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"


def _template_error(error: Exception) -> str:
    """Without what stood in the mail, which most errors of templates quote."""
    if isinstance(error, TemplateDoesNotExist | TemplateSyntaxError):
        return f"{type(error).__name__}: {error}"[:200]
    return type(error).__name__

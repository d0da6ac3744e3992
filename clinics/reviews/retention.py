"""How long what patients, reporters and clinics wrote is kept, and the erasing of it. docs/privacy.md says why.

Each rule is one row of `RULES` and one row of the table there. Only what the public does not see is ever deleted here, so no
rule touches a number: a review that counts is published, and goes by its author's hand or a moderator's alone.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from clinics import clock
from clinics.freshness import months_before
from clinics.models import Appeal, CodeSheet, Contest, Outbox, Report, Review, ReviewReply
from clinics.models.request import Decided
from clinics.reporting.redress import APPEAL_MONTHS

from .codes import GOOD_FOR

# Spans of 24 hours to the day, also when the clocks change; months as the calendar has them.
UNCONFIRMED = datetime.timedelta(hours=48)  # an e-mail that nobody confirms by then takes its review with it
SOURCE = datetime.timedelta(hours=24)  # the key that made it is another by then, and it can be compared with nothing
CONTEST = datetime.timedelta(hours=72)  # as long as the clinic may contest, and the author may be asked
ANSWERED = datetime.timedelta(days=14)  # a decision against the author is understood, or a new link asked for
LONGEST_EMAIL = datetime.timedelta(days=30)  # whatever happens
TRACES = datetime.timedelta(days=30)  # the sheet that a code was of, and what a moderator was told to look at
REPORTER = datetime.timedelta(days=30)
SENT_MAIL = datetime.timedelta(hours=72)
FAILED_MAIL = datetime.timedelta(days=7)  # as long as it can be sent again: clinics.outbox
HIDDEN_MONTHS = APPEAL_MONTHS  # of a review or reply that nobody sees
CASE_MONTHS = 12  # of a case; nothing that waits holds a hidden review longer either

# Mails to people without an account, by the beginning of their names in clinics/mailing/registry.py: their addresses stand in
# the outbox too. Those to clinics alone begin otherwise (`clinic_…`, `reply_…`, `contest_…`) and are kept as all are.
PRIVATE_MAILS = ("review_", "report_", "appeal_")

Status = Review.Status
AGAINST = (Status.REJECTED, Status.REMOVED)
SEEN_BY_NOBODY = (Status.CHANGES, *AGAINST)
# Less than PostgreSQL's deadlock_timeout (1 s): of two who wait for each other, this one gives way.
LOCK_TIMEOUT = "500ms"


@dataclass(frozen=True)
class Rule:
    """`what` and `kept` stand so in the table of docs/privacy.md; `erase` does it, safe to run twice, and says how many rows."""

    what: str
    kept: str
    erase: Callable[[], int]


def purge() -> dict[str, int]:
    """Erase what is past its time. Returns how many rows each rule touched, by its name. Safe to run twice, and at once.

    A rule that fails stops no other. Raises ExceptionGroup of what failed, when all have run.
    """
    erased, failed = {}, []
    for rule in RULES:
        try:
            erased[rule.what] = rule.erase()
        except Exception as error:
            error.add_note(rule.what)
            failed.append(error)
    if failed:
        raise ExceptionGroup("not everything was erased by docs/privacy.md", failed)
    return erased


def ago(span: datetime.timedelta) -> datetime.datetime:
    """The moment so long ago. Counted in UTC: in Danish time a day has 23 or 25 hours twice a year."""
    return clock.now().astimezone(datetime.UTC) - span


def months_ago(months: int) -> datetime.datetime:
    """A midnight in Denmark: what is older has been kept to the end of the same day so many months later, or of that month's
    last day where there is no such day. Exactly as long as one may appeal (`reporting.redress.last_day`)."""
    today = clock.today()
    day = months_before(today, months)
    if day.day < today.day:  # today has no such day: that month's last was to be kept until yesterday
        day += datetime.timedelta(days=1)
    return datetime.datetime.combine(day, datetime.time(), tzinfo=clock.COPENHAGEN)


# --- reviews


def _unconfirmed() -> int:
    return _delete(Review.objects.filter(status=Status.UNCONFIRMED, created_at__lt=ago(UNCONFIRMED)))


def _email() -> int:
    published = Q(status=Status.PUBLISHED, published_at__lt=ago(CONTEST)) & ~_waits(Contest)
    against = Q(status__in=AGAINST, decided_at__lt=ago(ANSWERED)) & ~_waits(Appeal)
    over = Q(created_at__lt=ago(LONGEST_EMAIL)) | published | against
    return _empty(Review.objects.filter(over).exclude(email=""), email="")


def _source() -> int:
    return _empty(Review.objects.filter(created_at__lt=ago(SOURCE)).exclude(source=""), source="")


def _sheet() -> int:
    return _empty(Review.objects.filter(created_at__lt=ago(TRACES), sheet__isnull=False), sheet=None)


def _suspicions() -> int:
    decided = Review.objects.filter(status__in=(Status.PUBLISHED, *AGAINST), decided_at__lt=ago(TRACES))
    return _empty(decided.exclude(suspicions=[]), suspicions=[])


def _hidden() -> int:
    old = Review.objects.filter(status__in=SEEN_BY_NOBODY)
    old = old.annotate(since=Coalesce("decided_at", "submitted_at", "created_at"))
    no_appeal = Q(since__lt=months_ago(HIDDEN_MONTHS)) & ~_waits(Appeal)
    return _delete(old.filter(no_appeal | Q(since__lt=months_ago(CASE_MONTHS))))


def _rejected_replies() -> int:
    rejected = ReviewReply.objects.filter(status=ReviewReply.Status.REJECTED)
    return _delete(_since(rejected, "decided_at", "written_at").filter(since__lt=months_ago(HIDDEN_MONTHS)))


# --- cases


def _contests() -> int:
    return _delete(_closed(Contest).filter(since__lt=months_ago(CASE_MONTHS)))


def _appeals() -> int:
    return _delete(_closed(Appeal).filter(since__lt=months_ago(CASE_MONTHS)))


def _reporters() -> int:
    answered = _closed(Report).filter(since__lt=ago(REPORTER)).exclude(name="", email="")
    return _empty(answered.exclude(_waits(Appeal, "report")), name="", email="")


def _report_sources() -> int:
    return _empty(Report.objects.filter(created_at__lt=ago(SOURCE)).exclude(source=""), source="")


def _reports() -> int:
    return _delete(_closed(Report).filter(since__lt=months_ago(CASE_MONTHS)))


# --- codes, mail


def _sheet_sources() -> int:
    return _empty(CodeSheet.objects.filter(created_at__lt=ago(SOURCE)).exclude(source=""), source="")


def _sheets() -> int:
    return _delete(CodeSheet.objects.filter(created_at__lte=ago(GOOD_FOR)))


def _mails() -> int:
    ours = Q()
    for beginning in PRIVATE_MAILS:
        ours |= Q(template__startswith=beginning)
    sent = Q(status=Outbox.Status.SENT, sent_at__lt=ago(SENT_MAIL))
    given_up = Q(status__in=(Outbox.Status.FAILED, Outbox.Status.DROPPED), next_attempt_at__lt=ago(FAILED_MAIL))
    return Outbox.objects.filter(ours, sent | given_up).delete()[0]


def _waits(kind: type[Decided], of: str = "review") -> Exists:
    """Whether a contest or an appeal of the row is still to be decided."""
    return Exists(kind._default_manager.filter(**{of: OuterRef("pk"), "status": Decided.Status.WAITING}))


def _since(rows: Any, *moments: str) -> Any:
    return rows.annotate(since=Coalesce(*moments))


def _closed(kind: type[Decided]) -> Any:
    """Decided or withdrawn, with `since` when."""
    return _since(kind._default_manager.exclude(status=Decided.Status.WAITING), "decided_at", "created_at")


@transaction.atomic
def _empty(rows: Any, **fields: Any) -> int:
    """What somebody works on at this moment is left for the next hour: nobody waits for a purge, nor it for anybody."""
    locked = rows.order_by().select_for_update(of=("self",), skip_locked=True)
    return rows.model._default_manager.filter(pk__in=list(locked.values_list("pk", flat=True))).update(**fields)


def _delete(rows: Any) -> int:
    """The same, one transaction for each: a row that hangs on one of them may be held too."""
    deleted = 0
    for pk in list(rows.order_by().values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT])
                row = rows.order_by().select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
                if row is not None:
                    row.delete()
                    deleted += 1
        except OperationalError:  # a row that hangs on it is held: a moderator is deciding an appeal, say
            continue
    return deleted


def _days(span: datetime.timedelta) -> str:
    return f"{span.days} days"


def _hours(span: datetime.timedelta) -> str:
    return f"{span // datetime.timedelta(hours=1)} hours"


RULES: tuple[Rule, ...] = (
    Rule("review whose e-mail nobody confirmed", _hours(UNCONFIRMED), _unconfirmed),
    Rule("e-mail of a review", f"{_hours(CONTEST)}, {_days(ANSWERED)}, at most {_days(LONGEST_EMAIL)}", _email),
    Rule("network of a review", _hours(SOURCE), _source),
    Rule("sheet that a review's code was of", _days(TRACES), _sheet),
    Rule("what a moderator was told to look at", _days(TRACES), _suspicions),
    Rule("review that nobody sees", f"{HIDDEN_MONTHS} months, at most {CASE_MONTHS} months", _hidden),
    Rule("rejected reply", f"{HIDDEN_MONTHS} months", _rejected_replies),
    Rule("contest", f"{CASE_MONTHS} months", _contests),
    Rule("appeal", f"{CASE_MONTHS} months", _appeals),
    Rule("name and e-mail of a reporter", _days(REPORTER), _reporters),
    Rule("network of a report", _hours(SOURCE), _report_sources),
    Rule("report", f"{CASE_MONTHS} months", _reports),
    Rule("network where a sheet was printed", _hours(SOURCE), _sheet_sources),
    Rule("sheet with its codes", _days(GOOD_FOR), _sheets),
    Rule("mail to a patient or reporter", f"{_hours(SENT_MAIL)}, {_days(FAILED_MAIL)}", _mails),
)

"""What is kept of reports, contests, appeals, codes and mails goes when docs/privacy.md says, and within the hour."""

import re
from pathlib import Path

import pytest

from clinics.mailing.registry import MAILS
from clinics.models import Appeal, CodeSheet, Contest, Outbox, Report, Review, ReviewReply, VisitCode
from clinics.reviews import codes, retention
from clinics.reviews.retention import RULES, purge

from .people import clinic
from .retention import DAY, HOUR, STARTS, after, at, case, danish, goes, held, report_of, sheet_of, there, written
from .worlds import kept

pytestmark = pytest.mark.django_db


@kept
def here():
    return clinic("Ryggen", "Aarhus C")


@pytest.fixture(params=STARTS)
def start(request):
    return danish(request.param)


# --- cases


@pytest.mark.parametrize("model", [Contest, Appeal])
def test_a_case_goes_twelve_months_after_its_decision(here, model):
    decided = danish("2026-02-28 12:00")
    row = written(here, decided, Review.Status.PUBLISHED, published_at=decided)
    closed = case(model, here, decided, "refused", review=row)
    for moment, is_there in (("2027-02-28 23:59", True), ("2027-03-01 00:01", False)):
        with at(danish(moment)):
            purge()
        assert there(closed) is is_there
    assert there(row)


@pytest.mark.parametrize("model", [Contest, Appeal])
def test_a_case_that_waits_stays(here, model):
    begun = danish("2026-02-28 12:00")
    row = written(here, begun, Review.Status.PUBLISHED, published_at=begun)
    waiting = case(model, here, begun, review=row)
    with at(danish("2030-01-01 12:00")):
        purge()
    assert there(waiting)


@pytest.mark.parametrize("field", ["name", "email"])
@pytest.mark.parametrize("status", ["approved", "refused", "withdrawn"])
def test_who_reported_goes_30_days_after_the_decision(here, start, field, status):
    row = report_of(here, after(start, -DAY), status=status, decided_at=start)
    goes(held(row, field), start, 30 * DAY)


def test_who_reported_is_kept_while_the_case_is_open(here, start):
    waiting = report_of(here, start)
    decided = report_of(here, start, number="A-2", secret="4" * 64, status="refused", decided_at=start)
    case(Appeal, here, start, report=decided, side=Appeal.Side.REPORTER, created_for=start)
    with at(after(start, 100 * DAY)):
        purge()
    assert held(waiting, "email")() and held(decided, "email")()
    assert not held(waiting, "source")(), "the network does not wait for that"


def test_the_network_of_a_report_goes_after_24_hours(here, start):
    goes(held(report_of(here, start), "source"), start, 24 * HOUR)


def test_a_report_goes_twelve_months_after_its_decision(here):
    decided = danish("2026-12-31 23:30")
    row = report_of(here, decided, status="refused", decided_at=decided)
    waiting = report_of(here, decided, number="A-2", secret="4" * 64)
    for moment, is_there in (("2027-12-31 23:59", True), ("2028-01-01 00:01", False)):
        with at(danish(moment)):
            purge()
        assert there(row) is is_there
    assert there(waiting)


# --- codes and mail


def test_where_a_sheet_was_printed_goes_after_24_hours(here, start):
    goes(held(sheet_of(here, start), "source"), start, 24 * HOUR)


def test_a_sheet_goes_with_its_codes_when_they_are_good_no_more(here, start):
    sheet = sheet_of(here, start)
    row = written(here, start, Review.Status.PUBLISHED, published_at=start)
    goes(lambda: there(sheet), start, codes.GOOD_FOR)
    assert not VisitCode.objects.exists() and there(row)


@pytest.mark.parametrize(
    ("status", "fields", "span"),
    [("sent", ("sent_at",), 72 * HOUR), ("failed", (), 7 * DAY), ("dropped", (), 7 * DAY)],
)
def test_the_mail_to_a_patient_goes_from_the_outbox(here, start, status, fields, span):
    def mail(template):
        made = {"status": status, "created_at": start, "next_attempt_at": start} | dict.fromkeys(fields, start)
        return Outbox.objects.create(template=template, to="pia@example.org", message_id=f"<{template}>", **made)

    ours = [mail(f"{beginning}x") for beginning in retention.PRIVATE_MAILS]
    other = mail("member_news")
    goes(lambda: all(map(there, ours)), start, span)
    assert there(other) and not any(map(there, ours))


def test_every_mail_about_a_review_is_one_to_patients_or_one_to_clinics():
    """A new one must be named as what it is, or an address of a patient is kept for 90 days."""
    about = {name for name in MAILS if re.search(r"review|report|appeal|contest|reply", name)}
    to_clinics = {name for name in about if name.startswith(("clinic_", "reply_", "contest_"))}
    assert about - to_clinics == {name for name in MAILS if name.startswith(retention.PRIVATE_MAILS)} != set()


def test_a_mail_that_waits_stays(here, start):
    row = Outbox.objects.create(
        template="review_received", to="pia@example.org", created_at=start, next_attempt_at=start
    )
    with at(after(start, 100 * DAY)):
        purge()
    assert there(row)


# --- docs/privacy.md

TABLE_ROW = re.compile(
    r"^\| (?P<what>[^|]+) \| (?P<kept>[^|]+) \| (?P<since>[^|]+) \| (?P<why>[^|]+) \|$", re.MULTILINE
)
PRIVACY = Path(__file__).parent.parent / "docs" / "privacy.md"


def section(title: str) -> str:
    text = PRIVACY.read_text(encoding="utf-8")
    return text.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def test_the_table_of_what_is_erased_is_the_code():
    rows = [match.group("what", "kept") for match in TABLE_ROW.finditer(section("What is erased, and when"))][1:]
    assert [row for row in rows if not set(row[0]) <= {"-", " "}] == [(rule.what, rule.kept) for rule in RULES]


def test_every_field_that_is_kept_is_told():
    """A new field of these models must be thought of: who it is about, and when it goes."""
    told = section("What is kept of a review, a report, a code")
    for model in (Review, ReviewReply, Contest, Report, Appeal, CodeSheet, VisitCode):
        line = next(line for line in told.splitlines() if line.startswith(f"| `{model.__name__}`"))
        names = {field.name for field in model._meta.concrete_fields} - {"id", "clinic"}
        assert names == set(re.findall(r"`(\w+)`", line)) - {model.__name__}, model

"""What is kept of reviews goes when docs/privacy.md says: not a minute earlier, and within the hour."""

import datetime

import pytest
from django.db import connections, transaction

from clinics import clock, tasks
from clinics.models import Appeal, Contest, Review, ReviewReply
from clinics.reporting import redress
from clinics.reviews import retention, tokens
from clinics.reviews.retention import purge

from .people import clinic
from .retention import (
    DAY,
    HOUR,
    STARTS,
    after,
    at,
    case,
    danish,
    goes,
    held,
    sheet_of,
    there,
    written,
)
from .reviews import rating
from .worlds import kept

pytestmark = pytest.mark.django_db
TOKEN = "t" * 43


@kept
def here():
    return clinic("Ryggen", "Aarhus C")


@pytest.fixture(params=STARTS)
def start(request):
    return danish(request.param)


# --- reviews


def test_a_review_whose_e_mail_nobody_confirmed_goes_after_48_hours(here, start):
    row = written(here, start, Review.Status.UNCONFIRMED)
    goes(lambda: there(row), start, 48 * HOUR)


def test_a_review_that_waits_for_a_moderator_stays(here, start):
    row = written(here, start)
    with at(after(start, 2000 * DAY)):
        purge()
    assert there(row), "it is ours to decide"


@pytest.mark.parametrize("status", ["unconfirmed", "pending", "changes", "published", "rejected", "removed"])
def test_the_network_goes_after_24_hours(here, start, status):
    row = written(here, start, status)
    goes(held(row, "source"), start, 24 * HOUR)


def test_the_address_goes_72_hours_after_publication(here, start):
    row = written(here, after(start, -2 * DAY), Review.Status.PUBLISHED, published_at=start)
    goes(held(row, "email"), start, 72 * HOUR)
    assert rating(here)[:2] == (1, 1), "and nothing else of it"


def test_the_address_stays_while_a_contest_waits(here, start):
    row = written(here, start, Review.Status.PUBLISHED, published_at=start)
    contest = case(Contest, here, start, review=row)
    with at(after(start, 80 * HOUR)):
        purge()
        assert held(row, "email")()
        Contest.objects.filter(pk=contest.pk).update(status="refused", decided_at=clock.now())
        purge()
    assert not held(row, "email")()


@pytest.mark.parametrize("status", ["rejected", "removed"])
def test_the_address_goes_14_days_after_a_decision_against_it(here, start, status):
    row = written(here, after(start, -DAY), status, decided_at=start)
    goes(held(row, "email"), start, 14 * DAY)


def test_the_address_stays_while_an_appeal_waits_but_no_longer_than_30_days(here, start):
    row = written(here, start, Review.Status.REJECTED, decided_at=start)
    case(Appeal, here, start, review=row, created_for=start)
    goes(held(row, "email"), start, 30 * DAY)


@pytest.mark.parametrize("status", ["pending", "changes", "published", "rejected", "removed"])
def test_no_address_is_kept_for_more_than_30_days(here, start, status):
    late = after(start, 29 * DAY)
    row = written(here, start, status, decided_at=late, published_at=late)
    case(Contest, here, start, review=row)
    case(Appeal, here, start, review=row, created_for=start)
    goes(held(row, "email"), start, 30 * DAY)


def test_the_sheet_goes_after_30_days(here, start):
    row = written(here, start, sheet=sheet_of(here, start))
    goes(held(row, "sheet"), start, 30 * DAY)


def test_what_a_moderator_was_told_goes_30_days_after_the_decision(here, start):
    waiting = written(here, start)
    row = written(here, start, Review.Status.PUBLISHED, decided_at=start)
    goes(held(row, "suspicions"), start, 30 * DAY)
    assert held(waiting, "suspicions")(), "it still waits"


MONTHS = [
    # decided, the last moment at which it is kept, and the first at which it is not
    (6, "2026-06-10 12:00", "2026-12-10 23:59", "2026-12-11 00:01"),
    (6, "2026-06-30 23:59", "2026-12-30 23:59", "2026-12-31 00:01"),
    (6, "2026-07-01 00:00", "2027-01-01 23:59", "2027-01-02 00:01"),
    (6, "2026-08-31 12:00", "2027-02-28 23:59", "2027-03-01 00:01"),
    (6, "2026-09-28 12:00", "2027-03-28 23:59", "2027-03-29 00:01"),  # the day of 23 hours
    (6, "2026-04-25 12:00", "2026-10-25 23:59", "2026-10-26 00:01"),  # the day of 25
]


@pytest.mark.parametrize(("months", "decided", "kept", "gone"), MONTHS)
@pytest.mark.parametrize("status", ["changes", "rejected", "removed"])
def test_a_review_that_nobody_sees_goes_after_six_months(here, months, decided, kept, gone, status):
    row = written(here, danish(decided), status, decided_at=danish(decided))
    with at(danish(kept)):
        purge()
        assert there(row)
    with at(danish(gone)):
        purge()
        assert not there(row)


def test_one_that_was_never_decided_counts_from_when_it_came(here):
    row = written(here, danish("2026-06-10 12:00"), Review.Status.CHANGES)
    with at(danish("2026-12-11 00:01")):
        purge()
    assert not there(row)


def test_nothing_goes_before_the_last_day_of_its_appeal():
    for number in range(800):
        decided = danish("2026-01-01 12:00") + datetime.timedelta(days=number)
        last = redress.last_day(decided)
        with at(datetime.datetime.combine(last, datetime.time(23, 59), tzinfo=clock.COPENHAGEN)):
            assert decided >= retention.months_ago(retention.HIDDEN_MONTHS), decided
        with at(datetime.datetime.combine(last + DAY, datetime.time(0, 1), tzinfo=clock.COPENHAGEN)):
            assert decided < retention.months_ago(retention.HIDDEN_MONTHS), decided


def test_one_with_an_appeal_that_waits_is_kept_for_twelve_months(here):
    decided = danish("2026-06-10 12:00")
    row = written(here, decided, Review.Status.REMOVED, decided_at=decided)
    case(Appeal, here, decided, review=row, created_for=decided)
    for moment, is_there in (("2026-12-11 00:01", True), ("2027-06-10 23:59", True), ("2027-06-11 00:01", False)):
        with at(danish(moment)):
            purge()
        assert there(row) is is_there, moment
    assert not Appeal.objects.exists()


def test_what_is_shown_is_never_deleted(here):
    decided = danish("2026-06-10 12:00")
    row = written(here, decided, Review.Status.PUBLISHED, published_at=decided, decided_at=decided)
    answer = ReviewReply.objects.create(review=row, clinic=here, text="Tak.", status="published", decided_at=decided)
    before = rating(here)
    with at(danish("2036-06-10 12:00")):
        purge()
    assert there(row) and there(answer) and rating(here) == before


def test_a_rejected_reply_goes_after_six_months(here):
    decided = danish("2026-06-10 12:00")
    row = written(here, decided, Review.Status.PUBLISHED, published_at=decided)
    answer = ReviewReply.objects.create(
        review=row, clinic=here, text="Du var her.", status="rejected", decided_at=decided
    )
    for moment, is_there in (("2026-12-10 23:59", True), ("2026-12-11 00:01", False)):
        with at(danish(moment)):
            purge()
        assert there(answer) is is_there
    assert there(row)


# --- all of it


def test_it_runs_every_hour_and_says_what_it_did_without_a_name(here, caplog):
    start = danish("2026-12-31 23:30")
    written(here, start, Review.Status.UNCONFIRMED, nickname="Rolig Lærke")
    with at(after(start, 49 * HOUR)), caplog.at_level("INFO"):
        assert tasks.purge_reviews() == 1
        assert tasks.purge_reviews() == 0, "twice changes nothing"
    assert "review whose e-mail nobody confirmed: 1" in caplog.text
    assert "Lærke" not in caplog.text and "pia" not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_what_somebody_works_on_is_left_for_the_next_hour(here):
    """The author confirms, or a moderator decides an appeal, at the moment at which it is too late: nobody waits."""
    start = danish("2026-06-10 12:00")
    late = written(here, start, Review.Status.UNCONFIRMED)
    gone = written(here, start, Review.Status.REMOVED, decided_at=start)
    waiting = case(Appeal, here, start, review=gone, created_for=start)
    other = connections.create_connection("default")
    try:
        with at(danish("2027-06-12 12:00")):
            other.set_autocommit(False)
            with other.cursor() as cursor:
                cursor.execute("UPDATE clinics_review SET status = 'pending' WHERE id = %s", [late.pk])
                cursor.execute("SELECT FROM clinics_appeal WHERE id = %s FOR UPDATE", [waiting.pk])
            erased = purge()
            assert erased["review whose e-mail nobody confirmed"] == erased["review that nobody sees"] == 0
            other.commit()
            erased = purge()
    finally:
        other.close()
    assert there(late) and not there(gone), "confirmed in time; and let go"
    assert erased["review that nobody sees"] == 1


@pytest.mark.django_db(transaction=True)
def test_a_wait_that_was_cut_short_leaves_no_trace_on_the_connection(here):
    written(here, danish("2026-06-10 12:00"), Review.Status.UNCONFIRMED)
    with at(danish("2026-07-10 12:00")), transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        before = cursor.fetchone()
    with at(danish("2026-07-10 12:00")):
        purge()
    with connections["default"].cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == before


def test_only_the_digest_of_a_link_is_kept(here):
    row = written(here, danish("2026-06-10 12:00"), secret=tokens.digest(TOKEN))
    stored = Review.objects.filter(pk=row.pk).values().get()
    assert TOKEN not in str(stored)

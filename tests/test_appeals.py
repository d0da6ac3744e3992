"""Who was decided against asks once for another pair of eyes: who may, and until when."""

import datetime

import pytest
import time_machine

from clinics.actions import ActionError
from clinics.models import Appeal, Review
from clinics.reporting import appeals, redress

from .claims import moderator, owner_of, person, ryggen
from .reports import WHY, answered, contested, decide, removed, reported
from .reviews import review
from .worlds import kept

pytestmark = pytest.mark.django_db


@kept
def here():
    return ryggen()


@kept
def rita():
    return moderator()


@kept
def rasmus():
    return moderator("rasmus")


@kept
def shown(here):
    return review(here, 1, email="anna@example.org")


@pytest.mark.parametrize("side", Appeal.Side.values)
@pytest.mark.parametrize("status", Review.Status.values)
def test_every_side_of_every_review(here, rita, side, status):
    row = review(here, status=status, decided_at=datetime.datetime(2026, 11, 2, tzinfo=datetime.UTC), decided_by=rita)
    may = side == "author" and status in ("rejected", "removed")
    with time_machine.travel("2026-11-20T12:00Z", tick=False):
        assert appeals.standing(side=side, review=row).may is may
        if may:
            assert appeals.appeal(side=side, text=WHY, review=row).status == "waiting"
        else:
            with pytest.raises(ActionError, match="ingen afgørelse"):
                appeals.appeal(side=side, text=WHY, review=row)
            assert not Appeal.objects.exists()


@pytest.mark.parametrize("side", Appeal.Side.values)
@pytest.mark.parametrize("status", ["waiting", "approved", "refused", "withdrawn"])
@pytest.mark.parametrize("about_review", [True, False])
def test_every_side_of_every_report(here, shown, rita, side, status, about_review):
    row = reported(here, shown if about_review else None)
    row.status, row.decided_at, row.decided_by = status, datetime.datetime(2026, 11, 2, tzinfo=datetime.UTC), rita
    row.save()
    may = (side == "reporter" and status == "refused") or (
        side == "clinic" and status == "approved" and not about_review
    )
    with time_machine.travel("2026-11-20T12:00Z", tick=False):
        assert appeals.standing(side=side, report=row).may is may
        if may:
            assert appeals.appeal(side=side, text=WHY, report=row).report == row
        else:
            with pytest.raises(ActionError, match="ingen afgørelse"):
                appeals.appeal(side=side, text=WHY, report=row)


def test_of_one_thing_alone(here, shown, rita):
    report = answered(reported(here, shown), rita, False)
    for about in ({}, {"review": shown, "report": report}):
        with pytest.raises(ActionError, match="ingen afgørelse"):
            appeals.appeal(side="reporter", text=WHY, **about)


def test_a_contest_in_vain_can_be_appealed_by_the_clinic(here, shown, rita):
    olga = person("olga")
    owner_of(here, olga)
    contested(shown, rita, olga)
    with time_machine.travel("2026-11-20T12:00Z", tick=False):
        assert appeals.standing(side="clinic", review=shown).may
        Review.objects.update(published_at=datetime.datetime(2026, 11, 19, tzinfo=datetime.UTC))
        shown.refresh_from_db()
        assert not appeals.standing(side="clinic", review=shown).may, "it was about the words before"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", appeals.SHORT),
        (" kort ", appeals.SHORT),
        ("\u200b" * 40, appeals.SHORT),
        ("x" * 2001, appeals.LONG),
        ("x" * 300_000, appeals.LONG),
        ("Mit nummer er 010203-1234.", appeals.CPR),
    ],
)
def test_bad_text(shown, rita, text, sentence):
    removed(shown, rita)
    with pytest.raises(ActionError) as refused:
        appeals.appeal(side="author", text=text, review=shown)
    assert str(refused.value) == sentence and not Appeal.objects.exists()


@pytest.mark.parametrize(
    ("decided", "last"),
    [
        ("2026-11-21T12:00Z", "2027-05-21"),
        ("2026-08-31T12:00Z", "2027-02-28"),
        ("2027-08-31T12:00Z", "2028-02-29"),
        ("2026-06-30T21:59Z", "2026-12-30"),
        ("2026-06-30T22:01Z", "2027-01-01"),  # it was July in Denmark
        ("2026-12-31T22:59Z", "2027-06-30"),
        ("2026-12-31T23:01Z", "2027-07-01"),
    ],
)
def test_six_months_to_the_day_in_denmark(here, decided, last):
    at, day = datetime.datetime.fromisoformat(decided), datetime.date.fromisoformat(last)
    assert redress.last_day(at) == day
    row = review(here, status="removed", decided_at=at)
    # The last second of that day and the first of the next, by the clock in Denmark.
    midnight = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time(), appeals.clock.COPENHAGEN)
    with time_machine.travel(midnight, tick=False):
        assert appeals.standing(side="author", review=row).problem == appeals.TOO_LATE
        with pytest.raises(ActionError, match="Fristen"):
            appeals.appeal(side="author", text=WHY, review=row)
    with time_machine.travel(midnight - datetime.timedelta(seconds=1), tick=False):
        assert appeals.appeal(side="author", text=WHY, review=row)


def test_once_for_each_decision(here, shown, rita, rasmus):
    removed(shown, rita)
    first = appeals.appeal(side="author", text=WHY, review=shown)
    for _ in range(2):
        with pytest.raises(ActionError, match="én gang"):
            appeals.appeal(side="author", text=WHY, review=shown)
        if first.status == "waiting":
            decide(first, rasmus, False)
    assert Appeal.objects.count() == 1


def test_a_new_decision_can_be_appealed_anew(here, shown, rita, rasmus):
    removed(shown, rita)
    decide(appeals.appeal(side="author", text=WHY, review=shown), rasmus, True)
    shown.refresh_from_db()
    removed(shown, rita)
    assert appeals.appeal(side="author", text=WHY, review=shown).status == "waiting"
    assert Appeal.objects.count() == 2

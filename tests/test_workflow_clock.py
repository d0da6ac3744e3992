"""What the clock does to articles by itself: around New Year, both changes of clocks, the first of April and October."""

import datetime

import pytest
import time_machine

from articles.models import Article
from articles.workflow import WorkflowError, allowed, move, stage
from clinics import clock

from .workflow_people import DAY, article, reviewed, staff
from .worlds import kept

pytestmark = pytest.mark.django_db


@kept
def people():
    return staff()


def at(danish: str) -> time_machine.travel:
    return time_machine.travel(datetime.datetime.fromisoformat(danish).replace(tzinfo=clock.COPENHAGEN), tick=False)


@pytest.mark.parametrize(
    ("planned", "before", "after"),
    [
        ("2027-01-01T00:00", "2026-12-31T23:59:59", "2027-01-01T00:00:00"),
        ("2026-12-31T23:30", "2026-12-31T23:29:59", "2026-12-31T23:30:00"),
        ("2027-03-28T03:00", "2027-03-28T01:59:59", "2027-03-28T03:00:00"),  # the clock goes from 2 to 3
        ("2027-10-31T03:00", "2027-10-31T01:30:00", "2027-10-31T03:00:00"),  # and from 3 back to 2
        ("2027-04-01T08:00", "2027-04-01T07:59:59", "2027-04-01T08:00:00"),
        ("2027-10-01T08:00", "2027-10-01T07:59:59", "2027-10-01T08:00:00"),
    ],
)
def test_a_planned_article_comes_out_at_its_danish_time(people, planned, before, after):
    with at("2026-12-01T12:00"):
        one = article()
        move(one, to="ready", by=people["edith"], publish_at=datetime.datetime.fromisoformat(planned))
        assert one.published_on == datetime.date.fromisoformat(planned[:10])
    with at(before):
        assert not Article.objects.published().exists() and stage(one) == "ready"
    with at(after):
        assert Article.objects.published().exists() and stage(one) == "published"
        assert [step.verb for step in allowed(people["edith"], one)] == ["Træk tilbage", "Arkivér"]


@pytest.mark.parametrize("planned", ["2027-03-28T02:30", "2027-10-31T02:30"])
def test_the_hour_that_a_change_of_clocks_skips_or_repeats(people, planned):
    with at("2026-12-01T12:00"), pytest.raises(WorkflowError, match="Uret bliver stillet"):
        move(article(), to="ready", by=people["edith"], publish_at=datetime.datetime.fromisoformat(planned))


@pytest.mark.parametrize("planned", ["2026-12-31T23:59:00", "2026-12-31T23:59:30"])
def test_a_time_that_has_passed(people, planned):
    with at("2026-12-31T23:59:30"), pytest.raises(WorkflowError, match="passeret"):
        move(article(), to="ready", by=people["edith"], publish_at=datetime.datetime.fromisoformat(planned))


def test_a_plan_is_moved_and_given_up(people):
    with at("2026-12-31T12:00"):
        one = article()
        move(one, to="ready", by=people["edith"], publish_at=datetime.datetime(2027, 1, 1, 8))
        move(one, to="ready", by=people["edith"], publish_at=datetime.datetime(2027, 4, 1, 8))
        assert one.published_on == datetime.date(2027, 4, 1)
        move(one, to="ready", by=people["edith"])
        assert (one.status, one.publish_at, one.published_on) == ("ready", None, None)


def test_the_dates_of_a_file_stay_those_of_the_file(people):
    day = datetime.date(2025, 9, 13)
    one = article(source_name="proeve.md", published_on=day)
    move(one, to="ready", by=people["edith"], publish_at=clock.now() + DAY)
    assert one.published_on == day
    move(one, to="published", by=people["edith"])
    assert one.published_on == day


def test_an_article_that_came_out_by_itself_is_withdrawn_like_any_other(people):
    with at("2026-12-31T12:00"):
        one = article()
        move(one, to="ready", by=people["edith"], publish_at=datetime.datetime(2027, 1, 1, 0))
    with at("2027-01-01T12:00"):
        with pytest.raises(WorkflowError):
            move(one, to="draft", by=people["frida"], reason="Ikke god.")
        move(one, to="draft", by=people["edith"])
        assert not Article.objects.published().exists()
        assert one.published_on == datetime.date(2027, 1, 1), "it was out on that day"


@pytest.mark.parametrize(("now", "in_time"), [("2026-12-31T23:59", True), ("2027-01-01T00:00", False)])
def test_the_day_of_a_review_is_a_danish_one(people, now, in_time):
    with at(now):
        if in_time:
            reviewed(article(), people["frida"], on=datetime.date(2026, 12, 31), next_due=datetime.date(2027, 1, 1))
        else:
            with pytest.raises(WorkflowError, match="efter i dag"):
                reviewed(article(), people["frida"], on=datetime.date(2026, 12, 31), next_due=datetime.date(2027, 1, 1))


def test_three_years_after_a_leap_day(people):
    with at("2028-02-29T12:00"):
        days = {"on": datetime.date(2028, 2, 29), "next_due": datetime.date(2031, 2, 28)}
        assert reviewed(article(), people["frida"], **days).is_reviewed

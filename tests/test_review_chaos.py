"""Everybody at once, on a real PostgreSQL with real commits: whoever comes first, the numbers are those of what is shown."""

import random

import pytest
from django.contrib.auth.models import User
from django.db import connection

from clinics import index
from clinics.models import Clinic, Outbox, Rating, Review, SearchEntry
from clinics.reporting import deciding, making
from clinics.reviews import aggregate, contests, mean, moderating, replies, retention, writing

from .claims import moderator, owner_of, person, ryggen
from .review_writing import answers
from .reviews import rating, review
from .test_memberships import together
from .worlds import kept

pytestmark = pytest.mark.django_db(transaction=True)


@kept
def here():
    return ryggen()


@kept
def olga(here) -> User:
    user = person("olga")
    owner_of(here, user)
    return user


def broken(said: list[str]) -> list[str]:
    return [one for one in said if one.startswith("fejl")]


def assert_counted(here: Clinic) -> None:
    """The rating, the index and the marks on the rows, all from the rows alone."""
    assert aggregate.disagreements() == []
    shown = Review.objects.filter(clinic=here, status="published")
    assert rating(here)[0] == shown.count() and not Review.objects.exclude(status="published").filter(is_counted=True)
    row = Rating.objects.filter(clinic=here).first()
    entry = SearchEntry.objects.get(clinic=here)
    assert entry.review_count == (row.counted if row else 0)
    assert index.disagreements() == []


def fresh(one: Review) -> Review:
    return Review.objects.get(pk=one.pk)


@pytest.mark.parametrize("seed", range(6))
def test_everybody_at_once(here, olga, seed):
    """No deadlock, no error of ours, no number that is wrong, whatever the order."""
    rita, chance = moderator(), random.Random(seed)
    ones = [review(here, stars, email="p@example.net") for stars in (1, 5)]
    ones += [review(here, stars, status="pending", email="p@example.net") for stars in (2, 4)]

    def jobs(one: Review):
        def report() -> None:
            made, _ = making.report(clinic=here, review=one, kind="false", text="Det er løgn fra ende til anden.")
            deciding.decide(report=made, by=rita, uphold=True, reason="Det er rigtigt.")

        def contest() -> None:
            made = contests.contest(review=one, by=olga, text="Den person har aldrig været patient hos os.")
            contests.decide(contest=made, by=rita, uphold=True, reason="Det er rigtigt.")

        def reply() -> None:
            made = replies.reply(review=one, by=olga, text="Vi er glade for alle, der skriver om os.", anyway=True)
            replies.approve(reply=made, by=rita)

        return [
            lambda: moderating.approve(review=one, by=rita),
            lambda: moderating.reject(review=one, by=rita, reason="Nej."),
            lambda: moderating.remove(review=one, by=rita, reason="Nej."),
            lambda: moderating.restore(review=one, by=rita, reason="Jo."),
            lambda: writing.edit(review=one, answers=answers(overall=chance.randint(1, 5))),
            report,
            contest,
            reply,
        ]

    everything = [job for one in ones for job in jobs(one)]
    everything += [lambda: writing.erase(review=ones[0]), lambda: writing.erase(review=ones[2])]
    everything += [lambda: aggregate.rebuild() and None, lambda: retention.purge() and None]
    everything += [lambda: index.rebuild([here.pk]) and None, lambda: index.rebuild() and None]
    chance.shuffle(everything)
    said = together(*everything)
    assert len(said) == len(everything) and not broken(said), broken(said)
    assert said.count("") >= 6  # what mends and purges, and both erasures
    assert_counted(here)


def test_erased_while_a_moderator_approves(here, olga):
    """Either it was shown first and is gone, or there is nothing to approve; no mail to its author is left behind."""
    rita = moderator()
    for _ in range(5):
        one = review(here, status="pending", email="p@example.net")
        said = together(
            lambda one=one: moderating.approve(review=one, by=rita), lambda one=one: writing.erase(review=one)
        )
        assert not broken(said), said
        assert not Review.objects.filter(pk=one.pk).exists()
    assert not Outbox.objects.filter(to="p@example.net").exists()
    assert_counted(here)


def test_approved_by_two_is_told_once(here, olga):
    rita, mona = moderator(), moderator("mona")
    one = review(here, status="pending", email="p@example.net")
    said = together(*[lambda by=by: moderating.approve(review=one, by=by) for by in (rita, mona, rita, mona)])
    assert said.count("") == 1 and not broken(said)
    assert Outbox.objects.filter(template="review_published").count() == 1
    assert Outbox.objects.filter(template="clinic_review_published").count() == 1
    assert rating(here)[:3] == (1, 1, 5)


def test_counted_in_and_out_by_many(here):
    """The two statements alone, without the lock that stands in front of them."""
    ones = [review(here, 4) for _ in range(4)]
    said = together(
        *[lambda one=one: aggregate.take_away(one) and None for one in ones for _ in range(4)],
        *[lambda one=one: aggregate.add(one) and None for one in ones for _ in range(4)],
    )
    assert not broken(said)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM clinics_review WHERE is_counted")
        (counted,) = cursor.fetchone()
    assert rating(here)[0] == counted and rating(here)[2] == 4 * counted
    for one in ones:
        aggregate.add(one)
    assert_counted(here)


def test_mass_deletion_past_the_actions_is_found_by_night(here):
    """By a hand in the database: the sum is wrong until the nightly check, which mends it."""
    for stars in (1, 2, 3, 4, 5):
        review(here, stars)
    Review.objects.filter(overall__lt=4).delete()
    assert aggregate.disagreements() == [here.pk]
    aggregate.rebuild([here.pk])
    assert_counted(here)
    assert rating(here)[:3] == (2, 2, 9)
    Review.objects.all().delete()
    aggregate.rebuild()
    assert rating(here)[0] == 0 and mean.average(0, 0) is None
    assert_counted(here)


def test_whoever_is_deleted_takes_no_review_along(here, olga):
    rita = moderator()
    one = review(here, status="pending")
    moderating.approve(review=one, by=rita)
    answer = replies.reply(review=fresh(one), by=olga, text="Vi er glade for alle, der skriver om os.", anyway=True)
    replies.approve(reply=answer, by=rita)
    contests.contest(review=fresh(one), by=olga, text="Den person har aldrig været patient hos os.")
    for user in (rita, olga):
        user.delete()
    one = fresh(one)
    assert one.status == "published" and one.decided_by is None and one.reply.status == "published"
    assert one.contest.asked_by is None and one.reply.written_by is None
    contests.decide(contest=one.contest, by=moderator("mona"), uphold=True, reason="Det er rigtigt.")
    assert_counted(here)

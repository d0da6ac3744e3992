"""The rating of a clinic is what its published reviews come to, whoever publishes and hides them, and however often."""

import itertools
import threading
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from clinics import actions, index
from clinics.models import STARS, Rating, Review, SearchEntry
from clinics.reviews import aggregate, mean
from clinics.tasks import check_ratings

from .people import clinic
from .reviews import many, rating, review
from .test_suggested_matches import waited_for

pytestmark = pytest.mark.django_db
VISIT, EMAIL = Review.Confirmation


def entry(one) -> tuple:
    return SearchEntry.objects.values_list("rating", "average", "review_count").get(clinic=one)


def agree() -> bool:
    return not aggregate.disagreements() and not index.disagreements()


def test_each_published_review_is_added_to_the_sums_and_the_index():
    one = clinic("En", "Aarhus C")
    assert (rating(one), entry(one)) == ((0,) * 8, (None, None, 0))
    review(one, 5)
    review(one, 4, overall=2)
    row = Rating.objects.get(clinic=one)
    assert rating(one) == (2, 2, 7, 0, 1, 0, 0, 1)
    assert [getattr(row, name) for name in STARS] == [9, 9, 9, 9, 7]
    assert entry(one) == ((17.5 + 7) / 7, 3.5, 2)
    assert agree()


def test_one_with_a_confirmed_email_is_shown_and_not_counted():
    one = clinic("En", "Aarhus C")
    review(one, 1, confirmation=EMAIL)
    assert (rating(one), entry(one)) == ((1, 0, 0, 0, 0, 0, 0, 0), (None, None, 0))
    review(one, 5)
    assert (rating(one), entry(one)[1:]) == ((2, 1, 5, 0, 0, 0, 0, 1), (5.0, 1))
    assert agree()


def test_it_counts_where_the_setting_says_so(settings):
    settings.REVIEWS_COUNT_EMAIL = True
    one = clinic("En", "Aarhus C")
    review(one, 1, confirmation=EMAIL)
    assert rating(one)[:3] == (1, 1, 1)
    settings.REVIEWS_COUNT_EMAIL = False
    assert aggregate.disagreements() == [one.pk]
    assert aggregate.rebuild() == 1 and rating(one)[:3] == (1, 0, 0) and entry(one) == (None, None, 0)


@pytest.mark.parametrize("times", [1, 2, 5])
def test_counting_the_same_review_again_changes_nothing(times):
    one = clinic("En", "Aarhus C")
    review(one, 3)
    mine = review(one, 5)
    assert [aggregate.add(mine) for _ in range(times)] == [False] * times
    assert rating(one)[:3] == (2, 2, 8)
    assert [aggregate.take_away(mine) for _ in range(times)] == [True] + [False] * (times - 1)
    assert rating(one)[:3] == (1, 1, 3) and entry(one)[1:] == (3.0, 1)
    assert not mine.is_counted


def test_publishing_is_one_statement_and_hiding_too(django_assert_num_queries):
    one = clinic("En", "Aarhus C")
    mine = review(one, 5)
    with django_assert_num_queries(1):
        aggregate.take_away(mine)
    with django_assert_num_queries(1):
        aggregate.add(mine)


def test_the_last_review_that_goes_leaves_no_rating():
    one = clinic("En", "Aarhus C")
    mine = review(one, 5)
    aggregate.take_away(mine)
    mine.delete()
    assert (rating(one), entry(one)) == ((0,) * 8, (None, None, 0))
    assert agree()


def test_what_is_not_published_cannot_be_counted():
    waiting = review(clinic("En", "Aarhus C"), 5, status=Review.Status.PENDING)
    with pytest.raises(IntegrityError), transaction.atomic():
        aggregate.add(waiting)


def test_a_review_that_is_counted_cannot_be_hidden_uncounted():
    mine = review(clinic("En", "Aarhus C"), 5)
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(pk=mine.pk).update(status=Review.Status.REMOVED)


def test_a_wrong_sum_does_not_keep_a_review_from_being_taken_down():
    one = clinic("En", "Aarhus C")
    mine = review(one, 5)
    Rating.objects.update(overall=2, counted=0)
    aggregate.take_away(mine)
    assert rating(one)[:3] == (0, 0, 0)


def test_a_clinic_that_is_not_published_has_its_rating_when_it_is():
    one = clinic("En", "Aarhus C", status="draft")
    review(one, 4)
    one.status = "published"
    one.save()
    actions.clinic_changed(clinic=one)
    assert entry(one) == (pytest.approx(21.5 / 6), 4.0, 1)


def test_a_rebuild_of_the_index_keeps_the_numbers():
    one = clinic("En", "Aarhus C")
    review(one, 4)
    assert index.rebuild() == 0 and entry(one)[1:] == (4.0, 1)
    SearchEntry.objects.update(average=5)
    assert index.disagreements() == aggregate.disagreements() == [one.pk]
    assert index.rebuild([one.pk]) == 1 and entry(one)[1:] == (4.0, 1)


HARM = {
    "a sum": lambda one: Rating.objects.filter(clinic=one).update(overall=1),
    "no row": lambda one: Rating.objects.filter(clinic=one).delete(),
    "the index": lambda one: SearchEntry.objects.filter(clinic=one).update(rating=5),
    "unmarked": lambda one: Review.objects.filter(clinic=one).update(is_counted=False),
    "hidden": lambda one: Review.objects.filter(clinic=one).update(status="removed", is_counted=False),
    "changed": lambda one: Review.objects.filter(clinic=one).update(overall=1),
}


@pytest.mark.parametrize("harm", HARM)
def test_the_check_finds_every_kind_of_difference_and_the_night_mends_it(harm, caplog):
    one, other = clinic("En", "Aarhus C"), clinic("To", "Randers")
    for stars in (5, 4):
        review(one, stars)
        review(other, stars)
    HARM[harm](one)
    assert aggregate.disagreements() == [one.pk]
    with pytest.raises(CommandError, match=str(one.pk)):
        call_command("rebuild_ratings", check=True)
    assert check_ratings() == 1 and "rating" in caplog.text
    assert agree() and check_ratings() == 0
    assert not Review.objects.filter(status="published", is_counted=False).exists()


def test_a_rebuild_writes_nothing_that_is_right():
    one = clinic("En", "Aarhus C")
    many(one, 40)
    assert aggregate.rebuild() == 1
    assert rating(one)[:2] == (40, 32) and agree()
    assert aggregate.rebuild() == 0
    call_command("rebuild_ratings", check=True)


def test_a_rebuild_of_one_leaves_the_others_alone():
    one, other = clinic("En", "Aarhus C"), clinic("To", "Randers")
    many(one, 3), many(other, 3)
    aggregate.rebuild([one.pk])
    assert rating(one)[0] == 3 and rating(other)[0] == 0


@pytest.mark.parametrize("total, count", [(9, 2), (89, 20), (446, 100), (445, 100), (1, 1), (14, 3)])
def test_python_and_the_database_round_alike(total, count):
    one = clinic("En", "Aarhus C")
    Rating.objects.create(clinic=one, shown=count, counted=count, overall=total)
    index.rebuild([one.pk])
    assert entry(one)[1] == float(mean.average(total, count))


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_order_of_publishing_does_not_matter(order):
    one = clinic("En", "Aarhus C")
    made = [review(one, stars) for stars in (1, 3, 5)]
    for number in order:
        aggregate.take_away(made[number])
    for number in order:
        aggregate.add(made[number])
    assert rating(one) == (3, 3, 9, 1, 0, 1, 0, 1) and agree()


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_each_counted_once():
    """Ten reviews, each published by two moderators at the same moment, and the clinic saved meanwhile."""
    one = clinic("En", "Aarhus C")
    made = [review(one, 1 + number % 5, status=Review.Status.PENDING) for number in range(10)]
    Review.objects.update(status=Review.Status.PUBLISHED, published_at=made[0].created_at)
    ready, answers, faults = threading.Barrier(22), [], []

    def at_once(job) -> None:
        try:
            ready.wait(timeout=60)
            answers.append(job())
        except Exception as fault:  # told by the assertion below
            faults.append(fault)
        finally:
            connection.close()

    jobs = [lambda one=one: aggregate.add(Review.objects.get(pk=one.pk)) for one in made for _ in range(2)]
    jobs += [lambda: actions.clinic_changed(clinic=one)] * 2
    threads = [threading.Thread(target=at_once, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not faults and answers.count(True) == 10
    assert rating(one)[:3] == (10, 10, 30) and entry(one)[1:] == (3.0, 10)
    assert agree()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["publishing", "saving"])
def test_who_saves_the_clinic_and_who_publishes_wait_for_each_other(first):
    """The one had read the rating before the other wrote it; the row of the index must not end with the old one."""
    one = clinic("En", "Aarhus C")
    review(one, 3)
    mine = review(one, 5, status=Review.Status.PENDING)
    Review.objects.filter(pk=mine.pk).update(status=Review.Status.PUBLISHED, published_at=mine.created_at)
    steps = [lambda: aggregate.add(mine), lambda: actions.clinic_changed(clinic=one)]
    now, then = steps if first == "publishing" else reversed(steps)

    def afterwards() -> None:
        try:
            then()
        finally:
            connection.close()

    with transaction.atomic():
        now()
        other = threading.Thread(target=afterwards)
        other.start()
        while other.is_alive() and not waited_for():
            pass
        assert other.is_alive()
    other.join(timeout=60)
    assert not other.is_alive() and entry(one)[1:] == (4.0, 2) and agree()


def test_reviews_are_of_months():
    with pytest.raises(IntegrityError), transaction.atomic():
        review(clinic("En", "Aarhus C"), visited_in=date(2026, 10, 12))

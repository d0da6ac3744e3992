"""Rows that tests share: each finds them as they were made, and who does not ask for them does not meet them.

Every test here changes what it finds, so that in whatever order they run the next one would see it.
"""

import datetime

import pytest

from clinics.models import Region

from .worlds import kept

pytestmark = pytest.mark.django_db


@kept(at=datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC))
def first() -> Region:
    return Region.objects.create(slug="foerste", name="Første", valid_from=datetime.date.today())


@kept
def second(first) -> list[Region]:
    return [first, Region.objects.create(slug="anden", name="Anden", successor=first)]


def slugs() -> set[str]:
    return set(Region.objects.values_list("slug", flat=True))


@pytest.mark.parametrize("again", range(3))
def test_as_they_were_made_whatever_the_test_before_did(first, again):
    assert (first.name, slugs()) == ("Første", {"foerste"})
    assert first.valid_from == datetime.date(2026, 11, 20), "made at that moment"
    first.name = "Ændret"
    first.save()
    Region.objects.create(slug="ny", name="Ny")


@pytest.mark.parametrize("again", range(2))
def test_one_may_stand_on_another_and_names_the_same(second, first, again):
    assert slugs() == {"foerste", "anden"}
    assert second[0] is first and second[1].successor is first
    second.clear()
    Region.objects.update(name="Ændret", successor=None)
    Region.objects.all().delete()


def test_who_asks_for_none_meets_none():
    assert slugs() == set()
    Region.objects.create(slug="foerste", name="En anden første")


@pytest.mark.django_db(transaction=True)
def test_who_commits_makes_them_for_itself(second):
    assert slugs() == {"foerste", "anden"}


def test_an_error_while_they_are_made_is_that_of_the_test_alone(request):
    with pytest.raises(ZeroDivisionError):
        request.getfixturevalue("broken")
    assert slugs() == set()


@kept
def broken() -> float:
    return 1 / 0

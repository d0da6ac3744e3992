"""The way of a review: every state × every step × everybody, against a table that is written out here once more."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction

from clinics.actions import ActionError
from clinics.models import Membership, Review, Role
from clinics.reviews import steps
from clinics.reviews.steps import Step, Who

from .claims import moderator, owner_of, person, ryggen
from .people import clinic
from .reviews import rating, review
from .worlds import kept

pytestmark = pytest.mark.django_db

GONE = "gone"
# State → what its author, a moderator who has no part in it, the clinic's members and everybody may do, and where it leads.
EXPECTED = {
    "unconfirmed": {"author": {"confirm": "pending", "erase": GONE}},
    "pending": {
        "author": {"edit": "pending", "erase": GONE},
        "moderator": {"approve": "published", "ask": "changes", "reject": "rejected"},
    },
    "changes": {"author": {"edit": "pending", "erase": GONE}},
    "published": {
        "author": {"edit": "pending", "erase": GONE},
        "moderator": {"remove": "removed"},
        "clinic": {"reply": "published", "contest": "published"},
        "anybody": {"report": "published"},
    },
    "rejected": {
        "author": {"edit": "pending", "erase": GONE, "appeal": "rejected"},
        "moderator": {"restore": "published"},
    },
    "removed": {"author": {"erase": GONE, "appeal": "removed"}, "moderator": {"restore": "published"}},
}
# Everybody → what they count as. A moderator who belongs to the clinic is one of the clinic.
ACTORS = {
    "whoever has the link": "author",
    "a visitor": "anybody",
    "rita, moderator": "moderator",
    "sara, superuser": "moderator",
    "olga, owner": "clinic",
    "sten, staff": "clinic",
    "mona, moderator and owner": "clinic",
    "erik, owner until yesterday": "anybody",
    "otto, owner of another": "anybody",
    "rolf, moderator whose account is closed": "anybody",
    "olaf, owner whose account is closed": "anybody",
    "nobody": "anybody",
}


@kept
def world() -> SimpleNamespace:
    here, other = ryggen(), clinic("Foden", "Aarhus N")
    people: dict = {name: moderator(name.split(",")[0]) for name in ACTORS if "moderator" in name}
    people["sara, superuser"] = User.objects.create_superuser("sara@example.com")
    for name in ACTORS:
        if "owner" in name or "staff" in name:
            people[name] = people.get(name) or person(name.split(",")[0])
    for name in ("olga, owner", "mona, moderator and owner", "olaf, owner whose account is closed"):
        Membership.objects.create(clinic=here, user=people[name], role=Role.OWNER)
    Membership.objects.create(clinic=here, user=people["sten, staff"], role=Role.STAFF)
    owner_of(other, people["otto, owner of another"])
    erik = people["erik, owner until yesterday"]
    Membership.objects.create(clinic=here, user=erik, role=Role.OWNER, ended_at="2026-11-01T00:00Z")
    for name in ACTORS:
        if "closed" in name:
            people[name].is_active = False
            people[name].save()
    people |= {"whoever has the link": Who.AUTHOR, "a visitor": Who.ANYBODY, "nobody": AnonymousUser()}
    return SimpleNamespace(clinic=here, people=people)


def test_the_table_knows_every_state_and_every_step():
    assert set(EXPECTED) == set(Review.Status.values)
    named = {step for may in EXPECTED.values() for answers in may.values() for step in answers}
    assert named == {step.value for step in Step} == {step.value for step in steps.WHO}
    rows = sum(len(answers) for may in EXPECTED.values() for answers in may.values())
    assert rows == len(steps.TABLE)


@pytest.mark.parametrize("state", EXPECTED)
def test_every_step_by_everybody(world, state):
    """What is allowed leads where the table says; what is not raises, and changes nothing."""
    one = review(world.clinic, status=state)
    untouched = Review.objects.filter(pk=one.pk).values().get()
    numbers = rating(world.clinic)
    for step in Step:
        for name, kind in ACTORS.items():
            # What everybody may the others may too; an author's step is nobody's who has not the link.
            leads = EXPECTED[state].get("anybody", {}).get(step) or EXPECTED[state].get(kind, {}).get(step)
            actor, where = world.people[name], f"{state}: {step} by {name}"
            with transaction.atomic():
                stored = steps.locked(one)
                assert steps.may(stored, step, actor) is bool(leads), where
                if leads:
                    steps.take(stored, step, actor, reason="Fordi.")
                else:
                    with pytest.raises(ActionError):
                        steps.take(stored, step, actor, reason="Fordi.")
                    with pytest.raises(ActionError):
                        steps.require(stored, step, actor)
                row = Review.objects.filter(pk=one.pk).values().first()
                if not leads:
                    assert row == untouched and rating(world.clinic) == numbers, where
                else:
                    assert (row["status"] if row else GONE) == leads, where
                    # The average knows exactly what is shown.
                    assert rating(world.clinic)[0] == (leads == "published"), where
                    assert (row is not None and row["is_counted"]) is (leads == "published"), where
                transaction.set_rollback(True)


def test_clinic_and_public_hear_the_same_of_what_is_not_shown(world):
    """A pending review, a rejected one and one that is gone: nobody learns which."""
    said = set()
    for state in set(EXPECTED) - {"published"}:
        one = review(world.clinic, status=state)
        for step, name in [("reply", "olga, owner"), ("contest", "sten, staff"), ("report", "a visitor")]:
            with pytest.raises(ActionError) as caught:
                steps.take(one, Step(step), world.people[name])
            said.add(caught.value.text)
        Review.objects.filter(pk=one.pk).delete()
        with pytest.raises(ActionError) as caught, transaction.atomic():
            steps.locked(one)
        said.add(caught.value.text)
    assert said == {steps.GONE}


def test_what_a_step_writes(world):
    rita = world.people["rita, moderator"]
    one = review(world.clinic, status="pending", published_at=None)
    with transaction.atomic():
        steps.take(steps.locked(one), Step.ASK, rita, reason="Uden navn.")
    one.refresh_from_db()
    assert (one.decided_by, one.reason, one.published_at) == (rita, "Uden navn.", None)
    asked_at = one.decided_at
    with transaction.atomic():
        steps.take(steps.locked(one), Step.EDIT, Who.AUTHOR)
    one.refresh_from_db()
    assert one.submitted_at >= asked_at and one.decided_at == asked_at  # a moderator reads what was asked for
    with transaction.atomic():
        steps.take(steps.locked(one), Step.APPROVE, rita)
    one.refresh_from_db()
    assert one.published_at >= one.submitted_at and one.reason == ""


def test_what_comes_back_up_stands_where_it_stood_and_what_was_edited_is_new(world):
    rita = world.people["rita, moderator"]

    def taken(*all_steps) -> Review:
        one = review(world.clinic)
        first = one.published_at
        for step, actor in all_steps:
            with transaction.atomic():
                steps.take(steps.locked(one), step, actor, reason="Fordi.")
        one.refresh_from_db()
        assert one.status == "published"
        return one.published_at == first

    assert taken((Step.REMOVE, rita), (Step.RESTORE, rita))
    assert not taken((Step.EDIT, Who.AUTHOR), (Step.APPROVE, rita))
    assert not taken((Step.EDIT, Who.AUTHOR), (Step.REJECT, rita), (Step.RESTORE, rita))


def test_a_clinic_that_is_gone(world):
    one = review(world.clinic)
    Review.objects.filter(pk=one.pk).delete()
    world.clinic.delete()
    with pytest.raises(ActionError), transaction.atomic():
        steps.locked(one)

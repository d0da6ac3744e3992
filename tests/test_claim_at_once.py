"""Many at the same moment, on a real PostgreSQL: one wins, no code is used twice, no try is lost, no limit is passed."""

import pytest

from clinics import memberships
from clinics.claiming import asking, deciding, proving
from clinics.models import Claim, Clinic, Membership

from .claims import SOURCE, coded, moderator, person, ryggen, waiting
from .test_memberships import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_people_with_right_codes():
    here = ryggen()
    claims = [coded(here, person(name)) for name in ("olga", "bo", "carl")]
    answers = together(*[lambda one=one: proving.try_code(claim=one[0], typed=one[1], source=SOURCE) for one in claims])
    assert answers == ["", deciding.LOST, deciding.LOST]
    assert Membership.objects.active().count() == 1
    assert sorted(Claim.objects.values_list("status", flat=True)) == ["approved", "refused", "refused"]


def test_one_code_for_many_clicks():
    claim, code = coded(ryggen(), person("olga"))
    answers = together(*[lambda: proving.try_code(claim=claim, typed=code, source=SOURCE)] * 6)
    assert answers == ["", *[asking.NOT_OPEN] * 5]
    assert Membership.objects.count() == 1


def test_no_sixth_try():
    claim, _ = coded(ryggen(), person("olga"))
    answers = together(*[lambda: proving.try_code(claim=claim, typed="22222222", source=SOURCE)] * 12)
    assert answers.count(proving.WRONG) == 4 and answers.count(proving.BLOCKED) == 8
    assert Claim.objects.get().code_attempts == 5


def test_no_fourth_code():
    claim = asking.begin(clinic=ryggen(), user=person("olga"))
    answers = together(*[lambda: asking.send_code(claim=claim, method="email", source=SOURCE)] * 8)
    assert answers.count("") == 3 and Claim.objects.get().codes_sent == 3


def test_one_claim_for_many_clicks():
    here, olga = ryggen(), person("olga")
    assert together(*[lambda: asking.begin(clinic=here, user=olga)] * 6) == [""] * 6
    assert Claim.objects.count() == 1


def test_one_letter_for_two_people():
    here, people = ryggen(), [person(name) for name in ("olga", "bo")]
    code = memberships.invite_to_claim(clinic=here, by=moderator())
    answers = together(
        *[lambda one=one: proving.use_invitation(clinic=here, user=one, typed=code, source=SOURCE) for one in people]
    )
    assert answers.count("") == 1 and memberships.owners(here).count() == 1


def test_two_moderators_decide():
    here, rita, rasmus = ryggen(), moderator(), moderator("rasmus")
    claim = waiting(here, person("olga"))
    answers = together(
        lambda: deciding.approve(claim=claim, by=rita, reason="Ja."),
        lambda: deciding.refuse(claim=claim, by=rasmus, reason="Nej."),
    )
    assert answers.count("") == 1 and "venter ikke" in answers[1]
    assert memberships.has_owner(here) == (Claim.objects.get().status == "approved")


def test_a_code_and_a_leaving_account():
    """Whichever is first: never an owner without an account, never two who wait for each other."""
    here, olga = ryggen(), person("olga")
    claim, code = coded(here, olga)
    answers = together(
        lambda: proving.try_code(claim=claim, typed=code, source=SOURCE),
        lambda: (memberships.leave_all(user=olga), olga.delete()),
    )
    assert not any(answer.startswith("fejl") for answer in answers), answers
    assert not memberships.has_owner(here)


def test_a_code_and_a_clinic_that_closes():
    here, olga = ryggen(), person("olga")
    claim, code = coded(here, olga)
    answers = together(
        lambda: proving.try_code(claim=claim, typed=code, source=SOURCE),
        lambda: Clinic.objects.filter(pk=here.pk).update(status="closed"),
    )
    assert all(answer in ("", asking.NOT_POSSIBLE) for answer in answers)
    assert memberships.has_owner(here) == (Claim.objects.get().status == "approved")

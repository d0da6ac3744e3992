"""Many at the same moment, on a real PostgreSQL: one clinic, one wish, one answer."""

import pytest

from clinics import actions
from clinics.listing import asking, deciding
from clinics.models import Clinic, ListingRequest, Membership
from fysfinder.accounts.actions import delete_account

from .claims import moderator, person
from .listing import unwish, wish
from .people import clinic, postcode
from .test_memberships import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_clinic_for_two_moderators_and_many_clicks():
    rita, rasmus, asked = moderator(), moderator("rasmus"), wish(person("bo"))
    answers_ = together(
        *[lambda by=by: deciding.approve(request=asked, by=by, reason="Ja.") for by in (rita, rasmus) * 3]
    )
    assert answers_.count("") == 1 and all("allerede afgjort" in one for one in answers_ if one)
    assert Clinic.objects.count() == 1 and Membership.objects.count() == 1


def test_yes_and_no_at_once():
    rita, rasmus, asked = moderator(), moderator("rasmus"), wish(person("olga"))
    answers_ = together(
        lambda: deciding.approve(request=asked, by=rita, reason="Ja."),
        lambda: deciding.refuse(request=asked, by=rasmus, reason="Nej."),
    )
    assert answers_.count("") == 1
    assert Clinic.objects.exists() == (ListingRequest.objects.get().status == "approved")


def test_two_of_one_name_at_once_get_two_addresses():
    rita = moderator()
    asked = [
        wish(person("olga")),
        wish(
            person("bo"),
            postcode=postcode("Aalborg"),
            phone="+4587121213",
            website="",
            email="a@b.dk",
            street="Søvej 1",
        ),
    ]
    assert together(*[lambda one=one: deciding.approve(request=one, by=rita, reason="Ja.") for one in asked]) == [
        "",
        "",
    ]
    assert Clinic.objects.values("slug").distinct().count() == 2


def test_a_yes_and_an_account_that_goes():
    rita, olga = moderator(), person("olga")
    asked = wish(olga)
    answers_ = together(
        lambda: deciding.approve(request=asked, by=rita, reason="Ja."), lambda: delete_account(user=olga)
    )
    assert not any(one.startswith("fejl") for one in answers_), answers_
    assert not Membership.objects.active().exists()
    assert ListingRequest.objects.get().status in ("approved", "withdrawn")


def test_one_wish_for_many_clicks_and_colleagues():
    olga = person("olga")
    answers_ = together(*[lambda: wish(olga)] * 6)
    assert answers_.count("") == 1 and ListingRequest.objects.count() == 1
    ListingRequest.objects.all().delete()
    people = [person(f"p{number}") for number in range(4)]
    answers_ = together(*[lambda one=one: wish(one) for one in people])
    assert answers_.count("") == 1 and ListingRequest.objects.count() == 1


def test_a_limit_is_a_limit():
    """Five a day, whoever is first: each is taken back at once, so that only the limit stands in the way."""
    olga = person("olga")

    def ask() -> None:
        wish(olga)
        asking.withdraw(user=olga)

    for _ in range(asking.OF_PERSON - 1):
        ask()
    answers_ = together(*[ask] * 4)
    assert ListingRequest.objects.count() == asking.OF_PERSON and answers_.count("") == 1


def test_yes_and_no_to_a_clinic_that_is_deleted():
    rita, rasmus, here = moderator(), moderator("rasmus"), clinic("Ryggen", "Aarhus C")
    asked = unwish(here)
    answers_ = together(
        lambda: deciding.approve(request=asked, by=rita, reason="Ja."),
        lambda: deciding.refuse(request=asked, by=rasmus, reason="Nej."),
        lambda: actions.delete_clinic(clinic=here),
    )
    assert answers_.count("") == 2 and not any(one.startswith("fejl") for one in answers_), answers_

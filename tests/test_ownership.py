"""Whose a clinic is, asked of people: members, former members, moderators, and those who are nobody there."""

from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser, Group
from django.utils import timezone

from clinics.models import Claim, Clinic, Membership, PendingChange, Price, Role
from clinics.ownership import (
    MODERATOR,
    OWNER,
    STAFF,
    VERBS,
    clinics_of,
    is_member,
    is_owner,
    may_moderate,
    name_for,
    own_clinics,
    owned_models,
)
from fysfinder.roles import ADMINISTRATOR, EDITOR, sync_roles

from .people import clinic
from .worlds import kept

pytestmark = pytest.mark.django_db


@kept
def them() -> SimpleNamespace:
    sync_roles()
    users = get_user_model().objects
    made = SimpleNamespace(a=clinic("A", "Aarhus C", price=500), b=clinic("B", "Aalborg", price=400))
    for name, group in (
        *(("olga", OWNER), ("stella", STAFF), ("erik", OWNER), ("mona", MODERATOR)),
        *(("adam", ADMINISTRATOR), ("edith", EDITOR), ("per", None)),
    ):
        user = users.create_user(f"{name}@example.org", email=f"{name}@example.org", is_staff=bool(group))
        if group:
            user.groups.add(Group.objects.get(name=group))
        setattr(made, name, user)
    made.sara = users.create_superuser("sara@example.org")
    Membership.objects.create(clinic=made.a, user=made.olga)
    Membership.objects.create(clinic=made.a, user=made.stella, role=Role.STAFF)
    Membership.objects.create(clinic=made.a, user=made.erik, ended_at=timezone.now())
    return made


def test_who_is_a_member(them):
    members = [name for name, one in vars(them).items() if hasattr(one, "email") and not isinstance(one, Clinic)]
    assert [name for name in members if is_member(getattr(them, name), them.a)] == ["olga", "stella"]
    assert [name for name in members if is_owner(getattr(them, name), them.a)] == ["olga"]
    assert not [name for name in members if is_member(getattr(them, name), them.b)]
    assert not is_member(them.olga, None) and not is_member(AnonymousUser(), them.a)


def test_which_clinics_one_sees(them):
    seen = {"olga": "A", "stella": "A", "erik": "", "per": "", "edith": "", "mona": "AB", "adam": "AB", "sara": "AB"}
    for name, names in seen.items():
        assert "".join(clinics_of(getattr(them, name)).order_by("name").values_list("name", flat=True)) == names, name
    assert not clinics_of(AnonymousUser()).exists()
    assert not own_clinics(them.mona).exists()


def test_who_moderates(them):
    names = ("olga", "stella", "erik", "per", "edith", "mona", "adam", "sara")
    assert [name for name in names if may_moderate(getattr(them, name))] == ["mona", "adam", "sara"]
    them.mona.is_active = them.sara.is_active = False
    assert not may_moderate(them.mona) and not may_moderate(them.sara) and not may_moderate(AnonymousUser())


def test_a_right_holds_in_ones_own_clinic(them):
    own, other = them.a.prices.get(), them.b.prices.get()
    for user in (them.olga, them.stella):
        assert user.has_perm("clinics.change_price") and user.has_perm("clinics.change_price", own)
        assert not user.has_perm("clinics.change_price", other)
        assert user.has_perm("clinics.change_clinic", them.a) and not user.has_perm("clinics.change_clinic", them.b)
        assert not user.has_perm("clinics.delete_clinic", them.a), "a right nobody gave"
    assert them.mona.has_perm("clinics.change_price", other)
    assert not them.edith.has_perm("clinics.change_price", own)


def test_a_membership_without_the_role_is_not_enough_and_neither_is_the_role(them):
    Membership.objects.create(clinic=them.a, user=them.per)
    assert not them.per.has_perm("clinics.change_clinic", them.a)
    assert them.erik.has_perm("clinics.change_clinic") and not them.erik.has_perm("clinics.change_clinic", them.a)


def test_what_has_ended_has_ended_at_once(them):
    assert them.olga.has_perm("clinics.change_clinic", them.a)
    Membership.objects.filter(user=them.olga).update(ended_at=timezone.now())
    assert not them.olga.has_perm("clinics.change_clinic", them.a) and not clinics_of(them.olga).exists()


def test_who_is_shut_out_may_nothing(them):
    them.olga.is_active = False
    assert not is_member(them.olga, them.a) and not them.olga.has_perm("clinics.change_clinic", them.a)


def test_an_owner_elsewhere_is_staff_here(them):
    """The rights of the role are there; the clinic is not one's own to decide about."""
    Membership.objects.create(clinic=them.b, user=them.stella)
    them.stella.groups.add(Group.objects.get(name=OWNER))
    stella = get_user_model().objects.get(pk=them.stella.pk)
    here, there = Membership.objects.filter(clinic=them.a).first(), Membership.objects.get(clinic=them.b)
    for right in ("add_invitation", "view_invitation", "add_membership", "change_membership", "add_pendingchange"):
        assert stella.has_perm(f"clinics.{right}", them.b) and not stella.has_perm(f"clinics.{right}", them.a), right
    assert stella.has_perm("clinics.change_membership", there)
    assert not stella.has_perm("clinics.change_membership", here) and stella.has_perm("clinics.view_membership", here)


def test_every_row_with_a_clinic_is_guarded(them):
    assert {Clinic, Price, Claim, PendingChange} < set(owned_models())
    claim = Claim.objects.create(clinic=them.a, user=them.per)
    for model in owned_models():
        for verb in VERBS:
            right = f"clinics.{verb}_{model._meta.model_name}"
            assert not them.per.has_perm(right, them.a) and not them.olga.has_perm(right, them.b), right
            assert not them.edith.has_perm(right, them.b), right
    assert not them.olga.has_perm("clinics.view_claim", claim), "a rival's claim is not an owner's to read"
    assert them.mona.has_perm("clinics.change_claim", claim)


def test_names_that_members_are_told(them):
    them.stella.first_name, them.stella.last_name = "Stella", "Holm"
    called = [name_for(them.olga, user, them.a) for user in (them.olga, them.stella, them.erik, them.mona, None)]
    assert called == ["Dig", "Stella Holm", "En tidligere bruger", "FysFinder", "En slettet bruger"]
    assert name_for(them.mona, them.erik, them.a) == "erik@example.org"

"""`/for-klinikker/medlemmer/<slug>/` and the link of an invitation: one's own clinic, one's own address."""

import re

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client

from clinics import memberships
from clinics.models import Clinic, Membership

from .claims import mails, moderator, owner_of, person, ryggen
from .html_reader import Page
from .people import clinic

URL = "/for-klinikker/overtag/ryggen/"
STEPS = ("kode", "bekraeft", "invitation", "bevis", "fortryd", "klag", "vaer-med")
pytestmark = pytest.mark.django_db


@pytest.fixture
def here(db) -> Clinic:
    return ryggen()


@pytest.fixture
def olga(db) -> User:
    return person("olga")


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def words(response) -> str:
    return Page(response.content.decode()).words


MEMBERS = "/for-klinikker/medlemmer/ryggen/"


def test_the_members_page_is_theirs(here, olga):
    owner_of(here, olga)
    bent = person("bent")
    owner_of(clinic("Foden", "Aarhus N"), bent)
    assert Client().get(MEMBERS).status_code == 302
    for stranger in (person("sten"), bent):
        me = as_(stranger)
        assert me.get(MEMBERS).status_code == 404
        own = Membership.objects.get(user=olga)
        for step in ("inviter/", f"{own.pk}/rolle/", f"{own.pk}/fjern/", "invitation/1/igen/", "invitation/1/fjern/"):
            assert me.post(f"{MEMBERS}{step}", {"email": "x@example.com", "rolle": "owner"}).status_code == 404
    assert as_(olga).get(MEMBERS).status_code == 200 and as_(moderator()).get(MEMBERS).status_code == 200
    assert Membership.objects.active().count() == 2


def test_another_clinics_rows_are_not_reached(here, olga):
    """Olga owns Ryggen; Bent's membership and invitation are of Foden."""
    owner_of(here, olga)
    bent, foden = person("bent"), clinic("Foden", "Aarhus N")
    theirs = owner_of(foden, bent)
    token = memberships.invite(clinic=foden, email="ven@example.com", role="staff", by=bent)
    invitation = memberships.find(token)
    me = as_(olga)
    for step in (
        f"{theirs.pk}/rolle/",
        f"{theirs.pk}/fjern/",
        f"invitation/{invitation.pk}/igen/",
        f"invitation/{invitation.pk}/fjern/",
    ):
        assert me.post(f"{MEMBERS}{step}", {"rolle": "staff", "sikker": "ja"}).status_code == 422
    assert memberships.find(token) and memberships.owners(foden).get() == theirs


def test_inviting_and_accepting(here, olga):
    owner_of(here, olga)
    me = as_(olga)
    assert me.post(f"{MEMBERS}inviter/", {"email": "mads@example.com", "rolle": "staff"}).status_code == 302
    assert "mads@example.com" in words(me.get(MEMBERS))
    mails()
    path = re.search(r"https?://[^/]+(/for-klinikker/invitation/\S+)", mail.outbox[0].body)[1]
    stranger = Client().get(path)
    assert stranger.status_code == 200 and not stranger.cookies and "m…@example.com" in words(stranger)
    sten = as_(person("sten"))
    assert "logget ind som sten@example.com" in words(sten.get(path))
    assert sten.post(path).status_code == 422
    mads = as_(person("mads"))
    assert mads.get(path).status_code == 200 and not Membership.objects.filter(role="staff").exists()
    assert mads.post(path)["Location"] == MEMBERS
    page = words(mads.get(MEMBERS))
    assert "Du er nu med på Ryggen" in page and "Inviter en kollega" not in page
    assert mads.post(path).status_code == 410 and mads.get(path).status_code == 410
    own = Membership.objects.get(user=olga)
    assert mads.post(f"{MEMBERS}{own.pk}/fjern/", {"sikker": "ja"}).status_code == 422
    assert mads.post(f"{MEMBERS}inviter/", {"email": "x@example.com", "rolle": "owner"}).status_code == 422


def test_the_last_owner_must_be_sure(here, olga):
    own = owner_of(here, olga)
    me = as_(olga)
    assert me.post(f"{MEMBERS}{own.pk}/fjern/").status_code == 422 and memberships.has_owner(here)
    response = me.post(f"{MEMBERS}{own.pk}/fjern/", {"sikker": "ja"})
    assert response.status_code == 302 and not memberships.has_owner(here)
    assert me.get(MEMBERS).status_code == 404
    with time_machine.travel(own.created_at):
        assert "Send koden" in words(me.get(URL))


@pytest.mark.parametrize(
    "fields",
    [{}, {"email": "x"}, {"email": "a@b.dk", "rolle": "admin"}, {"email": "a@b.dk\nBcc: c@d.dk", "rolle": "staff"}],
)
def test_a_bad_invitation_gets_a_sentence(here, olga, fields):
    owner_of(here, olga)
    mails()
    assert as_(olga).post(f"{MEMBERS}inviter/", fields).status_code == 422
    assert mails() == []

"""The moderators' screen of contests: what was contested, by whom, and the two answers."""

import datetime

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client

from clinics.models import Clinic, Contest, Review
from clinics.reviews import aggregate, contests
from fysfinder.roles import sync_roles

from .claims import mails, moderator, owner_of, person, ryggen
from .html_reader import Page
from .people import clinic
from .reviews import review as made
from .worlds import kept

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 11, 20, 11, tzinfo=datetime.UTC)
WHY = "Anmeldelsen nævner en ansat ved navn i anden linje."


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@kept(at=NOW)
def here() -> Clinic:
    sync_roles()
    return ryggen()


@kept(at=NOW)
def olga(here) -> User:
    olga = person("olga")
    owner_of(here, olga)
    return olga


@kept(at=NOW)
def contest(here, olga) -> Contest:
    one = made(here, 1, nickname="Træt Trane", published_at=NOW - datetime.timedelta(hours=3))
    return contests.contest(review=one, by=olga, text=WHY)


def as_(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def url_of(contest: Contest) -> str:
    return f"/admin/clinics/contest/{contest.pk}/change/"


def sent(contest: Contest, **more: str) -> dict[str, str]:
    return {"seen": contests.seen(Contest.objects.get(pk=contest.pk)), "reason": "Fordi."} | more


def test_a_moderator_sees_what_it_is_about(contest):
    rita = as_(moderator())
    listed = Page(rita.get("/admin/clinics/contest/").content.decode()).words
    assert "Ryggen" in listed and "i dag" in listed
    page = Page(rita.get(url_of(contest)).content.decode())
    for words in (WHY, "Træt Trane", "Meget dårligt", "olga@example.com", "Lad anmeldelsen stå", "Tag anmeldelsen ned"):
        assert words.casefold() in page.words.casefold(), words
    assert "Du har selv godkendt" not in page.words
    assert not page.scripts or not any("onclick" in found for _, found in page.elements)


@pytest.mark.parametrize(
    ("button", "status", "answer"), [("_approve", "removed", "approved"), ("_refuse", "published", "refused")]
)
def test_the_two_answers(contest, button, status, answer):
    rita = as_(moderator())
    assert rita.post(url_of(contest), sent(contest, **{button: ""}))["Location"] == "/admin/"
    contest.refresh_from_db()
    assert (contest.status, contest.reason, Review.objects.get().status) == (answer, "Fordi.", status)
    assert [to for to, _ in mails()] == ["olga@example.com"]
    page = Page(rita.get(url_of(contest)).content.decode()).words
    assert "Tag anmeldelsen ned" not in page and "Fordi." in page


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "Vælg, om"),
        ({"_approve": "", "_refuse": ""}, "Vælg, om"),
        ({"_approve": "", "reason": ""}, "Skriv en begrundelse"),
        ({"_approve": "", "reason": "x" * 1001}, "for lang"),
        ({"_approve": "", "seen": ""}, "ændret"),
        ({"_approve": "", "seen": "x"}, "ændret"),
    ],
)
def test_what_is_no_answer(contest, more, said):
    answer = as_(moderator()).post(url_of(contest), sent(contest, **more))
    assert answer.status_code == 422 and said in Page(answer.content.decode()).words
    contest.refresh_from_db()
    assert contest.status == "waiting" and Review.objects.get().status == "published"


def test_a_ready_made_reason_is_joined_with_what_is_typed(contest):
    as_(moderator()).post(url_of(contest), sent(contest, _refuse="", ready="uenig", reason="Venlig hilsen."))
    contest.refresh_from_db()
    assert contest.reason.startswith("Klinikken er uenig") and contest.reason.endswith("\n\nVenlig hilsen.")


def test_a_moderator_of_the_clinic_meets_none_of_it(contest, here):
    rita = moderator()
    owner_of(here, rita)
    me = as_(rita)
    assert me.get(url_of(contest)).status_code == 404
    assert me.post(url_of(contest), sent(contest, _approve="")).status_code == 404
    assert "Træt" not in me.get("/admin/clinics/contest/").content.decode()
    assert Review.objects.get().status == "published"


def test_nobody_else_comes_in(contest, olga):
    bent = person("bent")
    owner_of(clinic("Foden", "Aarhus N"), bent)
    for who in (olga, bent):
        assert as_(who).get(url_of(contest)).status_code in (403, 404)
        assert as_(who).post(url_of(contest), sent(contest, _approve="")).status_code in (403, 404)
    assert Review.objects.get().status == "published"


def test_what_its_author_rewrites_is_decided_first(contest):
    one = Review.objects.get()
    aggregate.take_away(one)
    Review.objects.update(status="pending")
    rita = as_(moderator())
    page = Page(rita.get(url_of(contest)).content.decode()).words
    assert "Afgør først, om den skal vises" in page and "Tag anmeldelsen ned" not in page
    assert rita.post(url_of(contest), sent(contest, _refuse="")).status_code == 422


def test_who_let_it_through_is_asked_to_leave_it_to_another(contest):
    rita = moderator()
    Review.objects.update(decided_by=rita)
    assert "Du har selv godkendt" in Page(as_(rita).get(url_of(contest)).content.decode()).words

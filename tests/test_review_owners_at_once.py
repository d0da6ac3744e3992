"""Replies and contests with real commits, several at the same moment: locks that a test inside one transaction would hide."""

import datetime
import threading
from collections.abc import Callable

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from clinics.actions import ActionError
from clinics.models import Clinic, Contest, Review, ReviewReply
from clinics.reviews import contests, replies, writing
from fysfinder.roles import sync_roles

from .claims import moderator, owner_of, person, ryggen
from .review_writing import answers
from .reviews import rating
from .reviews import review as made
from .worlds import kept

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = "Tak, fordi du skrev. Vi vil gerne lære af det."
WHY = "Anmeldelsen nævner en ansat ved navn i anden linje."
SHOWN = datetime.datetime(2026, 11, 3, 9, 0, tzinfo=datetime.UTC)
NOW = SHOWN + datetime.timedelta(hours=5)


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


def together(*acts: Callable[[], object]) -> list[str]:
    """What each said: "" when it was done."""
    said, ready = [""] * len(acts), threading.Barrier(len(acts))

    def run(number: int, act: Callable[[], object]) -> None:
        try:
            ready.wait()
            act()
        except ActionError as error:
            said[number] = str(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


def test_pages_as_a_server_runs_them(here, olga):
    one = made(here, 2, published_at=SHOWN)
    me, page = Client(), f"/for-klinikker/anmeldelser/ryggen/{one.key}/"
    me.force_login(olga)
    assert me.post(f"{page}svar/", {"svar": TEXT}).status_code == 302
    assert me.post(f"{page}indsigelse/", {"indsigelse": WHY}).status_code == 302
    rita = Client()
    rita.force_login(moderator())
    answer, contest = ReviewReply.objects.get(), Contest.objects.get()
    sent = {"_approve": "", "seen": replies.seen(answer)}
    assert rita.post(f"/admin/clinics/reviewreply/{answer.pk}/change/", sent).status_code == 302
    sent = {"_approve": "", "seen": contests.seen(contest), "reason": "Den nævner en ansat."}
    assert rita.post(f"/admin/clinics/contest/{contest.pk}/change/", sent).status_code == 302
    assert Review.objects.get().status == "removed" and ReviewReply.objects.get().status == "published"
    assert rating(here)[:2] == (0, 0)
    assert me.post(f"{page}svar/fjern/").status_code == 404


def test_two_colleagues_reply_at_once(here, olga):
    one = made(here, published_at=SHOWN)
    said = together(*(lambda text=f"{TEXT} {n}": replies.reply(review=one, by=olga, text=text) for n in range(4)))
    assert said == [""] * 4 and ReviewReply.objects.count() == 1


def test_two_contest_at_once(here, olga):
    one = made(here, published_at=SHOWN)
    said = together(*(lambda: contests.contest(review=one, by=olga, text=WHY) for _ in range(4)))
    assert sorted(map(bool, said)) == [False, True, True, True] and Contest.objects.count() == 1


def test_two_moderators_decide_at_once(here, olga):
    one = made(here, published_at=SHOWN)
    row = contests.contest(review=one, by=olga, text=WHY)
    rita, mona = moderator("rita"), moderator("mona")
    said = together(
        lambda: contests.decide(contest=row, by=rita, uphold=True, reason="Ja."),
        lambda: contests.decide(contest=row, by=mona, uphold=False, reason="Nej."),
    )
    assert sorted(map(bool, said)) == [False, True]
    row.refresh_from_db()
    assert (row.status == "approved") == (Review.objects.get().status == "removed") == (not said[0])
    assert rating(here)[0] == (0 if not said[0] else 1)


def test_an_author_rewrites_while_a_clinic_replies_and_a_moderator_decides(here, olga):
    """Whoever comes first, nobody waits for ever, and what is hidden is not counted."""
    one = made(here, published_at=SHOWN)
    row = contests.contest(review=one, by=olga, text=WHY)
    rita = moderator()
    together(
        lambda: writing.edit(review=Review.objects.get(), answers=answers(overall=1)),
        lambda: replies.reply(review=one, by=olga, text=TEXT),
        lambda: contests.decide(contest=row, by=rita, uphold=True, reason="Ja."),
    )
    status = Review.objects.get().status
    assert status in ("pending", "removed") and rating(here)[:2] == (0, 0)

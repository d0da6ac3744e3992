"""An appeal is answered once, by another moderator if there is one, and everything that follows from it follows."""

import datetime

import pytest
import time_machine
from django.core import mail

from clinics.actions import ActionError
from clinics.models import Review
from clinics.reporting import appeals, telling
from clinics.reviews import contests, steps

from .claims import mails, moderator, owner_of, person, ryggen
from .reports import ANSWER, REASON, WHY, answered, contested, decide, rejected, removed, reported
from .reviews import rating, review
from .worlds import kept

pytestmark = pytest.mark.django_db


@kept
def here():
    return ryggen()


@kept
def rita():
    return moderator()


@kept
def rasmus():
    return moderator("rasmus")


@kept
def shown(here):
    return review(here, 1, email="anna@example.org")


# What follows


@pytest.mark.parametrize("first", [rejected, removed])
def test_an_author_who_was_right(here, shown, rita, rasmus, first):
    first(shown, rita)
    mails()
    decide(appeals.appeal(side="author", text=WHY, review=shown), rasmus, True)
    shown.refresh_from_db()
    assert (shown.status, shown.decided_by, shown.reason) == ("published", rasmus, ANSWER)
    assert rating(here)[:2] == (1, 1)
    assert [to for to, _ in mails()] == ["anna@example.org"], "told once, that it is shown"


def test_an_author_who_was_not(here, shown, rita, rasmus):
    removed(shown, rita)
    mails()
    row = decide(appeals.appeal(side="author", text=WHY, review=shown), rasmus, False)
    shown.refresh_from_db()
    assert (row.status, shown.status, shown.decided_by) == ("refused", "removed", rita)
    assert mails() == [("anna@example.org", "Svar på klagen: din anmeldelse af Ryggen")]
    for one in (ANSWER, "Vi giver dig ikke ret", "DSA-tilsynet", "domstolene"):
        assert one in mail.outbox[0].body


def test_whoever_reported_learns_that_it_is_shown_again(here, shown, rita, rasmus):
    report = answered(reported(here, shown), rita, True)
    shown.refresh_from_db()
    mails()
    decide(appeals.appeal(side="author", text=WHY, review=shown), rasmus, True)
    report.refresh_from_db()
    assert (report.status, report.reason, report.decided_by) == ("refused", ANSWER, rasmus)
    told = dict(mails())
    assert told["rune@example.org"] == f"Ny afgørelse i din indberetning {report.number}"
    assert appeals.standing(side="reporter", report=report).may, "decided against them now for the first time"


def test_a_reporter_who_was_right(here, shown, rita, rasmus):
    report = answered(reported(here, shown), rita, False)
    mails()
    row = decide(appeals.appeal(side="reporter", text=WHY, report=report), rasmus, True)
    report.refresh_from_db(), shown.refresh_from_db()
    assert (row.status, report.status, shown.status) == ("approved", "approved", "removed")
    assert rating(here)[:2] == (0, 0)
    assert {to for to, _ in mails()} == {"anna@example.org", "rune@example.org"}
    assert appeals.standing(side="author", review=shown).may, "now it was decided against the author"


def test_a_reporter_who_was_not(here, shown, rita, rasmus):
    report = answered(reported(here, shown), rita, False)
    mails()
    decide(appeals.appeal(side="reporter", text=WHY, report=report), rasmus, False)
    report.refresh_from_db(), shown.refresh_from_db()
    assert (report.status, shown.status, report.decided_by) == ("refused", "published", rita)
    assert [to for to, _ in mails()] == ["rune@example.org"]


def test_two_who_are_never_content_come_to_an_end(here, shown, rita, rasmus):
    report = answered(reported(here, shown), rita, False)
    decide(appeals.appeal(side="reporter", text=WHY, report=report), rasmus, True)
    decide(appeals.appeal(side="author", text=WHY, review=shown), rita, True)
    report.refresh_from_db(), shown.refresh_from_db()
    assert (report.status, shown.status) == ("refused", "published")
    with pytest.raises(ActionError, match="én gang"):
        appeals.appeal(side="reporter", text=WHY, report=report)
    mails()
    last = [sent.body for sent in mail.outbox if sent.subject.startswith("Ny afgørelse")]
    assert len(last) == 1 and "klage til os" not in last[0]


def test_a_reporter_whose_review_is_gone_meanwhile(here, shown, rita, rasmus):
    report = answered(reported(here, shown), rita, False)
    row = appeals.appeal(side="reporter", text=WHY, report=report)
    removed(shown, rita)
    decide(row, rasmus, True)
    shown.refresh_from_db(), report.refresh_from_db()
    assert (shown.status, shown.decided_by, report.status) == ("removed", rita, "approved")


@pytest.mark.parametrize("uphold", [True, False])
def test_a_clinic_and_its_profile(here, rita, rasmus, uphold):
    owner_of(here, person("olga"))
    report = answered(reported(here), rita, True)
    mails()
    decide(appeals.appeal(side="clinic", text=WHY, report=report), rasmus, uphold)
    report.refresh_from_db()
    assert report.status == ("refused" if uphold else "approved")
    assert {to for to, _ in mails()} == {"olga@example.com"} | ({"rune@example.org"} if uphold else set())


def test_a_reporter_of_a_profile_who_was_right(here, rita, rasmus):
    owner_of(here, person("olga"))
    report = answered(reported(here), rita, False)
    mails()
    decide(appeals.appeal(side="reporter", text=WHY, report=report), rasmus, True)
    assert sorted(to for to, _ in mails()) == ["olga@example.com", "rune@example.org"]


@pytest.mark.parametrize("uphold", [True, False])
def test_a_clinic_and_a_review_it_contested(here, shown, rita, rasmus, uphold):
    olga = person("olga")
    owner_of(here, olga)
    contest = contested(shown, rita, olga)
    with time_machine.travel("2026-11-20T12:00Z", tick=False):
        decide(appeals.appeal(side="clinic", text=WHY, review=shown), rasmus, uphold)
    contest.refresh_from_db(), shown.refresh_from_db()
    assert shown.status == ("removed" if uphold else "published")
    assert contest.status == ("approved" if uphold else "refused")


def test_a_clinic_whose_contest_was_upheld_first(here, shown, rita, rasmus):
    """The author is held right, then the clinic, then the author: and there it ends."""
    olga = person("olga")
    owner_of(here, olga)
    with time_machine.travel(shown.published_at + datetime.timedelta(hours=1), tick=False) as clock:
        contest = contests.contest(review=shown, by=olga, text="Den nævner en ansat ved navn.")
        contests.decide(contest=contest, by=rita, uphold=True, reason="Det gør den.")
        mails()
        for side, by, then in (
            ("author", rasmus, "refused"),
            ("clinic", rita, "approved"),
            ("author", rasmus, "refused"),
        ):
            clock.shift(datetime.timedelta(hours=1))
            shown.refresh_from_db()
            decide(appeals.appeal(side=side, text=WHY, review=shown), by, True)
            contest.refresh_from_db(), shown.refresh_from_db()
            assert (contest.status, shown.status) == (then, "published" if then == "refused" else "removed")
        with pytest.raises(ActionError, match="én gang"):
            appeals.appeal(side="clinic", text=WHY, review=shown)
        mails()
    told = [sent.body for sent in mail.outbox if sent.subject == "Vi lader anmeldelsen stå"]
    assert len(told) == 2 and all(telling.TURNED in one and ANSWER in one for one in told)


def test_a_decision_that_has_changed_since_is_not_turned_round(here, shown, rita, rasmus):
    rejected(shown, rita)
    row = appeals.appeal(side="author", text=WHY, review=shown)
    Review.objects.update(status="pending")  # its author has edited it
    with pytest.raises(ActionError, match="ændret, siden"):
        decide(row, rasmus, True)
    assert Review.objects.get().status == "pending"
    assert decide(row, rasmus, False).status == "refused"


# Who decides


def test_another_moderator_if_there_is_one(here, shown, rita):
    removed(shown, rita)
    row = appeals.appeal(side="author", text=WHY, review=shown)
    rasmus = moderator("rasmus")
    with pytest.raises(ActionError, match="En anden moderator"):
        decide(row, rita, True)
    owner_of(here, rasmus)  # a member of the clinic is no other pair of eyes
    assert decide(row, rita, True).status == "approved"


def test_a_moderator_who_left_is_not_waited_for(here, shown, rita, rasmus):
    removed(shown, rita)
    rasmus.is_active = False
    rasmus.save()
    assert decide(appeals.appeal(side="author", text=WHY, review=shown), rita, False).status == "refused"


def test_who_may_never(here, shown, rita, rasmus):
    removed(shown, rita)
    row = appeals.appeal(side="author", text=WHY, review=shown)
    owner_of(here, rasmus)
    for by, sentence in ((person("olga"), steps.ONLY_MODERATORS), (rasmus, steps.PARTY)):
        for uphold in (True, False):
            with pytest.raises(ActionError) as refused:
                decide(row, by, uphold)
            assert str(refused.value) == sentence


@pytest.mark.parametrize("uphold", [True, False])
def test_answered_once_and_with_a_reason(shown, rita, rasmus, uphold):
    removed(shown, rita)
    row = appeals.appeal(side="author", text=WHY, review=shown)
    with pytest.raises(ActionError, match="begrundelse"):
        decide(row, rasmus, uphold, " ")
    decide(row, rasmus, uphold)
    with pytest.raises(ActionError, match="allerede afgjort"):
        decide(row, rasmus, not uphold)


def test_nothing_changes_before_somebody_has_looked(here, shown, rita):
    report = answered(reported(here, shown), rita, False)
    mails()
    appeals.appeal(side="reporter", text=WHY, report=report)
    shown.refresh_from_db()
    assert (shown.status, report.reason, mails()) == ("published", REASON, [])

"""A clinic contests that a review was let through: within 72 hours, once to a publication, and it hides nothing."""

import datetime

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core import mail

from clinics.actions import ActionError
from clinics.models import Clinic, Contest, Review, Role
from clinics.reviews import aggregate, contests, moderating

from .claims import mails, moderator, owner_of, person, ryggen
from .reviews import rating
from .reviews import review as made
from .worlds import kept

pytestmark = pytest.mark.django_db

# The night in which the clocks of Denmark go back lies inside these three days.
SHOWN = datetime.datetime(2026, 10, 23, 12, 0, tzinfo=datetime.UTC)
SOON = SHOWN + datetime.timedelta(hours=1)
TEXT = "Anmeldelsen nævner en ansat ved navn i anden linje."


@kept
def here() -> Clinic:
    return ryggen()


@kept
def olga(here) -> User:
    olga = person("olga")
    owner_of(here, olga)
    return olga


@kept
def rita() -> User:
    return moderator()


@kept
def shown(here) -> Review:
    return made(here, 1, published_at=SHOWN)


def put(review: Review, status: str) -> None:
    aggregate.take_away(review)
    Review.objects.filter(pk=review.pk).update(status=status)
    review.refresh_from_db()


def ask(review: Review, by: User, at: datetime.datetime = SOON, text: str = TEXT) -> Contest:
    with time_machine.travel(at, tick=False):
        return contests.contest(review=review, by=by, text=text)


@pytest.mark.parametrize(
    ("hours", "is_open"), [(0, True), (71.99, True), (72, False), (72.01, False), (24 * 60, False)]
)
def test_seventy_two_hours(shown, olga, hours, is_open):
    at = SHOWN + datetime.timedelta(hours=hours)
    with time_machine.travel(at, tick=False):
        assert contests.is_open(shown, None) is is_open
    if is_open:
        assert ask(shown, olga, at).status == "waiting"
    else:
        with pytest.raises(ActionError, match="72 timer"):
            ask(shown, olga, at)
        assert not Contest.objects.exists()


def test_the_last_moment_is_told_in_danish_time(shown):
    """72 hours by the clock on the wall would be an hour off: it was summer when they began."""
    assert f"{contests.until(shown):%d.%m. %H:%M}" == "26.10. 13:00"


def test_it_hides_nothing_until_it_is_decided(here, shown, olga, rita):
    before = rating(here)
    row = ask(shown, olga)
    shown.refresh_from_db()
    assert shown.status == "published" and rating(here) == before and list(contests.waiting()) == [row]
    assert mails() == []
    contests.decide(contest=row, by=rita, uphold=True, reason="Den nævner en ansat.")
    shown.refresh_from_db()
    row.refresh_from_db()
    assert (shown.status, row.status, row.decided_by) == ("removed", "approved", rita)
    assert rating(here)[:2] == (0, 0) and not contests.waiting().exists()
    assert [(to, "medhold" in subject) for to, subject in mails()] == [("olga@example.com", True)]
    assert "Den nævner en ansat." in mail.outbox[0].body and shown.key not in mail.outbox[0].body


def test_a_refused_contest_leaves_it_where_it_is(here, shown, olga, rita):
    before, row = rating(here), ask(shown, olga)
    contests.decide(contest=row, by=rita, uphold=False, reason="Den bryder ingen regel.")
    shown.refresh_from_db()
    assert shown.status == "published" and rating(here) == before
    assert [to for to, _ in mails()] == ["olga@example.com"] and shown.key in mail.outbox[0].body


def test_once(here, shown, olga, rita):
    row = ask(shown, olga)
    stella = person("stella")
    owner_of(here, stella, role=Role.STAFF)
    for who in (olga, stella):
        with pytest.raises(ActionError, match="allerede"):
            ask(shown, who)
    contests.decide(contest=row, by=rita, uphold=False, reason="Nej.")
    with pytest.raises(ActionError, match="allerede"):
        ask(shown, olga)
    with pytest.raises(ActionError, match="allerede afgjort"):
        contests.decide(contest=row, by=rita, uphold=True, reason="Jo.")
    shown.refresh_from_db()
    assert shown.status == "published"


def test_what_its_author_rewrote_and_a_moderator_let_through_anew_can_be_contested_anew(here, shown, olga, rita):
    row = ask(shown, olga)
    contests.decide(contest=row, by=rita, uphold=False, reason="Nej.")
    put(shown, "pending")
    with time_machine.travel(SOON + datetime.timedelta(days=9), tick=False):
        moderating.approve(review=shown, by=rita)
    again = ask(shown, olga, SOON + datetime.timedelta(days=10), "Nu nævner den en anden ansat ved navn.")
    assert (again.pk, again.status, again.reason, again.decided_by) == (row.pk, "waiting", "", None)


@pytest.mark.parametrize("status", [one for one in Review.Status.values if one != "published"])
def test_nobody_contests_what_is_not_shown(shown, olga, status):
    put(shown, status)
    with pytest.raises(ActionError, match="findes ikke længere"):
        ask(shown, olga)
    assert not Contest.objects.exists()


def test_only_members_contest(shown, rita):
    for who in (rita, person("sten")):
        with pytest.raises(ActionError, match="findes ikke længere"):
            ask(shown, who)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "hvilken regel"),
        ("\u200b" * 500, "hvilken regel"),
        ("x" * 1001, "1.000 tegn"),
        ("Det er Hr. Hansen, 010180-1234, som vi kender.", "CPR"),
    ],
)
def test_a_text_that_cannot_be_sent(shown, olga, text, said):
    with pytest.raises(ActionError, match=said):
        ask(shown, olga, text=text)
    assert not Contest.objects.exists()


def test_who_decides(here, shown, olga, rita):
    row = ask(shown, olga)
    own = moderator("mona")
    owner_of(here, own)
    for who, said in ((olga, "moderator"), (own, "hører selv til")):
        with pytest.raises(ActionError, match=said):
            contests.decide(contest=row, by=who, uphold=True, reason="Fordi.")
    with pytest.raises(ActionError, match="begrundelse"):
        contests.decide(contest=row, by=rita, uphold=True, reason=" \u200b")
    with pytest.raises(ActionError, match="for lang"):
        contests.decide(contest=row, by=rita, uphold=True, reason="x" * 1001)
    shown.refresh_from_db()
    row.refresh_from_db()
    assert (shown.status, row.status) == ("published", "waiting")


def test_what_was_read_is_what_is_decided(shown, olga, rita):
    row = ask(shown, olga)
    seen = contests.seen(row)
    Review.objects.filter(pk=shown.pk).update(text="Noget helt andet end før, og pænt.")
    with pytest.raises(ActionError, match="ændret"):
        contests.decide(contest=row, by=rita, uphold=True, reason="Fordi.", seen=seen)
    shown.refresh_from_db()
    assert shown.status == "published"


@pytest.mark.parametrize("status", ["pending", "changes"])
def test_what_its_author_rewrites_waits(shown, olga, rita, status):
    row = ask(shown, olga)
    put(shown, status)
    assert not contests.waiting().exists()
    row = Contest.objects.select_related("review").get()
    assert not contests.can_be_decided(row)
    for uphold in (True, False):
        with pytest.raises(ActionError, match="rettet"):
            contests.decide(contest=row, by=rita, uphold=uphold, reason="Fordi.")


@pytest.mark.parametrize("status", ["removed", "rejected"])
@pytest.mark.parametrize("uphold", [True, False])
def test_what_has_gone_meanwhile_stays_gone(shown, olga, rita, status, uphold):
    ask(shown, olga)
    put(shown, status)
    row = Contest.objects.select_related("review").get()
    contests.decide(contest=row, by=rita, uphold=uphold, reason="Den er allerede væk.")
    shown.refresh_from_db()
    assert shown.status == status and [to for to, _ in mails()] == ["olga@example.com"]


def test_a_contest_goes_with_its_review(shown, olga):
    ask(shown, olga)
    aggregate.take_away(shown)
    shown.delete()
    assert not Contest.objects.exists()


def test_the_log_holds_no_words(shown, olga, rita):
    row = ask(shown, olga, text="zebra står der, og det må ingen skrive")
    contests.decide(contest=row, by=rita, uphold=True, reason="zebra er ikke et ord")
    lines = LogEntry.objects.filter(content_type__model__in=["contest", "review"])
    assert lines.count() == 3
    assert not any("zebra" in f"{line.object_repr} {line.change_message}".casefold() for line in lines)

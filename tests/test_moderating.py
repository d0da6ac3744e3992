"""A moderator's decisions about a review: what they change, whom they tell, what they keep; and two at the same moment."""

import datetime
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from clinics import clock, outbox
from clinics.actions import ActionError
from clinics.models import Outbox, Review, ReviewReply
from clinics.reporting import deciding, making
from clinics.reviews import contests, moderating, writing
from clinics.reviews.writing import Answers
from fysfinder.roles import sync_roles

from .claims import mails, moderator, owner_of, person, ryggen
from .reviews import rating, reply, review
from .worlds import kept

pytestmark = pytest.mark.django_db

EMAIL = "patient@example.net"
REASON = "Der står et navn."


@kept
def rita():
    return moderator()


@kept
def here():
    return ryggen()


def waiting(clinic, **fields) -> Review:
    return review(clinic, status="pending", **{"email": EMAIL} | fields)


def answers(one: Review, **changed) -> Answers:
    return Answers(**{name: getattr(one, name) for name in writing.ANSWERS} | changed)


def sent() -> dict[str, str]:
    """Address → text of the mail that goes now."""
    mail.outbox.clear()
    outbox.deliver_waiting()
    return {one.to[0]: f"{one.subject}\n{one.body}" for one in mail.outbox}


def test_approving_shows_counts_and_tells(here, rita):
    owner_of(here, person("olga"))
    owner_of(here, person("sten"), "staff")
    one = waiting(here, stars=4)
    mails()
    moderating.approve(review=one, by=rita)
    one.refresh_from_db()
    assert (one.status, one.decided_by, one.reason, one.is_counted) == ("published", rita, "", True)
    assert rating(here)[:3] == (1, 1, 4)
    told = sent()
    assert set(told) == {EMAIL, "olga@example.com", "sten@example.com"}
    assert outbox.absolute(here.get_absolute_url()) in told[EMAIL]
    assert "72 timer" in told["olga@example.com"] and "/for-klinikker/anmeldelser/ryggen/" in told["olga@example.com"]
    # The clinic's mail says nothing of what was written, by whom, or when it came in.
    for hidden in (one.text, one.nickname, EMAIL, one.key):
        assert hidden not in told["olga@example.com"]


@pytest.mark.parametrize(
    ("decide", "state", "status"),
    [
        (moderating.ask_change, "pending", "changes"),
        (moderating.reject, "pending", "rejected"),
        (moderating.remove, "published", "removed"),
    ],
)
def test_what_is_not_shown_has_a_reason_that_its_author_reads(here, rita, decide, state, status):
    olga = person("olga")
    owner_of(here, olga)
    one = review(here, status=state, email=EMAIL)
    mails()
    for nothing in ("", " \n​ "):
        with pytest.raises(ActionError, match="Skriv en begrundelse"):
            decide(review=one, by=rita, reason=nothing)
    with pytest.raises(ActionError, match="for lang"):
        decide(review=one, by=rita, reason="x" * 1001)
    one.refresh_from_db()
    assert one.status == state and sent() == {}
    decide(review=one, by=rita, reason=f"  {REASON} ")
    one.refresh_from_db()
    assert (one.status, one.reason, one.decided_by) == (status, REASON, rita)
    assert rating(here)[0] == 0
    told = sent()
    assert set(told) == {EMAIL} and REASON in told[EMAIL] and "/vilkaar/" in told[EMAIL]
    assert "Et menneske har læst" in told[EMAIL]
    if decide != moderating.ask_change:
        assert "Klag én gang" in told[EMAIL] and "domstolene" in told[EMAIL]


def test_the_last_day_of_an_appeal_is_named(here, rita):
    one = waiting(here)
    with time_machine.travel(datetime.datetime(2026, 12, 31, 22, 59, tzinfo=datetime.UTC), tick=False):
        moderating.reject(review=one, by=rita, reason=REASON)
        assert "senest 30. juni 2027" in sent()[EMAIL]


def test_nobody_is_told_where_no_address_is_kept(here, rita):
    one = waiting(here, email="")
    moderating.reject(review=one, by=rita, reason=REASON)
    assert sent() == {}


def test_a_clinic_hears_of_a_review_no_sooner_than_everybody(here, rita):
    owner_of(here, person("olga"))
    mails()
    for decide in (moderating.ask_change, moderating.reject):
        decide(review=waiting(here), by=rita, reason=REASON)
    assert set(sent()) == {EMAIL}


def test_no_list_of_mails_names_a_clinic_and_its_reviewer_together(here, rita):
    moderating.approve(review=waiting(here), by=rita)
    row = Outbox.objects.get(to=EMAIL)
    assert row.clinic is None
    # Found again by its end when the author erases the review (clinics/reviews/writing.py).
    one = Review.objects.get()
    assert row.template == "review_published" and row.key.endswith(f":{one.key}")
    writing.erase(review=one)
    assert not Outbox.objects.filter(to=EMAIL).exists()


def test_an_author_may_be_asked_twice_and_is_told_twice(here, rita):
    one = waiting(here)
    for wanted in ("Uden navn.", "Også uden efternavn."):
        moderating.ask_change(review=one, by=rita, reason=wanted)
        assert wanted in sent()[EMAIL]
        writing.edit(review=one, answers=answers(one, text=f"{one.text} {wanted}"))


def test_the_log_says_who_and_when_and_nothing_of_what(here, rita):
    one = waiting(here)
    moderating.ask_change(review=one, by=rita, reason=REASON)
    writing.edit(review=one, answers=answers(one, text="En helt anden oplevelse, skrevet uden navne denne gang."))
    moderating.approve(review=one, by=rita)
    moderating.remove(review=one, by=rita, reason=REASON)
    moderating.restore(review=one, by=rita, reason="Forfatteren fik ret.")
    said = list(
        LogEntry.objects.filter(user=rita, object_id=str(one.pk))
        .order_by("pk")
        .values_list("change_message", flat=True)
    )
    assert said == [
        "Bad om en ændring af anmeldelsen.",
        "Godkendte anmeldelsen.",
        "Tog anmeldelsen ned.",
        "Viste anmeldelsen igen efter en klage.",
    ]
    for entry in LogEntry.objects.all():
        words = f"{entry.object_repr} {entry.change_message}"
        assert not any(hidden in words for hidden in (one.nickname, one.text, EMAIL, REASON))


@pytest.mark.parametrize("decide", ["approve", "ask_change", "reject"])
def test_what_is_decided_is_what_was_read(here, rita, decide):
    """Its author edits while a moderator reads: the decision is refused, and nothing is changed."""
    one = waiting(here)
    read = moderating.mark_of(one)
    writing.edit(review=one, answers=answers(one, text="Noget helt andet, som ingen moderator har læst endnu."))
    typed = {"review": one, "by": rita, "seen": read} | ({} if decide == "approve" else {"reason": REASON})
    with pytest.raises(ActionError, match="siden du åbnede siden"):
        getattr(moderating, decide)(**typed)
    one.refresh_from_db()
    assert one.status == "pending"
    typed["seen"] = moderating.mark_of(one)
    getattr(moderating, decide)(**typed)


@pytest.mark.parametrize("field", ["text", "nickname", "overall", "premises", "visited_in"])
def test_every_answer_is_part_of_what_was_read(here, field):
    one = waiting(here)
    before = moderating.mark_of(one)
    setattr(one, field, {"visited_in": datetime.date(2026, 9, 1), "overall": 1, "premises": 1}.get(field, "Andet"))
    assert moderating.mark_of(one) != before


def test_a_party_decides_nothing(here, rita):
    owner_of(here, rita)
    olga = person("olga")
    owner_of(here, olga)
    pending, shown = waiting(here), review(here)
    refused = waiting(here)
    Review.objects.filter(pk=refused.pk).update(status="rejected")
    for who in (rita, olga):
        for decide, one in (
            (moderating.ask_change, pending),
            (moderating.reject, pending),
            (moderating.remove, shown),
            (moderating.restore, refused),
        ):
            with pytest.raises(ActionError):
                decide(review=one, by=who, reason=REASON)
        with pytest.raises(ActionError):
            moderating.approve(review=pending, by=who)
    assert sorted(Review.objects.values_list("status", flat=True)) == ["pending", "published", "rejected"]


def test_a_reply_to_other_words_is_read_again(here, rita):
    """The author edits what the clinic has replied to: both are read again, and the clinic can write anew."""
    olga = person("olga")
    owner_of(here, olga)
    one = review(here)
    reply(one)
    writing.edit(review=one, answers=answers(one, text="Nu er det blevet til noget helt andet, end de svarede på."))
    assert ReviewReply.objects.get().status == "published"  # hidden with its review; nobody tells the clinic why
    mails()
    moderating.approve(review=one, by=rita)
    assert ReviewReply.objects.get().status == "pending"
    assert "Jeres svar er skjult" in sent()["olga@example.com"]


def test_what_comes_back_after_an_appeal_keeps_its_reply(here, rita):
    one = review(here, email=EMAIL)
    reply(one)
    moderating.remove(review=one, by=rita, reason=REASON)
    sent()
    moderating.restore(review=one, by=rita, reason="Du fik ret.")
    assert ReviewReply.objects.get().status == "published" and rating(here)[0] == 1
    assert "Du fik ret." in sent()[EMAIL]


# Two at the same moment, each in its own transaction


def together(*works) -> list:
    """Each work in a thread and connection of its own, begun at once. What they returned or raised."""
    start = threading.Barrier(len(works), timeout=20)

    def run(work):
        try:
            start.wait()
            return work()
        except Exception as error:  # compared by the test
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


@pytest.mark.django_db(transaction=True)
def test_two_moderators_decide_once():
    rita, mona, here = moderator(), moderator("mona"), ryggen()
    one = waiting(here)
    said = together(
        lambda: moderating.approve(review=one, by=rita),
        lambda: moderating.approve(review=one, by=mona),
        lambda: moderating.approve(review=one, by=rita),
    )
    assert [isinstance(one, ActionError) for one in said].count(True) == 2 and said.count(None) == 1
    assert rating(here)[:2] == (1, 1)
    assert Outbox.objects.filter(to=EMAIL).count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_author_edits_or_erases_while_a_moderator_decides():
    """Whoever comes second finds another review or none; the average is that of what is shown, and nobody waits for ever."""
    rita, here = moderator(), ryggen()
    for author in (
        lambda one: writing.edit(review=one, answers=answers(one, text="Rettet i samme sekund, som den blev afgjort.")),
        lambda one: writing.erase(review=one),
    ):
        one = waiting(here)
        read = moderating.mark_of(one)
        said = together(
            lambda one=one, read=read: moderating.approve(review=one, by=rita, seen=read),
            lambda one=one, author=author: author(Review.objects.get(pk=one.pk)),
        )
        assert all(result is None or result is True or isinstance(result, ActionError) for result in said), said
        shown = Review.objects.filter(status="published")
        assert rating(here)[0] == shown.count() == shown.filter(is_counted=True).count()
        assert not Review.objects.filter(status="published", text__startswith="Rettet").exists()


@pytest.mark.django_db(transaction=True)
def test_everybody_takes_it_down_at_once():
    """Directly, for a report, for a contest and by its author: taken down once, and nobody waits for another's rows."""
    rita, mona, here = moderator(), moderator("mona"), ryggen()
    olga = person("olga")
    owner_of(here, olga)
    for _ in range(3):
        one = review(here, published_at=clock.now(), email=EMAIL)
        report, _ = making.report(
            clinic=here, review=one, kind="false", text="Det er ikke sandt.", name="", email="", source=""
        )
        contest = contests.contest(review=one, by=olga, text="Den handler slet ikke om vores klinik.")
        said = together(
            lambda one=one: moderating.remove(review=one, by=rita, reason=REASON),
            lambda report=report: deciding.decide(report=report, by=mona, uphold=True, reason=REASON),
            lambda contest=contest: contests.decide(contest=contest, by=rita, uphold=True, reason=REASON),
            lambda one=one: writing.erase(review=Review.objects.get(pk=one.pk)),
        )
        assert all(result is None or isinstance(result, ActionError | Review.DoesNotExist) for result in said), said
        assert not Review.objects.filter(pk=one.pk).exists()
        assert rating(here)[:2] == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_the_screen_as_a_server_runs_it():
    """Each request by itself, where a lock needs a transaction that somebody began."""
    sync_roles()
    rita, here, desk = moderator(), ryggen(), Client()
    desk.force_login(rita)
    one = waiting(here)
    address = reverse("admin:clinics_review_change", args=[one.pk])
    assert desk.get(address).status_code == 200
    assert desk.post(address, {"_approve": "", "seen": "another"}).status_code == 422
    assert desk.post(address, {"_approve": "", "seen": moderating.mark_of(one)}).status_code == 302
    assert rating(here)[:2] == (1, 1)
    assert desk.post(address, {"_remove": "", "reason": REASON}).status_code == 302
    moderating.restore(review=one, by=rita, reason=REASON)
    one.refresh_from_db()
    assert one.status == "published" and rating(here)[:2] == (1, 1)
    answer = reply(one)
    moderating.hide_reply(reply=answer, by=rita, reason=REASON)
    answer.refresh_from_db()
    assert (answer.status, answer.reason, answer.decided_by) == ("rejected", REASON, rita)
    with pytest.raises(ActionError, match="ikke vist"):
        moderating.hide_reply(reply=answer, by=rita, reason=REASON)
